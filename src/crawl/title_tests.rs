//! Titles as lists print them, with what they tell.

use super::title::{Kind, LookAlike, sort};
use Kind::{Report, Unsure};
use proptest::prelude::*;

#[test]
fn titles_of_reports_are_told_in_every_order_of_words() {
    for (title, year, agency) in [
        ("云溪市财政局2024年政府信息公开工作年度报告", 2024, "云溪市财政局"),
        ("2024年云溪市财政局政府信息公开工作年度报告", 2024, "云溪市财政局"),
        ("云溪市财政局2024年度政府信息公开年报", 2024, "云溪市财政局"),
        ("青石镇2024年度政府信息公开年报", 2024, "青石镇"),
        ("云溪市财政局2018年政府信息公开工作报告", 2018, "云溪市财政局"),
        ("云溪市财政局2024年信息公开工作报告", 2024, "云溪市财政局"),
        ("云溪市财政局2018年政府信息公开年度报告", 2018, "云溪市财政局"),
        ("云审综〔2026〕2号 关于云溪市审计局2025年政府信息公开工作的年度报告", 2025, "云溪市审计局"),
        ("云审综〔2026〕2号 云溪市审计局关于2025年政府信息公开工作年度报告", 2025, "云溪市审计局"),
        ("云溪市审计局2025年政府信息公开工作年度报告（云审综〔2026〕2号）", 2025, "云溪市审计局"),
        ("云溪市教育局\n\t2024年政府信息公开\r\n工作年度报告", 2024, "云溪市教育局"),
        ("云溪市教育局２０２４年政府信息公开工作年度报告", 2024, "云溪市教育局"),
        ("云溪市教育局 2024 年 政府信息公开 工作年度报告", 2024, "云溪市教育局"),
        ("云溪市教育局二〇二一年政府信息公开工作年度报告", 2021, "云溪市教育局"),
        ("云溪市教育局2024年政府信息公开工作年度报告（一）", 2024, "云溪市教育局"),
        ("云溪市教育局2024年政府信息公开工作年度报告(图片版)", 2024, "云溪市教育局"),
        ("云溪市教育局2024年政府信息公开工作年度报告（含统计表）", 2024, "云溪市教育局"),
        ("云溪市教育局2024年政府信息公开工作年度报告.pdf", 2024, "云溪市教育局"),
        ("云溪市教育局2024年政府信息公开工作年度报告 2025-01-14", 2024, "云溪市教育局"),
        ("云溪市教育局2024年政府信息公开工作年度报告[2025-01-14 10:20]", 2024, "云溪市教育局"),
        ("附件1：云溪市教育局2024年政府信息公开工作年度报告.docx", 2024, "云溪市教育局"),
        ("云溪市2024年政府信息公开工作年度报告", 2024, "云溪市"),
        ("云溪市政府信息公开2024年年度报告", 2024, "云溪市"),
        ("云溪市人民政府信息公开工作年度报告（2024年）", 2024, "云溪市人民政府"),
        ("云溪市人民政府2024年政府信息公开工作年度报告", 2024, "云溪市人民政府"),
        ("云溪市人民政府办公室2024年政府信息公开工作年度报告", 2024, "云溪市人民政府办公室"),
        ("云溪市政府办公室2024年政府信息公开工作年度报告", 2024, "云溪市政府办公室"),
        ("2024年度云溪市人民政府办公室政府信息公开工作年度报告", 2024, "云溪市人民政府办公室"),
        ("国家税务总局云溪市税务局2024年政府信息公开工作年度报告", 2024, "国家税务总局云溪市税务局"),
        ("云溪市卫生和计划生育委员会2017年政府信息公开年度报告", 2017, "云溪市卫生和计划生育委员会"),
        ("云溪市自然资源和规划局2024年政府信息公开工作年度报告", 2024, "云溪市自然资源和规划局"),
        ("2024年政府信息公开工作年度报告（云溪市财政局）", 2024, "云溪市财政局"),
        ("2024年政府信息公开工作年度报告-云溪市财政局", 2024, "云溪市财政局"),
        ("【云溪市财政局】2024年政府信息公开工作年度报告", 2024, "云溪市财政局"),
        ("云溪市财政局：2024年政府信息公开工作年度报告", 2024, "云溪市财政局"),
        ("云溪市财政局关于2024年度政府信息公开工作情况的报告", 2024, "云溪市财政局"),
        ("《云溪市财政局2024年政府信息公开工作年度报告》", 2024, "云溪市财政局"),
        ("柳河街道办事处2020年度政府信息公开工作年度报告", 2020, "柳河街道办事处"),
        ("· 柳河县应急管理局2022年政府信息公开年度工作报告", 2022, "柳河县应急管理局"),
        ("云溪市财政局关于公布2024年政府信息公开工作年度报告", 2024, "云溪市财政局"),
    ] {
        let told = sort(title, None);
        assert_eq!((told.kind, told.year, told.agency.as_deref()), (Report, Some(year), Some(agency)), "{title}");
    }
}

