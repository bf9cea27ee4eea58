"""The portal of 云溪市: a CMS with static pages and list pages that page by script, as TRS makes them."""

from html import escape
from . import docx, html

SITE = "云溪市人民政府门户网站"
COLUMN = "政府信息公开年报"
PER_PAGE = 15
ENTRIES = [("政府信息公开指南", "zfxxgkzn"), ("政府信息公开制度", "zfxxgkzd"), ("法定主动公开内容", "fdzdgknr"), (COLUMN, "zfxxgknb")]


def page(depth, title, meta, inner, script=""):
    """A page with the portal's head, navigation and foot; `depth` is how many folders down it lies."""
    up = "../" * depth
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in [("SiteName", SITE), ("SiteDomain", "www.yunxi.example"), ("SiteIDCode", "0000000001")] + meta)
    nav = "".join(f'<li><a href="{up}{target}">{label}</a></li>' for label, target in
                  [("首页", "index.html"), ("云溪概况", "yxgk/index.html"), ("政务公开", "zwgk/index.html"), ("年度报告", "zwgk/zfxxgknb/index.html")])
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}-{SITE}</title>
{metas}</head>
<body>
<div class="header"><a class="logo" href="{up}index.html">{SITE}</a><ul class="nav">{nav}</ul></div>
{inner}
<div class="footer"><p>主办：云溪市人民政府办公室　承办：云溪市数据中心　网站标识码：0000000001</p>
<p><a href="http://www.example.com/">上级政府网站</a>　<a href="{up}wzdt.html">网站地图</a>　Copyright 2019-2026</p></div>
<script>{script}document.documentElement.className="js";</script>
</body>
</html>
"""


def article(report, related):
    """The page of one report."""
    title, day = report["title"], report["day"]
    if report["face"] == "images":
        inner = "".join(f'<p style="text-align:center"><img src="./W0202601291000{n}.jpg" width="900" height="1273" alt=""></p>\n' for n in range(1, 5))
    elif report["face"] == "attachment":
        inner = '<p>　　详见附件。</p>'
    else:
        inner = html.body(report)
        inner = html.layout(inner) if report["face"] == "layout" else inner
    attachment = (f'<div class="fj">附件：<a href="./{report["docx"]}" target="_blank">{title}.docx</a></div>' if report["face"] == "attachment" else "")
    links = "".join(f'<li><a href="{address}" title="{other}">{other}</a></li>' for other, address in related)
    facts = (f'<ul class="xxgk-head"><li><b>索 引 号：</b>000000001/{report["year"]}-{report["serial"]}</li><li><b>发布机构：</b>{report["name"]}</li>'
             f'<li><b>发布日期：</b>{day}</li><li><b>信息名称：</b>{title}</li></ul>')
    meta = [("ColumnName", COLUMN), ("ColumnType", "政务公开"), ("ArticleTitle", title), ("PubDate", f"{day} 09:{report['serial'] % 60:02d}"), ("ContentSource", report["name"])]
    return page(3, title, meta, f"""<div class="position">当前位置：<a href="../../../index.html">首页</a> &gt; <a href="../../index.html">政府信息公开</a> &gt; <a href="../index.html">{COLUMN}</a></div>
<div class="article">
{facts}
<h1 class="xl-title">{title}</h1>
<div class="info">发布时间：{day}　来源：{report["name"]}　字号：[<a href="javascript:void(0)">大</a> <a href="javascript:void(0)">小</a>]</div>
<div class="TRS_Editor">
{inner}
</div>
{attachment}</div>
<div class="related"><h3>相关链接</h3><ul>{links}</ul></div>""")


def look_alike(title, day, source, text):
    """The page of an entry that is no report."""
    meta = [("ColumnName", COLUMN), ("ArticleTitle", title), ("PubDate", f"{day} 10:00"), ("ContentSource", source)]
    paragraphs = "".join(f"<p>　　{line}</p>\n" for line in text)
    return page(3, title, meta, f'<div class="article">\n<h1 class="xl-title">{title}</h1>\n<div class="info">发布时间：{day}　来源：{source}</div>\n<div class="TRS_Editor">\n{paragraphs}</div>\n</div>')


def list_pages(entries):
    """{file name: page} of the column, newest first; entries are (day, title, address below the column)."""
    entries = sorted(entries, key=lambda entry: (entry[0], entry[2]), reverse=True)
    count = -(-len(entries) // PER_PAGE)
    pages = {}
    for k in range(count):
        items = ""
        for day, title, address in entries[k * PER_PAGE:(k + 1) * PER_PAGE]:
            shown = title if len(title) <= 34 else title[:32] + "…"
            items += f'<li><span>{day}</span><a href="./{address}" target="_blank" title="{title}">{shown}</a></li>\n'
        side = "".join(f'<li><a href="../{folder}/index.html">{label}</a></li>' for label, folder in ENTRIES)
        inner = f"""<div class="position">当前位置：<a href="../../index.html">首页</a> &gt; <a href="../index.html">政府信息公开</a> &gt; {COLUMN}</div>
