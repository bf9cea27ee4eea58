//! A whole report drawn by chance: figures that add up, words that say what the figures say, and the report of the year
//! before, which leads to it.

use super::random::Random;
use super::whole::{Labelled, Said};
use std::collections::BTreeMap;

/// A report before it is written: its grids as numbers, so that a fault can be put into one of them.
#[derive(Clone)]
pub(super) struct Drawn {
    pub(super) says: Said,
    pub(super) grid: BTreeMap<String, [u64; 7]>,
    pub(super) cases: BTreeMap<&'static str, [u64; 5]>,
    pub(super) figures: BTreeMap<String, u64>,
}

pub(super) const OUTCOMES: [&str; 9] = [
    "results.granted",
    "results.partial",
    "results.refused.third_party",
    "results.refused.process_info",
    "results.refused.enforcement_file",
    "results.unavailable.not_held",
    "results.unavailable.needs_creation",
    "results.not_processed.petition",
    "results.not_processed.repeat",
];
const GROUPS: [&str; 3] = ["review", "litigation_direct", "litigation_after_review"];
const DOCUMENTS: &str = "proactive.a20_1.normative_docs";

/// Name, and what it calls itself.
const AGENCIES: [(&str, &str); 7] = [
    ("柳河县水利局", "我局"),
    ("柳河县青石镇人民政府", "我镇"),
    ("云溪市教育局", "我局"),
    ("柳河县城关街道办事处", "我街道"),
    ("柳河县人民政府办公室", "我办"),
    ("柳河县发展和改革委员会", "我委"),
    ("柳河县人民政府", "我县"),
];

impl Drawn {
    /// The sum of rows whose id begins so, in the column of totals.
    fn total(&self, rows: &str) -> u64 {
        self.grid.iter().filter(|(row, _)| row.starts_with(rows)).map(|(_, cells)| cells[6]).sum()
    }

    fn figure(&self, id: &str) -> u64 {
        self.figures.get(id).copied().unwrap_or(0)
    }

    /// As it is printed.
    pub(super) fn said(&self) -> Said {
        let words = |cells: &[u64]| cells.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        Said {
            applications: self.grid.iter().map(|(row, cells)| (row.clone(), words(cells))).collect(),
            review_litigation: self.cases.iter().map(|(group, cells)| ((*group).to_owned(), words(cells))).collect(),
            figures: self.figures.iter().map(|(id, value)| (id.clone(), value.to_string())).collect(),
            ..self.says.clone()
        }
    }

    pub(super) fn labelled(&self, previous: Option<&Drawn>) -> Labelled {
        Labelled { says: self.said(), previous: previous.map(Drawn::said), ..Labelled::default() }
    }
}

/// A clean report and the one of the year before.
pub(super) fn drawn(random: &mut Random) -> (Drawn, Drawn) {
    let (agency, oneself) = random.pick(&AGENCIES);
    let year = 2022 + random.below(4) as i32;
    let mut grid = applications(random);
    let mut cases = BTreeMap::new();
    for group in GROUPS {
        let mut cells = [0u64; 5];
        for cell in &mut cells[..4] {
            *cell = if random.chance(50) { 0 } else { random.below(6) as u64 };
        }
        cells[4] = cells[..4].iter().sum();
        cases.insert(group, cells);
    }
    let (stock, issued) = (random.below(40) as u64 + 2, random.below(7) as u64);
    let repealed = random.below(stock as usize) as u64;
    let figures = |issued: u64, repealed: u64, in_force: u64, more: u64| {
        BTreeMap::from([
            (format!("{DOCUMENTS}.issued"), issued),
            (format!("{DOCUMENTS}.repealed"), repealed),
            (format!("{DOCUMENTS}.in_force"), in_force),
            ("proactive.a20_5.licensing.decisions".to_owned(), 31 + more),
            ("proactive.a20_6.penalty.decisions".to_owned(), 12 + more),
        ])
    };
    let more = random.below(30) as u64;
    let says =
        Said { standard: "v2021".to_owned(), agency: agency.to_owned(), oneself: oneself.to_owned(), year, ..Said::default() };
    let mut now = Drawn {
        says: says.clone(),
        grid: grid.clone(),
        cases: cases.clone(),
        figures: figures(issued, repealed, stock + issued - repealed, more),
    };
    // The year before: what it carried forward is what came in, and no case was pending that is not here.
    let carried = grid["carried_in"];
    grid.insert("carried_in".to_owned(), [0; 7]);
    let results = grid["results.total"];
    grid.insert("received".to_owned(), std::array::from_fn(|column| results[column] + carried[column]));
    grid.insert("carried_forward".to_owned(), carried);
    for cells in cases.values_mut() {
        (cells[3], cells[4]) = (0, cells[4] - cells[3]);
    }
    let mut last = Drawn { says: Said { year: year - 1, ..says }, grid, cases, figures: figures(1, 1, stock, more + 1) };
    let turn = random.below(12);
    tell(&mut now, turn, random);
    tell(&mut last, turn + 1, random);
    (now, last)
}

