//! Walks over small sites, one or more a family, with the listing that must come of it.

use super::{Limits, ListPage, Listing, Walk, check_selectors};
use crate::model::{Portal, Problem};
use crate::rules::Profile;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use url::Url;

pub(super) fn profiles() -> Arc<Vec<Profile>> {
    let files = crate::rules::builtin();
    let files = files.iter().filter(|(path, _)| path.starts_with("profiles/"));
    let read = |(path, text): &(String, String)| Profile::parse(path, text).unwrap_or_else(|complaint| panic!("{complaint}"));
    Arc::new(files.map(read).collect())
}

pub(super) fn portal(start: &str, profile: &str) -> Portal {
    Portal {
        id: "yunxi".into(),
        name: "云溪市".into(),
        start: vec![Url::parse(start).unwrap()],
        profile: profile.into(),
        schedule: "0 30 6 * * *".into(),
        min_delay: None,
        hosts: vec!["files.yunxi.example".into()],
        browser: false,
    }
}

/// Walks a site given as (path with query, page); what is not there is a failure. Gives the asked paths too.
pub(super) fn walk(start: &str, site: &[(&str, &str)], limits: Limits) -> (Listing, Vec<String>) {
    let base = Url::parse("http://www.yunxi.example/").unwrap();
    let first = base.join(start).unwrap();
    let pages: HashMap<String, &str> = site.iter().map(|(path, body)| (base.join(path).unwrap().to_string(), *body)).collect();
    let mut walk = Walk::start(&portal(first.as_str(), "auto"), first, &profiles(), limits);
    let mut queue = walk.pending();
    let mut asked = Vec::new();
    while let Some(request) = (!queue.is_empty()).then(|| queue.remove(0)) {
        let address = request.address();
        asked.push(address.as_str().trim_start_matches("http://www.yunxi.example").to_owned());
        let step = match pages.get(address.as_str()) {
            Some(body) => walk.step(&ListPage { asked: &request, url: &request.url, body, charset: "UTF-8" }),
            None => walk.failed(&request, Problem::new("fetch-failed", "没有取到")),
        };
        queue.extend(step.next);
    }
    (walk.finish(), asked)
}

pub(super) fn list(start: &str, site: &[(&str, &str)]) -> Listing {
    walk(start, site, Limits::default()).0
}

/// (path, date, year, agency) of every entry.
pub(super) fn rows(listing: &Listing) -> Vec<(String, String, i32, String)> {
    let row = |entry: &crate::model::ReportRef| {
        (
            entry.url.trim_start_matches("http://www.yunxi.example").to_owned(),
            entry.date.map(|date| date.to_string()).unwrap_or_default(),
            entry.year.unwrap_or(0),
            entry.agency.clone().unwrap_or_default(),
        )
    };
    listing.entries.iter().map(row).collect()
}

