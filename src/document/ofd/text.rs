//! A text object: where each of its letters lands.
//!
//! OFD says where a letter begins, not how wide it is. That follows from its step to the next one, and where there
//! is none from what letters of its kind take in every Chinese font: a full square, or half of one.

use super::numbers::steps;
use crate::document::lattice::{Canvas, Matrix, Paint, Type};
use crate::document::xml::Element;

/// The most letters of one piece.
const MAX_LETTERS: usize = 100_000;

/// How an object's letters are shown.
pub(super) struct Writing {
    /// From the object's coordinates to the page.
    pub(super) matrix: Matrix,
    pub(super) paint: Paint,
    pub(super) bold: bool,
}

/// Sets the letters of a text object; false where too many were set already.
pub(super) fn write(object: Element<'_, '_>, writing: &Writing, canvas: &mut Canvas, left: &mut usize) -> bool {
    let sound = |value: &f64| (0.001..=10_000.0).contains(value);
    let size = object.number::<f64>("Size").filter(sound).unwrap_or(3.5);
    let face = Face {
        size,
        stretch: object.number::<f64>("HScale").filter(sound).unwrap_or(1.0),
        turn: quarters(object, "CharDirection"),
        downwards: quarters(object, "ReadDirection") % 2 == 1,
    };
    let unnamed = object.child("CGTransform").is_some();
    canvas.next_run();
    let (mut x, mut y) = (0.0, 0.0);
    for piece in object.children().filter(|child| child.name() == "TextCode") {
        let text = piece.text();
        // Only a part that was laid out by hand has its text on a line of its own.
        let text = if text.starts_with(['\n', '\r']) { text.trim() } else { text.as_str() };
        let letters: Vec<char> = text.chars().take(MAX_LETTERS + 1).collect();
        if letters.len() > (*left).min(MAX_LETTERS) {
            return false;
        }
        *left -= letters.len();
        (x, y) = (piece.number("X").unwrap_or(x), piece.number("Y").unwrap_or(y));
        let given = |name: &str| piece.attribute(name).map(|given| steps(&given, letters.len()));
        let (across, down) = (given("DeltaX"), given("DeltaY"));
        let line = Steps::of(across, down, &face, &letters);
        let (mut at_x, mut at_y) = (x, y);
        for (number, letter) in letters.iter().enumerate() {
            let step = line.after(number);
            face.set(shown(*letter, unnamed), (at_x, at_y), step, line.vertical, writing, canvas);
            (at_x, at_y) = (at_x + step.0, at_y + step.1);
        }
    }
    true
}

/// The letter that a code stands for. Where glyphs are named by number, some programs write a mark for
/// those that have no code.
fn shown(letter: char, unnamed: bool) -> char {
    if unnamed && letter == '¤' { '\u{fffd}' } else { letter }
}

/// Quarter turns clockwise of an attribute in degrees.
fn quarters(object: Element<'_, '_>, name: &str) -> u8 {
    let degrees = object.number::<f64>(name).filter(|degrees| degrees.abs() < 1e6).unwrap_or(0.0);
    (degrees / 90.0).round().rem_euclid(4.0) as u8
}

/// The steps from letter to letter of one piece.
struct Steps {
    across: Vec<f64>,
    down: Vec<f64>,
    /// Whether letters that stand upright follow one another downwards.
    vertical: bool,
}

impl Steps {
    fn of(across: Option<Vec<f64>>, down: Option<Vec<f64>>, face: &Face, letters: &[char]) -> Steps {
        let length = |steps: &Option<Vec<f64>>| steps.iter().flatten().map(|step| step.abs()).sum::<f64>();
        let (width, height) = (length(&across), length(&down));
        let vertical = face.turn.is_multiple_of(2) && if width + height > 0.0 { height > width } else { face.downwards };
        let alone = width + height == 0.0;
        // Pieces without steps are set as a font would set them.
        let natural = || letters.iter().map(|letter| face.width(*letter)).collect::<Vec<f64>>();
        let (across, down) = match (alone, vertical || face.turn % 2 == 1) {
            (true, false) => (natural(), Vec::new()),
            (true, true) => (Vec::new(), vec![face.size; letters.len()]),
            (false, _) => (across.unwrap_or_default(), down.unwrap_or_default()),
        };
        Steps { across, down, vertical }
    }

    /// The step after a letter; a list that is too short goes on as it ends.
    fn after(&self, number: usize) -> (f64, f64) {
        let of = |steps: &[f64]| steps.get(number).or(steps.last()).copied().unwrap_or(0.0);
        (of(&self.across), of(&self.down))
    }
}

/// The type of an object.
struct Face {
    size: f64,
    stretch: f64,
    /// Quarter turns clockwise of each letter.
    turn: u8,
    /// Whether the object says that it is read downwards.
    downwards: bool,
}

impl Face {
    /// How wide a letter is set.
    fn width(&self, letter: char) -> f64 {
        let narrow = matches!(letter, '\0'..='\u{24f}' | '\u{2009}');
        self.size * self.stretch * if narrow { 0.5 } else { 1.0 }
    }

    fn set(&self, letter: char, at: (f64, f64), step: (f64, f64), vertical: bool, writing: &Writing, canvas: &mut Canvas) {
        let (cos, sin) = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][usize::from(self.turn % 4)];
        let matrix = Matrix([cos, sin, -sin, cos, at.0, at.1]).then(&writing.matrix);
        let natural = self.width(letter);
        let along = step.0 * cos + step.1 * sin;
        // A step far below the width sets letters over one another, which the lattice has to see.
        let width = if !vertical && (0.3 * natural..natural).contains(&along) { along } else { natural };
        let Some(place) = matrix.rect([0.0, -0.86 * self.size, width, 0.14 * self.size]) else { return };
        let set = Type { across: matrix.turn((1.0, 0.0)), up: matrix.turn((0.0, -self.size)), vertical, bold: writing.bold };
        let clip = canvas.paper();
        set.set(letter.encode_utf8(&mut [0; 4]), &place, writing.paint, &clip, canvas);
    }
}