fn applications(random: &mut Random) -> BTreeMap<String, [u64; 7]> {
    let mut grid: BTreeMap<String, [u64; 7]> = OUTCOMES.iter().map(|row| ((*row).to_owned(), [0; 7])).collect();
    let many = random.pick(&[6, 14, 60]);
    let (mut carried_in, mut forward) = ([0u64; 7], [0u64; 7]);
    for column in 0..6 {
        let width = [1, 3, 9, 20, 30, 40][column];
        for _ in 0..random.below(many / width + 2) {
            let row = OUTCOMES[random.below(OUTCOMES.len())];
            if let Some(cells) = grid.get_mut(row) {
                cells[column] += 1 + random.below(3) as u64;
            }
        }
        let answered: u64 = grid.values().map(|cells| cells[column]).sum();
        carried_in[column] = (random.below(4) as u64).min(answered);
        forward[column] = if column < 2 { random.below(3) as u64 } else { 0 };
    }
    let total: [u64; 7] = std::array::from_fn(|column| grid.values().map(|cells| cells[column]).sum());
    grid.insert("results.total".to_owned(), total);
    grid.insert("received".to_owned(), std::array::from_fn(|column| total[column] + forward[column] - carried_in[column]));
    grid.insert("carried_in".to_owned(), carried_in);
    grid.insert("carried_forward".to_owned(), forward);
    for cells in grid.values_mut() {
        cells[6] = cells[..6].iter().sum();
    }
    grid
}

/// Writes a report's sections: `turn` chooses the words, so that two years in a row are not told alike.
fn tell(report: &mut Drawn, turn: usize, random: &mut Random) {
    let of = |all: &[&str], by: usize| all[(turn + by) % all.len()].to_owned();
    let [a, b, c] = std::array::from_fn(|_| 20 + random.below(400));
    let sum = a + b + c;
    let proactive = [
        format!("全年通过门户网站公开信息{sum}条，其中工作动态{a}条、政策文件{b}条、其他{c}条。"),
        format!(
            "制发行政规范性文件{}件，废止{}件，现行有效{}件；作出行政许可决定{}件、行政处罚决定{}件。",
            report.figure(&format!("{DOCUMENTS}.issued")),
            report.figure(&format!("{DOCUMENTS}.repealed")),
            report.figure(&format!("{DOCUMENTS}.in_force")),
            report.figure("proactive.a20_5.licensing.decisions"),
            report.figure("proactive.a20_6.penalty.decisions"),
        ),
        format!("本年度门户网站发布各类信息{sum}条（工作动态{a}条，通知公告{b}条，其他{c}条），政策解读{}篇。", c % 9 + 1),
        format!("机构职能、权责清单、财政预决算等栏目随时更新，共更新{sum}条，分别为动态类{a}条、公告类{b}条、文件类{c}条。"),
    ];
    let [received, carried_in, handled, forward] =
        ["received", "carried_in", "results.total", "carried_forward"].map(|row| report.grid[row][6]);
    let natural = report.grid["received"][0];
    let mut applications = vec![
        format!("新收政府信息公开申请{received}件，上年结转{carried_in}件，办结{handled}件，结转下年度继续办理{forward}件。"),
        format!(
            "全年共收到政府信息公开申请{received}件，其中自然人申请{natural}件、法人或其他组织申请{}件；予以公开{}件，部分公开{}件。",
            received - natural,
            report.grid["results.granted"][6],
            report.grid["results.partial"][6],
        ),
        format!(
            "受理依申请公开{received}件，加上上年结转{carried_in}件，共答复{handled}件；不予公开{}件，无法提供{}件，不予处理{}件。",
            report.total("results.refused"),
            report.total("results.unavailable"),
            report.total("results.not_processed"),
        ),
        "规范登记、审核、办理、答复、归档各环节，所有答复均在法定期限内作出。".to_owned(),
    ];
    if received > 0 {
        let tenths = (natural * 2000 + received) / (received * 2);
        applications.push(format!("收到申请{received}件，其中自然人{natural}件，占{}.{}%。", tenths / 10, tenths % 10));
    }
    let style = turn % 3;
    let heads = ["主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障"];
    let told = [
        proactive[turn % proactive.len()].clone(),
        applications[turn % applications.len()].clone(),
        of(&MANAGED, 0),
        of(&PLATFORM, 1),
        of(&OVERSEEN, 2),
    ];
    let number = |at: usize| ["一", "二", "三", "四", "五"][at];
    let parts = heads.iter().zip(told).enumerate().map(|(at, (head, words))| match style {
        0 => format!("（{}）{head}。{words}", number(at)),
        1 => format!("{}.{head}情况。{words}", at + 1),
        _ => format!("（{}）{head}方面：{words}", number(at)),
    });
    let overview: Vec<String> = std::iter::once(of(&OPENING, 0)).chain(parts).collect();
    let [reviews, lawsuits] =
        [report.cases["review"][4], report.cases["litigation_direct"][4] + report.cases["litigation_after_review"][4]];
    let cases = match (turn % 3, reviews + lawsuits) {
        (_, 0) => "全年没有发生因政府信息公开引起的行政复议和行政诉讼。".to_owned(),
        (0, _) => format!("{{year}}年，因政府信息公开被申请行政复议{reviews}件，行政诉讼{lawsuits}件。"),
        (1, _) => format!("本年度政府信息公开行政复议{reviews}件、行政诉讼{lawsuits}件，均依法办理。"),
        _ => "具体情况见下表。".to_owned(),
    };
    report.says.preamble = Some(vec![of(&PREAMBLE, 0)]);
    report.says.text = [
        ("overview", overview),
        ("review_litigation", vec![cases]),
        ("problems", of(&PROBLEMS, 0).lines().map(str::to_owned).collect()),
        ("other", vec![of(&OTHER, 0)]),
    ]
    .map(|(section, texts)| (section.to_owned(), texts))
    .into();
}

