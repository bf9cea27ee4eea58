//! Rosters as offices write them.

use super::*;
use crate::model::AgencyKind;
use proptest::prelude::*;

const HEAD: &str = "id,name,aliases,kind,level,parent,portal,column,due\n";

fn portals() -> Vec<String> {
    vec!["yunxi".to_owned(), "liuhe".to_owned()]
}

fn csv_of(rows: &str) -> (Roster, Vec<RowAccount>) {
    from_csv(format!("{HEAD}{rows}").as_bytes(), Some(&portals()))
}

#[test]
fn a_good_roster_is_taken_whole_and_written_back_the_same() {
    let (roster, accounts) = csv_of(
        "a1,云溪市人民政府,,government,city,,yunxi,,\n\
         a2,云溪市水务局,市水务局；云溪水务,部门,市,a1,yunxi,https://portal.example/sw/{year}/,\n\
         a3,青石镇人民政府,青石镇,township,township,a1,liuhe,,03-31\n\
         a4,\"=云溪,市\",,垂管,,,,,\n",
    );
    assert_eq!(accounts, []);
    assert_eq!(roster.agencies.len(), 4);
    assert_eq!(roster.agencies[1].aliases, ["市水务局", "云溪水务"]);
    assert_eq!(roster.agencies[1].kind, AgencyKind::Department);
    assert_eq!(roster.agencies[2].due, Some((3, 31)));
    let written = to_csv(&roster);
    assert!(written.starts_with("\u{feff}id,name,") && written.contains("\"'=云溪,市\""));
    assert_eq!(from_csv(written.as_bytes(), None), (roster, Vec::new()));
}

#[test]
fn each_bad_row_is_refused_with_its_number_and_reason() {
    for (cells, why) in [
        ("a0,别的,,department,,,,,", "the id `a0` is that of row 2"),
        ("b,青石 镇,,township,,,,,", "the name or alias `青石 镇` is that of row 2"),
        ("b,某局,老名,department,,,,,", "the name or alias `老名` is that of row 2"),
        (",某局,,department,,,,,", "there is no id"),
        ("b/c,某局,,department,,,,,", "the id `b/c` has a character"),
        ("b,,,department,,,,,", "there is no name"),
        ("b,某局,,departement,,,,,", "unknown kind `departement`"),
        ("b,某局,,,,,,,", "unknown kind ``"),
        ("b,某局,,department,countty,,,,", "unknown level `countty`"),
        ("b,某局,,department,,b,,,", "it is its own parent"),
        ("b,某局,,department,,,yunx,,", "no portal `yunx`"),
        ("b,某局,,department,,,,portal.example/a,", "is not an http(s) address"),
        ("b,某局,,department,,,,https://portal.example/{jahr}/,", "is not an http(s) address"),
        ("b,某局,,department,,,,,13-01", "`13-01` is not a month and a day"),
        ("b,某局,,department,,,,,02-30", "is not a month and a day"),
        ("b,某局,,department,,,,,soon", "is not a month and a day"),
    ] {
        let (roster, accounts) = csv_of(&format!("a0,青石镇,老名,township,,,,,\n{cells}\nz,最后,,office,,,,,\n"));
        assert_eq!(roster.agencies.iter().map(|agency| agency.id.as_str()).collect::<Vec<_>>(), ["a0", "z"], "{cells}");
        assert_eq!(accounts.len(), 1, "{cells}");
        assert_eq!((accounts[0].row, accounts[0].refused), (3, true));
        assert!(accounts[0].why.en.contains(why), "{cells}: {}", accounts[0].why.en);
        assert!(!accounts[0].advice.zh.is_empty() && !accounts[0].why.zh.is_empty());
    }
}

#[test]
fn near_misses_are_named_and_all_faults_of_a_row_are_one_account() {
    let (_, accounts) = csv_of("b,某局,,departement,,,liuh,,x\n");
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].advice.en.matches("did you mean").count(), 2);
    assert!(accounts[0].advice.zh.contains("是否为 department？") && accounts[0].advice.zh.contains("是否为 liuhe？"));
}

