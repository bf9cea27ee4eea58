//! Whose report it is: what it calls itself, who signed it when, whether it is another's.

use super::mentions::{unless_unread, unread};
use super::prose::{printed, quoted};
use super::same::section_text;
use super::view::{View, below_city, say, verdict, violation};
use crate::model::{AgencyKind, Date, Evidence, Place, Report, Verdict};
use crate::rules::{Check, Kind, OfficePosted, RuleSet, SameText, Signed, WrongSelf};
use crate::text::alike::{Masked, percent_alike, shared_passages};
use crate::text::{compact, dates, kind_of_name, may_be_one_agency};
use chrono::Datelike;

/// The agency calls itself what it is not, or entitles the report another's.
pub(super) fn wrong_self(check: &Check, params: &WrongSelf, view: &View<'_>) -> Verdict {
    let agency = compact(&view.report.agency);
    let name = agency.strip_suffix("人民政府").filter(|name| !name.is_empty()).unwrap_or(&agency);
    if name.is_empty() {
        return Verdict::Inconclusive(say("报告未写明机关名称", "the report does not name its agency"));
    }
    let high = below_city(view) == Some(false) && !name.contains(['县', '区', '旗']) && !name.ends_with("分局");
    let called = params.called.iter().filter(|called| called.ends.iter().any(|end| name.ends_with(end.as_str())));
    let called: Vec<_> = called.filter(|called| high || !called.above_county).collect();
    let kind = view.agency_kind();
    let told: Vec<_> = params.told.iter().filter_map(|pattern| pattern.regex()).collect();
    let (mut words, mut evidence) = (Vec::new(), Vec::new());
    let said = called.iter().flat_map(|called| &called.wrong).filter(|pattern| view.words().lines.say(pattern));
    let said: Vec<_> = said.collect();
    for paragraph in view.prose() {
        let wrong = said.iter().filter(|pattern| pattern.is_match(&paragraph.folded));
        let wrong: Vec<_> = wrong.filter_map(|pattern| pattern.regex()).collect();
        let others = params.entitled.iter().filter_map(|pattern| pattern.regex()).filter(|_| paragraph.section == "preamble");
        let others: Vec<_> = others.filter(|regex| regex.is_match(&paragraph.folded)).collect();
        let tells = told.iter().any(|regex| paragraph.sentences().any(|sentence| regex.is_match(sentence)));
        if wrong.is_empty() && others.is_empty() && !tells {
            continue;
        }
        for sentence in paragraph.sentences() {
            if params.lawful.iter().any(|pattern| pattern.is_match(sentence)) {
                continue;
            }
            // The service of a town says 我镇 too.
            let own_place = |hit: &str| hit.strip_prefix('我').is_some_and(|place| name.contains(place));
            let own = wrong.iter().filter_map(|regex| regex.find(sentence)).map(|hit| hit.as_str().to_owned());
            let own = own.filter(|hit| !own_place(hit));
            let entitled =
                others.iter().filter_map(|regex| regex.captures(sentence)?.name("name").map(|name| name.as_str().to_owned()));
            let foreign = entitled.filter(|other| kind_of_name(other).is_some() && !related(view, other));
            // A government tells of its own bureaus; only an agency of the same kind, or one whose report reads like this
            // one, can be taken for it.
            let others_deeds = told.iter().filter_map(|regex| Some(regex.captures(sentence)?.name("name")?.as_str().to_owned()));
            let foreign = foreign.chain(others_deeds.filter(|other| {
                let alike = kind_of_name(other) == kind || is_sibling(view, other);
                kind.is_some_and(|kind| kind != AgencyKind::Government) && alike && !related(view, other)
            }));
            let hits: Vec<String> = own.chain(foreign).collect();
            if hits.is_empty() {
                continue;
            }
            evidence.push(quoted(&printed(paragraph, sentence)));
            words.extend(hits);
        }
    }
    words.dedup();
    if words.is_empty() {
        return unless_unread(view, &[]);
    }
    let list = words.iter().take(4).map(String::as_str).collect::<Vec<_>>().join("”“");
    let agency = view.report.agency.as_str();
    let mut it = violation(view, check, "self", check.message("finding", &[("words", &list, &list), ("agency", agency, agency)]));
    it.expected = Some(agency.to_owned());
    it.actual = Some(list);
    evidence.truncate(5);
    it.evidence = evidence;
    verdict(vec![it], None)
}

