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
        ("<a class='layui-laypage-next' href='list_2.html'><em>&#xe602;</em></a>", "list_2.html", true),
        ("<a href='list_2.html'>&gt;&gt;</a>", "list_2.html", true),
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
