//! What a page shows besides its list, and what tells that a list is longer than it looks: news with dates must not pass
//! for the list of a column that a script fills, and no part of a list may be lacking without being told.

use super::walk_tests::{list, walk};
use super::{LIST_GONE, Limits, ListPage, Request, Walk};
use crate::model::Problem;
use url::Url;

/// News with dates beside every list, as portals show them.
const NEWS: &str = "<div class='hot'><h3>热点</h3><ul><li><a href='/xw/1.html'>云溪市召开常务会议</a><span>2025-02-01</span></li>\
    <li><a href='/xw/2.html'>云溪市举行新闻发布会</a><span>2025-02-02</span></li></ul></div>";
const COLUMN: &str = "<title>政府信息公开年报</title>";

fn row(n: usize) -> String {
    format!(
        "<li><a href='/nb/a{n}.html'>云溪市第{n}局2024年政府信息公开工作年度报告</a><span>2025-01-{:02}</span></li>",
        n % 28 + 1
    )
}

fn rows(range: std::ops::Range<usize>) -> String {
    format!("<ul>{}</ul>", range.map(row).collect::<String>())
}

/// A script with the newest three as JSON, and behind `between` all five as objects.
fn newest_and_all(between: &str) -> String {
    let title = |n: usize| format!("云溪市第{n}局2024年政府信息公开工作年度报告");
    let json = |n: usize| format!("{{\"title\":\"{}\",\"url\":\"/nb/a{n}.html\"}}", title(n));
    let object = |n: usize| format!("{{title:'{}',url:'/nb/a{n}.html'}}", title(n));
    let join = |rows: Vec<String>| rows.join(",");
    let (newest, all) = (join((0..3).map(json).collect()), join((0..5).map(object).collect()));
    format!("<ul id='l'></ul><script>var top=[{newest}];\n{between}var list=[{all}];</script>")
}

