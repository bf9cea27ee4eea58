//! What a problem of ours means, in English.
//!
//! Problems are written down in Chinese where they happen, with their counts and names; whoever reads English
//! gets the sentence of the code. A test holds that every code of the program has one.

use super::Lang;

/// A problem in a language: as it was written down, or the English sentence of its code.
pub fn problem<'a>(code: &str, message: &'a str, lang: Lang) -> &'a str {
    let english = || PROBLEMS.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence);
    if lang.is_english() { english().unwrap_or(message) } else { message }
}

/// Every code and its sentence.
pub const PROBLEMS: &[(&str, &str)] = &[
    (
        "address-refused",
        "the address has no host, or leads to a private address that fetch.allow_addresses does not name; it was not dialled",
    ),
    ("agency-unknown", "it could not be told whose report a page is; the page is kept and waits to be assigned"),
    ("archive-chosen", "the archive holds several documents; the annual report was picked by name and title"),
    (
        "archive-several",
        "the archive holds several documents and none is plainly the annual report; unpack it and check the file itself",
    ),
    ("archive-unsupported", "the archive cannot be opened, or holds no document; unpack it and check the file itself"),
    ("blocked", "the portal blocked the visit; ask its operators to let this program through, or look by hand"),
    ("blocked-acw", "the host is guarded by a gate (acw); ask its operators to let this program through, or download by hand"),
    ("blocked-captcha", "the host asks for a captcha; ask its operators to let this program through, or download by hand"),
    ("blocked-forbidden", "the host refused the visit; ask its operators to let this program through, or download by hand"),
    ("blocked-jsl", "the host is guarded by a gate (jsl); ask its operators to let this program through, or download by hand"),
    ("blocked-login", "the host asks for a login; ask its operators to let this program through, or download by hand"),
    ("blocked-other", "a gate stands before the host; ask its operators to let this program through, or download by hand"),
    ("blocked-rate", "the host limits visits; this run left it alone"),
    (
        "blocked-river",
        "the host is guarded by a gate (river); ask its operators to let this program through, or download by hand",
    ),
    ("body-cut", "the answer broke off or could not be unpacked; its content is not whole"),
    (
        "browser-failed",
        "the page is made by scripts, and the browser could not show it whole: a script or data were not there, lie on a host \
         that the portal's `hosts` does not name, or lead elsewhere; look by hand",
    ),
    (
        "browser-missing",
        "the portal has browser = true, and there is no Chromium on this machine; install the package chromium and visit again",
    ),
    ("cannot-open", "the file cannot be opened; check its path and permissions"),
    ("captcha", "a captcha stands before the page; look at it by hand"),
    ("charset-damaged", "some bytes could not be decoded"),
    ("charset-disagrees", "the declared character encoding is not that of the content; the content was read by what it is"),
    ("column-not-found", "the list named for an agency was not found on the portal"),
    ("connect", "the host could not be reached, or the connection was cut"),
    ("converter-failed", "the converter could not read this document; look at the original by hand"),
    (
        "converter-missing",
        "this old document needs a converter; install LibreOffice (package libreoffice-writer) and check again",
    ),
    ("converter-used", "the document could only be read through an outside converter"),
    ("dns", "the host's name could not be resolved"),
    ("document-damaged", "the file is damaged or not whole; download it again or ask the publisher for the original"),
    ("document-encrypted", "the file is locked with a password; ask the publisher for one that is not"),
    ("document-incomplete", "parts of the file could not be read; rules over them are left open; look at the original by hand"),
    ("document-too-large", "the file unpacks to more than a report can hold and was not read; look at the original by hand"),
    ("feed-not-whole", "the data interface of a list did not answer in full"),
    ("fetch-failed", "the address could not be fetched"),
    ("foreign-entry", "a list points to another site; it was noted, not visited"),
    ("format-unknown", "the format of the file is not known; it was not read"),
    ("format-unsupported", "the file is sound, but written in a way that is not read directly; look at the original by hand"),
    ("hidden-cells", "rows or columns are hidden; they were not read, and rules over the table are left open"),
    ("hidden-sheet", "sheets are hidden; they were not read as part of the report, but are published with it"),
    ("image", "this is a picture and has no text to read"),
    ("image-only", "the body consists of pictures without text; no figure was read"),
    ("list-empty", "the list page is empty"),
    ("list-failed", "a list page could not be fetched; it is tried again next time"),
    ("list-gone", "the list page is gone; check `start` of the portal"),
    ("list-moved", "the list page moved to another host; check it and add it to the portal's `hosts`"),
    ("list-moving", "the list changed while it was read; it is looked at again next time"),
    ("list-not-finished", "not every page of the list was looked at"),
    ("list-not-understood", "the list page could not be understood; a profile may be needed"),
    (
        "list-shrunk",
        "the lists have less than half of the reports they had: they may not be shown whole, and for a week nothing is called missing \
         by them; look by hand",
    ),
    ("list-too-deep", "the sub-columns lie deeper than crawl follows; name the column itself in start or column"),
    ("list-too-long", "the list has more pages than are looked at"),
    ("moved-elsewhere", "the address forwards to a host that is not the portal's; it was not followed"),
    ("needs-browser", "the page is made by a script and could not be read; look by hand, or write browser = true for the portal"),
    ("no-such-portal", "the portal is no longer in the configuration"),
    ("not-a-report", "an entry of the list turned out to be no annual report; look at it by hand"),
    ("not-fetched", "the address could not be fetched"),
    ("not-looked-at", "the portal blocked the visit; the other lists were left alone"),
    ("outlined-text", "the text is drawn as outlines and cannot be read"),
    ("panic", "an error inside the program ended this run; send the log to whoever maintains it"),
    ("paging-not-understood", "how the list goes on could not be understood"),
    ("port-refused", "the port is not among fetch.allow_ports; the host was not visited"),
    ("rate", "the host asked to be left alone for a while; it was not visited this time"),
    (
        "reader-failed",
        "the process that reads documents ended unexpectedly; the file may be damaged, look at the original by hand",
    ),
    ("reader-memory", "the document needs more memory than a report may take; look at the original by hand"),
    ("reader-timeout", "reading took too long and was stopped; look at the original by hand"),
    ("recognised", "the text was recognised from pictures; nothing is concluded from it, compare with the original by hand"),
    (
        "recogniser-failed",
        "the text recognition gave no answer; check that tesseract has the language chi_sim and that pdftoppm is installed",
    ),
    (
        "recogniser-missing",
        "the configured text recognition is not on this machine; install tesseract-ocr, tesseract-ocr-chi-sim and poppler-utils",
    ),
    ("redirect-loop", "the address forwards in a circle, too often, or to nowhere"),
    ("report-gone", "a report of the list cannot be opened; it is looked at again"),
    ("report-not-fetched", "a report could not be fetched; it is tried again next time"),
    ("report-replaced", "something else stands where a report was read before; it is not believed yet, and looked at again"),
    (
        "reports-not-looked-at",
        "the portal blocked the visit; the other reports of its lists were not looked at, and stay as they were",
    ),
    ("report-unclear", "neither its title nor its content tells whether a page is a report; it is kept and waits for a person"),
    ("reports-chosen", "several annual reports stand on the page; the one that the title means was read"),
    (
        "reports-several",
        "several annual reports stand on the page and it could not be told which one is meant; none was read, name it by --agency and --year",
    ),
    ("robots", "robots.txt does not allow this address; that was obeyed"),
    ("robots-unreachable", "robots.txt could not be fetched; the host was left alone"),
    ("scanned-pages", "pages are scanned pictures without text; their figures were not read"),
    ("scheme-refused", "only http and https addresses are visited"),
    ("server-error", "the host answered with an error; it is tried again next time"),
    ("snapshot-lost", "the kept body cannot be read back; run nianjian verify, then restore it from a backup"),
    ("store-failed", "what was seen could not be written down; look at the log"),
    ("text-undecodable", "the text of the file cannot be turned into characters"),
    ("timeout", "the host did not answer in time"),
    ("tls", "no encrypted connection could be made: certificate or protocol is not accepted"),
    ("too-large", "the file is larger than is read"),
    ("too-many-cells", "there are more tables, cells or paragraphs than are read; rules over them are left open"),
    ("torn-text", "the text was taken from a page layout, labels and figures do not line up; only what is certain was read"),
    ("truncated", "the page breaks off; what follows did not come; compare with it in a browser, then fetch it again"),
    ("unknown-profile", "there is no profile of that name; the layout was recognised automatically"),
    ("wrong-type", "the answer is of another kind than was asked for"),
    ("year-unknown", "it could not be told of which year a report is; it is kept and waits to be assigned"),
];