const PREAMBLE: [&str; 3] = [
    "本报告依据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
    "根据《中华人民共和国政府信息公开条例》和上级要求，现公布{agency}{year}年政府信息公开工作年度报告。本报告中所列数据统计期限为{year}年1月1日至{year}年12月31日。",
    "按照条例第五十条规定，编制本报告。全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分，数据统计期限为{year}年1月1日至{year}年12月31日。",
];
const OPENING: [&str; 4] = [
    "{year}年，{self}认真贯彻落实条例，不断提高公开质量。",
    "{year}年，{self}围绕中心工作，把公开要求落到办文、办事各环节。",
    "一年来，{self}坚持以公开为常态、不公开为例外，各项任务如期完成。",
    "{year}年，{self}政府信息公开工作在上级部门指导下有序推进，现将情况报告如下。",
];
const MANAGED: [&str; 4] = [
    "落实三审三校，健全发布审核机制，清理历史文件6份。",
    "公文拟制时同步确定公开属性，每季度对已发布的内容复查一遍，发现错敏词及时更正。",
    "建立信息台账，从拟稿、审签到发布全程留痕；对失效文件作出标注。",
    "明确由一名分管负责同志把关，做到谁公开谁审查、事前审查、依法审查。",
];
const PLATFORM: [&str; 4] = [
    "优化网站栏目设置，维护新媒体账号2个。",
    "门户网站公开专栏按法定主动公开内容归类，增设检索入口；政务公开专区配备查阅设备。",
    "政务新媒体与网站同步发布，关停长期不更新的账号1个。",
    "在便民服务中心设置查阅点，方便群众现场查询；栏目更新由专人每日巡检。",
];
const OVERSEEN: [&str; 4] = [
    "开展业务培训1场；公开工作列入年度考核，社会评议满意度较高，全年未发生责任追究情形。",
    "工作考核方面，将公开情况纳入绩效评分；社会评议方面，通过问卷听取意见；责任追究方面，没有需要追究责任的情形。",
    "召开专题会议2次研究公开工作，把工作考核结果与评优挂钩，邀请群众代表开展社会评议，未出现需要责任追究的问题。",
    "加强日常监督，结合工作考核和社会评议查找不足，年内没有因信息公开被责任追究的情况。",
];
const PROBLEMS: [&str; 4] = [
    "存在的主要问题：一是政策解读形式较为单一，多以文字为主；二是个别业务科室对公开属性认定不够准确，报送信息不够及时。\n改进情况：已建立信息报送台账，按月通报；下一步将丰富解读形式，组织公文公开属性认定培训，由专人逐件核对。",
    "主要问题是基层工作人员变动频繁，业务不够熟练，有的栏目更新间隔偏长，群众想看的办事信息埋得太深。针对这些问题，我们采取了以老带新的办法，重新排了栏目层级，并将继续压缩审核环节，今后每半年组织一次交流。",
    "对照要求，工作中还有不足：公开的深度不够，惠民资金的分配结果公开较晚；与群众的互动偏少。改进措施：一是把资金分配结果的公开时限写进工作流程；二是每季度选取一个话题开展在线问答，逐条回应。",
    "（一）存在问题。新媒体内容转载多、原创少；答复文书说理不够充分，个别申请人不满意。\n（二）改进情况。设立答复文书范本库，重要答复由法律顾问审核；安排专人采写身边的政策故事，提高原创比例。",
];
const OTHER: [&str; 4] = [
    "依据《政府信息公开信息处理费管理办法》，{year}年未发出收费通知，未收取信息处理费，无其他需要报告的事项。",
    "{year}年度没有收取信息处理费的情况。",
    "本年度{self}未收取政府信息公开信息处理费，没有其他需要报告的事项。",
    "发出收费通知的件数和总金额、实际收取的总金额均为0，信息处理费收取情况见上。",
];
