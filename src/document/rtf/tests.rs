//! Rich text, and what a reader sees of it.

use super::super::samples::lines;
use super::read;
use crate::model::Media;

fn shown(body: &str) -> Vec<String> {
    let text = format!(
        "{{\\rtf1\\ansi\\ansicpg936\\uc1{{\\fonttbl{{\\f0\\fcharset0 Times;}}{{\\f1\\fcharset136 Ming;}}}}{{\\stylesheet{{\\s0 Normal;}}}}\\pard {body}}}"
    );
    lines(&read(text.as_bytes(), Media::Rtf))
}

#[test]
fn text_is_decoded_and_what_is_no_text_left_out() {
    for (body, expected) in [
        ("\\'c4\\'ea\\'b1\\'a8\\par", &["年报"][..]),
        // The second byte of a character may be a letter.
        ("\\'81@\\par", &["丂"]),
        ("\\u24180?\\u-25254 ?\\par", &["年鵚"]),
        ("{\\f1\\'a6\\'7e}\\par", &["年"]),
        ("\\b\\'c4\\'ea\\b0\\par \\tab 1\\line 2\\par", &["#年", "1", "2"]),
        ("{\\v hidden}{\\header head}{\\footnote foot}{\\*\\unknown x}{\\field{\\*\\fldinst PAGE}{\\fldrslt 7}}\\par", &["7"]),
        ("{\\info{\\doccomm made by a program}{\\creatim\\yr2025}x}7\\par", &["7"]),
        ("{\\listtext\\pard\\'d2\\'bb\\'a1\\'a2\\tab}\\'ce\\'c4\\par", &["一、文"]),
        ("{\\*\\shppict{\\pict\\picwgoal9000\\pichgoal4000 00ff}}{\\nonshppict{\\pict 00}}\\par", &["<picture>"]),
        ("{\\pict\\picwgoal900\\pichgoal400\\bin3 }}}}\\'c4\\'ea\\par", &["年"]),
        ("a{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv y}}{\\shptxt b\\par}}}c\\par", &["a", "b", "c"]),
    ] {
        assert_eq!(shown(body), expected, "{body}");
    }
}

#[test]
fn tables_are_laid_out_by_their_edges() {
    for (body, expected) in [
        (
            "\\trowd\\cellx2000\\cellx3000\\intbl a\\cell b\\cell\\row\\trowd\\cellx1000\\cellx2000\\cellx3000\\intbl 1\\cell 2\\cell 3\\cell\\row\\pard c\\par",
            &["|a1x2|b|", "|1|2|3|", "c"][..],
        ),
        (
            "\\trowd\\clvmgf\\cellx1000\\clmgf\\cellx2000\\clmrg\\cellx3000\\intbl a\\cell b\\cell\\cell\\row\\trowd\\clvmrg\\cellx1000\\cellx2000\\cellx3000\\intbl\\cell 2\\cell 3\\cell\\row\\pard",
            &["|a2x1|b1x2|", "|2|3|"],
        ),
        (
            "\\trowd\\cellx5000\\cellx9000\\intbl\\itap2 1\\nestcell 2\\nestcell{\\*\\nesttableprops\\trowd\\cellx1000\\cellx2000\\nestrow}{\\nonesttables\\par}\\itap1 x\\cell y\\cell\\row\\pard",
            &["|1|2|", "x", "y"],
        ),
    ] {
        assert_eq!(shown(body), expected, "{body}");
    }
}

#[test]
fn what_breaks_off_is_told() {
    let cut = read(b"{\\rtf1\\ansi\\trowd\\cellx1000\\cellx2000\\intbl a\\cell b\\cell\\row\\intbl c\\cell", Media::Rtf);
    assert_eq!(lines(&cut), ["|a|b| cut", "|c| cut"]);
    assert_eq!(cut.problems[0].code, "document-incomplete");
    assert!(!read("{".repeat(100_000).as_bytes(), Media::Rtf).problems.is_empty());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(text in "[{}\\\\a-z0-9' *;-]{0,300}") { read(format!("{{\\rtf1{text}").as_bytes(), Media::Rtf); }
}
