//! The content of a page, obeyed operator by operator: letters, lines, areas and pictures land on a canvas.

use super::font::Font;
use super::source::Source;
use super::state::State;
use super::text::Pen;
use super::token::{Operand, Tokens};
use crate::document::lattice::{Canvas, Matrix, Paint, Path, Rect, Space, ink};
use lopdf::{Dictionary, Object, ObjectId};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The deepest form drawn in another, and the most states kept.
const MAX_FORMS: usize = 16;
const MAX_STATES: usize = 1_000;

/// What pages of one file share.
pub(super) struct Shared<'a> {
    pub(super) source: &'a Source<'a>,
    /// Fonts by where their dictionaries lie.
    fonts: HashMap<usize, Rc<Font>>,
    /// Layers that are not shown.
    hidden: HashSet<ObjectId>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Shared<'a> {
        Shared { source, fonts: HashMap::new(), hidden: hidden_layers(source).unwrap_or_default() }
    }

    fn font(&mut self, dictionary: &'a Dictionary) -> Rc<Font> {
        let key = std::ptr::from_ref(dictionary) as usize;
        let source = self.source;
        Rc::clone(self.fonts.entry(key).or_insert_with(|| Rc::new(Font::read(dictionary, source))))
    }
}

fn hidden_layers(source: &Source<'_>) -> Option<HashSet<ObjectId>> {
    let catalog = source.document.catalog().ok()?;
    let layers = source.dictionary(source.dictionary(catalog, b"OCProperties")?, b"D")?;
    Some(source.array(layers, b"OFF")?.iter().filter_map(|layer| layer.as_reference().ok()).collect())
}

/// Obeys the content of one page.
pub(super) struct Painter<'s, 'a> {
    shared: &'s mut Shared<'a>,
    pub(super) canvas: Canvas,
    state: State,
    states: Vec<State>,
    /// States that were not kept, because there were too many.
    unkept: usize,
    path: Path,
    at: (f64, f64),
    pen: Pen,
    /// For each piece of marked content, whether its layer is hidden.
    marked: Vec<bool>,
}

impl<'s, 'a> Painter<'s, 'a> {
    pub(super) fn new(shared: &'s mut Shared<'a>, canvas: Canvas, ctm: Matrix) -> Painter<'s, 'a> {
        let state = State::new(ctm, canvas.paper());
        Painter {
            shared,
            canvas,
            state,
            states: Vec::new(),
            unkept: 0,
            path: Path::default(),
            at: (0.0, 0.0),
            pen: Pen::default(),
            marked: Vec::new(),
        }
    }

    /// Obeys a content stream.
    pub(super) fn obey(&mut self, content: &[u8], resources: Option<&'a Dictionary>, depth: usize) {
        let (mut tokens, mut operands) = (Tokens::new(content), Vec::new());
        while let Some(operator) = tokens.next(&mut operands) {
            if !self.shared.source.spend() {
                self.canvas.cut();
                return;
            }
            if operator == b"ID" {
                tokens.skip_picture();
                self.picture(false);
                continue;
            }
            let numbers: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
            let done = self.place(operator, &numbers)
                || self.draw(operator, &numbers)
                || self.color(operator, &numbers, &operands, resources)
                || self.write(operator, &numbers, &operands, resources);
            if !done {
                self.refer(operator, &operands, resources, depth);
            }
        }
    }

    /// State and transformation.
    fn place(&mut self, operator: &[u8], numbers: &[f64]) -> bool {
        match (operator, numbers) {
            (b"q", _) if self.states.len() < MAX_STATES => self.states.push(self.state.clone()),
            (b"q", _) => self.unkept += 1,
            (b"Q", _) if self.unkept > 0 => self.unkept -= 1,
            (b"Q", _) => {
                if let Some(state) = self.states.pop() {
                    self.state = state;
                }
            }
            (b"cm", [a, b, c, d, e, f, ..]) => self.state.ctm = Matrix([*a, *b, *c, *d, *e, *f]).then(&self.state.ctm),
            (b"w", [width, ..]) => self.state.line_width = *width,
            _ => return false,
        }
        true
    }

