//! Automatic numbers written in the digits of their format, by the names that Word has for these.

const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const LEGAL_DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// A number in the digits of a format; unknown formats in plain digits.
pub(super) fn written(number: u32, format: &str) -> String {
    let lettered = |first: char| match number {
        1..=26 => char::from_u32(first as u32 + number - 1).map(String::from),
        _ => None,
    };
    let plain = number.to_string();
    let written = match format {
        "none" => Some(String::new()),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCountingThousand"
        | "taiwaneseCounting"
        | "koreanCounting"
        | "ideographEnclosedCircle" => counted(number, &DIGITS, "十"),
        "chineseLegalSimplified" | "ideographLegalTraditional" => counted(number, &LEGAL_DIGITS, "拾"),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            Some(plain.bytes().filter_map(|digit| DIGITS.get(usize::from(digit.wrapping_sub(b'0')))).copied().collect())
        }
        "ideographTraditional" => (1..=10)
            .contains(&number)
            .then(|| "甲乙丙丁戊己庚辛壬癸".chars().nth(number as usize - 1))
            .flatten()
            .map(String::from),
        "decimalFullWidth" | "decimalFullWidth2" => {
            Some(plain.bytes().filter_map(|digit| char::from_u32(u32::from(digit - b'0') + 0xff10)).collect())
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&number) => {
            char::from_u32(0x2460 + number - 1).map(String::from)
        }
        "decimalEnclosedParen" => Some(format!("({plain})")),
        "decimalEnclosedFullstop" => Some(format!("{plain}.")),
        "decimalZero" => Some(format!("{number:02}")),
        "upperLetter" => lettered('A'),
        "lowerLetter" => lettered('a'),
        "upperRoman" => Some(roman(number)),
        "lowerRoman" => Some(roman(number).to_lowercase()),
        _ => None,
    };
    written.unwrap_or(plain)
}

/// 一 to 九十九.
fn counted(number: u32, digits: &[&str; 10], ten: &str) -> Option<String> {
    let (tens, ones) = (number as usize / 10, number as usize % 10);
    if number == 0 || tens > 9 {
        return None;
    }
    let tens = match tens {
        0 => String::new(),
        1 if ten == "十" => ten.to_owned(),
        _ => format!("{}{ten}", digits[tens]),
    };
    Some(if ones == 0 { tens } else { format!("{tens}{}", digits[ones]) })
}

fn roman(number: u32) -> String {
    const PARTS: [(u32, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut left = number.min(500);
    let mut text = String::new();
    for (value, letters) in PARTS {
        while left >= value {
            text.push_str(letters);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_are_written_in_the_digits_of_their_format() {
        for (number, format, text) in [
            (1, "chineseCountingThousand", "一"),
            (10, "chineseCounting", "十"),
            (21, "japaneseCounting", "二十一"),
            (12, "ideographDigital", "一二"),
            (3, "chineseLegalSimplified", "叁"),
            (12, "decimalFullWidth", "１２"),
            (4, "decimalEnclosedCircleChinese", "④"),
            (4, "lowerRoman", "iv"),
            (2, "upperLetter", "B"),
            (120, "chineseCounting", "120"),
            (7, "unheard-of", "7"),
        ] {
            assert_eq!(written(number, format), text, "{number} {format}");
        }
    }
}