/// Whether a name may be the agency's, or that of the government whose office or part it is.
fn related(view: &View<'_>, other: &str) -> bool {
    let own = &view.report.agency;
    let office = |name: &str| matches!(kind_of_name(name), Some(AgencyKind::Government | AgencyKind::Office));
    may_be_one_agency(own, other) || office(own) && office(other) || compact(&view.report.title).contains(other)
}

/// Whether a name is that of an agency whose report is held against this one.
fn is_sibling(view: &View<'_>, name: &str) -> bool {
    let name = compact(name);
    let office = kind_of_name(&name) == Some(AgencyKind::Office);
    !office && view.context.siblings.is_some_and(|siblings| siblings.iter().any(|other| compact(&other.agency) == name))
}

/// When it was signed: not before its year was over, and not long after it was published.
pub(super) fn signed(check: &Check, params: &Signed, view: &View<'_>) -> Verdict {
    let report = view.report;
    let (Some(signed), Some(year)) = (report.signed, report.year) else {
        return Verdict::Inconclusive(say(
            "没有落款日期，或报告年度不明",
            "there is no date under the report, or its year is not known",
        ));
    };
    // A signature is a line of its own: a date inside a sentence was signed by nobody.
    let line = report
        .sections
        .iter()
        .flat_map(|section| &section.paragraphs)
        .chain(&report.preamble)
        .find(|line| is_signature(line, signed));
    let Some(line) = line else {
        return Verdict::Inconclusive(say("落款日期不明", "the date under the report is not certain"));
    };
    let day = signed.to_string();
    let finding = |name: &str, expected: String| {
        let mut it =
            violation(view, check, "signature", check.message(name, &[("date", &day, &day), ("other", &expected, &expected)]));
        it.expected = Some(expected);
        it.actual = Some(day.clone());
        it.evidence = vec![quoted(line)];
        verdict(vec![it], None)
    };
    if signed.year() <= year {
        return finding("early", format!("{}-01-01", year + 1));
    }
    let published = view.context.publication.as_ref().and_then(|it| it.dated).map(|(date, _)| date).or(report.published);
    match published {
        Some(published) if (signed - published).num_days() > i64::from(params.days) => finding("after", published.to_string()),
        Some(_) => Verdict::Clean,
        None => Verdict::Inconclusive(say("没有发布日期可比", "no date of publication is known to compare with")),
    }
}

fn is_signature(line: &str, signed: Date) -> bool {
    let found = dates::dates(line);
    let [(range, date)] = found.as_slice() else { return false };
    let rest = format!("{}{}", line.get(..range.start).unwrap_or_default(), line.get(range.end..).unwrap_or_default());
    let rest = compact(&rest);
    *date == signed
        && (rest.is_empty() || rest.chars().count() <= 30 && !rest.contains(['。', ',', ';', ':', '《', '自', '起', '至']))
}

/// The rules that hold a report's texts against those of other agencies.
fn of_copies(rules: &RuleSet) -> impl Iterator<Item = &SameText> {
    rules.checks.iter().filter_map(|check| match &check.kind {
        Kind::Copied(params) => Some(params),
        _ => None,
    })
}

/// How far two texts are alike, at least, for any rule to call one a copy, in percent.
pub fn least_alike(rules: &RuleSet) -> u32 {
    of_copies(rules).map(|params| params.alike).min().unwrap_or(100)
}

/// The texts of a report that rules hold against those of other agencies.
pub fn compared_texts(report: &Report, rules: &RuleSet) -> Vec<Masked> {
    let texts = of_copies(rules).flat_map(|params| {
        let text = |id: &toml::Spanned<String>| section_text(params, report, id.get_ref());
        params.sections.iter().filter_map(text).filter(|text| text.length >= params.shortest as usize)
    });
    texts.collect()
}