<div class="side"><ul>{side}</ul></div>
<div class="list"><h2>{COLUMN}</h2>
<ul class="gl-list">
{items}</ul>
<div class="page"><script>createPageHTML({count}, {k}, "index", "html");</script></div>
</div>"""
        name = "index.html" if k == 0 else f"index_{k}.html"
        pages[name] = page(2, COLUMN, [("ColumnName", COLUMN), ("ColumnType", "政务公开")], inner, PAGING)
    return pages


PAGING = ("function createPageHTML(n,i,name,ext){var s='';for(var k=0;k<n;k++){var f=k==0?name+'.'+ext:name+'_'+k+'.'+ext;"
          "s+=k==i?'<span>'+(k+1)+'</span>':'<a href=\"'+f+'\">'+(k+1)+'</a>';}document.write(s);}\n")


def fixed_pages():
    """{path: page} of everything that is neither list nor article."""
    four = "".join(f'<li><a href="./{folder}/index.html">{label}</a></li>' for label, folder in ENTRIES)
    pages = {
        "index.html": page(0, "首页", [], '<div class="main"><h2>要闻</h2><ul><li><a href="./zwgk/index.html">政府信息公开</a></li><li>云溪市部署春季农业生产</li><li>全市民生实事项目有序推进</li></ul></div>'),
        "wzdt.html": page(0, "网站地图", [], '<div class="main"><ul><li><a href="./zwgk/index.html">政府信息公开</a></li><li><a href="./yxgk/index.html">云溪概况</a></li></ul></div>'),
        "yxgk/index.html": page(1, "云溪概况", [], '<div class="main"><p>云溪市位于云河中游，辖一县四街道。</p></div>'),
        "zwgk/index.html": page(1, "政府信息公开", [("ColumnName", "政府信息公开")], f'<div class="xxgk"><h2>政府信息公开</h2><ul class="four">{four}</ul><p><a href="./ysqgk/index.html">依申请公开</a></p></div>'),
        "zwgk/ysqgk/index.html": page(2, "依申请公开", [], '<div class="main"><p>公民、法人或者其他组织可以当面、邮寄或者通过网站提交申请。</p></div>'),
        "robots.txt": "User-agent: *\nDisallow: /admin/\nDisallow: /was5/\n",
    }
    for label, folder in ENTRIES[:-1]:
        pages[f"zwgk/{folder}/index.html"] = page(2, label, [("ColumnName", label)], f'<div class="main"><h2>{label}</h2><p>本栏目依照《中华人民共和国政府信息公开条例》设置。</p></div>')
    return pages


# Entries of the column that look like reports by their titles and are none: title, day, source, text.
LOOK_ALIKES = [
    ("一图读懂云溪市教育局2025年政府信息公开工作年度报告", "2026-01-19", "云溪市教育局", ["本图解介绍年度报告的主要内容，全年主动公开情况和依申请公开情况详见报告全文。"]),
    ("《云溪市人民政府2024年政府信息公开工作年度报告》解读", "2025-03-24", "云溪市人民政府办公室", ["一、编制背景。二、主要内容。三、数据说明。"]),
    ("云溪市人民政府门户网站2025年政府网站工作年度报表", "2026-01-30", "云溪市人民政府办公室", ["网站名称、首页网址、信息发布总数、专栏专题、办事服务、互动交流。"]),
    ("柳河县人民政府网站2025年政府网站工作年度报表", "2026-01-29", "柳河县人民政府办公室", ["信息发布总数、概况类信息更新量、政务动态信息更新量。"]),
    ("云溪市财政局2025年法治政府建设年度报告", "2026-01-25", "云溪市财政局", ["坚持依法行政，完善重大行政决策程序，开展行政执法监督。"]),
    ("云溪市应急管理局2025年法治政府建设年度报告", "2026-01-22", "云溪市应急管理局", ["推进严格规范公正文明执法，加强行政复议应诉工作。"]),
    ("关于做好2025年政府信息公开工作年度报告编制发布工作的通知", "2025-12-18", "云溪市人民政府办公室", ["各单位要对照统一格式编制年度报告，认真核对数据，按时报送并公开。"]),
    ("云溪市2025年政务公开工作要点", "2025-04-28", "云溪市人民政府办公室", ["抓好重点领域信息公开，提升政策解读质量。"]),
    ("云溪市政府信息公开工作培训会召开", "2025-11-06", "云溪市人民政府办公室", ["培训会讲解了年度报告的填报要求和常见错误。"]),
]


def docx_of(report):
    """The attachment of a report whose page says nothing."""
    return docx.document(report)
