//! The words of what pages are taken for, as a probe shows them and as people decide: results of fetches, fates of
//! links, pages in doubt, readings of cells.

use super::{Lang, Word};

lists! {
    /// What became of a host's robots.txt.
    robots {
        "unasked": "未查看", "not asked for";
        "obeyed": "已遵守", "obeyed";
        "absent": "没有此文件", "not there";
        "unreachable": "取不到，未访问", "not to be had, nothing fetched";
    }
    /// How a page that nobody can place stands.
    doubt_state {
        "open": "待认领", "open";
        "claimed": "已认领", "claimed";
        "dismissed": "已排除", "dismissed";
        "settled": "已自明", "settled";
    }
    /// What cannot be told of such a page.
    unclear {
        "agency": "机关不明", "whose it is";
        "year": "年度不明", "of which year";
        "report": "是否年报不明", "whether it is a report";
    }
    /// What a cell said.
    reading {
        "number": "数字", "number";
        "blank": "空白", "blank";
        "dash": "横线", "dash";
        "not_applicable": "不适用", "not applicable";
        "text": "文字", "text";
        "illegible": "看不清", "illegible";
        "absent": "没有这一格", "not there";
    }
    /// Where a date of publication was taken from.
    date_source {
        "given": "人工提供", "as given";
        "page": "页面所示", "shown on the page";
        "meta": "网页元数据 PubDate", "the PubDate tag of the page";
        "list": "列表页所示", "shown in the list";
        "first-seen": "首次发现", "first seen by us";
    }
    /// What a fetch came to.
    fetch_result {
        "ok": "取到", "fetched";
        "unchanged": "未变", "unchanged";
        "moved": "转到别的主机，未跟随", "moved to another host, not followed";
        "gone": "已不存在", "gone";
        "soft-404": "页面说不存在", "a page that says: not found";
        "empty": "空页", "empty";
        "blocked": "被拦截", "blocked";
        "failed": "没有取到", "failed";
    }
    /// What a page is, all in all.
    page_kind {
        "report": "年度报告", "a report";
        "list": "列表页", "a list";
        "list-and-report": "列表页，同时就是一份年度报告", "a list that shows a report";
        "other": "既不是列表，也不是年度报告", "neither a list nor a report";
        "unknown": "未能读取，无法判断", "not known: it could not be read";
    }
    /// What becomes of a link of a list.
    link_fate {
        "taken": "取", "taken";
        "unsure": "待看正文", "open it to see";
        "refused": "不取", "refused";
        "foreign": "外站，只登记", "another host, noted only";
    }
    /// Why a link of a list is no report.
    set_aside {
        "interpretation": "解读、图解", "a page about a report";
        "website-statement": "政府网站工作年度报表", "a web site's statement";
        "rule-of-law": "法治政府建设年度报告", "a report on rule of law";
        "plan": "要点、方案、制度、指南", "a plan or a guide";
        "notice": "通知、会议消息", "a notice or news";
        "statistics": "单独的统计表", "statistics alone";
        "index": "目录、汇总", "an index";
        "part-year": "半年或季度", "a part of a year";
        "other-report": "其他报告", "another kind of report";
        "unrelated": "与年报无关", "not about reports";
        "foreign": "外站链接，看不出是年报", "another host, no report by its title";
    }
    /// What a page that a visit asks for next is taken for.
    awaited {
        "column": "下级栏目", "a sub-column";
        "page": "后续页", "a further page";
        "guess": "试探第二页", "page two, guessed";
        "feed": "数据接口", "an interface";
        "map": "站点地图", "a site map";
        "again": "再看列表头", "the head of the list again";
    }
}