/// (what the first page shows in the place of its list, the page beside it, its path, entries found, whole).
#[test]
fn what_stands_beside_a_list_is_not_the_list() {
    let three = rows(0..3);
    let two = rows(3..5);
    let state = |total: usize| {
        format!(
            "<script>window.__STATE__={{\"data\":[{{\"list\":{{\"total\":{total},\"rows\":[{{\"kind\":{{\"id\":1}},\"title\":\"云溪市民政局2024年年报\",\"url\":\"\\u002Fnb\\u002Fa.html\"}}]}}}}]}}</script>"
        )
    };
    let titled = |page: &str| page.replace(COLUMN, "<title>2024年政府信息公开年报</title>");
    let box_of_three = "<div><div><h2>部门</h2><a class='m' href='/all/bm/'>更多</a></div>".to_owned() + &three + "</div>";
    let cases: Vec<(String, &str, &str, usize, bool)> = vec![
        ("<ul id='l'></ul><script>fetch('http://api.example/l').then(show)</script>".into(), "", "/x", 0, false),
        ("<ul id='l'></ul>".into(), "", "/x", 0, false),
        ("<p>暂无信息</p>".into(), "", "/x", 0, true),
        ("<p>暂无信息</p><script>$.get('/l', show)</script>".into(), "", "/x", 0, false),
        (state(1), "", "/x", 1, true),
        (state(31), "", "/x", 1, false),
        ("<iframe src='/nb/in.html'></iframe>".into(), &two, "/nb/in.html", 2, true),
        ("<ul id='l'></ul><link rel='alternate' type='application/rss+xml' href='/nb/f.xml'>".into(), "", "/x", 0, false),
        (three.clone() + "<script>var page=1;$.get('/more?p='+(++page), add)</script>", "", "/x", 3, false),
        (three.clone() + "<ul class='el-pager'><li>1</li><li>2</li></ul>", "", "/x", 3, false),
        (three.clone() + "<script>var pageSize=3,total=5;$.get('/more', add)</script>", "", "/x", 3, false),
        (
            three.clone()
                + "<select onchange='q(this.value)'><option>2024年</option><option>2023年</option></select><script>$.post('/q', show)</script>",
            "",
            "/x",
            3,
            false,
        ),
        (three.clone() + "<div>共5条 <a href='2.html'>2</a></div>", &two, "/nb/2.html", 5, true),
        (three.clone() + "<div>共5条 <a href='?kw=&pageNo=2'>2</a></div>", &two, "/nb/?kw=&pageNo=2", 5, true),
        (three.clone() + "<div><a href='column-index-2.shtml'>2</a></div>", &two, "/nb/column-index-2.shtml", 5, true),
        (three.clone() + "<div><b>1</b><a href='/nb/p/2'>2</a></div>", &two, "/nb/p/2", 5, true),
        (three.clone() + "<ul><li class='on'>1</li><li><a href='?start=3'>2</a></li></ul>", &two, "/nb/?start=3", 5, true),
        ("<x-list :rows='[{\"title\":\"云溪市民政局2024年年报\",\"url\":\"a.html\"}]'></x-list>".into(), "", "/x", 1, true),
        (
            "<table><tr><th>单位</th><th>2024</th></tr><tr><td>云溪市财政局</td><td><a href='a.html'>√</a></td></tr></table>"
                .into(),
            "",
            "/x",
            1,
            true,
        ),
        (three.clone() + "<p><a href='/nb/wn/'>往年年报</a></p>", &two, "/nb/wn/", 5, true),
        (three.clone() + "<script>pageNo=pageNo+1;$.get('/more?p='+pageNo, add)</script>", "", "/x", 3, false),
        (three.clone() + "<script>var next=page+1;$.get('/visits', count)</script>", "", "/x", 3, true),
        (
            three.clone() + "<div class='more'>查看更多</div><script>$('.more').click(add);$.get('/x', f)</script>",
            "",
            "/x",
            3,
            false,
        ),
        (three.clone() + "<div onclick='addMore()'>展开全部</div>", "", "/x", 3, false),
        (three.clone() + "<div onclick='unfold()'>展开全部</div><script>function unfold() {}</script>", "", "/x", 3, true),
        (
            three.clone() + "<ul><li data-year='2024'>2024年<li data-year='2022'>2022年</ul><script>$.get('/q', show)</script>",
            "",
            "/x",
            3,
            false,
        ),
        (
            three.clone() + "<select id='d'><option>云溪市第1局<option>云溪市教育局</select><script>$.get('/q', show)</script>",
            "",
            "/x",
            3,
            false,
        ),
        (
            three.clone() + "<select id='d'><option>云溪市第1局<option>云溪市第2局</select><script>$.get('/q', show)</script>",
            "",
            "/x",
            3,
            true,
        ),
        (
            three.clone()
                + "<form action='/so'><select><option>云溪市教育局<option>云溪市审计局</select></form><script>$.get('/q', show)</script>",
            "",
            "/x",
            3,
            true,
        ),
        (three.clone() + "<script>var c={rowCount:20};$.ajax({})</script>", "", "/x", 3, false),
        (three + "<p>共有年报20份 1/3</p>", "", "/x", 3, false),
        (newest_and_all(""), "", "/x", 5, true),
        (newest_and_all(&"if (x) {\n{ y() }\n}\n".repeat(200)), "", "/x", 5, true),
        (newest_and_all(&"f({\"a\": 1});\n".repeat(200)), "", "/x", 5, false),
        (box_of_three, &two, "/all/bm/", 5, true),
    ];
    for (shown, other, path, found, whole) in cases {
        let page = format!("{COLUMN}{NEWS}{shown}");
        let listing = list("/nb/", &[("/nb/", &page), (path, other)]);
        assert_eq!((listing.entries.len(), listing.complete), (found, whole), "{shown} {:?}", listing.problems);
        let listing = list("/nb/", &[("/nb/", &titled(&page)), (path, other)]);
        assert_eq!((listing.entries.len(), listing.complete), (found, whole), "of a year: {shown} {:?}", listing.problems);
    }
}

