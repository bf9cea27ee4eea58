//! Radicals that stand where a letter is meant.
//!
//! Fonts draw 人 and its radical ⼈ with one shape, and programs that write PDF often name the wrong one.
//! A reader sees no difference; neither may we.

use super::nfkc;

/// Radicals of the supplement (U+2E80 to U+2EFF) that Unicode itself does not tell to be a letter.
const SUPPLEMENT: [(char, char); 46] = [
    ('⺁', '厂'),
    ('⺄', '乙'),
    ('⺇', '几'),
    ('⺊', '卜'),
    ('⺌', '小'),
    ('⺎', '兀'),
    ('⺒', '巳'),
    ('⺜', '日'),
    ('⺝', '月'),
    ('⺠', '民'),
    ('⺧', '牛'),
    ('⺩', '王'),
    ('⺬', '示'),
    ('⺲', '网'),
    ('⺶', '羊'),
    ('⺸', '羊'),
    ('⺼', '肉'),
    ('⻀', '艹'),
    ('⻁', '虎'),
    ('⻃', '覀'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻇', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻠', '饣'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻭', '齿'),
    ('⻰', '龙'),
    ('⻲', '龟'),
];

/// The letter that a radical or a compatibility character stands for; any other as it is.
pub fn whole(letter: char) -> char {
    match letter {
        '\u{2e80}'..='\u{2eff}' => {
            let told = SUPPLEMENT.iter().find(|(radical, _)| *radical == letter).map(|(_, meant)| *meant);
            told.unwrap_or_else(|| folded(letter))
        }
        '\u{2f00}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => folded(letter),
        _ => letter,
    }
}

fn folded(letter: char) -> char {
    let mut buffer = [0; 4];
    nfkc(letter.encode_utf8(&mut buffer)).next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn radicals_are_letters() {
        let read: String = "⼈⺠政府⾏政⻚⻔一1".chars().map(whole).collect();
        assert_eq!(read, "人民政府行政页门一1");
        assert_eq!(whole('⼀'), '一');
    }
}