pub(super) fn codes(listing: &Listing) -> Vec<&str> {
    listing.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn row(path: &str, date: &str, year: i32, agency: &str) -> (String, String, i32, String) {
    (path.into(), date.into(), year, agency.into())
}

const MENU: &str = "<div class='left_menu'><ul><li><a href='/xxgk/zn/'>信息公开指南</a></li><li><a href='/xxgk/nb/'>信息公开年报</a></li>\
    <li><a href='/ysq/'>依申请公开</a></li></ul></div>";

#[test]
fn shipped_profiles_are_sound() {
    for (path, text) in crate::rules::builtin().iter().filter(|(path, _)| path.starts_with("profiles/")) {
        let profile = Profile::parse(path, text).unwrap_or_else(|complaint| panic!("{complaint}"));
        check_selectors(path, text, &profile).unwrap_or_else(|complaint| panic!("{complaint}"));
        assert_eq!(format!("profiles/{}.toml", profile.name), *path);
    }
}

#[test]
fn trs_pages_follow_from_the_script_call_and_written_links_are_no_entries() {
    let first = format!(
        "<html><head><title>云溪市</title></head><body>{MENU}<table class='gl_list'>
        <tr><td><img></td><td><a href='./202501/t20250114_1001.html' title='云溪市财政局2024年政府信息公开工作年度报告'>云溪市财政局2024年政府信息公开…</a></td><td>
            2025-01-14 </td></tr>
        <tr><td><img></td><td><a href='./202501/t20250115_1002.html'>《云溪市2024年政府信息公开工作年度报告》解读</a></td><td>2025-01-15</td></tr>
        <tr><td><img></td><td><a href='./202501/t20250116_1003.html'>云溪市召开年度工作会议</a></td><td>2025-01-16</td></tr></table>
        <script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){{ document.write('<a href=\"wrong.html\">2022年政府信息公开工作年度报告</a>'); }}
        createPageHTML(2, 0, \"index\", \"html\");</script></body></html>"
    );
    let second = "<table class='gl_list'><tr><td><a href='./202401/t20240110_900.html'>云溪市教育局2023年政府信息公开工作年度报告</a></td>\
        <td>2024-01-10</td></tr></table><script>createPageHTML(2, 1, \"index\", \"html\");</script>";
    let (listing, asked) = walk("/xxgk/nb/", &[("/xxgk/nb/", &first), ("/xxgk/nb/index_1.html", second)], Limits::default());
    assert_eq!(asked, ["/xxgk/nb/", "/xxgk/nb/index_1.html"]);
    assert_eq!(
        rows(&listing),
        [
            row("/xxgk/nb/202501/t20250114_1001.html", "2025-01-14", 2024, "云溪市财政局"),
            row("/xxgk/nb/202401/t20240110_900.html", "2024-01-10", 2023, "云溪市教育局"),
        ]
    );
    assert_eq!((listing.profile.as_str(), listing.complete, codes(&listing)), ("trs", true, vec![]));
    assert_eq!(listing.set_aside.iter().map(|aside| aside.reason).collect::<Vec<_>>(), ["interpretation", "unrelated"]);
}

#[test]
fn a_further_page_that_fails_makes_the_listing_incomplete() {
    let first = "<ul><li><a href='./t20250114_1001.html'>云溪市财政局2024年政府信息公开工作年度报告</a> 2025-01-14</li></ul>\
        <script>var currentPage = 0;//从0开始\nvar countPage = 3//共多少页</script>";
    let (listing, asked) = walk("/nb/index.html", &[("/nb/index.html", first)], Limits::default());
    assert_eq!(asked, ["/nb/index.html", "/nb/index_1.html", "/nb/index_2.html"]);
    assert!(!listing.complete);
    assert_eq!(codes(&listing), ["fetch-failed"]);
    assert_eq!(rows(&listing).len(), 1);
}

#[test]
fn a_further_page_without_a_list_makes_the_listing_incomplete() {
    let first =
        "<ul><li><a href='1.html'>云溪市2024年政府信息公开工作年度报告</a> 2025-01-14</li></ul><a href='p2.html'>下一页</a>";
    let listing = list("/nb/", &[("/nb/", first), ("/nb/p2.html", "<p>系统繁忙</p>")]);
    assert_eq!((listing.complete, codes(&listing)), (false, vec!["list-not-understood"]));
}

#[test]
fn jpage_records_are_read_from_the_script_and_the_rest_from_the_proxy() {
    let record = |n: u32| {
        format!(
            "<record><![CDATA[<li><a href='/art/2025/1/{n}/art_61_{n}.html' title='青石镇20{n}年政府信息公开工作年度报告'>青石镇20{n}年政府信息公...</a><span>2025-01-{n}</span></li>]]></record>"
        )
    };
    let first = format!(
        "<html><body>{MENU}<div id='247'><script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?page=1&columnid=61\"></a>]]></nextgroup>\
        <recordset>{}{}</recordset></datastore></script></div><script>$('#247').jpage({{totalRecord:3, perPage:2, proxyUrl:'/module/web/jpage/dataproxy.jsp', \
        params:{{col:1,appid:1,webid:39,path:'/',columnid:61,unitid:'247',webname:'yunxi',permissiontype:0}}}})</script></body></html>",
        record(21),
        record(22)
    );
    let rest = format!("<datastore><totalrecord>3</totalrecord><recordset>{}</recordset></datastore>", record(23));
    let proxy = "/module/web/jpage/dataproxy.jsp?startrecord=3&endrecord=3&perpage=2&col=1&appid=1&webid=39&path=%2F&columnid=61&unitid=247&webname=yunxi&permissiontype=0";
    let listing = list("/col/col61/index.html", &[("/col/col61/index.html", &first), (proxy, &rest)]);
    assert_eq!(
        rows(&listing),
        [
            row("/art/2025/1/21/art_61_21.html", "2025-01-21", 2021, "青石镇"),
            row("/art/2025/1/22/art_61_22.html", "2025-01-22", 2022, "青石镇"),
            row("/art/2025/1/23/art_61_23.html", "2025-01-23", 2023, "青石镇"),
        ]
    );
    assert_eq!((listing.profile.as_str(), listing.complete, codes(&listing)), ("jpage", true, vec![]));
    let without = list("/col/col61/index.html", &[("/col/col61/index.html", &first)]);
    assert!(!without.complete);
}

#[test]
fn vsb_pages_count_down_and_are_followed_by_their_links() {
    let page = |rows: &str, next: &str| {
        format!(
            "<html><head><title>政府信息公开年报-云溪市</title></head><body>{MENU}<div class='list'><ul>{rows}</ul></div>\
            <div class='pb_sys_common'><span class='p_t'>共2页</span>{next}</div><script>_showDynClicks(\"wbnews\", 1, 2)</script></body></html>"
        )
    };
    let first = page(
        "<li id='line_u9_0'><span>2025年01月20日</span><a href='../info/1031/2001.htm' title='柳河县2024年政府信息公开工作年度报告'>柳河县2024年政府信息公开工作年度报告</a></li>",
        "<span class='p_next'><a href='zfxxgknb/1.htm'>下页</a></span>",
    );
    let second = page(
        "<li id='line_u9_0'><span>2024年01月20日</span><a href='../../info/1031/1001.htm'>柳河县人民政府办公室2023年政府信息公开工作年度报告</a></li>",
        "<span class='p_next_d'>下页</span>",
    );
    let listing = list("/xxgk/zfxxgknb.htm", &[("/xxgk/zfxxgknb.htm", &first), ("/xxgk/zfxxgknb/1.htm", &second)]);
    assert_eq!(
        rows(&listing),
        [
            row("/info/1031/2001.htm", "2025-01-20", 2024, "柳河县"),
            row("/info/1031/1001.htm", "2024-01-20", 2023, "柳河县人民政府办公室"),
        ]
    );
    assert_eq!((listing.profile.as_str(), listing.complete, codes(&listing)), ("vsb", true, vec![]));
}

#[test]
fn anhui_pages_are_numbered() {
    let page = |id: u32, year: u32| {
        format!(
            "<div class='xxgk_nav'><a href='/XxgkGuide/show/1.html'>政府信息公开指南</a></div><div class='xxgk_navli'><ul><li>\
            <a href='/OpennessContent/show/{id}.html' title='青石县民政局{year}年政府信息公开工作年度报告'>青石县民政局{year}年政府信息公开</a><span>[{year}-12-31]</span></li></ul></div>\
            <div>第1页/共2页</div>"
        )
    };
    let (first, second) = (page(11, 2024), page(10, 2023));
    let listing = list(
        "/XxgkContent/showList/7/8/page_1.html",
        &[("/XxgkContent/showList/7/8/page_1.html", &first), ("/XxgkContent/showList/7/8/page_2.html", &second)],
    );
    assert_eq!(
        rows(&listing),
        [
            row("/OpennessContent/show/11.html", "2024-12-31", 2024, "青石县民政局"),
            row("/OpennessContent/show/10.html", "2023-12-31", 2023, "青石县民政局"),
        ]
    );
    assert_eq!((listing.profile.as_str(), listing.complete, codes(&listing)), ("anhui", true, vec![]));
}

#[test]
fn numbered_pages_are_taken_only_where_they_bring_new_links_of_the_same_kind() {
    let first = "<ul><li><a href='/nb/a1.html'>云溪市财政局2024年政府信息公开工作年度报告</a><em>2025/1/3</em></li></ul>共 3 页";
    let other = "<ul><li><a href='/news/9.html'>云溪市召开会议</a><em>2025-01-03</em></li></ul>共3页";
    let second = "<ul><li><a href='/nb/a2.html'>云溪市财政局2023年政府信息公开工作年度报告</a><em>2024.1.3</em></li></ul>共 3 页";
    let third = "<ul><li><a href='/nb/a3.html'>云溪市财政局2022年政府信息公开工作年度报告</a><em>[01-03]</em></li></ul>共 3 页";
    let site = [("/nb/list.html", first), ("/nb/list_1.html", other), ("/nb/list_2.html", second), ("/nb/list_3.html", third)];
    let listing = list("/nb/list.html", &site);
    assert_eq!(
        rows(&listing),
        [
            row("/nb/a1.html", "2025-01-03", 2024, "云溪市财政局"),
            row("/nb/a2.html", "2024-01-03", 2023, "云溪市财政局"),
            row("/nb/a3.html", "", 2022, "云溪市财政局"),
        ]
    );
    assert_eq!((listing.complete, codes(&listing), listing.set_aside.len()), (true, vec![], 0));
    let listing = list("/nb/list.html", &site[..1]);
    assert_eq!((listing.complete, codes(&listing)), (false, vec!["paging-not-understood"]));
}

#[test]
fn paging_that_only_a_script_can_follow_is_our_problem() {
    let first = "<ul><li><a href='/nb/a1.html'>2024年政府信息公开工作年度报告</a> 2025-01-03</li></ul><a href=\"javascript:__doPostBack('pager','2')\">下一页</a>";
    let listing = list("/nb/", &[("/nb/", first)]);
    assert_eq!((listing.complete, codes(&listing), listing.entries.len()), (false, vec!["paging-not-understood"], 1));
    let last = first.replace("__doPostBack('pager','2')", "void(0)");
    assert!(list("/nb/", &[("/nb/", &last)]).complete);
}

#[test]
fn a_list_without_dates_is_found_by_its_titles() {
    let page = format!(
        "<html><body>{MENU}<div><p><a href='2024.html'>青石镇2024年度政府信息公开年报</a></p><p><a href='2023.doc'>青石镇2023年度政府信息公开年报</a></p></div>\
        <div class='footer'><a href='http://www.other.example/'>上级政府网站</a></div></body></html>"
    );
    let listing = list("/xxgk/nb/", &[("/xxgk/nb/", &page)]);
    assert_eq!(rows(&listing), [row("/xxgk/nb/2024.html", "", 2024, "青石镇"), row("/xxgk/nb/2023.doc", "", 2023, "青石镇")]);
    assert_eq!((listing.profile.as_str(), listing.complete), ("generic", true));
}

#[test]
fn sub_columns_by_year_and_by_kind_of_agency_are_followed() {
    let top = "<title>政府信息公开年报</title><div class='tabs'><a href='2024n/'>2024年</a><a href='2023n/'>2023年</a></div>";
    let year = "<title>政府信息公开年报</title><ul><li><a href='bm/'>市政府部门</a></li><li><a href='xz/'>乡镇街道</a></li></ul>";
    let departments = "<ul><li><a href='1.html'>云溪市财政局2024年政府信息公开工作年度报告</a><span>2025-01-03</span></li></ul>";
    let towns = "<ul><li><a href='2.html'>青石镇2024年政府信息公开工作年度报告</a><span>2025-01-04</span></li></ul>";
    let empty = "<title>政府信息公开年报</title><div>暂无信息</div>";
    let site =
        [("/nb/", top), ("/nb/2024n/", year), ("/nb/2023n/", empty), ("/nb/2024n/bm/", departments), ("/nb/2024n/xz/", towns)];
    let listing = list("/nb/", &site);
    assert_eq!(
        rows(&listing),
        [
            row("/nb/2024n/bm/1.html", "2025-01-03", 2024, "云溪市财政局"),
            row("/nb/2024n/xz/2.html", "2025-01-04", 2024, "青石镇"),
        ]
    );
    assert_eq!((listing.complete, codes(&listing)), (true, vec![]));
    let listing = list("/nb/", &site[..4]);
    assert_eq!((listing.complete, codes(&listing)), (false, vec!["fetch-failed"]));
}

#[test]
fn from_an_agencys_page_the_column_is_found_in_the_menu() {
    let front = format!(
        "<title>政府信息公开</title>{MENU}<ul><li><a href='/news/1.html'>云溪市财政局开展主题活动</a><span>2025-03-03</span></li></ul>"
    );
    let column =
        format!("{MENU}<ul><li><a href='/xxgk/nb/1.html'>2024年政府信息公开工作年度报告</a><span>2025-01-03</span></li></ul>");
    let listing = list("/xxgk/", &[("/xxgk/", &front), ("/xxgk/nb/", &column)]);
    assert_eq!(rows(&listing), [row("/xxgk/nb/1.html", "2025-01-03", 2024, "")]);
    assert_eq!((listing.complete, codes(&listing)), (true, vec![]));
}

#[test]
fn a_column_that_is_the_report_itself_is_an_entry() {
    let report = |year: u32| {
        format!(
            "<h1>云溪市财政局{year}年政府信息公开工作年度报告</h1><div><a href='?nbYear=2023'>2023年</a></div><p>一、总体情况</p><p>二、主动公开政府信息情况</p>\
            <p>三、收到和处理政府信息公开申请情况</p><p>四、政府信息公开行政复议、行政诉讼情况</p>"
        )
    };
    let (newest, older) = (report(2024), report(2023));
    let listing = list("/zfxxgknb.html", &[("/zfxxgknb.html", &newest), ("/zfxxgknb.html?nbYear=2023", &older)]);
    assert_eq!(
        rows(&listing),
        [row("/zfxxgknb.html", "", 2024, "云溪市财政局"), row("/zfxxgknb.html?nbYear=2023", "", 2023, "云溪市财政局")]
    );
    assert!(listing.complete);
}

#[test]
fn what_is_not_understood_is_never_evidence_of_absence() {
    let shell = "<html><head><title>政府信息公开年报</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>";
    let menu_only = format!("<html><title>政府信息公开年报</title><body>{MENU}</body></html>");
    let template = "<title>政府信息公开年报</title><div v-for='x in list'>{{x.title}}</div><p>暂无数据</p>";
    let gkmlpt = "<title>年报</title><script>window._CONFIG = {SID: '1'}</script><p>暂无数据</p>";
    let (scripts, other) = ("needs-browser", "list-not-understood");
    for (page, code) in [(shell, scripts), (&menu_only, other), (template, scripts), (gkmlpt, scripts), ("", other)] {
        let listing = list("/xxgk/nb/", &[("/xxgk/nb/", page)]);
        assert_eq!((listing.complete, codes(&listing)), (false, vec![code]), "{page}");
    }
    let empty = list("/xxgk/nb/", &[("/xxgk/nb/", "<title>政府信息公开年报</title><ul></ul><p>暂无信息</p>")]);
    assert_eq!((empty.complete, empty.entries.len()), (true, 0));
    assert!(!list("/xxgk/nb/", &[]).complete);
}

#[test]
fn entries_of_other_hosts_are_recorded_and_not_followed() {
    let page = "<ul><li><a href='http://www.other.example/1.html'>柳河县2024年政府信息公开工作年度报告</a> 2025-01-03</li>\
        <li><a href='http://www.other.example/2.html'>青石县2024年政府信息公开工作年度报告</a> 2025-01-03</li>\
        <li><a href='http://files.yunxi.example/3.pdf'>云溪市2024年政府信息公开工作年度报告</a> 2025-01-03</li></ul>";
    let (listing, asked) = walk("/nb/", &[("/nb/", page)], Limits::default());
    assert_eq!(asked, ["/nb/"]);
    assert_eq!(codes(&listing), ["foreign-entry"]);
    assert_eq!((listing.entries.len(), listing.foreign.len(), listing.complete), (1, 2, true));
}

#[test]
fn loops_and_traps_end_within_the_budget() {
    let looping = "<ul><li><a href='/nb/1.html'>云溪市2024年政府信息公开工作年度报告</a> 2025-01-03</li><li><a href='/nb/1.html#top'>云溪市2024年政府信息公开工作年度报告</a></li></ul><a href='/nb/'>下一页</a>";
    let listing = list("/nb/", &[("/nb/", looping)]);
    assert_eq!((listing.entries.len(), listing.pages, listing.complete), (1, 1, true));
    let base = Url::parse("http://www.yunxi.example/nb/").unwrap();
    let limits = Limits { pages: 20, ..Limits::default() };
    for fresh in [true, false] {
        let mut walk = Walk::start(&portal(base.as_str(), "auto"), base.clone(), &profiles(), limits);
        let mut queue = walk.pending();
        let mut n = 0;
        while let Some(request) = queue.pop() {
            n += 1;
            let id = if fresh { n } else { 0 };
            let body = format!(
                "<ul><li><a href='/nb/{id}.html'>云溪市2024年政府信息公开工作年度报告</a> 2025-01-03</li></ul><a href='/nb/?page={}'>下一页</a>",
                n + 1
            );
            queue.extend(walk.step(&ListPage { asked: &request, url: &request.url, body: &body, charset: "UTF-8" }).next);
        }
        let listing = walk.finish();
        assert_eq!((n, listing.complete), if fresh { (20, false) } else { (2, true) });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_page_ends_within_the_budget(pieces in proptest::collection::vec(
        prop_oneof![
            "\\PC{0,12}",
            Just("<a href='".to_owned()), Just("'>".to_owned()), Just("</a>".to_owned()), Just("<li>".to_owned()), Just("<ul>".to_owned()),
            Just("<table><tr><td>".to_owned()), Just("</table>".to_owned()), Just("2024年政府信息公开工作年度报告".to_owned()),
            Just("<a href='/a/?p=2'>下一页</a>".to_owned()), Just("<a href='b/'>2023年</a>".to_owned()), Just("2025-01-14".to_owned()),
            Just("createPageHTML(9,0,'index','html')".to_owned()), Just("<script>".to_owned()), Just("</script>".to_owned()),
            Just("<datastore><recordset><record><![CDATA[".to_owned()), Just("]]></record>".to_owned()), Just("共9页".to_owned()),
            Just("totalRecord:99,perPage:9,'/x/dataproxy.jsp'".to_owned()), Just("<iframe src='/f/'>".to_owned()), Just("<base href='//['>".to_owned()),
        ],
        0..40,
    ), profile in prop_oneof![Just("auto"), Just("jpage"), Just("trs"), Just("anhui"), Just("none")]) {
        let body = pieces.concat();
        let base = Url::parse("http://www.yunxi.example/a/").unwrap();
        let limits = Limits { pages: 12, levels: 2, entries: 50 };
        let mut walk = Walk::start(&portal(base.as_str(), profile), base, &profiles(), limits);
        let mut queue = walk.pending();
        let mut steps = 0;
        while let Some(request) = queue.pop() {
            steps += 1;
            prop_assert!(steps <= limits.pages);
            let step = if steps % 5 == 4 {
                walk.failed(&request, Problem::new("fetch-failed", "没有取到"))
            } else {
                walk.step(&ListPage { asked: &request, url: &request.url, body: &body, charset: "UTF-8" })
            };
            queue.extend(step.next);
        }
        prop_assert!(walk.pending().is_empty());
        let _ = walk.finish();
    }
}