#[test]
fn old_variables_of_trs_are_read_with_the_ending_that_pages_have() {
    let script = |n: usize| {
        format!(
            "<script>var m_nRecordCount = 5; var m_nCurrPage = {n}; var m_strPageName = 'nb'; var m_strPageExt = 'htm'; var m_nPageCount = 2;</script>"
        )
    };
    let (first, second) = (format!("{COLUMN}{}{}", rows(0..3), script(0)), format!("{COLUMN}{}{}", rows(3..5), script(1)));
    let (listing, asked) = walk("/nb/", &[("/nb/", &first), ("/nb/nb_1.htm", &second)], Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (5, true, 2), "{asked:?}");
    let plain = |n: usize| format!("<script>var currentPage = {n}; var countPage = 2</script>");
    let shtml = |rows: String, n: usize| format!("{COLUMN}{rows}{}", plain(n)).replace(".html", ".shtml");
    let (first, second) = (shtml(rows(0..3), 0), shtml(rows(3..5), 1));
    let (listing, asked) = walk("/nb/", &[("/nb/", &first), ("/nb/index_1.shtml", &second)], Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (5, true, 2), "{asked:?}");
}

#[test]
fn of_several_calls_of_trs_the_columns_own_counts_and_no_remark() {
    let calls = "<script>// createPageHTML(9, 0, 'index', 'html');\ncreatePageHTML(5, 0, 'box', 'html'); createPageHTML(2, 0, 'index', 'html')</script>";
    let (first, second) = (format!("{COLUMN}{}{calls}", rows(0..3)), format!("{COLUMN}{}", rows(3..5)));
    let (listing, asked) = walk("/nb/", &[("/nb/", &first), ("/nb/index_1.html", &second)], Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (5, true, 2), "{asked:?}");
}

#[test]
fn a_page_lies_in_the_column_that_its_trail_leads_from() {
    let trail =
        "<title>云溪市人民政府</title><div class='crumb'><a href='/'>首页</a><a href='/gk/nb/'>政府信息公开年报</a>2024年</div>";
    let names = "<ul><li><a href='1.html'>云溪市财政局</a></li><li><a href='2.html'>云溪市民政局</a></li></ul>";
    let page = format!("{trail}{names}");
    let (listing, asked) = walk("/gk/nb/2024/", &[("/gk/nb/2024/", &page)], Limits::default());
    assert!(asked.len() == 3 && !asked.contains(&"/gk/nb/".to_owned()), "{asked:?} {:?}", listing.problems);
}

#[test]
fn names_of_agencies_on_a_further_page_are_followed_as_on_the_first() {
    let name = |n: usize| format!("<li><a href='{n}/'>云溪市第{n}局</a></li>");
    let page = |names: String, more: &str| format!("{COLUMN}<ul>{names}</ul>{more}");
    let first = page(name(1) + &name(2), "<a href='index_2.html'>查看更多</a>");
    let (second, own) = (page(name(3), ""), |n: usize| format!("{COLUMN}<ul>{}</ul>", row(n)));
    let own: Vec<(String, String)> = (1..4).map(|n| (format!("/nb/{n}/"), own(n))).collect();
    let mut site = vec![("/nb/", first.as_str()), ("/nb/index_2.html", second.as_str())];
    site.extend(own.iter().map(|(path, page)| (path.as_str(), page.as_str())));
    let (listing, asked) = walk("/nb/", &site, Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (3, true, 5), "{asked:?} {:?}", listing.problems);
}

#[test]
fn a_frame_of_a_column_belongs_to_it() {
    let years = "<a href='list2024.html' target='r'>2024年</a><a href='list2023.html' target='r'>2023年</a>";
    let older = rows(3..5).replace("2024", "2023");
    let site: [(&str, &str); 4] = [
        ("/nb/", "<title>云溪市政府信息公开年报</title><frameset><frame src='left.html'><frame src='list2024.html'></frameset>"),
        ("/nb/left.html", years),
        ("/nb/list2024.html", &rows(0..3)),
        ("/nb/list2023.html", &older),
    ];
    let (listing, asked) = walk("/nb/", &site, Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (5, true, 4), "{asked:?} {:?}", listing.problems);
}