    /// Paths.
    fn draw(&mut self, operator: &[u8], numbers: &[f64]) -> bool {
        let ctm = self.state.ctm;
        match (operator, numbers) {
            (b"m", [x, y, ..]) => {
                self.at = (*x, *y);
                self.path.begin(ctm.of(self.at));
            }
            (b"l", [x, y, ..]) => {
                self.at = (*x, *y);
                self.path.line(ctm.of(self.at));
            }
            (b"c", [.., x, y]) | (b"v" | b"y", [.., x, y]) => {
                self.at = (*x, *y);
                self.path.curve(ctm.of(self.at));
            }
            (b"h", _) => self.path.close(),
            (b"re", [x, y, width, height, ..]) => {
                self.path.begin(ctm.of((*x, *y)));
                for corner in [(x + width, *y), (x + width, y + height), (*x, y + height)] {
                    self.path.line(ctm.of(corner));
                }
                self.path.close();
                self.at = (*x, *y);
            }
            (b"W" | b"W*", _) => self.path.clips = true,
            (b"S", _) => self.paint(false, true),
            (b"s", _) => {
                self.path.close();
                self.paint(false, true);
            }
            (b"f" | b"F" | b"f*", _) => self.paint(true, false),
            (b"B" | b"B*", _) => self.paint(true, true),
            (b"b" | b"b*", _) => {
                self.path.close();
                self.paint(true, true);
            }
            (b"n", _) => self.paint(false, false),
            _ => return false,
        }
        true
    }

    fn is_hidden(&self) -> bool {
        self.marked.contains(&true)
    }

    fn paint(&mut self, fill: bool, stroke: bool) {
        let seen = !self.is_hidden();
        let State { ctm, line_width, stroke_alpha, .. } = self.state;
        let fill = (fill && seen).then(|| self.state.area_ink());
        let stroke = (stroke && seen && stroke_alpha > 0.02).then(|| line_width * ctm.scale());
        self.path.paint(fill, stroke, &mut self.state.clip, &mut self.canvas);
    }

    /// The ink of areas and letters.
    fn color(&mut self, operator: &[u8], numbers: &[f64], operands: &[Operand], resources: Option<&'a Dictionary>) -> bool {
        match operator {
            b"g" | b"rg" | b"k" => {
                self.state.space = Space::Device;
                self.state.fill = ink(Space::Device, numbers);
            }
            b"cs" => {
                let name = operands.last().and_then(Operand::name).unwrap_or_default();
                self.state.space = self.space(name, resources);
                self.state.fill = if self.state.space == Space::Other { Paint::Thin } else { Paint::Dark };
            }
            b"sc" | b"scn" => self.state.fill = ink(self.state.space, numbers),
            b"gs" => {
                let name = operands.last().and_then(Operand::name).unwrap_or_default();
                self.extra_state(name, resources);
            }
            b"G" | b"RG" | b"K" | b"CS" | b"SC" | b"SCN" => {}
            _ => return false,
        }
        true
    }

    fn space(&self, name: &[u8], resources: Option<&'a Dictionary>) -> Space {
        match name {
            b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"CalGray" | b"CalRGB" => return Space::Device,
            b"Pattern" => return Space::Other,
            _ => {}
        }
        let source = self.shared.source;
        let list = self.named(b"ColorSpace", name, resources).and_then(|object| source.array_of(object));
        match list.and_then(|list| source.resolve(list.first()?)?.as_name().ok()) {
            Some(b"ICCBased" | b"CalGray" | b"CalRGB") => Space::Device,
            Some(b"Separation" | b"DeviceN") => Space::Ink,
            _ => Space::Other,
        }
    }

