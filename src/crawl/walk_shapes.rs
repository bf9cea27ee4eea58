//! Shapes of lists and of paging that belong to no family: each is followed to its end, or told as not followed.
//! A list of which a part was not seen must never pass for whole.

use super::Limits;
use super::walk_tests::{codes, list, walk};

const COLUMN: &str = "<title>政府信息公开年报</title>";

/// A row of a list as most sites write it.
fn row(n: usize) -> String {
    format!(
        "<li><a href='/nb/a{n}.html'>云溪市第{n}局2024年政府信息公开工作年度报告</a><span>2025-01-{:02}</span></li>",
        n % 28 + 1
    )
}

/// Two pages of three entries: what the first says of the second, where that lies, and whether it is found.
#[test]
fn a_second_page_is_found_or_known_to_be_lacking() {
    let cases: &[(&str, &str, bool)] = &[
        (
            "<script>laypage({cont:'p', pages: 2, curr: 1, jump: function(e) { location.href = 'list_' + e.curr + '.html' }})</script>",
            "list_2.html",
            true,
        ),
        ("<script>laypage({cont:'p', pages: 2, curr: 1, jump: load})</script>", "x.html", false),
        ("<a class='layui-laypage-next' href='list_2.html'><em>&#xe602;</em></a>", "list_2.html", true),
        ("<a href='list_2.html'>&gt;&gt;</a>", "list_2.html", true),
        ("<link rel='next' href='list_2.html'>", "list_2.html", true),
        ("<a href='list_2.html'><img src='n.gif' alt='下一页'></a>", "list_2.html", true),
        ("<a href='javascript:void(0)' onclick=\"location.href='list_2.html'\">下一页</a>", "list_2.html", true),
        ("<a href=\"javascript:location='list_2.html'\">下一页</a>", "list_2.html", true),
        (
            "<select onchange='location=this.value'><option value='list.html'>第1页</option><option value='list_2.html'>第2页</option></select> 共2页",
            "list_2.html",
            true,
        ),
        (
            "<script>laypage.render({count:6,limit:3,jump:function(o){location.href='list_'+o.curr+'.html'}})</script>",
            "list_2.html",
            true,
        ),
        ("共6条 每页3条", "list_1.html", true),
        ("<a href='list_2.html'>查看更多</a>", "list_2.html", true),
        ("共6条", "elsewhere.html", false),
        ("<a href='javascript:void(0)' onclick='turn(2)'>下一页</a>", "list_2.html", false),
        ("<a href='javascript:;' data-page='2'>下一页</a>", "list_2.html", false),
        ("<span onclick='toPage(2)'>下一页</span>", "elsewhere.html", false),
        ("<button onclick='toPage(2)'>下一页</button>", "elsewhere.html", false),
        ("<input type='button' value='下一页' onclick='toPage(2)'>", "elsewhere.html", false),
        ("<select onchange='jump(this)'><option>1</option><option>2</option></select>", "elsewhere.html", false),
        ("第<select onchange='go(this)'><option>1</option><option>2</option></select>页", "elsewhere.html", false),
    ];
    for (pager, second, found) in cases {
        let first = format!("{COLUMN}<ul>{}{}{}</ul><div>{pager}</div>", row(1), row(2), row(3));
        let more = format!("{COLUMN}<ul>{}{}{}</ul>", row(4), row(5), row(6));
        let second = format!("/nb/{second}");
        let listing = list("/nb/list.html", &[("/nb/list.html", &first), (&second, &more)]);
        let expected = if *found { (6, true) } else { (3, false) };
        assert_eq!((listing.entries.len(), listing.complete), expected, "{pager}: {:?}", listing.problems);
    }
}

