//! Letters and channels: what is rendered, what reaches a folder or an address, and what a failure tells.

use super::render::{text, view};
use super::*;
use crate::digest::sample;
use crate::model::Severity;
use std::sync::Mutex;

fn letter(lang: Lang) -> Letter {
    let findings = sample::standing();
    let issues = findings.iter().map(|finding| Issue::of(finding.clone(), None, None, "云溪市")).collect();
    let row = StandingRow {
        agency: "yunxi-water".to_owned(),
        name: "=HYPERLINK(\"http://x\")".to_owned(),
        kind: Some(crate::model::AgencyKind::Department),
        year: 2025,
        state: "published".to_owned(),
        due: Some(sample::date(1, 31)),
        published: Some(sample::date(1, 20)),
        first_seen: Some(sample::at(1, 20, 18)),
        url: Some("https://www.yunxi.example/xxgknb/1.html".to_owned()),
    };
    Letter::of(sample::full(&findings), &Workbook { standings: vec![row], issues }, lang).unwrap()
}

/// An address that gives one answer and remembers what was posted.
struct Fake {
    answer: Result<Answer, String>,
    posted: Mutex<Vec<String>>,
}

impl Fake {
    fn new(answer: Result<(u16, &str), &str>) -> Fake {
        let answer = answer.map(|(status, body)| Answer { status, body: body.to_owned() }).map_err(str::to_owned);
        Fake { answer, posted: Mutex::default() }
    }
}

impl Post for Fake {
    fn post<'a>(&'a self, posting: Posting<'a>) -> BoxFuture<'a, Result<Answer, String>> {
        self.posted.lock().unwrap().push(posting.body);
        Box::pin(async { self.answer.clone() })
    }
}

#[test]
fn the_text_in_chinese() {
    insta::assert_snapshot!(letter(Lang::Zh).text);
}

#[test]
fn the_text_in_english() {
    insta::assert_snapshot!(letter(Lang::En).text);
}

#[test]
fn the_page_in_both_languages() {
    insta::assert_snapshot!("page_zh", letter(Lang::Zh).html);
    insta::assert_snapshot!("page_en", letter(Lang::En).html);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let digest = sample::full(&sample::standing());
    let plain = text::text(&digest, Lang::Zh, text::Look { style: false, width: 100 });
    let styled = text::text(&digest, Lang::Zh, text::Look { style: true, width: 100 });
    let bare = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap().replace_all(&styled, "").into_owned();
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(trimmed(&bare), trimmed(&plain));
    assert!(styled.contains("\x1b[1;31m") && !plain.contains('\x1b'));
}

#[test]
fn lines_keep_to_the_width() {
    let digest = sample::full(&sample::standing());
    for width in [60, 80, 120] {
        let text = text::text(&digest, Lang::Zh, text::Look { style: false, width });
        // Addresses and hashes are not broken, so that they can be copied.
        for line in text.lines().filter(|line| !line.contains("http") && line.trim().len() != 64) {
            assert!(render::align::columns(line) <= width + 2, "{width}: {line}");
        }
    }
}

#[test]
fn markup_and_addresses_from_the_web_do_no_harm() {
    let mut digest = sample::full(&[]);
    digest.missing = vec!["<script>alert(1)</script>".to_owned()];
    digest.new_reports = vec![sample::new_report("<b>镇</b>", "\"><img src=x>", "javascript:alert(1)")];
    let html = render::html::html(&digest, Lang::Zh).unwrap();
    for harm in ["<script>", "<b>镇", "<img", "javascript:"] {
        assert!(!html.contains(harm), "{harm}");
    }
    assert_eq!(view::web_address("HTTPS://x.example/"), Some("HTTPS://x.example/".to_owned()));
    assert_eq!(view::web_address("年报.html"), None);
}

#[test]
fn a_report_takes_three_lines_and_the_rest_is_counted() {
    let view = view::View::of(&sample::full(&sample::standing()), Lang::Zh);
    let groups = view.sections.iter().find_map(|section| match &section.body {
        view::Body::Groups(groups) => Some(groups),
        _ => None,
    });
    let first = &groups.unwrap()[0];
    assert_eq!((first.lines.len(), first.more.as_str()), (3, "另有 2 项"));
}

#[test]
fn a_quiet_digest_says_so_and_still_shows_what_stands() {
    let last = crate::digest::compose(sample::quiet(None)).unwrap();
    let last = Digest { missing: vec!["柳河县林业局".to_owned()], ..last };
    let input =
        crate::digest::DigestInput { missing: last.missing.clone(), now: sample::at(4, 20, 0), ..sample::quiet(Some(&last)) };
    insta::assert_snapshot!(text::plain(&crate::digest::compose(input).unwrap(), Lang::Zh));
}

