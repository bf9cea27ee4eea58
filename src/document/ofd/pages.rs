//! The pages of a document, in order, each painted on a canvas of its own.

use super::numbers::exactly;
use super::paint::{Painter, Purse};
use super::parts::Parts;
use super::resources::{File, Resources};
use crate::document::lattice::{Canvas, Matrix, Page};
use crate::document::package::Fault;
use crate::document::xml::{Element, Tree};
use std::collections::HashMap;

/// Points in a millimetre, in which OFD measures.
const POINTS: f64 = 72.0 / 25.4;
/// The most pages that are read.
const MAX_PAGES: usize = 3_000;
/// The most files of resources that one document, or one page, names.
const MAX_FILES: usize = 50;

/// A page that others are printed on.
struct Template {
    text: String,
    order: Option<Order>,
}

/// What lies under what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Background,
    Body,
    Foreground,
}

impl Order {
    fn of(element: Element<'_, '_>, name: &str) -> Option<Order> {
        match element.attribute(name)?.as_ref() {
            "Background" => Some(Order::Background),
            "Foreground" => Some(Order::Foreground),
            "Body" => Some(Order::Body),
            _ => None,
        }
    }
}

/// Every page, painted, and the text that the file keeps from its readers.
pub(super) fn pages(at: &str, tree: &Tree<'_>, parts: &mut Parts<'_, '_>) -> Result<(Vec<Page>, Vec<String>), Fault> {
    let root = tree.root().ok_or(Fault::Damaged)?;
    let common = root.child("CommonData");
    let named = |kinds: [&'static str; 2]| {
        let children = common.into_iter().flat_map(Element::children);
        children.filter(move |child| kinds.contains(&child.name())).map(Element::text).collect::<Vec<_>>()
    };
    let files = files(&named(["PublicRes", "DocumentRes"]), at, parts)?;
    let trees: Vec<Tree<'_>> = files.iter().map(|file| Tree::parse(&file.text)).collect();
    let resources = Resources::of(files.iter().zip(&trees), parts);
    let book = Book { area: common.and_then(area), templates: templates(common, at, parts)?, resources };
    let listed: Vec<Element<'_, '_>> = root.child("Pages").into_iter().flat_map(|pages| pages.all("Page")).collect();
    if listed.is_empty() {
        return Err(Fault::Damaged);
    }
    let mut purse = Purse::default();
    let mut pages = Vec::with_capacity(listed.len().min(MAX_PAGES));
    for (number, page) in (1..).zip(&listed) {
        if pages.len() == MAX_PAGES {
            pages.push(unread(number));
            break;
        }
        let place = page.attribute("BaseLoc").unwrap_or_default();
        pages.push(match parts.xml(at, &place) {
            Ok(Some((at, text))) => book.page(number, &at, &text, parts, &mut purse),
            Ok(None) | Err(_) => unread(number),
        });
    }
    if !tree.whole {
        pages.push(unread(pages.len() as u32 + 1));
    }
    Ok((pages, purse.hidden))
}

/// A page that could not be read.
fn unread(number: u32) -> Page {
    let mut canvas = Canvas::new(number, 595.0, 842.0);
    canvas.cut();
    canvas.finish()
}

fn files(places: &[String], at: &str, parts: &mut Parts<'_, '_>) -> Result<Vec<File>, Fault> {
    let mut files = Vec::new();
    for place in places.iter().take(MAX_FILES) {
        files.extend(parts.xml(at, place)?.map(|(at, text)| File { at, text }));
    }
    Ok(files)
}

fn templates(common: Option<Element<'_, '_>>, at: &str, parts: &mut Parts<'_, '_>) -> Result<HashMap<String, Template>, Fault> {
    let mut templates = HashMap::new();
    let listed = common.into_iter().flat_map(Element::children).filter(|child| child.name() == "TemplatePage");
    for template in listed.take(MAX_FILES) {
        let (id, place) = (template.attribute("ID"), template.attribute("BaseLoc"));
        if let (Some(id), Some(place)) = (id, place)
            && let Some((_, text)) = parts.xml(at, &place)?
        {
            templates.insert(id.trim().to_owned(), Template { text, order: Order::of(template, "ZOrder") });
        }
    }
    Ok(templates)
}