#[test]
fn a_page_of_agencies_leads_to_the_column_of_each_or_says_whose_is_lacking() {
    let hub = "<title>部门信息公开</title><ul><li><a href='/bm/cz/'>财政局</a></li><li><a href='/bm/mz/'>民政局</a></li><li><a href='/bm/sl/'>水利局</a></li></ul>";
    let own = |of: &str| format!("<title>{of}信息公开</title><a href='nb/'>公开年报</a>");
    let (finance, affairs, water) = (own("财政局"), own("民政局"), "<title>水利局信息公开</title><p>公开指南</p>");
    let report = |n: usize| format!("<title>公开年报</title><ul>{}</ul>", row(n));
    let (first, second) = (report(1), report(2));
    let site = [
        ("/bm/", hub),
        ("/bm/cz/", &finance),
        ("/bm/mz/", &affairs),
        ("/bm/sl/", water),
        ("/bm/cz/nb/", &first),
        ("/bm/mz/nb/", &second),
    ];
    let (listing, asked) = walk("/bm/", &site, Limits::default());
    assert_eq!((listing.entries.len(), listing.complete), (2, false), "{asked:?}");
    let told = |problem: &Problem| problem.code == "column-not-found" && problem.message.contains("水利局");
    assert!(listing.problems.iter().any(told), "{:?}", listing.problems);
}

#[test]
fn chinese_letters_of_a_query_are_sent_in_the_encoding_of_their_page() {
    let (mut walk, first) = start("/list.asp?id=1", Vec::new());
    let body = format!("{COLUMN}{}<a href='list.asp?lm=年报&page=2'>下一页</a>", rows(0..1));
    let step = walk.step(&ListPage { asked: &Request::get(first.clone()), url: &first, body: &body, charset: "gb18030" });
    let [next] = step.next.as_slice() else { panic!("{:?}", step.next) };
    assert_eq!(next.url.query(), Some("lm=%C4%EA%B1%A8&page=2"));
}

#[test]
fn maps_that_robots_txt_names_are_asked_for_in_the_place_of_the_usual_one() {
    let map = Url::parse("http://www.yunxi.example/map/a.xml").unwrap();
    let (mut walk, first) = start("/", vec![map.clone()]);
    let body = "<div id='root'></div><script src='/app.js'></script>";
    let step = walk.step(&ListPage { asked: &Request::get(first.clone()), url: &first, body, charset: "UTF-8" });
    assert_eq!(step.next, [Request::get(map.clone())]);
    let body = "<urlset><url><loc>/zfxxgknb/</loc></url></urlset>";
    let step = walk.step(&ListPage { asked: &Request::get(map.clone()), url: &map, body, charset: "UTF-8" });
    assert_eq!(step.next.iter().map(|next| next.url.path()).collect::<Vec<_>>(), ["/zfxxgknb/"]);
}

/// A call behind the last of the pages stated is no lack where nothing is there; where it was only not had, it may be.
#[test]
fn a_page_behind_the_last_one_stated_may_be_gone() {
    let linked = format!("{COLUMN}{}<a href='list_2.html'>2</a><script>var slider={{pageCount:1}}</script>", rows(0..2));
    let (mut walk, first) = start("/nb/list.html", Vec::new());
    let step = walk.step(&ListPage { asked: &Request::get(first.clone()), url: &first, body: &linked, charset: "UTF-8" });
    step.next.iter().for_each(|asked| drop(walk.failed(asked, Problem::new(LIST_GONE, "不在"))));
    assert!(!step.next.is_empty() && !walk.finish().complete, "a page that is linked is no made up one");
    for (code, whole) in [(LIST_GONE, true), ("fetch-failed", false)] {
        let (mut walk, first) = start("/nb/list.html", Vec::new());
        let turn = "<script>function go(n) { location.href = 'list_' + n + '.html' }</script>";
        let page =
            |n: usize| format!("{COLUMN}{}<a href='javascript:go({})'>下一页</a>共2页{turn}", rows(2 * n..2 * n + 2), n + 1);
        let mut todo = vec![Request::get(first)];
        while let Some(asked) = todo.pop() {
            let n = match asked.url.path() {
                "/nb/list.html" => 1,
                "/nb/list_2.html" => 2,
                _ => 0,
            };
            let step = match n {
                0 => walk.failed(&asked, Problem::new(code, "不在")),
                _ => walk.step(&ListPage { asked: &asked, url: &asked.url, body: &page(n), charset: "UTF-8" }),
            };
            todo.extend(step.next);
        }
        let listing = walk.finish();
        assert_eq!((listing.entries.len(), listing.complete), (4, whole), "{code} {:?}", listing.problems);
    }
}