#[test]
fn reports_without_a_name_or_a_year_say_so() {
    for (title, kind, year, agency) in [
        ("2023年政府信息公开工作年度报告", Report, Some(2023), None),
        ("2023年度政府信息公开年报", Report, Some(2023), None),
        ("云溪市财政局政府信息公开年度报告", Report, None, Some("云溪市财政局")),
        ("政府信息公开年报", Unsure, None, None),
        ("信息公开年报", Unsure, None, None),
        ("年度报告", Unsure, None, None),
        ("2024年", Unsure, Some(2024), None),
        ("云溪市财政局2024年政府信息公开工作情况说明", Unsure, Some(2024), Some("云溪市财政局")),
        ("2024年度", Unsure, Some(2024), None),
        ("2024年年报", Unsure, Some(2024), None),
        ("2024年度报告", Unsure, Some(2024), None),
        ("云溪市财政局", Unsure, None, Some("云溪市财政局")),
        ("云溪市财政局2024年年度报告", Unsure, Some(2024), Some("云溪市财政局")),
        ("云溪市财政局2024年政府信息公开…", Unsure, Some(2024), Some("云溪市财政局")),
        ("云溪市财政局2024年政府信...", Unsure, Some(2024), Some("云溪市财政局")),
        ("2024年度政务公开工作年度报告", Unsure, Some(2024), None),
        ("关于印发云溪市财政局2024年政府信息公开工作年度报告的通知", Unsure, Some(2024), Some("云溪市财政局")),
        ("2026年1月发布的2025年度政府信息公开工作年度报告", Report, Some(2025), None),
    ] {
        let told = sort(title, None);
        assert_eq!((told.kind, told.year), (kind, year), "{title}");
        if agency.is_some() {
            assert_eq!(told.agency.as_deref(), agency, "{title}");
        }
    }
}

#[test]
fn look_alikes_are_told_with_their_reason() {
    for (title, reason) in [
        ("《云溪市2024年政府信息公开工作年度报告》解读", LookAlike::Interpretation),
        ("图解：云溪市2024年政府信息公开工作年度报告", LookAlike::Interpretation),
        ("一图读懂云溪市2024年政府信息公开年报", LookAlike::Interpretation),
        ("云溪市人民政府网站工作年度报表（2024年）", LookAlike::Website),
        ("2024年政府网站工作年度报表", LookAlike::Website),
        ("云溪市财政局2024年度法治政府建设年度报告", LookAlike::RuleOfLaw),
        ("云溪市2024年政务公开工作要点", LookAlike::Plan),
        ("云溪市2024年政府信息公开工作方案", LookAlike::Plan),
        ("云溪市政府信息公开指南", LookAlike::Plan),
        ("关于编制2024年政府信息公开工作年度报告的通知", LookAlike::Notice),
        ("关于云溪市2024年政府信息公开年度报告更正的说明", LookAlike::Notice),
        ("关于做好2024年政府信息公开年度报告报送工作的通知", LookAlike::Notice),
        ("云溪市召开2024年政府信息公开年报编制培训会", LookAlike::Notice),
        ("关于印发《政府信息公开工作年度报告格式》的通知", LookAlike::Notice),
        ("云溪市财政局2024年政府信息公开情况统计表", LookAlike::Statistics),
        ("云溪市各部门2024年政府信息公开年报汇总", LookAlike::Index),
        ("云溪市政府信息公开目录", LookAlike::Index),
        ("历年政府信息公开年度报告", LookAlike::Index),
        ("云溪市2024年上半年政府信息公开工作报告", LookAlike::PartYear),
        ("云溪市财政局2024年度财务年报", LookAlike::OtherReport),
        ("云溪市2024年统计年报", LookAlike::OtherReport),
        ("云溪市2024年政府信息公开第三方评估报告", LookAlike::OtherReport),
        ("2024年政务公开工作总结", LookAlike::OtherReport),
        ("云溪示范区召开2020年度工作会暨党风廉政建设会议", LookAlike::Unrelated),
        ("2024年政府工作报告", LookAlike::Unrelated),
        ("2016，云溪，精彩继续！", LookAlike::Unrelated),
        ("首页", LookAlike::Unrelated),
        ("", LookAlike::Unrelated),
    ] {
        assert_eq!(sort(title, None).kind, Kind::LookAlike(reason), "{title}");
    }
}

#[test]
fn a_column_lends_what_the_title_lacks() {
    let told = sort("2023年政府信息公开工作年度报告", Some("云溪市财政局"));
    assert_eq!((told.year, told.agency.as_deref()), (Some(2023), Some("云溪市财政局")));
    let told = sort("云溪市财政局政府信息公开年度报告", Some("2024年度"));
    assert_eq!(told.year, Some(2024));
    // 「2025年」 may be the year of publication, so it is not taken.
    assert_eq!(sort("云溪市财政局政府信息公开年度报告", Some("2025年")).year, None);
    assert_eq!(sort("2023年政府信息公开年报", Some("部门年报")).agency, None);
}

proptest! {
    #[test]
    fn any_title_is_sorted(title in "\\PC{0,80}") {
        let _ = sort(&title, Some(&title));
    }

    #[test]
    fn any_mixture_of_the_words_is_sorted(words in proptest::collection::vec(
        prop_oneof![
            Just("2024"), Just("年"), Just("政府"), Just("信息公开"), Just("报告"), Just("("), Just(")"), Just("["), Just("]"),
            Just("…"), Just("〔2026〕2号"), Just("关于"), Just("人民"), Just("-"), Just("年度"), Just(".pdf"), Just("的"),
        ],
        0..14,
    )) {
        let _ = sort(&words.concat(), Some("2024年度"));
    }
}
