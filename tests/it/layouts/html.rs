//! A report as the programs behind portals write it: Word's export, WPS's, an editor's, by hand.

use super::grid::{Cell, Grid, Role};
use super::random::Random;
use super::recipe::{Recipe, Writer};
use super::story::Piece;
use super::truth::Truth;

/// Writes pages.
pub(super) struct Html<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) truth: &'a Truth,
    pub(super) random: &'a mut Random,
}

impl Html<'_> {
    /// The whole page.
    pub(super) fn page(&mut self, pieces: &[Piece]) -> String {
        let mut body: String = pieces.iter().map(|piece| self.piece(piece)).collect();
        for _ in 0..self.recipe.nested {
            body = format!("<table width=\"100%\" border=\"0\"><tbody><tr><td valign=\"top\">{body}</td></tr></tbody></table>");
        }
        if self.recipe.nested > 1 {
            body = format!("<table><tr><td width=\"10\">&nbsp;</td><td>{body}</td><td width=\"10\">&nbsp;</td></tr></table>");
        }
        let charset = if self.recipe.gbk { "gb2312" } else { "utf-8" };
        let title = self.truth.title.concat();
        let meta = if self.random.chance(60) {
            format!(
                "<meta name=\"ArticleTitle\" content=\"{title}\"><meta name=\"PubDate\" content=\"{} 09:30\">",
                self.truth.published
            )
        } else {
            String::new()
        };
        let styles = "<style>.tb{display:table;width:100%} .tb .r{display:table-row} .tb .c{display:table-cell;border:1px solid}\n.gone{display:none}</style>";
        let (above, below) = if self.recipe.chrome { (self.above(), self.below()) } else { (String::new(), String::new()) };
        let name = self.random.pick(&["_云溪市人民政府门户网站", " - 云溪市人民政府", ""]);
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"{charset}\"><title>{title}{name}</title>{meta}{styles}</head><body>{above}<div class=\"article\">{body}</div>{below}</body></html>"
        )
    }

    /// What stands above a report: the way through the site, and what nobody sees.
    fn above(&mut self) -> String {
        let hidden = self.random.pick(&[
            "style=\"display:none\"",
            "style=\"visibility: hidden\"",
            "hidden",
            "class=\"gone\"",
            "style=\"font-size:0\"",
            "aria-hidden=\"true\" style=\"display: none\"",
        ]);
        let last = self.truth.year - 1;
        format!(
            "<div class=\"nav\"><ul><li><a href=\"/\">首页</a></li><li><a href=\"/xxgk/\">政府信息公开年报</a></li></ul></div>\
             <div class=\"crumb\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/xxgk/\">信息公开</a> &gt; 政府信息公开年报</div>\
             <div {hidden}><p>柳河县农业农村局{last}年政府信息公开工作年度报告</p><table><tr><td>行政许可</td><td>99</td></tr></table></div>\
             <div class=\"tools\">字号：<a href=\"#\">大</a> <a href=\"#\">中</a> <a href=\"#\">小</a> 打印 分享到</div>"
        )
    }

    /// What stands below it: other reports, the office's address.
    fn below(&mut self) -> String {
        let last = self.truth.year - 1;
        let list = self.random.pick(&[true, false]);
        let related = if list {
            format!(
                "<div class=\"related\"><h4>相关阅读</h4><ul><li><a href=\"/1.html\">柳河县水利局{last}年政府信息公开工作年度报告</a><span>{last}-01-18</span></li>\
                 <li><a href=\"/2.html\">柳河县财政局{0}年政府信息公开工作年度报告</a><span>{0}-02-20</span></li></ul></div>",
                last + 1
            )
        } else {
            format!("<p>上一篇：<a href=\"/1.html\">柳河县水利局{last}年政府信息公开工作年度报告</a></p><p>下一篇：没有了</p>")
        };
        format!(
            "{related}<div class=\"foot\"><p>主办：云溪市人民政府办公室　电话：0000-1234567</p><p>网站标识码：0000000000　备案号 2020-01-01</p></div>"
        )
    }

    fn piece(&mut self, piece: &Piece) -> String {
        match piece {
            Piece::Title(text) => {
                let tag = self.random.pick(&["h1", "div", "p", "h2"]);
                format!("<{tag} class=\"title\" style=\"text-align:center\">{}</{tag}>", self.run(text))
            }
            Piece::Shown(text) => format!("<div class=\"info\"><span>{}</span></div>", text.replace(' ', "</span> <span>")),
            Piece::Heading(text) => self.heading(text),
            Piece::Paragraph(text) => format!("<p style=\"text-indent:2em\">{}</p>", self.run(text)),
            Piece::Signature(text) => format!("<p style=\"text-align:right\" align=\"right\">{}</p>", self.run(text)),
            Piece::Table(grid) => self.table(grid),
        }
    }

    fn heading(&mut self, text: &str) -> String {
        let split = text.char_indices().nth(2).map_or(0, |(at, _)| at);
        let (number, words) = text.split_at(split);
        match self.random.below(6) {
            0 => format!("<h2>{text}</h2>"),
            1 => format!("<p><strong>{text}</strong></p>"),
            2 => format!("<p><span style=\"font-family:黑体\">{number}</span><span>{words}</span></p>"),
            3 => format!("<div><b><font face=\"黑体\">{text}</font></b></div>"),
            4 => format!("<p>　　{}</p>", self.run(text)),
            _ => format!("<p class=\"MsoNormal\"><b><span style='font-size:16pt'>{number}</span></b><b>{words}</b></p>"),
        }
    }

    /// A run of text as the writer wraps it.
    fn run(&mut self, text: &str) -> String {
        let text = text.replace('\n', "<br>");
        match self.recipe.writer {
            Writer::Word => format!("<span style='font-size:16.0pt;font-family:仿宋_GB2312'>{text}<o:p></o:p></span>"),
            Writer::Wps => {
                format!("<span style=\"font-family:仿宋;font-size:16.0000pt;\"><font face=\"仿宋\">{text}</font></span>")
            }
            Writer::Editor => format!("<span style=\"font-size: 21px; font-family: 仿宋_GB2312, 仿宋;\">{text}</span>"),
            _ => text,
        }
    }

    fn table(&mut self, grid: &Grid) -> String {
        let div = |open: &str, row: &str, inner: &str| (format!("<div{open}>"), format!("<div{row}>"), inner.to_owned());
        let (open, row, inner) = match self.recipe.writer {
            Writer::StyledDivs => {
                div(" style=\"display:table\"", " style='display: table-row'", " style=\"display:table-cell;padding:2px\"")
            }
            Writer::FlexDivs => div("", " style=\"display:flex;width:100%\"", " style=\"flex:1\""),
            Writer::ClassDivs => div(" class=\"tb\"", " class=\"r\"", " class=\"c\""),
            Writer::GridDivs => return self.drawn_grid(grid),
            _ => return self.real_table(grid),
        };
        let mut html = open;
        for cells in &grid.0 {
            html.push_str(&row);
            for cell in cells {
                html.push_str(&format!("<div{inner}>{}</div>", self.inside(cell)));
            }
            html.push_str("</div>");
        }
        html + "</div>"
    }

    fn drawn_grid(&mut self, grid: &Grid) -> String {
        let columns = grid.cover().iter().map(Vec::len).max().unwrap_or(1);
        let mut html = format!("<div style=\"display: grid; grid-template-columns: repeat({columns}, 1fr)\">");
        for row in &grid.0 {
            for cell in row {
                html.push_str(&format!("<div style=\"padding:2px\">{}</div>", self.inside(cell)));
            }
            html.extend(std::iter::repeat_n("<div></div>", columns.saturating_sub(row.len())));
        }
        html + "</div>"
    }

    fn real_table(&mut self, grid: &Grid) -> String {
        let unclosed = self.recipe.writer == Writer::Unclosed;
        let (open, close) = match self.recipe.writer {
            Writer::Word => (
                "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--><div align=center><table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>",
                "</table></div>",
            ),
            Writer::Editor => ("<table align=\"center\" class=\"noBorderTable\"><tbody>", "</tbody></table>"),
            _ => ("<table border=\"1\"><tbody>", "</tbody></table>"),
        };
        let mut html = open.to_owned();
        for (at, cells) in grid.0.iter().enumerate() {
            html.push_str(if at == 0 && self.recipe.writer == Writer::Editor {
                "<tr class=\"firstRow\">"
            } else {
                "<tr style='height:20pt'>"
            });
            for cell in cells {
                let tag = if cell.role == Role::Header && self.recipe.writer == Writer::Plain { "th" } else { "td" };
                let span = |name: &str, number: usize| if number == 1 { String::new() } else { format!(" {name}=\"{number}\"") };
                html.push_str(&format!(
                    "<{tag} width=85{}{} style='border:solid 1.0pt;padding:0cm 5.4pt'>{}",
                    span("rowspan", cell.rows),
                    span("colspan", cell.columns),
                    self.inside(cell)
                ));
                if !unclosed {
                    html.push_str(&format!("</{tag}>"));
                }
            }
            if !unclosed {
                html.push_str("</tr>");
            }
        }
        if self.recipe.writer == Writer::Word {
            html.push_str("<![if !supportMisalignedColumns]><tr height=0><td width=85 style='border:none'></td><td width=85 style='border:none'></td></tr><![endif]>");
        }
        html + close
    }

    /// The inside of a cell.
    fn inside(&mut self, cell: &Cell) -> String {
        let text = if cell.role == Role::Value && self.recipe.torn_numbers {
            self.torn(&cell.text)
        } else {
            cell.text.replace('\n', "<br/>")
        };
        match self.recipe.writer {
            Writer::Word if text.is_empty() => {
                "<p class=MsoNormal align=center><span lang=EN-US><o:p>&nbsp;</o:p></span></p>".to_owned()
            }
            Writer::Word => format!(
                "<p class=MsoNormal align=center style='text-align:center'><span lang=EN-US style='font-size:10.5pt'>{text}<o:p></o:p></span></p>"
            ),
            Writer::Wps => format!(
                "<p class=\"MsoNormal\" align=center><span style=\"font-family:宋体\"><font face=\"宋体\">{text}</font></span></p>"
            ),
            Writer::Editor => format!("<p style=\"text-align: center;\"><span style=\"font-size: 14px;\">{text}</span></p>"),
            Writer::Unclosed => format!("<p>{text}"),
            _ => text,
        }
    }

    /// A number in several elements, or with characters in it that nobody sees.
    fn torn(&mut self, text: &str) -> String {
        let digits = text.chars().all(|c| c.is_ascii_digit());
        if !digits || text.len() < 2 {
            return text.to_owned();
        }
        let (front, back) = text.split_at(1 + self.random.below(text.len() - 1));
        match self.random.below(5) {
            0 => format!("<span>{front}</span><span>{back}</span>"),
            1 => format!("{front}&#8203;{back}"),
            2 => format!("<b>{front}</b>{back}"),
            3 => format!("{front}&shy;{back}"),
            _ => format!("\n   {front}<font>{back}</font>\n  "),
        }
    }
}
