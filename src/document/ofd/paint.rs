//! The objects of a page, painted one after another: letters, lines, areas and pictures land on a canvas.

use super::numbers::{draw, exactly, numbers};
use super::resources::{Resources, ink_of};
use super::text::{Writing, write};
use crate::document::lattice::{Canvas, Matrix, Paint, Path};
use crate::document::xml::Element;
use std::borrow::Cow;

/// The deepest object in another.
const MAX_DEPTH: usize = 16;
/// How wide a line is drawn that does not say, in millimetres.
const LINE: f64 = 0.353;
/// The most bytes of hidden text that are kept.
const MAX_HIDDEN: usize = 100_000;

/// What may still be painted of one document, and what it hides.
pub(super) struct Purse {
    pub(super) objects: usize,
    pub(super) letters: usize,
    pub(super) hidden: Vec<String>,
}

impl Default for Purse {
    fn default() -> Purse {
        Purse { objects: 1_000_000, letters: 500_000, hidden: Vec::new() }
    }
}

/// What an object takes over from what it lies in.
#[derive(Clone, Copy)]
struct Around<'n> {
    ctm: Matrix,
    /// Drawing parameters of the layer.
    drawing: Option<&'n str>,
    /// Whether what it lies in is shown.
    shown: bool,
    depth: usize,
}

/// Paints one page.
pub(super) struct Painter<'s, 't> {
    /// Those of the page, then those of the document.
    resources: [&'s Resources<'t>; 2],
    pub(super) canvas: Canvas,
    purse: &'s mut Purse,
}

impl<'s, 't> Painter<'s, 't> {
    pub(super) fn new(resources: [&'s Resources<'t>; 2], canvas: Canvas, purse: &'s mut Purse) -> Painter<'s, 't> {
        Painter { resources, canvas, purse }
    }

    /// Paints a layer.
    pub(super) fn layer(&mut self, layer: Element<'_, '_>, ctm: Matrix) {
        let drawing = layer.attribute("DrawParam");
        let around = Around { ctm, drawing: drawing.as_deref(), shown: is_shown(layer), depth: 0 };
        self.objects(layer, around);
    }

    fn objects(&mut self, block: Element<'_, '_>, around: Around<'_>) {
        if around.depth > MAX_DEPTH {
            self.canvas.cut();
            return;
        }
        for object in block.children() {
            let Some(left) = self.purse.objects.checked_sub(1) else {
                self.canvas.cut();
                return;
            };
            self.purse.objects = left;
            let around = Around { shown: around.shown && is_shown(object), depth: around.depth + 1, ..around };
            match object.name() {
                "TextObject" => self.text(object, around),
                "PathObject" if around.shown => self.path(object, around),
                "ImageObject" if around.shown => self.picture(object, around),
                "CompositeObject" => self.composite(object, around),
                "PageBlock" | "Layer" => self.objects(object, around),
                _ => {}
            }
        }
    }

    /// What an object, or else one of its drawing parameters, says.
    fn says<T>(&self, object: Element<'_, '_>, around: Around<'_>, says: impl Fn(Element<'_, '_>) -> Option<T>) -> Option<T> {
        let own = object.attribute("DrawParam");
        let of = |id: Option<&str>| self.resources.iter().find_map(|resources| resources.drawing(id, &says));
        says(object).or_else(|| of(own.as_deref())).or_else(|| of(around.drawing))
    }

    fn text(&mut self, object: Element<'_, '_>, around: Around<'_>) {
        let alpha = alpha(object);
        let filled = object.attribute("Fill").is_none_or(|fill| fill != "false");
        let outlined = object.attribute("Stroke").is_some_and(|stroke| stroke == "true");
        let paint = match self.says(object, around, |it| it.child("FillColor").map(ink_of)).unwrap_or(Paint::Dark) {
            _ if !around.shown || alpha < 13.0 => Paint::Nothing,
            Paint::Thin => Paint::Dark,
            paint if filled && !(outlined && paint == Paint::Nothing) => paint,
            _ if outlined => Paint::Dark,
            _ => Paint::Nothing,
        };
        if paint == Paint::Nothing {
            let text = object.children().filter(|child| child.name() == "TextCode").map(Element::text).collect::<String>();
            let kept: usize = self.purse.hidden.iter().map(String::len).sum();
            if !text.trim().is_empty() && kept + text.len() <= MAX_HIDDEN {
                self.purse.hidden.push(text);
            }
            return;
        }
        let font = object.attribute("Font").unwrap_or_default();
        let heavy = object.number::<f64>("Weight").is_some_and(|weight| weight >= 600.0);
        let bold = heavy || self.resources.iter().any(|resources| resources.is_bold(&font));
        let writing = Writing { matrix: placed(object, around.ctm), paint, bold };
        if !write(object, &writing, &mut self.canvas, &mut self.purse.letters) {
            self.canvas.cut();
        }
    }