/// Width and height of the paper in millimetres; what is no size of any paper is none.
fn area(element: Element<'_, '_>) -> Option<(f64, f64)> {
    let area = element.child("PageArea").or_else(|| element.child("Area"))?;
    let [left, top, width, height] = exactly::<4>(&area.child("PhysicalBox")?.text())?;
    let (right, bottom) = (left.max(0.0) + width, top.max(0.0) + height);
    ((1.0..=30_000.0).contains(&right) && (1.0..=30_000.0).contains(&bottom)).then_some((right, bottom))
}

/// What the pages of a document share.
struct Book<'t> {
    area: Option<(f64, f64)>,
    templates: HashMap<String, Template>,
    resources: Resources<'t>,
}

impl Book<'_> {
    fn page(&self, number: u32, at: &str, text: &str, parts: &mut Parts<'_, '_>, purse: &mut Purse) -> Page {
        let tree = Tree::parse(text);
        let Some(root) = tree.root() else { return unread(number) };
        let places: Vec<String> = root.children().filter(|child| child.name() == "PageRes").map(Element::text).collect();
        let (files, whole) = match files(&places, at, parts) {
            Ok(files) => (files, true),
            Err(_) => (Vec::new(), false),
        };
        let trees: Vec<Tree<'_>> = files.iter().map(|file| Tree::parse(&file.text)).collect();
        let own = Resources::of(files.iter().zip(&trees), parts);
        let under = self.under(root, parts);
        let under: Vec<(Order, Option<Tree<'_>>)> =
            under.into_iter().map(|(order, text)| (order, text.map(Tree::parse))).collect();
        // A template's paper serves where the page has none of its own.
        let below = under.iter().filter_map(|(_, tree)| tree.as_ref()?.root());
        let (width, height) = area(root).or_else(|| below.clone().find_map(area)).or(self.area).unwrap_or((210.0, 297.0));
        let mut layers: Vec<(Order, Element<'_, '_>)> = Vec::new();
        for (order, tree) in &under {
            let root = tree.as_ref().and_then(Tree::root);
            layers.extend(root.into_iter().flat_map(layers_of).map(|layer| (*order, layer)));
        }
        layers.extend(layers_of(root).map(|layer| (Order::of(layer, "Type").unwrap_or(Order::Body), layer)));
        layers.sort_by_key(|(order, _)| *order);
        let canvas = Canvas::new(number, (width * POINTS) as f32, (height * POINTS) as f32);
        let mut painter = Painter::new([&own, &self.resources], canvas, purse);
        if !whole || !tree.whole || under.iter().any(|(_, tree)| tree.as_ref().is_none_or(|tree| !tree.whole)) {
            painter.canvas.cut();
        }
        let to_points = Matrix([POINTS, 0.0, 0.0, POINTS, 0.0, 0.0]);
        for (_, layer) in layers {
            painter.layer(layer, to_points);
        }
        painter.canvas.finish()
    }

    /// The templates that lie under or over a page; `None` for one that is not there, or costs too much.
    fn under<'s>(&'s self, root: Element<'_, '_>, parts: &mut Parts<'_, '_>) -> Vec<(Order, Option<&'s str>)> {
        let named = || root.children().filter(|child| child.name() == "Template");
        // One more than are followed is not there, and the page says so.
        let more = named().nth(MAX_FILES).map(|_| (Order::Background, None));
        named()
            .take(MAX_FILES)
            .map(|child| {
                let template = child.attribute("TemplateID").and_then(|id| self.templates.get(id.trim()));
                let order = Order::of(child, "ZOrder").or(template.and_then(|template| template.order));
                let text = template.map(|template| template.text.as_str()).filter(|text| parts.spend(text.len()));
                (order.unwrap_or(Order::Background), text)
            })
            .chain(more)
            .collect()
    }
}

fn layers_of<'t, 'a>(root: Element<'t, 'a>) -> impl Iterator<Item = Element<'t, 'a>> + use<'t, 'a> {
    root.child("Content").into_iter().flat_map(Element::children).filter(|child| child.name() == "Layer")
}