/// Buttons and choices that lead to no further page leave a list whole.
#[test]
fn a_choice_that_is_none_of_further_pages_keeps_nothing_back() {
    for beside in [
        "第<select onchange='go(this)'><option>1</option></select>页",
        "<select onchange='month(this)'><option>1</option><option>2</option></select>月",
        "<select onchange='year(this)'><option>2024</option><option>2023</option></select>",
        "<button onclick='search(1)'>搜索</button>",
        "<button disabled onclick='toPage(1)'>下一页</button>",
        "<span class='page-disabled' onclick='toPage(1)'>下一页</span>",
        "<div class='swiper-button-next' onclick='slide(1)'>&gt;</div>",
    ] {
        let listing =
            list("/nb/list.html", &[("/nb/list.html", &format!("{COLUMN}<ul>{}{}</ul><div>{beside}</div>", row(1), row(2)))]);
        assert_eq!((listing.entries.len(), listing.complete), (2, true), "{beside}: {:?}", listing.problems);
    }
    let choice = "第<select onchange='go(this)'><option>1</option><option>2</option></select>页";
    let page = |n, next| format!("{COLUMN}<ul>{}</ul><div>{choice} {next}</div>", row(n));
    let site = [("/nb/list.html", &page(1, "<a href='list_2.html'>下一页</a>")), ("/nb/list_2.html", &page(2, ""))];
    let listing = list("/nb/list.html", &site.map(|(path, body)| (path, body.as_str())));
    assert_eq!((listing.entries.len(), listing.complete), (2, true), "{:?}", listing.problems);
}

/// Three entries in other rows than usual, all of them links that lead to /nb/a1.html and so on.
#[test]
fn entries_stand_in_many_kinds_of_rows() {
    let title = |n: usize| format!("云溪市第{n}局2024年政府信息公开工作年度报告");
    type Row = fn(usize, &str) -> String;
    let cases: &[(&str, Row)] = &[
        ("a script opens it", |n, t| {
            format!("<li><a href='javascript:void(0);' onclick=\"window.open('/nb/a{n}.html')\">{t}</a></li>")
        }),
        ("a script is called", |n, t| format!("<li><a href=\"javascript:openInfo('/nb/a{n}.html')\">{t}</a></li>")),
        ("data of the link", |n, t| format!("<li><a data-href='/nb/a{n}.html'>{t}</a></li>")),
        ("a card", |n, t| {
            format!("<div><b>0{n}</b><i>2025-01</i><a href='/nb/a{n}.html'><h4>{t}</h4><p>本报告由编制</p></a></div>")
        }),
        ("a year and a name", |n, _| format!("<span><a href='/nb/a{n}.html'>2024年云溪市第{n}局</a></span>")),
    ];
    for (name, row) in cases {
        let rows: String = (1..=3).map(|n| row(n, &title(n))).collect();
        let (listing, asked) = walk("/nb/", &[("/nb/", &format!("{COLUMN}<div>{rows}</div>"))], Limits::default());
        let found: Vec<&str> = listing.entries.iter().map(|entry| entry.url.rsplit('/').next().unwrap()).collect();
        assert_eq!(found, ["a1.html", "a2.html", "a3.html"], "{name}: {:?}", listing.problems);
        assert!(listing.entries.iter().all(|entry| entry.year == Some(2024)), "{name}");
        assert_eq!((listing.complete, asked.len()), (true, 1), "{name}");
    }
}

#[test]
fn years_in_a_menu_or_a_choice_are_columns_of_their_own() {
    let menu = "<div class='side-menu'><a href='/nb/2024n/'>2024年</a><a href='/nb/2023n/'>2023年</a></div>";
    let choice = "<select onchange='location.href=this.value'><option value='/nb/2024n/'>2024年</option><option value='/nb/2023n/'>2023年</option></select>";
    for years in [menu, choice] {
        let page = |n| format!("{COLUMN}{years}<ul>{}</ul>", row(n));
        let (listing, asked) = walk("/nb/2024n/", &[("/nb/2024n/", &page(1)), ("/nb/2023n/", &page(2))], Limits::default());
        assert_eq!((listing.entries.len(), listing.complete, asked.len()), (2, true, 2), "{years}: {:?}", listing.problems);
    }
}