    fn path(&mut self, object: Element<'_, '_>, around: Around<'_>) {
        let Some(data) = object.child("AbbreviatedData") else { return };
        let matrix = placed(object, around.ctm);
        let says = |name: &str| object.attribute(name).map(|value| value == "true");
        let alpha = alpha(object);
        let ink = |paint: Paint| match paint {
            _ if alpha < 5.0 => Paint::Nothing,
            _ if alpha < 250.0 => Paint::Thin,
            paint => paint,
        };
        // An area without a colour is hardly seen; it hides nothing.
        let fill = self.says(object, around, |it| it.child("FillColor").map(ink_of)).unwrap_or(Paint::Thin);
        let stroke = self.says(object, around, |it| it.child("StrokeColor").map(ink_of)).unwrap_or(Paint::Dark);
        let width = self.says(object, around, |it| it.number::<f64>("LineWidth")).unwrap_or(LINE);
        let mut path = Path::default();
        draw(&data.text(), &matrix, &mut path);
        let fill = says("Fill").unwrap_or(false).then(|| ink(fill));
        let stroked = says("Stroke").unwrap_or(true) && ink(stroke) != Paint::Nothing;
        let mut clip = self.canvas.paper();
        path.paint(fill, stroked.then(|| width * matrix.scale()), &mut clip, &mut self.canvas);
    }

    /// A picture fills the unit square.
    fn picture(&mut self, object: Element<'_, '_>, around: Around<'_>) {
        let alpha = alpha(object);
        if alpha < 5.0 {
            return;
        }
        let square = if object.attribute("CTM").is_some() {
            [0.0, 0.0, 1.0, 1.0]
        } else {
            [0.0, 0.0, bounds(object)[2], bounds(object)[3]]
        };
        let id = object.attribute("ResourceID").unwrap_or_default();
        let solid = self.resources.iter().any(|resources| resources.is_opaque(&id));
        let opaque = solid && alpha > 250.0 && object.attribute("ImageMask").is_none();
        if let Some(at) = placed(object, around.ctm).rect(square) {
            let clip = self.canvas.paper();
            self.canvas.picture(&at, opaque, &clip);
        }
    }

    fn composite(&mut self, object: Element<'_, '_>, around: Around<'_>) {
        let id = object.attribute("ResourceID").unwrap_or_default();
        let unit = self.resources.iter().find_map(|resources| resources.unit(&id));
        match unit {
            Some(unit) => self.objects(unit, Around { ctm: placed(object, around.ctm), ..around }),
            None => self.canvas.cut(),
        }
    }
}

fn is_shown(element: Element<'_, '_>) -> bool {
    element.attribute("Visible").is_none_or(|visible| visible != "false")
}

/// How much of an object is seen, 0 to 255.
fn alpha(object: Element<'_, '_>) -> f64 {
    object.attribute("Alpha").and_then(|alpha| numbers(&alpha).next()).unwrap_or(255.0)
}

fn bounds(object: Element<'_, '_>) -> [f64; 4] {
    let given: Option<Cow<'_, str>> = object.attribute("Boundary");
    given.and_then(|given| exactly::<4>(&given)).unwrap_or_default()
}

/// The way from an object's own coordinates to the page: its transformation, then its place.
fn placed(object: Element<'_, '_>, ctm: Matrix) -> Matrix {
    let own = object.attribute("CTM").and_then(|ctm| exactly::<6>(&ctm)).map_or(Matrix::UNIT, Matrix);
    let [left, top, ..] = bounds(object);
    own.then(&Matrix([1.0, 0.0, 0.0, 1.0, left, top])).then(&ctm)
}
