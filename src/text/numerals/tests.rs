//! Numerals as they are printed, and what they come to.

use super::{Role, chinese, numerals, to_chinese, unit_class};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::str::FromStr;

/// `value[~]unit` of every quantity, `~` meaning approximate.
fn quantities(text: &str) -> String {
    numerals(text)
        .iter()
        .filter(|numeral| numeral.role == Role::Quantity)
        .map(|n| format!("{}{}{}", n.value.normalize(), if n.approximate { "~" } else { "" }, n.unit.as_deref().unwrap_or("")))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn quantities_are_read_as_they_are_printed() {
    for (text, expected) in [
        ("收到申请12件", "12件"),
        ("收到申请１２ 件", "12件"),
        ("公开信息1,234条、1，234条", "1234条 1234条"),
        ("公开12,34条", "12 34条"),
        ("公开1 466条，3\n12件", "1466条 312件"),
        ("公开45.28万条", "452800条"),
        ("赠阅3万余册", "30000~册"),
        ("赠阅3万多册，5千余份", "30000~册 5000~份"),
        ("浏览2亿次", "200000000次"),
        ("受理两百零三件、一千二百件、廿件、十件、〇件", "203件 1200件 20件 10件 0件"),
        ("十余次、数十份、几百条、近三成", "10~次 10~份 100~条 30~%"),
        ("近30条、约20件、超过15份、逾8次", "30~条 20~件 15~份 8~次"),
        ("网上预约30件，线上15件", "30件 15件"),
        ("办件5500 余条，200余场次", "5500~条 200~场次"),
        ("30件以上、50人左右", "30~件 50~人"),
        ("同比增长70.3%，占百分之三十", "70.3% 30%"),
        ("金额96171.6万元，费用2230元", "96171.6万元 2230元"),
        ("1016823人次，12件（次）", "1016823人次 12件次"),
        ("申请、答复均为零。", "0"),
        ("A类：24、B类：8", "24 8"),
        ("A类24条", "24条"),
    ] {
        assert_eq!(quantities(text), expected, "{text}");
    }
}

#[test]
fn numbers_that_count_nothing_are_no_quantities() {
    for text in [
        "2024年1月8日",
        "二〇二四年一月",
        "2024-01-08，2024.1.8，10:30",
        "国办公开办函〔2021〕30号",
        "连同2022年结转的",
        "第二十条第（一）项，第20条，第六期",
        "一、总体情况",
        "1.组织领导。2.制度建设",
        "（二）依申请公开",
        "“1+X”新闻发布会、“12345民声在线”",
        "《目录（2024版3份）》",
        "12345热线，电话：05271234567",
        "一是统一思想，三公经费，十四五规划，一网通办，千方百计",
        "2022—2024年",
        "10-20件",
        "3.5件",
        "每一件申请",
        "三分之一",
        "三四件",
        "0 0 0 0 9 件",
    ] {
        assert_eq!(quantities(text), "", "{text}");
    }
}

#[test]
fn the_range_and_the_end_fit_the_text() {
    let text = "共１,２３４ 余条信息";
    let all = numerals(text);
    assert_eq!(&text[all[0].range.clone()], "１,２３４");
    assert_eq!(&text[..all[0].end], "共１,２３４ 余条");
}

#[test]
fn units_of_one_sort_are_one_class() {
    assert_eq!(unit_class("条"), unit_class("件"));
    assert_ne!(unit_class("次"), unit_class("件"));
}

#[test]
fn slips_of_chinese_numerals_are_not_read() {
    for text in ["一百二", "三四", "十十", "百", "万", "二三十", "一百零", "零零", "十四五", "一千一千"] {
        assert_eq!(chinese(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        for numeral in numerals(&text) {
            prop_assert!(text.get(numeral.range.clone()).is_some());
            prop_assert!(text.get(numeral.range.start..numeral.end).is_some());
        }
    }

    #[test]
    fn no_text_of_likely_characters_panics(text in "[0-9０-９一二三十百千万亿零余多近约数几件条年月日第（）()《》“”、，,.。：；% \n-]{0,40}") {
        for numeral in numerals(&text) {
            prop_assert!(text.get(numeral.range.start..numeral.end).is_some());
        }
    }

    #[test]
    fn numbers_round_trip(value in prop_oneof![0u64..100_000, 0u64..10_000_000_000]) {
        let arabic = value.to_string();
        let wide: String = arabic.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        let mut grouped = String::new();
        for (at, c) in arabic.chars().enumerate() {
            if at > 0 && (arabic.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(c);
        }
        let in_characters = to_chinese(value);
        prop_assert_eq!(chinese(&in_characters), Some(Decimal::from(value)), "{}", &in_characters);
        for written in [&arabic, &wide, &grouped, &in_characters] {
            let text = format!("共收到{written}件");
            let found = numerals(&text);
            prop_assert_eq!(found.len(), 1, "{}", &text);
            prop_assert_eq!(found[0].value, Decimal::from(value), "{}", &text);
            prop_assert_eq!(found[0].role, Role::Quantity);
        }
    }

    #[test]
    fn decimals_are_exact(whole in 0u32..1_000_000, fraction in 0u32..100) {
        let written = format!("{whole}.{fraction:02}");
        let text = format!("金额{written}万元");
        prop_assert_eq!(numerals(&text)[0].value, Decimal::from_str(&written).unwrap());
    }
}