#[test]
fn a_flood_of_news_stays_on_a_few_pages() {
    let findings: Vec<_> = (0..300).map(|n| sample::imbalance(&format!("第{n}局"), 3)).collect();
    let mut digest = sample::full(&findings);
    digest.missing = (0..150).map(|n| format!("第{n}局")).collect();
    let text = text::plain(&digest, Lang::Zh);
    assert!(text.contains("另有 110 家") && text.contains("另有 274 份年报、274 项问题"), "{text}");
    assert!(text.lines().count() < 250);
}

#[test]
fn a_list_becomes_a_sheet() {
    let rows = [vec!["柳河县".to_owned(), "https://x.example/".to_owned()]];
    let bytes = render::xlsx::list("findings", &["name", "link"], rows.into_iter()).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "findings").unwrap();
    assert_eq!(sheet.get_size(), (2, 2));
}

#[test]
fn personal_data_stays_at_home() {
    let mut finding = sample::finding("甲局", "privacy/mobile", "a", Severity::Error, "正文出现手机号码", "a mobile number");
    finding.violation.actual = Some("13800000000".to_owned());
    let mut digest = sample::full(&[]);
    digest.changes = vec![sample::change(crate::model::ChangeKind::Opened, finding)];
    let page = render::html::html(&digest, Lang::Zh).unwrap();
    assert!(page.contains("已隐去") && !page.contains("13800000000"));
}

#[test]
fn the_workbook_is_the_same_for_the_same_digest_and_holds_text_as_text() {
    let (first, again) = (letter(Lang::Zh), letter(Lang::Zh));
    assert_eq!(first.xlsx, again.xlsx);
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(first.xlsx)).unwrap();
    use calamine::{Data, Reader};
    assert_eq!(book.sheet_names(), ["发布情况", "问题台账", "摘要"]);
    let standings = book.worksheet_range("发布情况").unwrap();
    assert_eq!(standings.get_value((1, 1)), Some(&Data::String("'=HYPERLINK(\"http://x\")".to_owned())));
    let issues = book.worksheet_range("问题台账").unwrap();
    assert_eq!(issues.get_size(), (1 + sample::standing().len(), 27));
}

#[tokio::test]
async fn a_folder_gets_each_digest_once_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let letter = letter(Lang::Zh);
    let channel = Channel::Folder(folder.path().join("out"));
    let draft = folder.path().join(format!("out/.2026-04-02-{}.part", letter.digest.id));
    std::fs::create_dir_all(draft.join("left by a crash")).unwrap();
    for _ in 0..2 {
        deliver(&channel, &letter, &Fake::new(Err("not used"))).await.unwrap();
    }
    let names = |path: &std::path::Path| {
        let mut names: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let name = format!("2026-04-02-{}", letter.digest.id);
    assert_eq!(names(&folder.path().join("out")), [name.as_str()]);
    let place = folder.path().join("out").join(name);
    assert_eq!(names(&place), ["digest.html", "digest.txt", "digest.xlsx"]);
    assert_eq!(std::fs::read(place.join("digest.xlsx")).unwrap(), letter.xlsx);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let failure = deliver(&Channel::Folder(file.clone()), &letter(Lang::Zh), &Fake::new(Err(""))).await.unwrap_err();
    assert!(failure.to_string().contains(&file.display().to_string()));
}