#[test]
fn a_parent_that_is_not_there_is_a_remark() {
    let (roster, accounts) = csv_of("b,某局,,department,,nobody,,,\n");
    assert_eq!((roster.agencies.len(), accounts.len(), accounts[0].refused, accounts[0].row), (1, 1, false, 2));
}

#[test]
fn due_dates_as_spreadsheets_write_them() {
    for text in ["03-31", "3-31", "3/31", "2026/3/31", "2026-03-31", "3月31日"] {
        let (roster, accounts) = csv_of(&format!("b,某局,,department,,,,,{text}\n"));
        assert_eq!(accounts, [], "{text}");
        assert_eq!(roster.agencies[0].due, Some((3, 31)), "{text}");
    }
}

#[test]
fn encodings_and_separators() {
    let text = "编号,名称,类型\na1,柳河县教育局,部门\n";
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        encoding_rs::GBK.encode(text).0.into_owned(),
        text.replace(',', ";").replace('\n', "\r\n").into_bytes(),
        utf16,
    ] {
        let (roster, accounts) = from_csv(&bytes, None);
        assert_eq!(accounts, []);
        assert_eq!(roster.agencies[0].name, "柳河县教育局");
    }
}

#[test]
fn headings_that_are_missing_or_strange() {
    let (roster, accounts) = from_csv(b"id,name\na,b\n", None);
    assert_eq!((roster.agencies.len(), accounts[0].row, accounts[0].refused), (0, 1, true));
    assert!(accounts[0].why.en.contains("kind"));
    let (roster, accounts) = from_csv("id,name,kind,protal\na,b,office,x\n".as_bytes(), None);
    assert_eq!((roster.agencies.len(), accounts[0].refused), (1, false));
    assert!(accounts[0].advice.en.contains("portal"));
    assert_eq!(from_csv(b"", None), (Roster::default(), Vec::new()));
}

/// A workbook of one sheet, a date in its last cell.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet();
    let sheet = book.add_worksheet();
    for (column, heading) in ["编号", "名称", "类型", "due"].into_iter().enumerate() {
        sheet.write(0, column as u16, heading).unwrap();
    }
    sheet.write(2, 0, 1001).unwrap();
    sheet.write(2, 1, " 青石镇人民政府 ").unwrap();
    sheet.write(2, 2, "乡镇").unwrap();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 31).unwrap();
    sheet.write_with_format(2, 3, &date, &rust_xlsxwriter::Format::new().set_num_format("mm-dd")).unwrap();
    sheet.write(1_048_575, 16_383, "far away").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_sparsely() {
    let (roster, accounts) = read(&workbook(), None);
    assert_eq!(accounts, []);
    let agency = &roster.agencies[0];
    assert_eq!((agency.id.as_str(), agency.name.as_str(), agency.due), ("1001", "青石镇人民政府", Some((3, 31))));
}

#[test]
fn a_broken_workbook_is_told() {
    let bytes = workbook();
    for cut in [2, 30, bytes.len() / 2, bytes.len() - 1] {
        let (roster, accounts) = read(&bytes[..cut], None);
        assert_eq!((roster.agencies.len(), accounts.len()), (0, 1), "{cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[a-z,;\"'\n=年月日0-9/-]{0,200}") {
        let known = portals();
        let _ = (read(&bytes, Some(&known)), from_xlsx(&bytes, None), from_csv(&bytes, None));
        let (roster, _) = from_csv(format!("{HEAD}{text}").as_bytes(), None);
        prop_assert_eq!(from_csv(to_csv(&roster).as_bytes(), None).0, roster);
    }

    #[test]
    fn no_damage_to_a_workbook_makes_it_panic(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut bytes = workbook();
        let index = at.index(bytes.len());
        bytes[index] = with;
        let _ = read(&bytes, None);
    }
}