#[test]
fn rows_of_scripts_are_a_list_only_where_one_names_a_report_or_a_year() {
    let page = |rows: &str, load: &str| {
        let page = format!("<title>政府信息公开年报</title><ul id=l></ul><script>var rows=[{rows}];{load}</script>");
        let leaf = format!("{COLUMN}<ul>{}</ul>", row(1));
        let (listing, _) = walk("/nb/", &[("/nb/", &page), ("/nb/2024/", &leaf)], Limits::default());
        (listing.entries.len(), listing.complete)
    };
    let report = "{title:'云溪市第1局2024年政府信息公开工作年度报告',url:'/nb/a1.html',date:'2025-01-02'}";
    let notice = "{title:'关于清廉云溪建设的通知',url:'/a/1.html',date:'2025-01-02'}";
    assert_eq!(page("{name:'2024年度',url:'/nb/2024/'}", ""), (1, true));
    assert_eq!(page(report, ""), (1, true));
    assert_eq!(page(report, "$.ajax({url:'/l.jsp'})"), (1, false), "what else is loaded is not known");
    assert_eq!(page(notice, "$.ajax({url:'/l.jsp'})"), (0, false), "a banner is no list");
}

#[test]
fn a_call_that_is_the_same_on_every_page_ends_no_list() {
    let script = "<script>function toPage(n){location.href='list_'+n+'.html'}</script>";
    let next = "<a href='javascript:toPage(cur+1)'>下一页</a>";
    let page = |n: usize| format!("{COLUMN}{script}<ul>{}</ul>{next}", row(3 * n + 1));
    let pages: Vec<(String, String)> =
        (1..=4).map(|n| (if n == 1 { "/nb/".to_owned() } else { format!("/nb/list_{n}.html") }, page(n))).collect();
    let site: Vec<(&str, &str)> = pages.iter().map(|(path, page)| (path.as_str(), page.as_str())).collect();
    let listing = list("/nb/", &site);
    assert!(listing.entries.len() == 4 || !listing.complete, "{} {:?}", listing.entries.len(), listing.problems);
}

#[test]
fn what_lies_in_the_column_is_of_the_column_whatever_it_calls_itself() {
    let top = format!("{COLUMN}<ul><li><a href='./2024/'>2024年度</a></li></ul>");
    let year = "<title>2024年度</title><div><a href='./bm/'>县政府部门</a> <a href='./xz/'>乡镇街道</a></div>";
    let leaf = |n| format!("<ul>{}</ul>", row(n));
    let site = [("/nb/", top.as_str()), ("/nb/2024/", year), ("/nb/2024/bm/", &leaf(1)), ("/nb/2024/xz/", &leaf(2))];
    let listing = list("/nb/", &site);
    assert_eq!((listing.entries.len(), listing.complete), (2, true), "{:?}", listing.problems);

    let boxes = format!(
        "{COLUMN}<h3>县政府 <a href='/nb/zf/'>更多</a></h3><ul>{}</ul><h3>部门 <a href='/nb/bm/'>更多&gt;&gt;</a></h3><ul>{}</ul>",
        row(1),
        row(3)
    );
    let (own, departments) = (format!("<ul>{}{}</ul>", row(1), row(2)), format!("<ul>{}{}</ul>", row(3), row(4)));
    let site = [("/nb/", boxes.as_str()), ("/nb/zf/", &own), ("/nb/bm/", &departments)];
    assert_eq!(list("/nb/", &site).entries.len(), 4);

    let limits = Limits { levels: 1, ..Limits::default() };
    let site = [("/nb/", top.as_str()), ("/nb/2024/", year)];
    let (listing, _) = walk("/nb/", &site, limits);
    assert_eq!((listing.complete, codes(&listing)), (false, vec!["list-too-deep"]));
}

