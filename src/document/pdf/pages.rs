//! The pages of a file, in order, each painted on a canvas of its own.

use super::paint::{Painter, Shared};
use super::source::Source;
use crate::document::lattice::{Canvas, Matrix, Page};
use lopdf::{Dictionary, Object};
use std::collections::HashSet;

/// The most pages read, and the deepest tree of pages.
const MAX_PAGES: usize = 3_000;
const MAX_DEPTH: usize = 40;
/// The most annotations of a page that are drawn.
const MAX_ANNOTATIONS: usize = 1_000;

/// What pages inherit.
#[derive(Clone, Copy, Default)]
struct Inherited<'a> {
    resources: Option<&'a Dictionary>,
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotate: Option<f64>,
}

impl<'a> Inherited<'a> {
    fn with(self, node: &'a Dictionary, source: &'a Source<'a>) -> Inherited<'a> {
        Inherited {
            resources: source.dictionary(node, b"Resources").or(self.resources),
            media: source.numbers(node, b"MediaBox").or(self.media),
            crop: source.numbers(node, b"CropBox").or(self.crop),
            rotate: source.number(node, b"Rotate").or(self.rotate),
        }
    }
}

/// A page's dictionary with what it inherits.
struct Leaf<'a> {
    page: &'a Dictionary,
    inherited: Inherited<'a>,
}

/// Every page, painted; and whether they are all there.
pub(super) fn pages(source: &Source<'_>) -> (Vec<Page>, bool) {
    let mut leaves = Vec::new();
    let root = source.document.catalog().ok().and_then(|catalog| source.dictionary(catalog, b"Pages"));
    let mut complete = root.is_some_and(|root| gather(root, Inherited::default(), source, &mut HashSet::new(), &mut leaves, 0));
    let mut shared = Shared::new(source);
    let mut pages = Vec::with_capacity(leaves.len());
    for (at, leaf) in leaves.iter().enumerate() {
        if source.is_spent() {
            complete = false;
            break;
        }
        pages.push(paint(leaf, at as u32 + 1, &mut shared));
    }
    (pages, complete)
}

/// Collects the pages below a node; false where some were left out.
fn gather<'a>(
    node: &'a Dictionary,
    inherited: Inherited<'a>,
    source: &'a Source<'a>,
    seen: &mut HashSet<usize>,
    leaves: &mut Vec<Leaf<'a>>,
    depth: usize,
) -> bool {
    let first = seen.insert(std::ptr::from_ref(node) as usize);
    if !first || depth > MAX_DEPTH || leaves.len() >= MAX_PAGES {
        return false;
    }
    let inherited = inherited.with(node, source);
    match source.array(node, b"Kids").filter(|_| source.name(node, b"Type") != Some(b"Page")) {
        None => {
            leaves.push(Leaf { page: node, inherited });
            true
        }
        Some(kids) => kids.iter().fold(true, |whole, kid| {
            let below = source.dictionary_of(kid).is_some_and(|kid| gather(kid, inherited, source, seen, leaves, depth + 1));
            whole && below
        }),
    }
}

fn paint<'a>(leaf: &Leaf<'a>, number: u32, shared: &mut Shared<'a>) -> Page {
    let source = shared.source;
    let (width, height, ctm) = sheet(leaf, source);
    let mut painter = Painter::new(shared, Canvas::new(number, width, height), ctm);
    match content(leaf.page, source) {
        Some(content) => painter.obey(&content, leaf.inherited.resources, 0),
        None => painter.canvas.cut(),
    }
    // A page may leave its state in disorder; what lies over it is drawn on a fresh one.
    let canvas = painter.canvas;
    let mut painter = Painter::new(shared, canvas, ctm);
    let annotations = source.array(leaf.page, b"Annots").unwrap_or_default();
    if annotations.len() > MAX_ANNOTATIONS {
        painter.canvas.cut();
    }
    for annotation in annotations.iter().take(MAX_ANNOTATIONS) {
        if let Some((appearance, bounds)) = source.dictionary_of(annotation).and_then(|it| shown(it, source)) {
            painter.annotation(appearance, bounds);
        }
    }
    painter.canvas.finish()
}

/// Size of a page as shown in points, and the way from its own coordinates to those.
fn sheet(leaf: &Leaf<'_>, source: &Source<'_>) -> (f32, f32, Matrix) {
    let sorted = |[a, b, c, d]: [f64; 4]| [a.min(c), b.min(d), a.max(c), b.max(d)];
    let sound = |bounds: &[f64; 4]| {
        (1.0..=100_000.0).contains(&(bounds[2] - bounds[0])) && (1.0..=100_000.0).contains(&(bounds[3] - bounds[1]))
    };
    let media = leaf.inherited.media.map(sorted).filter(sound).unwrap_or([0.0, 0.0, 595.0, 842.0]);
    let crop = leaf
        .inherited
        .crop
        .map(sorted)
        .map(|crop| [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])]);
    let [left, bottom, right, top] = crop.filter(sound).unwrap_or(media);
    let unit = source.number(leaf.page, b"UserUnit").filter(|unit| (0.01..=1_000.0).contains(unit)).unwrap_or(1.0);
    let (width, height) = ((right - left) * unit, (top - bottom) * unit);
    let turn = (leaf.inherited.rotate.unwrap_or(0.0) / 90.0).round().rem_euclid(4.0) as u8;
    let matrix = match turn {
        1 => [0.0, unit, unit, 0.0, -bottom * unit, -left * unit],
        2 => [-unit, 0.0, 0.0, unit, right * unit, -bottom * unit],
        3 => [0.0, -unit, -unit, 0.0, top * unit, right * unit],
        _ => [unit, 0.0, 0.0, -unit, -left * unit, top * unit],
    };
    let (width, height) = if turn % 2 == 1 { (height, width) } else { (width, height) };
    (width as f32, height as f32, Matrix(matrix))
}

/// The content of a page, its streams put together; `None` where one of them cannot be read.
fn content(page: &Dictionary, source: &Source<'_>) -> Option<Vec<u8>> {
    let Ok(contents) = page.get(b"Contents") else { return Some(Vec::new()) };
    match source.resolve(contents) {
        None | Some(Object::Null) => Some(Vec::new()),
        Some(Object::Array(streams)) => {
            let mut all = Vec::new();
            for stream in streams {
                all.extend(source.stream_of(stream)?);
                all.push(b'\n');
            }
            Some(all)
        }
        Some(_) => source.stream_of(contents),
    }
}

/// What an annotation shows of a page's text, and where: the fields of a form, and text typed over a page.
fn shown<'a>(annotation: &'a Dictionary, source: &'a Source<'a>) -> Option<(&'a Object, [f64; 4])> {
    const UNSEEN: i64 = 2 | 32;
    let kind = source.name(annotation, b"Subtype")?;
    let flags = source.number(annotation, b"F").unwrap_or(0.0) as i64;
    if !matches!(kind, b"Widget" | b"FreeText") || flags & UNSEEN != 0 {
        return None;
    }
    let appearance = source.dictionary(annotation, b"AP")?.get(b"N").ok().and_then(|object| source.resolve(object))?;
    let appearance = match appearance {
        Object::Dictionary(states) => source.resolve(states.get(source.name(annotation, b"AS")?).ok()?)?,
        other => other,
    };
    let [x0, y0, x1, y1] = source.numbers::<4>(annotation, b"Rect")?;
    Some((appearance, [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]))
}