    fn extra_state(&mut self, name: &[u8], resources: Option<&'a Dictionary>) {
        let source = self.shared.source;
        let Some(extra) = self.named(b"ExtGState", name, resources).and_then(|object| source.dictionary_of(object)) else {
            return;
        };
        if let Some(alpha) = source.number(extra, b"ca") {
            self.state.alpha = alpha;
        }
        if let Some(alpha) = source.number(extra, b"CA") {
            self.state.stroke_alpha = alpha;
        }
        if let Some(width) = source.number(extra, b"LW") {
            self.state.line_width = width;
        }
        if let Some(mode) = source.name(extra, b"BM") {
            self.state.blended = !matches!(mode, b"Normal" | b"Compatible");
        }
        if let Some([font, size]) = source.array(extra, b"Font")
            && let (Some(font), Some(size)) = (source.dictionary_of(font), source.number_of(size))
        {
            self.state.font = Some(self.shared.font(font));
            self.state.size = size;
        }
    }

    /// Text.
    fn write(&mut self, operator: &[u8], numbers: &[f64], operands: &[Operand], resources: Option<&'a Dictionary>) -> bool {
        match (operator, numbers) {
            (b"BT", _) => self.pen.begin(),
            (b"ET", _) => {}
            (b"Tc", [space, ..]) => self.state.letter_space = *space,
            (b"Tw", [space, ..]) => self.state.word_space = *space,
            (b"Tz", [percent, ..]) => self.state.stretch = percent / 100.0,
            (b"TL", [leading, ..]) => self.state.leading = *leading,
            (b"Ts", [rise, ..]) => self.state.rise = *rise,
            (b"Tr", [mode, ..]) => self.state.mode = *mode as i64,
            (b"Tf", [.., size]) => {
                let source = self.shared.source;
                let name = operands.first().and_then(Operand::name).unwrap_or_default();
                let font = self.named(b"Font", name, resources).and_then(|object| source.dictionary_of(object));
                self.state.font = font.map(|font| self.shared.font(font));
                self.state.size = *size;
            }
            (b"Td", [x, y, ..]) => self.pen.move_by(*x, *y),
            (b"TD", [x, y, ..]) => {
                self.state.leading = -y;
                self.pen.move_by(*x, *y);
            }
            (b"Tm", [a, b, c, d, e, f, ..]) => self.pen.set(Matrix([*a, *b, *c, *d, *e, *f])),
            (b"T*", _) => self.pen.move_by(0.0, -self.state.leading),
            (b"Tj", _) => self.show(operands),
            (b"TJ", _) => self.show(operands),
            (b"'", _) => {
                self.pen.move_by(0.0, -self.state.leading);
                self.show(operands);
            }
            (b"\"", [word, letter, ..]) => {
                (self.state.word_space, self.state.letter_space) = (*word, *letter);
                self.pen.move_by(0.0, -self.state.leading);
                self.show(operands);
            }
            _ => return false,
        }
        true
    }

    fn show(&mut self, operands: &[Operand]) {
        if self.is_hidden() {
            return;
        }
        let shown = operands.last();
        if !self.shared.source.write(shown.map_or(0, Operand::shown)) {
            self.canvas.cut();
            return;
        }
        self.canvas.next_run();
        match shown {
            Some(Operand::Text(text)) => self.pen.show(text, &self.state, &mut self.canvas),
            Some(Operand::Array(pieces)) => self.pen.show_all(pieces, &self.state, &mut self.canvas),
            _ => {}
        }
    }

    /// What stands elsewhere in the file: forms, pictures, layers.
    fn refer(&mut self, operator: &[u8], operands: &[Operand], resources: Option<&'a Dictionary>, depth: usize) {
        match operator {
            b"Do" => {
                let name = operands.last().and_then(Operand::name).unwrap_or_default();
                if let Some(object) = self.named(b"XObject", name, resources).filter(|_| !self.is_hidden()) {
                    self.object(object, resources, depth);
                }
            }
            b"BMC" => self.marked.push(false),
            b"BDC" => {
                let layer = match operands {
                    [Operand::Name(kind), Operand::Name(name), ..] if kind == b"OC" => {
                        self.entry(b"Properties", name, resources).and_then(|object| object.as_reference().ok())
                    }
                    _ => None,
                };
                if self.marked.len() < MAX_STATES {
                    self.marked.push(layer.is_some_and(|layer| self.shared.hidden.contains(&layer)));
                }
            }
            b"EMC" => drop(self.marked.pop()),
            _ => {}
        }
    }