#[test]
fn a_page_that_only_goes_elsewhere_is_followed() {
    let list_page = format!("{COLUMN}<ul>{}</ul>", row(1));
    let script = "<html><head><script>window.location.href=\"/web/nb/\";</script></head></html>";
    assert_eq!(list("/nb/", &[("/nb/", script), ("/web/nb/", &list_page)]).entries.len(), 1);
}

#[test]
fn the_days_of_a_calendar_are_no_pages() {
    let days: String = (1..29).map(|day| format!("<td><a href='/nb/?d={day}'>{day}</a></td>")).collect();
    let calendar = format!(
        "<table><tr><td><a href='/nb/?m=1'>&lt;</a></td><td><a href='/nb/?m=3'>&gt;</a></td></tr><tr>{days}</tr></table>"
    );
    let page = format!("{COLUMN}{calendar}<ul>{}</ul>", row(1));
    let (listing, asked) = walk("/nb/", &[("/nb/", &page), ("/nb/?m=3", &page)], Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (1, true, 2), "{asked:?}");
}

#[test]
fn a_script_that_turns_pages_is_followed_by_the_addresses_it_puts_together() {
    let script = "<script>function toPage(p) { location.href = p == 1 ? 'list.html' : 'list_' + p + '.html' }</script>";
    let page = |n: usize, pager: &str| format!("{COLUMN}<ul>{}{}</ul><div>{pager}</div>{script}", row(2 * n), row(2 * n + 1));
    let next = |n: usize| format!("<a href='javascript:toPage({n})'>下一页</a>");
    let whole = |last: &str, stated: &str| {
        let pages = [page(1, &(next(2) + stated)), page(2, &(next(3) + stated)), page(3, &(last.to_owned() + stated))];
        let paths = ["/nb/list.html", "/nb/list_2.html", "/nb/list_3.html"];
        let site: Vec<(&str, &str)> = paths.into_iter().zip(pages.iter().map(String::as_str)).collect();
        let (listing, asked) = walk(paths[0], &site, Limits::default());
        (listing.entries.len(), listing.complete, asked.len())
    };
    for stated in ["", "共3页"] {
        assert_eq!(whole("<span>下一页</span>", stated), (6, true, 3), "the last page leads no further {stated}");
        assert_eq!(whole(&next(3), stated), (6, true, 3), "or to itself {stated}");
        assert_eq!(whole(&next(4), stated), (6, false, 4), "or to one that is not there {stated}");
    }
}

#[test]
fn a_borrowed_call_that_counts_pages_from_one_is_told_by_its_first_page() {
    let page = |n: usize| {
        format!("{COLUMN}<ul>{}</ul><script>createPageHTML('page_div', 3, {n}, 'nb_list', 'shtml', 3);</script>", row(n))
    };
    let pages = [page(1), page(2), page(3)];
    let paths = ["/nb/nb_list.shtml", "/nb/nb_list_2.shtml", "/nb/nb_list_3.shtml"];
    let site: Vec<(&str, &str)> = paths.into_iter().zip(pages.iter().map(String::as_str)).collect();
    let (listing, asked) = walk(paths[0], &site, Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (3, true, 3), "{asked:?}");
}

#[test]
fn what_loads_more_without_leading_anywhere_leaves_a_list_partial() {
    let page = format!("{COLUMN}<ul>{}</ul><div id='more'>加载更多</div>", row(1));
    let listing = list("/nb/", &[("/nb/", &page)]);
    assert_eq!((listing.entries.len(), listing.complete), (1, false), "{:?}", listing.problems);
}

