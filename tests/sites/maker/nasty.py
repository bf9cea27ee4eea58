"""Small inputs that are no reports, or no documents at all."""

LOGIN = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>用户登录-统一身份认证</title></head><body>
<form action="/sso/login" method="post"><h2>用户登录</h2><label>用户名<input name="user"></label><label>密码<input type="password" name="word"></label>
<label>验证码<input name="code"><img src="/captcha.jpg" alt="验证码"></label><button>登录</button></form></body></html>
"""
SOFT_404 = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>页面不存在</title></head><body>
<div class="tip"><h1>404</h1><p>抱歉，您访问的页面不存在、已被删除或者暂时不可用。</p><p><span id="s">5</span>秒后返回<a href="/">首页</a></p></div></body></html>
"""
NEWS = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>云溪市召开政府信息公开工作推进会</title></head><body>
<div class="article"><h1>云溪市召开政府信息公开工作推进会</h1><p>发布时间：2026-01-09</p>
<p>1月8日，云溪市召开政府信息公开工作推进会，部署2025年政府信息公开工作年度报告编制工作。会议要求，各单位要核对收到和处理政府信息公开申请情况的数据，如实写明存在的主要问题及改进情况，1月31日前向社会公布。</p>
<p>会议通报了去年全市主动公开政府信息情况，43家单位的年度报告按时发布。</p></div></body></html>
"""
RULE_OF_LAW = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>云溪市财政局2025年法治政府建设年度报告</title></head><body>
<h1>云溪市财政局2025年法治政府建设年度报告</h1><p>2025年，我局深入推进依法行政，现将有关情况报告如下。</p>
<p>一、总体情况</p><p>落实重大行政决策程序，开展合法性审查25件，主动公开政府信息120条。</p>
<p>二、存在的主要问题</p><p>执法队伍的专业能力还有差距，普法形式不够新颖。</p><p>三、下一步工作</p><p>加强行政复议和行政诉讼应诉工作，提高执法水平。</p>
<table border="1"><tr><td>项目</td><td>数量</td></tr><tr><td>行政复议</td><td>2</td></tr><tr><td>行政诉讼</td><td>1</td></tr></table>
<p>云溪市财政局</p><p>2026年1月20日</p></body></html>
"""
STATEMENT = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>政府网站工作年度报表（2025年度）</title></head><body>
<h1>政府网站工作年度报表（2025年度）</h1><p>填报单位：云溪市人民政府办公室</p><table border="1"><tr><td>网站名称</td><td>云溪市人民政府门户网站</td></tr>
<tr><td>网站标识码</td><td>0000000001</td></tr><tr><td>信息发布（单位：条）总数</td><td>8642</td></tr><tr><td>概况类信息更新量</td><td>36</td></tr>
<tr><td>政务动态信息更新量</td><td>7120</td></tr><tr><td>信息公开目录信息更新量</td><td>1486</td></tr></table></body></html>
"""


def shell():
    """A page that is made by its script: nothing to read in it."""
    lines = "".join(f'e[{i}]=function(t,n,r){{"use strict";r.d(n,"a{i}",function(){{return o({i})}})}};' for i in range(600))
    return ('<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>信息公开年报</title></head><body><noscript>请启用 JavaScript。</noscript>'
            f'<div id="app"></div><script>(function(e){{{lines}}})([]);</script></body></html>\n')


def garbage():
    """Bytes of no format, the same every time."""
    state, out = 1, bytearray()
    for _ in range(4096):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(state >> 16 & 0xFF)
    return bytes(out)


def files():
    """{name: bytes}."""
    return {
        "empty.html": b"", "whitespace.txt": " \t\r\n\u3000\n\n\ufeff".encode(), "login.html": LOGIN.encode(), "soft-404.html": SOFT_404.encode(),
        "news.html": NEWS.encode(), "rule-of-law.html": RULE_OF_LAW.encode(), "website-statement.html": STATEMENT.encode(),
        "script-shell.html": shell().encode(), "garbage.bin": garbage(),
        "half-utf8.html": "<html><body><p>政府信息公开".encode()[:-1], "cut-zip.docx": b"PK\x03\x04\x14\x00\x00\x00\x08\x00word/document.xml",
        "unclosed.html": "<table><tr><td>规章<td rowspan=99999 colspan=99999>0<table><tr><td>行政许可".encode(),
    }