/// The text of another agency of the same region.
pub(super) fn copied(check: &Check, params: &SameText, view: &View<'_>) -> Verdict {
    let Some(siblings) = view.context.siblings else { return Verdict::NotApplicable };
    let mut findings = Vec::new();
    for id in &params.sections {
        let id = id.get_ref().as_str();
        let Some(own) = section_text(params, view.report, id).filter(|text| text.length >= params.shortest as usize) else {
            continue;
        };
        let alike = siblings.iter().filter(|other| are_two(&other.agency, &view.report.agency)).filter_map(|other| {
            let text = section_text(params, other, id).filter(|text| text.length >= params.shortest as usize)?;
            let percent = percent_alike(&own, &text);
            (percent >= params.alike).then_some((percent, *other, text))
        });
        let Some((percent, other, text)) = alike.max_by_key(|(percent, ..)| *percent) else { continue };
        let heading =
            view.standard.and_then(|it| it.sections.iter().find(|section| section.id == id)).map_or(id, |it| it.heading.as_str());
        let (percent, agency) = (percent.to_string(), other.agency.as_str());
        let words = [("section", heading, heading), ("percent", &percent, &percent), ("agency", agency, agency)];
        let mut it = violation(view, check, id, check.message("finding", &words));
        it.actual = Some(percent.clone());
        it.evidence = super::last::passages(&shared_passages(&own, &text, 3), |words| theirs(other, words));
        findings.push(it);
    }
    verdict(findings, unread(view, &[]))
}

/// Whether two agencies are not one under two names: 柳河县人民政府 is no short name of 柳河县民政局.
fn are_two(one: &str, other: &str) -> bool {
    let governs = |name: &str| name.ends_with("政府") && kind_of_name(name) == Some(AgencyKind::Government);
    let serves = |name: &str| kind_of_name(name).is_some_and(|kind| !matches!(kind, AgencyKind::Government | AgencyKind::Office));
    !may_be_one_agency(one, other) || governs(one) && serves(other) || serves(one) && governs(other)
}

fn theirs(other: &Report, words: &str) -> Evidence {
    Evidence { quote: format!("{}：{words}", other.agency), at: Place { quote: Some(words.to_owned()), ..Place::default() } }
}

/// The office's report posted as the government's.
pub(super) fn office_posted(check: &Check, params: &OfficePosted, view: &View<'_>) -> Verdict {
    match view.agency_kind() {
        Some(AgencyKind::Government) => {}
        Some(_) => return Verdict::NotApplicable,
        None => return Verdict::Inconclusive(say("机关类型不明", "the kind of agency is not known")),
    }
    let title = compact(&view.report.title);
    let finding = |words: &str, evidence: Vec<Evidence>| {
        let mut it = violation(view, check, "office", check.message("finding", &[("words", words, words)]));
        it.actual = Some(words.to_owned());
        it.evidence = evidence;
        verdict(vec![it], None)
    };
    if params.title.is_match(&title) {
        return finding(&view.report.title, vec![quoted(&view.report.title)]);
    }
    let count = |pattern: &crate::rules::Pattern| -> usize {
        pattern.regex().map_or(0, |regex| view.prose().iter().map(|it| regex.find_iter(&it.folded).count()).sum())
    };
    // A county's government speaks of its county; of the city above it its office does, too.
    let agency = compact(&view.report.agency);
    let level = agency.strip_suffix("人民政府").and_then(|place| place.chars().next_back());
    let of_own = |hit: &str| !hit.starts_with(['我', '全']) || level.is_none_or(|level| hit.ends_with(level));
    let government = params.government.regex();
    let governs = || {
        view.prose().iter().any(|it| government.is_some_and(|regex| regex.find_iter(&it.folded).any(|hit| of_own(hit.as_str()))))
    };
    if count(&params.office) < params.least as usize || governs() {
        return Verdict::Clean;
    }
    let said = view.prose().iter().flat_map(|it| it.sentences().map(move |sentence| (it, sentence)));
    let said = said.filter(|(_, sentence)| params.office.is_match(sentence)).take(3);
    let evidence: Vec<Evidence> = said.map(|(paragraph, sentence)| quoted(&printed(paragraph, sentence))).collect();
    finding("我办", evidence)
}