/// (what stands beside three reports of 2024, whole). Scripts of other files may wait for a click on anything.
#[test]
fn what_only_a_script_of_another_file_shows_is_lacking() {
    let older = rows(0..3).replace("2024", "2023").replace("/nb/a", "/nb/b");
    let tabs = "<ul class='t'><li class='on'>2024</li><li>2023</li></ul>";
    let cases: Vec<(String, bool)> = vec![
        (tabs.into(), false),
        (format!("{tabs}<div style='display:none'>{older}</div>"), true),
        ("<p><a class='y'>2024年</a><a class='y'>2023年</a></p>".into(), false),
        ("<p><a href='/nb/'>2024年</a><b>2023年</b></p>".into(), true),
        ("<select id='y'><option>2024</option><option>2023</option></select>".into(), false),
        ("<form action='/so'><select><option>2024</option><option>2023</option></select></form>".into(), true),
        ("<dl><dt>2024年度</dt><dd></dd><dt>2023年度</dt><dd></dd></dl>".into(), false),
        ("<div><span>2012</span><span>2011</span></div>".into(), true),
        ("<ul><li class='on'>市直部门</li><li>乡镇街道</li></ul>".into(), false),
        ("<label><input type='radio'>部门</label><label><input type='radio'>县（市、区）</label>".into(), false),
        ("<ul class='menu'><li>部门</li><li>乡镇</li></ul>".into(), true),
        ("<div><i></i><em>1/3</em><i></i></div>".into(), false),
        ("<div><em>1/1</em></div>".into(), true),
        ("<div class='swiper'><em>1/3</em></div><div><img src='a.jpg'><em>1/5</em></div>".into(), true),
        ("<div id='p' pagecount='3'></div>".into(), false),
        ("<div id='p' pagecount='1'></div>".into(), true),
        ("<div data-total='26' data-size='3'></div>".into(), false),
        ("<input type='hidden' id='totalPage' value='3'>".into(), false),
        ("<input type='hidden' id='totalPage' value='1'>".into(), true),
        ("<div class='pages'><a href='#' data-p='1'>1</a><a href='#' data-p='2'>2</a></div>".into(), false),
        ("<div><span>更多年报</span></div>".into(), false),
        ("<div><span>查看更多</span></div>".into(), false),
        (
            "<div><b>查看更多</b><p><a href='/tz/1.html'>关于放假的通知</a></p></div><script>$.get('/weather')</script>".into(),
            true,
        ),
    ];
    for (beside, whole) in cases {
        let page = format!("{COLUMN}<body>{}{beside}<script src='/js/page.js'></script></body>", rows(0..3));
        let listing = list("/nb/", &[("/nb/", &page)]);
        let found = if beside.contains("/nb/b") { 6 } else { 3 };
        assert_eq!((listing.entries.len(), listing.complete), (found, whole), "{beside} {:?}", listing.problems);
    }
}

fn start(path: &str, maps: Vec<Url>) -> (Walk, Url) {
    let first = Url::parse("http://www.yunxi.example/").unwrap().join(path).unwrap();
    let portal = super::walk_tests::portal(first.as_str(), "auto");
    let mut walk = Walk::start(&portal, first.clone(), &super::walk_tests::profiles(), Limits::default());
    walk.know_maps(maps);
    (walk, first)
}