/// The address of each row, what stands in it, and the title that it gives.
#[test]
fn a_link_that_only_says_download_is_called_what_its_row_says() {
    let title = "云溪市第1局2024年政府信息公开工作年度报告";
    for row in [
        format!("<tr><td>1</td><td>{title}</td><td>2025-01-14</td><td><a href='/nb/a.pdf'>下载</a></td></tr>"),
        format!("<tr><td>{title}</td><td><a href='/nb/a.pdf'>点击查看</a></td><td>2025-01-14</td></tr>"),
        format!("<tr onclick=\"window.open('/nb/a.pdf')\"><td>1</td><td>{title}</td><td>2025-01-14</td></tr>"),
        format!("<tr><td><div onclick=\"location.href='/nb/a.pdf'\">{title}</div></td><td>2025-01-14</td></tr>"),
    ] {
        let listing = list("/nb/", &[("/nb/", &format!("{COLUMN}<table>{row}</table>"))]);
        let [entry] = listing.entries.as_slice() else { panic!("{row}: {:?}", listing.problems) };
        assert_eq!((entry.title.as_str(), entry.url.ends_with("/nb/a.pdf")), (title, true), "{row}");
        assert_eq!(entry.date.map(|date| date.to_string()).as_deref(), Some("2025-01-14"), "{row}");
    }
    // Beside the page of a report its file is no second report, and the name in a row is not all there is to a row.
    let verbs = format!(
        "<tr><td>{title}</td><td>2025-01-14</td><td><a href='/nb/a.html'>查看</a> <a href='/nb/a.pdf'>下载</a></td></tr>"
    );
    let listing = list("/nb/", &[("/nb/", &format!("{COLUMN}<table>{verbs}</table>"))]);
    assert_eq!((listing.entries.len(), listing.complete), (1, true), "{:?}", listing.problems);
    let card = format!("<div><h4><a href='/nb/a.html'>{title}</a></h4><p>现公布如下</p><a href='/nb/a.html'>查看详情</a></div>");
    let listing = list("/nb/", &[("/nb/", &format!("{COLUMN}{card}"))]);
    assert_eq!((listing.entries.len(), listing.complete), (1, true), "{:?}", listing.problems);
    let both =
        format!("<tr><td><a href='/nb/a.html'>{title}</a></td><td>2025-01-14</td><td><a href='/nb/a.pdf'>下载</a></td></tr>");
    assert_eq!(list("/nb/", &[("/nb/", &format!("{COLUMN}<table>{both}</table>"))]).entries.len(), 1);
}

#[test]
fn rows_that_a_script_carries_are_entries_where_the_page_shows_no_list() {
    let data =
        "<script>var list = [{title: '云溪市第1局2024年政府信息公开工作年度报告', url: 'a1.html', date: '2025-01-14'}];</script>";
    let written =
        "<script>document.write('<li><a href=\"a1.html\">云溪市第1局2024年政府信息公开工作年度报告</a></li>');</script>";
    for script in [data, written] {
        let listing = list("/nb/", &[("/nb/", &format!("{COLUMN}<ul id='l'></ul>{script}"))]);
        assert_eq!((listing.entries.len(), listing.complete), (1, true), "{script}: {:?}", listing.problems);
        let listing = list("/nb/", &[("/nb/", &format!("{COLUMN}<ul>{}{}</ul>{script}", row(2), row(3)))]);
        assert_eq!(listing.entries.len(), 2, "{script}");
    }
}

#[test]
fn a_box_of_the_newest_reports_is_not_the_column_it_leads_to() {
    let tabs = "<a href='/gk/zd/'>政府信息公开制度</a><a href='/gk/bg/'>政府信息公开年报</a>";
    let rules = "<h3>制度 <a href='/gk/zd/'>更多</a></h3><ul><li><a href='/gk/zd/1.html'>保密审查制度</a> 2024-05-01</li></ul>";
    let front = format!("<title>政府信息公开</title>{tabs}{rules}<h3>政府信息公开年报</h3><ul>{}</ul>", row(1));
    let column = format!("{COLUMN}{tabs}<ul>{}{}</ul>", row(1), row(2));
    let (listing, asked) = walk("/gk/", &[("/gk/", &front), ("/gk/bg/", &column)], Limits::default());
    assert_eq!((listing.entries.len(), listing.complete, asked.len()), (2, true, 2), "{asked:?} {:?}", listing.problems);
}

