//! Numbers as OFD writes them: lists, steps between letters, and the shorthand of paths.

use crate::document::lattice::{Matrix, Path};

/// The numbers of a list; what is none is left out.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = f64> + '_ {
    text.split(|c: char| c.is_whitespace() || c == ',').filter_map(number)
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Exactly so many numbers, `None` where there are fewer.
pub(super) fn exactly<const N: usize>(text: &str) -> Option<[f64; N]> {
    let found: Vec<f64> = numbers(text).take(N).collect();
    found.try_into().ok()
}

/// Steps from letter to letter, at most so many: `g 3 2.5` stands for `2.5 2.5 2.5`.
pub(super) fn steps(text: &str, most: usize) -> Vec<f64> {
    let mut found = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next().filter(|_| found.len() < most) {
        if word.eq_ignore_ascii_case("g") {
            let (times, step) = (words.next().and_then(number), words.next().and_then(number));
            let (Some(times), Some(step)) = (times, step) else { break };
            let times = (times.max(0.0) as usize).min(most - found.len());
            found.extend(std::iter::repeat_n(step, times));
        } else if let Some(step) = number(word) {
            found.push(step);
        }
    }
    found
}

/// Draws the shorthand of a path (`M 0 0 L 10 0 B … C`) as it lands on the page.
pub(super) fn draw(text: &str, matrix: &Matrix, path: &mut Path) {
    let mut operator = ' ';
    let mut given: Vec<f64> = Vec::with_capacity(7);
    for word in text.split_whitespace() {
        let mut rest = word;
        if let Some(letter) = word.chars().next().filter(char::is_ascii_alphabetic) {
            (operator, rest) = (letter.to_ascii_uppercase(), &word[1..]);
            given.clear();
            if operator == 'C' {
                path.close();
            }
        }
        given.extend(numbers(rest));
        let wanted = match operator {
            'M' | 'S' | 'L' => 2,
            'Q' => 4,
            'B' => 6,
            'A' => 7,
            _ => usize::MAX,
        };
        if let Some([x, y]) = given.get(wanted.wrapping_sub(2)..wanted).filter(|_| given.len() >= wanted) {
            let point = matrix.of((*x, *y));
            match operator {
                'M' | 'S' => path.begin(point),
                'L' => path.line(point),
                _ => path.curve(point),
            }
            given.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_unfolded_and_bounded() {
        assert_eq!(steps("1 g 3 2.5 4", 9), [1.0, 2.5, 2.5, 2.5, 4.0]);
        assert_eq!(steps("g 4000000000 3", 2), [3.0, 3.0]);
        assert_eq!(steps("g x 3 1", 5), Vec::<f64>::new());
        assert_eq!(exactly::<4>("0 0 210 297"), Some([0.0, 0.0, 210.0, 297.0]));
        assert_eq!(exactly::<4>("0 0 210"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[MSLQBACg0-9 .e+\\-,一]{0,80}") {
            steps(&text, 50);
            draw(&text, &Matrix::UNIT, &mut Path::default());
        }
    }
}