#[tokio::test]
async fn answers_of_an_address_are_sorted() {
    let url = Secret::new("https://hooks.example/?key=k1");
    let webhook = Channel::Webhook { url: url.clone() };
    let wecom = Channel::Robot { kind: RobotKind::Wecom, url: url.clone() };
    let feishu = Channel::Robot { kind: RobotKind::Feishu, url };
    // (channel, answer, None where delivered, else whether it is worth another try)
    let cases = [
        (&webhook, Ok((204, "")), None),
        (&webhook, Ok((404, "")), Some(false)),
        (&webhook, Ok((503, "")), Some(true)),
        (&webhook, Ok((429, "")), Some(true)),
        (&webhook, Err("no route to https://hooks.example/?key=k1"), Some(true)),
        (&wecom, Ok((200, r#"{"errcode":0,"errmsg":"ok"}"#)), None),
        (&wecom, Ok((200, r#"{"errcode":93000}"#)), Some(false)),
        (&wecom, Ok((200, r#"{"errcode":45009}"#)), Some(true)),
        (&wecom, Ok((200, "<html>")), Some(false)),
        (&feishu, Ok((200, r#"{"code":0}"#)), None),
    ];
    let letter = letter(Lang::Zh);
    for (channel, answer, expected) in cases {
        let fake = Fake::new(answer);
        let failure = deliver(channel, &letter, &fake).await.err();
        assert_eq!(failure.as_ref().map(SendError::is_transient), expected, "{} {answer:?}", channel.name());
        assert!(failure.is_none_or(|failure| !failure.to_string().contains("k1")));
        let posted = fake.posted.lock().unwrap();
        let body: serde_json::Value = serde_json::from_str(&posted[0]).unwrap();
        match channel {
            Channel::Webhook { .. } => assert_eq!(body["id"], letter.digest.id.as_str()),
            _ => assert!(posted[0].len() < 4_096),
        }
    }
}

/// A mail channel to a server on loopback.
fn email(port: u16, encryption: Encryption) -> Email {
    Email {
        to: vec!["政务公开办 <office@yunxi.example>".to_owned(), "second@yunxi.example".to_owned()],
        from: "年检 <nianjian@yunxi.example>".to_owned(),
        host: "127.0.0.1".to_owned(),
        port,
        encryption,
        user: None,
        password: None,
    }
}

/// A mail server for one conversation: it answers the command that begins with `refused` with `answer`, and
/// any other as it should. Gives its port and, in the end, the mail it was given.
async fn mail_server(refused: &'static str, answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let conversation = async move {
        let (read, mut write) = listener.accept().await.unwrap().0.into_split();
        let (mut lines, mut mail, mut in_mail) = (BufReader::new(read).lines(), String::new(), false);
        write.write_all(b"220 mail.example\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            if in_mail && line != "." {
                mail.push_str(&line);
                mail.push('\n');
                continue;
            }
            in_mail = line == "DATA";
            let reply = match line.as_str() {
                line if !refused.is_empty() && line.starts_with(refused) => answer,
                "DATA" => "354 go on",
                _ => "250 well",
            };
            if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                break;
            }
        }
        mail
    };
    (port, tokio::spawn(conversation))
}

#[tokio::test]
async fn a_mail_carries_the_id_of_its_digest() {
    let (port, server) = mail_server("", "").await;
    let letter = letter(Lang::Zh);
    deliver(&Channel::Email(email(port, Encryption::None)), &letter, &Fake::new(Err(""))).await.unwrap();
    let mail = server.await.unwrap();
    assert!(mail.contains(&format!("Message-ID: <nianjian-{}@yunxi.example>", letter.digest.id)), "{mail:.600}");
    assert!(mail.contains("Date: Thu, 02 Apr 2026") && mail.contains("multipart/alternative"));
}

#[tokio::test]
async fn what_a_mail_server_says_is_sorted() {
    let cases = [
        ("MAIL", "550 5.7.1 not you", Encryption::None, false, "refused"),
        ("RCPT", "550 5.1.1 no such user", Encryption::None, false, "refused"),
        ("RCPT", "451 4.7.1 come back later", Encryption::None, true, "later"),
        ("EHLO", "421 4.3.2 closing", Encryption::None, true, "later"),
        ("-", "", Encryption::Required, false, "starttls"),
    ];
    let letter = letter(Lang::Zh);
    for (command, answer, encryption, transient, word) in cases {
        let (port, server) = mail_server(command, answer).await;
        let failure = deliver(&Channel::Email(email(port, encryption)), &letter, &Fake::new(Err(""))).await.unwrap_err();
        assert_eq!(failure.is_transient(), transient, "{command} {answer}: {failure}");
        assert!(failure.to_string().contains(word), "{failure}");
        server.abort();
    }
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_says_why() {
    let secret = Email { password: Some(Secret::new("pw1")), ..email(1, Encryption::None) };
    assert!(!format!("{secret:?}").contains("pw1"));
    let (none, letter) = (Fake::new(Err("")), letter(Lang::Zh));
    let unreachable = deliver(&Channel::Email(secret.clone()), &letter, &none).await.unwrap_err();
    assert!(unreachable.is_transient(), "{unreachable}");
    let nameless = Email { from: "nobody".to_owned(), ..secret };
    assert!(matches!(deliver(&Channel::Email(nameless), &letter, &none).await, Err(SendError::Address(_))));
}

/// Run by hand: `NIANJIAN_SMTP=127.0.0.1:2525 NIANJIAN_OUT=/tmp/out cargo test --lib by_hand -- --ignored`
/// sends a mail to a server that listens there, and leaves the digest in the folder to be looked at.
#[tokio::test]
#[ignore = "needs a mail server"]
async fn by_hand() {
    let server = std::env::var("NIANJIAN_SMTP").unwrap();
    let (host, port) = server.split_once(':').unwrap();
    let email = Email { host: host.to_owned(), ..email(port.parse().unwrap(), Encryption::None) };
    let none = Fake::new(Err(""));
    for lang in [Lang::Zh, Lang::En] {
        deliver(&Channel::Email(email.clone()), &letter(lang), &none).await.unwrap();
        let folder = PathBuf::from(std::env::var("NIANJIAN_OUT").unwrap()).join(lang.word());
        deliver(&Channel::Folder(folder), &letter(lang), &none).await.unwrap();
    }
}