    /// An entry of one of the lists that resources hold, as it stands there.
    fn entry(&self, list: &[u8], name: &[u8], resources: Option<&'a Dictionary>) -> Option<&'a Object> {
        self.shared.source.dictionary(resources?, list)?.get(name).ok()
    }

    fn named(&self, list: &[u8], name: &[u8], resources: Option<&'a Dictionary>) -> Option<&'a Object> {
        self.shared.source.resolve(self.entry(list, name, resources)?)
    }

    /// Draws a form or a picture.
    pub(super) fn object(&mut self, object: &'a Object, resources: Option<&'a Dictionary>, depth: usize) {
        let source = self.shared.source;
        let Some(dictionary) = source.dictionary_of(object) else { return };
        let layer = dictionary.get(b"OC").ok().and_then(|layer| layer.as_reference().ok());
        if layer.is_some_and(|layer| self.shared.hidden.contains(&layer)) {
            return;
        }
        match source.name(dictionary, b"Subtype") {
            Some(b"Image") => {
                let see_through = [&b"SMask"[..], b"Mask", b"ImageMask"].iter().any(|key| dictionary.has(key));
                self.picture(!see_through);
            }
            Some(b"Form") if depth < MAX_FORMS => self.form(object, dictionary, resources, depth),
            Some(b"Form") => self.canvas.cut(),
            _ => {}
        }
    }

    fn form(&mut self, object: &'a Object, dictionary: &'a Dictionary, resources: Option<&'a Dictionary>, depth: usize) {
        let source = self.shared.source;
        let Some(content) = source.stream_of(object) else {
            self.canvas.cut();
            return;
        };
        let kept = (self.state.clone(), std::mem::take(&mut self.states), std::mem::take(&mut self.path), self.unkept);
        let (pen, marked) = (std::mem::take(&mut self.pen), std::mem::take(&mut self.marked));
        self.unkept = 0;
        if let Some(matrix) = source.numbers::<6>(dictionary, b"Matrix") {
            self.state.ctm = Matrix(matrix).then(&self.state.ctm);
        }
        let around = source.numbers::<4>(dictionary, b"BBox").and_then(|bounds| self.state.ctm.rect(bounds));
        if let Some(around) = around {
            self.state.clip = self.state.clip.meet(&around);
        }
        let own = source.dictionary(dictionary, b"Resources").or(resources);
        self.obey(&content, own, depth + 1);
        (self.state, self.states, self.path, self.unkept) = kept;
        (self.pen, self.marked) = (pen, marked);
    }

    /// A picture fills the unit square.
    fn picture(&mut self, opaque: bool) {
        let opaque = opaque && self.state.alpha > 0.98 && !self.state.blended;
        if self.state.alpha < 0.02 || self.is_hidden() {
            return;
        }
        if let Some(at) = self.state.ctm.rect([0.0, 0.0, 1.0, 1.0]) {
            self.canvas.picture(&at, opaque, &self.state.clip);
        }
    }

    /// Draws what an annotation shows into its rectangle.
    pub(super) fn annotation(&mut self, appearance: &'a Object, [x0, y0, x1, y1]: [f64; 4]) {
        let source = self.shared.source;
        let Some(dictionary) = source.dictionary_of(appearance) else { return };
        let bounds = source.numbers::<4>(dictionary, b"BBox").unwrap_or([0.0, 0.0, x1 - x0, y1 - y0]);
        let matrix = source.numbers::<6>(dictionary, b"Matrix").map_or(Matrix::UNIT, Matrix);
        let Some(Rect { left, top, right, bottom }) = matrix.rect(bounds) else { return };
        let (left, top, right, bottom) = (f64::from(left), f64::from(top), f64::from(right), f64::from(bottom));
        let scale = |to: f64, from: f64| if from.abs() < 1e-6 { 1.0 } else { to / from };
        let (sx, sy) = (scale(x1 - x0, right - left), scale(y1 - y0, bottom - top));
        let kept = self.state.clone();
        self.state.ctm = Matrix([sx, 0.0, 0.0, sy, x0 - left * sx, y0 - top * sy]).then(&self.state.ctm);
        self.form(appearance, dictionary, None, 0);
        self.state = kept;
    }
}
