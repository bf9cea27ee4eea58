//! What people make of the form's labels: other numbers in front, blanks inside, other words.

use super::random::Random;

/// How labels are printed throughout one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    AsPrinted,
    /// English brackets, commas and quotes.
    English,
    /// A known variant where there is one.
    Variant,
    /// No number in front.
    Unnumbered,
    /// （1） and ① instead of 1.
    OtherNumbers,
    /// 自 然 人
    Spaced,
    /// A line break inside, as narrow columns wrap.
    Wrapped,
    Traditional,
    /// Characters that nobody sees.
    Invisible,
}

pub(super) const MANNERS: [Manner; 9] = [
    Manner::AsPrinted,
    Manner::English,
    Manner::Variant,
    Manner::Unnumbered,
    Manner::OtherNumbers,
    Manner::Spaced,
    Manner::Wrapped,
    Manner::Traditional,
    Manner::Invisible,
];

/// One label in a manner. A line break is written as `\n`.
pub(super) fn printed(label: &str, variants: &[String], manner: Manner, random: &mut Random) -> String {
    let chars: Vec<char> = label.chars().collect();
    match manner {
        Manner::AsPrinted => label.to_owned(),
        Manner::Variant if !variants.is_empty() => variants[random.below(variants.len())].clone(),
        Manner::Variant => label.to_owned(),
        Manner::English => {
            exchanged(label, &[('（', '('), ('）', ')'), ('，', ','), ('、', ','), ('“', '"'), ('”', '"'), ('：', ':')])
        }
        Manner::Unnumbered => without_number(label).to_owned(),
        Manner::OtherNumbers => {
            let Some((number, rest)) = label.split_once('.') else { return label.to_owned() };
            let Ok(value) = number.parse::<u32>() else { return label.to_owned() };
            let circled = char::from_u32(0x2460 + value - 1).unwrap();
            random.pick(&[0, 1, 2, 3].map(|it| it)).to_string().chars().next().map_or_else(String::new, |style| match style {
                '0' => format!("（{value}）{rest}"),
                '1' => format!("{circled}{rest}"),
                '2' => format!("{value}、{rest}"),
                _ => format!("{value}．{rest}"),
            })
        }
        Manner::Spaced if chars.len() <= 6 => spread(&chars, random.pick(&[" ", "&nbsp;", "　"])),
        Manner::Spaced => label.to_owned(),
        Manner::Wrapped if chars.len() > 3 => {
            let at = 1 + random.below(chars.len() - 1);
            chars[..at].iter().collect::<String>() + "\n" + &chars[at..].iter().collect::<String>()
        }
        Manner::Wrapped => label.to_owned(),
        Manner::Traditional => exchanged(label, TRADITIONAL),
        Manner::Invisible => {
            let at = random.below(chars.len().max(1));
            let hidden = random.pick(&['\u{200b}', '\u{feff}', '\u{ad}', '\u{2060}']);
            chars[..at].iter().chain([&hidden]).chain(&chars[at..]).collect()
        }
    }
}

fn spread(chars: &[char], gap: &str) -> String {
    chars.iter().map(char::to_string).collect::<Vec<_>>().join(gap)
}

fn exchanged(label: &str, table: &[(char, char)]) -> String {
    label.chars().map(|c| table.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)).collect()
}

fn without_number(label: &str) -> &str {
    for mark in ['、', '）', '.'] {
        if let Some((number, rest)) = label.split_once(mark)
            && number.chars().count() <= 2
        {
            return rest;
        }
    }
    label
}

/// Letters of the form's labels that are written differently in traditional print.
const TRADITIONAL: &[(char, char)] = &[
    ('总', '總'),
    ('计', '計'),
    ('业', '業'),
    ('机', '機'),
    ('构', '構'),
    ('组', '組'),
    ('织', '織'),
    ('会', '會'),
    ('律', '律'),
    ('务', '務'),
    ('结', '結'),
    ('转', '轉'),
    ('数', '數'),
    ('请', '請'),
    ('开', '開'),
    ('处', '處'),
    ('为', '為'),
    ('关', '關'),
    ('项', '項'),
    ('条', '條'),
    ('规', '規'),
    ('政', '政'),
    ('复', '復'),
    ('议', '議'),
    ('诉', '訴'),
    ('讼', '訟'),
    ('维', '維'),
    ('纠', '糾'),
    ('审', '審'),
    ('经', '經'),
    ('后', '後'),
    ('密', '密'),
    ('续', '續'),
    ('办', '辦'),
    ('继', '繼'),
    ('许', '許'),
    ('罚', '罰'),
    ('强', '強'),
    ('费', '費'),
    ('额', '額'),
    ('发', '發'),
    ('现', '現'),
    ('废', '廢'),
];
