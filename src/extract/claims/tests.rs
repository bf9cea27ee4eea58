//! Sentences as reports write them, and the quantities they state.

use super::Whose;
use crate::extract::Prose;
use crate::model::{Claim, Direction, Precision, Scope, Section};
use crate::rules::Subjects;
use crate::text::kind_of_name;
use proptest::prelude::*;
use std::sync::LazyLock;

pub(crate) fn section(id: &str, paragraphs: &[&str]) -> Section {
    Section {
        id: id.to_owned(),
        found: true,
        heading: None,
        number: None,
        position: None,
        paragraphs: paragraphs.iter().map(|&text| text.to_owned()).collect(),
        has_table: false,
        has_picture: false,
    }
}

pub(crate) static SUBJECTS: LazyLock<Subjects> = LazyLock::new(|| {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/standards/subjects.toml")).unwrap();
    Subjects::parse("subjects.toml", &text).unwrap_or_else(|complaint| panic!("{complaint}"))
});

pub(crate) fn claims(sections: &[Section], agency: &str, year: Option<i32>) -> Vec<Claim> {
    let whose = Whose { agency, kind: kind_of_name(agency), year };
    super::claims(&Prose::new(sections, &[]), whose, &SUBJECTS)
}

/// `received=12 handled=~30 carried_in=4@2022`: subject, `~` approximate, `@` another year.
fn read(section_id: &str, text: &str) -> String {
    claims(&[section(section_id, &[text])], "云溪市水利局", Some(2023))
        .iter()
        .map(|claim| {
            let subject = claim.subject.trim_start_matches("applications.");
            let vague = if claim.precision == Precision::Approximate { "~" } else { "" };
            let year = claim.year.map(|year| format!("@{year}")).unwrap_or_default();
            let doubt = if claim.scope == Scope::Unclear { "?" } else { "" };
            let all = if claim.of_all { "*" } else { "" };
            match &claim.change {
                Some(change) => {
                    let sign = if change.direction == Direction::Less { "-" } else { "+" };
                    let percent = if change.percent { "%" } else { "" };
                    format!("{subject}{sign}{vague}{}{percent}", claim.value)
                }
                None => format!("{subject}={doubt}{vague}{}{all}{year}", claim.value),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn claims_are_what_the_sentence_states_of_the_agency() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        // The whole, in many words.
        ("2023年，我局共收到政府信息公开申请12件。", "received=12"),
        ("全年共收到12件政府信息公开申请，均按期答复。", "received=12"),
        ("2023年我镇共收到4条政府信息公开申请。4条均按期办结。", "received=4 handled=4"),
        ("收到公开申请233件（上年度结转7件，结转下年度5件）。", "received=233 carried_in=7 carried_forward=5"),
        (
            "依申请公开方面，共计受理118件。其中新收110件，结转上年8件，办理完成115件，结转3件。",
            "received=118 received=110 carried_in=8 handled=115 carried_forward=3",
        ),
        (
            "答复政府信息公开申请64件（含上年度结转申请5件，另有9件申请按照《条例》顺延到下年度答复）。",
            "handled=64 carried_in=5 carried_forward=9",
        ),
        ("依申请公开情况：全年收办708件。", "received=708"),
        ("全市全年共收办政府信息公开申请案件708件，同比增长12.5%。", "received=?708 received+12.5%"),
        (
            "本年度新收政府信息公开申请３６件，上年结转2件，办结35件，结转下年度继续办理3件。",
            "received=36 carried_in=2 handled=35 carried_forward=3",
        ),
        ("本机关共受理公民、法人和其他组织提出的政府信息公开申请1,204件。", "received=1204"),
        (
            "全年收到政府信息公开申请34件，上年结转政府信息公开申请2件，转下一年度办理答复的有1件。",
            "received=34 carried_in=2 carried_forward=1",
        ),
        ("2023年度收到依申请公开十二件，已全部办结。", "received=12"),
        ("我局收到要求公开政府信息的申请9件，其中3件结转至下年度。", "received=9 carried_forward=3"),
        ("云溪市水利局共收到政府信息公开申请21件。", "received=21"),
        ("通过信函、网络等多种渠道共收到政府信息公开申请21件。", "received=21"),
        ("全年共接收信息公开申请约30件。", "received=~30"),
        ("今年共收到政府信息公开申请30余件。", "received=~30"),
        ("2023年1月1日至12月31日，我街道共收到政府信息公开申请5件。", "received=5"),
        ("政府信息公开申请共计17件。", "received=17"),
        ("2023年，共受理依申请公开政府信息申请8件，答复8件，无结转下年度申请。", "received=8 handled=8 carried_forward=0"),
        ("2023年，收到政府信息公开申请20件，比上年增加5件。", "received=20 received+5"),
        ("收到信息公开申请6件，较去年减少2件，办结6件。", "received=6 received-2 handled=6"),
        ("收到信息公开申请0件，结转下年度0件。", "received=0 carried_forward=0"),
        (
            "收办政府信息公开申请20件，其中予以公开12件、作其他处理5件、转下年度办理3件。",
            "received=20 granted=12 other=5 carried_forward=3",
        ),
        (
            "收到政府信息公开申请20件，其中2件为上年度结转，3件尚在办理，结转下年度。",
            "received=20 carried_in=2 carried_forward=3",
        ),
        // Zero in words.
        ("2023年，我镇未收到政府信息公开申请。", "received=0"),
        ("全年没有收到公民、法人和其他组织的政府信息公开申请。", "received=0"),
        ("本年度无政府信息公开申请情况。", "received=0"),
        ("我局未收到依申请公开事项，未发生行政复议。", "received=0 review.total=0"),
        ("我局实现依申请公开零申请。", "received=0"),
        // Another year.
        ("2022年共收到政府信息公开申请15件，2023年共收到政府信息公开申请20件。", "received=15@2022 received=20"),
        ("去年共收到政府信息公开申请15件，今年共收到政府信息公开申请20件。", "received=15@2022 received=20"),
        ("截至2023年底，累计收到政府信息公开申请320件。", ""),
        ("自2019年条例修订以来，共收到政府信息公开申请320件。", ""),
        ("2023年上半年收到政府信息公开申请3件，办结3件。", ""),
        ("同比增加政府信息公开申请3件。", "received+3"),
        // A part.
        ("线上收到政府信息公开申请15件。", ""),
        ("共收到政府信息公开申请24件，其中线上收到15件，线下收到9件。", "received=24"),
        ("通过信函方式收到政府信息公开申请6件。", ""),
        ("收到自然人申请11件、法人申请2件。", ""),
        ("未收到法人或其他组织的政府信息公开申请。", "legal_person=0"),
        ("网上平台未收到政府信息公开申请。", ""),
        ("收到政府信息公开申请20件，按期办结18件，延期办结2件。", "received=20"),
        ("共收到政府信息公开申请12件，予以公开答复8件，不予公开答复4件。", "received=12 granted=8 refused=4"),
        // Of something that went before.
        ("依申请公开方面，合同信息公开22件，部分公开3件。", ""),
        ("收到政府信息公开申请5件由信函提出，公开3件，部分公开2件。", ""),
        ("依申请公开方面，对主动公开目录作出调整，新收12件。", ""),
        ("收到政府信息公开申请52件，网络40件、信函12件，予以公开20件。", "received=52 granted=20"),
        ("收到政府信息公开申请52件，信函12件，予以公开20件，部分公开8件。", "received=52 granted=20"),
        ("2022年结转的政府信息公开申请4件已办结，予以公开3件。", "carried_in=4"),
        ("12月收到新的政府信息公开申请3件，均在次年办理。", ""),
        ("政府信息公开申请中，自然人申请6件，予以公开2件。", "natural_person=6"),
        // Another body.
        ("区政府办代表区政府受理政府信息公开申请17件，答复17件。", "received=?17 handled=?17"),
        ("柳河县收到政府信息公开申请77件，办结76件。", ""),
        ("市政府办公室收到政府信息公开申请49件，答复49件。", "received=?49 handled=?49"),
        ("全市收到政府信息公开申请126件（柳河县77件、青石镇49件）。", "received=?126"),
        ("全县共收到政府信息公开申请126件，其中县政府办公室收到49件、青石镇收到77件。", "received=?126"),
        ("市本级收到政府信息公开申请49件。", ""),
        // Another thing.
        ("收到因政府信息公开申请引发的行政复议3件。", "review.total=3"),
        ("收到政府信息更正申请3件。", ""),
        ("未收到政府信息公开申请引起的行政诉讼。", "litigation.total=0"),
        ("全年收到网民留言30件，答复30件。", ""),
        ("收到政府信息公开申请3件。接到咨询30件，答复30件。", "received=3"),
        ("收到公众意见75条。", ""),
        ("收到行政许可申请130件。", ""),
        ("收到政府信息公开申请3至5件。", ""),
    ] {
        let found = read("overview", text);
        if found != expected {
            wrong.push(format!("{text}\n  read     {found}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_section_and_its_headings_give_the_topic() {
    assert_eq!(read("applications", "共受理9件，办结9件。"), "received=9 handled=9");
    assert_eq!(read("overview", "共受理9件，办结9件。"), "");
    let headed = [section("overview", &["（二）依申请公开", "共受理9件，办结9件。", "（三）政府信息管理", "共受理4件。"])];
    let found = claims(&headed, "", Some(2023));
    assert_eq!(found.len(), 2);
}

#[test]
fn ordinals_count_sentences_of_a_subject() {
    let text = "收到政府信息公开申请9件（新收政府信息公开申请8件）。办结9件。本年收到政府信息公开申请9件。";
    let found = claims(&[section("applications", &[text])], "", Some(2023));
    let received: Vec<u32> =
        found.iter().filter(|claim| claim.subject == "applications.received").map(|claim| claim.ordinal).collect();
    assert_eq!(received, [1, 1, 2]);
    assert_eq!(found[0].sentence, "收到政府信息公开申请9件（新收政府信息公开申请8件）。");
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = claims(&[section("applications", &[&text])], &text, None);
    }

    #[test]
    fn no_likely_text_panics(text in "[0-9收到受理申请公开结转下年度办结其中件条（）()，、。；：#《》]{0,40}") {
        let _ = claims(&[section("applications", &[&text])], "", Some(2023));
    }
}