#[test]
fn frames_within_frames_are_looked_through_and_empty_ones_keep_nothing_back() {
    let top = format!("{COLUMN}<frameset><frame src='top.html'><frame src='main.html'></frameset>");
    let inner = "<frameset><frame src='left.html'><frame src='right.html'></frameset>";
    let right = "<iframe src='list.html'></iframe>";
    let rows = format!("<ul>{}</ul>", row(1));
    let site = |top_bar: &'static str| {
        let pages = [("index.html", top.as_str()), ("top.html", top_bar), ("main.html", inner), ("left.html", "<p>目录</p>")];
        let pages = pages.into_iter().chain([("right.html", right), ("list.html", rows.as_str())]);
        pages.map(|(name, body)| (format!("/nb/{name}"), body.to_owned())).collect::<Vec<_>>()
    };
    for (top_bar, complete) in [("<a href='/'>首页</a>", true), ("<script>$.ajax({url: 'l.jsp'})</script>", false)] {
        let site = site(top_bar);
        let site: Vec<(&str, &str)> = site.iter().map(|(path, body)| (path.as_str(), body.as_str())).collect();
        let listing = list("/nb/index.html", &site);
        assert_eq!((listing.entries.len(), listing.complete), (1, complete), "{top_bar}: {:?}", listing.problems);
    }
}

#[test]
fn a_script_that_goes_elsewhere_is_followed_beside_a_few_links() {
    let list_page = format!("{COLUMN}<ul>{}</ul>", row(1));
    let script =
        "<script>if (top.location == self.location) { top.location.href = '/web/nb/'; }</script><a href='/old/'>旧版</a>";
    assert_eq!(list("/", &[("/", script), ("/web/nb/", &list_page)]).entries.len(), 1);
}

#[test]
fn a_table_of_agencies_and_years_is_read_by_its_margins() {
    let cells = ["a", "b", "c", "d", "e"].map(|year| format!("<td><a href='/nb/{year}.html'>查看</a></td>")).concat();
    let head = "<tr><th>单位</th><th>2024年</th><th>2023年</th><th>2022年</th><th>2021年</th><th>2020年</th></tr>";
    let table = format!("{COLUMN}<table>{head}<tr><td>云溪市财政局</td>{cells}</tr></table>");
    let listing = list("/nb/", &[("/nb/", &table)]);
    let told: Vec<_> = listing.entries.iter().map(|entry| (entry.year, entry.agency.as_deref())).collect();
    let expected: Vec<_> = (2020..=2024).rev().map(|year| (Some(year), Some("云溪市财政局"))).collect();
    assert_eq!((told, listing.complete), (expected, true), "{:?}", listing.problems);
}

#[test]
fn entries_that_cannot_be_told_or_opened_leave_a_list_partial() {
    let by_script = "<li><a href='javascript:void(0)' onclick='show(7)'>云溪市第7局2024年政府信息公开工作年度报告</a></li>";
    let nameless = "<li><a href='/nb/a7.pdf'>下载</a> 2025-01-07</li>";
    for entry in [by_script, nameless] {
        let listing = list("/nb/", &[("/nb/", &format!("{COLUMN}<ul>{}{entry}</ul>", row(1)))]);
        assert_eq!((listing.entries.len(), listing.complete), (1, false), "{entry}");
    }
}

#[test]
fn a_page_that_is_the_one_before_again_is_none_of_those_stated() {
    let page = format!("{COLUMN}<ul>{}</ul>共2页 <a href='?p=2'>下一页</a>", row(1));
    let listing = list("/nb/", &[("/nb/", &page), ("/nb/?p=2", &page)]);
    assert_eq!((listing.entries.len(), listing.complete, codes(&listing)), (1, false, vec!["paging-not-understood"]));
}
