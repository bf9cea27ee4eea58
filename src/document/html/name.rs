//! Names of elements as numbers, and what each element means for nesting.
//!
//! Every tag of a page is asked what it is, several times; comparing a number is many times cheaper than
//! comparing texts. Names of up to eight bytes are their bytes, longer ones a hash of them.

/// An element's name, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u64);

impl Name {
    pub(super) const fn of(name: &[u8]) -> Name {
        let mut packed = 0u64;
        let mut at = 0;
        while at < name.len() {
            let byte = name[at].to_ascii_lowercase() as u64;
            packed = if at < 8 { packed << 8 | byte } else { packed.wrapping_mul(0x0100_0000_01b3).rotate_left(9) ^ byte };
            at += 1;
        }
        Name(packed)
    }
}

macro_rules! names {
    ($($name:ident = $text:literal,)*) => {
        $(pub(super) const $name: Name = Name::of($text);)*
    };
}
names! {
    A = b"a",
    BODY = b"body",
    BR = b"br",
    BUTTON = b"button",
    CAPTION = b"caption",
    DEL = b"del",
    DD = b"dd",
    DT = b"dt",
    FORM = b"form",
    HTML = b"html",
    HR = b"hr",
    IMG = b"img",
    LI = b"li",
    META = b"meta",
    OBJECT = b"object",
    OPTGROUP = b"optgroup",
    OPTION = b"option",
    P = b"p",
    PRE = b"pre",
    SCRIPT = b"script",
    SELECT = b"select",
    STYLE = b"style",
    SUP = b"sup",
    SVG = b"svg",
    TABLE = b"table",
    TBODY = b"tbody",
    TD = b"td",
    TFOOT = b"tfoot",
    TH = b"th",
    THEAD = b"thead",
    TITLE = b"title",
    TR = b"tr",
}

/// What an element is to the rules of nesting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `html` and `head`, which only hold the rest.
    Root,
    Body,
    /// Without an end and without a place of its own: `meta`, `link`.
    Note,
    /// Without an end: `br`, `img`.
    Void,
    /// Its inside is no markup.
    Raw,
    /// Begins and ends a paragraph, and closes a `p`.
    Block,
    Heading,
    P,
    Li,
    /// `dd` and `dt`.
    Term,
    Form,
    Table,
    /// `thead`, `tbody`, `tfoot`.
    Section,
    Row,
    Cell,
    Caption,
    /// `col` and `colgroup`, which say nothing about content.
    Column,
    /// Formatting without a meaning for reading: browsers open it again where it was left open.
    Format,
    /// Formatting with a meaning: `b`, `strong`, `a`.
    Marking,
    Select,
    Option,
    /// `button`, `object`: blocks nothing inside can close.
    Walled,
    /// `svg`: markup of another kind.
    Drawing,
    /// What needs the whole algorithm.
    Odd,
    /// Any other: `span`, `label`, `o:p`.
    Plain,
}

/// What an element is. The lists are those of the HTML standard, 13.2.6.4.7.
pub(super) fn kind(name: Name) -> Kind {
    macro_rules! one_of {
        ($($text:literal)*) => {{
            $(name == const { Name::of($text) })||*
        }};
    }
    // The commonest first: nearly all tags of a page are among these.
    match name {
        P => return Kind::P,
        TD | TH => return Kind::Cell,
        TR => return Kind::Row,
        TABLE => return Kind::Table,
        TBODY | THEAD | TFOOT => return Kind::Section,
        LI => return Kind::Li,
        A => return Kind::Marking,
        BR | IMG => return Kind::Void,
        _ => {}
    }
    if one_of!(b"span" b"o:p" b"label") {
        Kind::Plain
    } else if one_of!(b"div" b"address" b"article" b"aside" b"blockquote" b"center" b"details" b"dialog" b"dir" b"dl" b"fieldset" b"figcaption" b"figure" b"footer" b"header" b"hgroup" b"listing" b"main" b"menu" b"nav" b"ol" b"pre" b"search" b"section" b"summary" b"ul")
    {
        Kind::Block
    } else if one_of!(b"font" b"i" b"u" b"em" b"s" b"small" b"big" b"strike" b"tt" b"code") {
        Kind::Format
    } else if one_of!(b"b" b"strong") {
        Kind::Marking
    } else if one_of!(b"h1" b"h2" b"h3" b"h4" b"h5" b"h6") {
        Kind::Heading
    } else if one_of!(b"meta" b"link" b"base" b"basefont" b"bgsound") {
        Kind::Note
    } else if one_of!(b"hr" b"input" b"area" b"embed" b"keygen" b"wbr" b"param" b"source" b"track") {
        Kind::Void
    } else if one_of!(b"script" b"style" b"title" b"textarea" b"iframe" b"noscript" b"xmp" b"noembed" b"noframes") {
        Kind::Raw
    } else if one_of!(b"col" b"colgroup") {
        Kind::Column
    } else if one_of!(b"nobr" b"template" b"frameset" b"frame" b"plaintext" b"image" b"math" b"ruby" b"rt" b"rp" b"rb" b"rtc") {
        Kind::Odd
    } else {
        match name {
            HTML => Kind::Root,
            _ if one_of!(b"head") => Kind::Root,
            BODY => Kind::Body,
            DD | DT => Kind::Term,
            FORM => Kind::Form,
            CAPTION => Kind::Caption,
            SELECT => Kind::Select,
            OPTION | OPTGROUP => Kind::Option,
            BUTTON | OBJECT => Kind::Walled,
            _ if one_of!(b"applet" b"marquee") => Kind::Walled,
            SVG => Kind::Drawing,
            _ => Kind::Plain,
        }
    }
}

/// Elements that begin and end a paragraph.
pub(super) fn is_block(kind: Kind, name: Name) -> bool {
    matches!(kind, Kind::Block | Kind::Heading | Kind::P | Kind::Li | Kind::Term | Kind::Form | Kind::Body) || name == HR
}

/// Elements whose content is no text of the report.
pub(super) fn is_frame(kind: Kind, name: Name) -> bool {
    const FRAMES: [Name; 3] = [Name::of(b"nav"), Name::of(b"footer"), Name::of(b"aside")];
    const NOSCRIPT: Name = Name::of(b"noscript");
    const TEMPLATE: Name = Name::of(b"template");
    match kind {
        Kind::Block => FRAMES.contains(&name),
        Kind::Select | Kind::Walled | Kind::Drawing => true,
        Kind::Raw => name == NOSCRIPT,
        Kind::Odd => name == TEMPLATE,
        // What an edit took away.
        Kind::Plain => name == DEL,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Name, kind};

    #[test]
    fn names_are_told_apart_without_regard_to_case() {
        assert_eq!(Name::of(b"BlockQuote"), Name::of(b"blockquote"));
        assert_ne!(Name::of(b"figcaption"), Name::of(b"figcaptiom"));
        let listed =
            ["html", "head", "body", "table", "colgroup", "noscript", "blockquote", "figcaption", "plaintext", "optgroup"];
        for (at, one) in listed.iter().enumerate() {
            assert!(listed[..at].iter().all(|other| Name::of(one.as_bytes()) != Name::of(other.as_bytes())), "{one}");
        }
        assert_eq!(
            (kind(Name::of(b"FONT")), kind(Name::of(b"o:p")), kind(Name::of(b"TH"))),
            (Kind::Format, Kind::Plain, Kind::Cell)
        );
    }
}
