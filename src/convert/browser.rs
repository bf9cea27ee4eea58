//! A browser of this machine, for pages that only their scripts can show: Chromium, and only for portals that ask for it.
//!
//! The browser renders and nothing else. Its names resolve to nothing and its proxy does not exist; every request that a
//! page makes is held and handed out as a [`Part`], and whoever holds the door to the net brings it or refuses it. Time
//! inside the browser stands still meanwhile, so that a polite fetch is never too slow for a page. What came out of a page
//! that lacks something is no page: it is a problem of ours.

use super::devtools::{Devtools, Silent};
use super::folder::{Folder, located};
use super::process::Memory;
use crate::model::Problem;
use base64::Engine as _;
use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use serde_json::{Value, json};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// The names under which a Chromium is looked for along the search path.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// What one of its processes may write into, in bytes. Its scripts get less; the rest is what the engine sets aside.
const MEMORY: Memory = Memory::Data(8 * 1024 * 1024 * 1024);
/// Processor time that one of its processes may take.
const CPU: Duration = Duration::from_secs(60);
/// How far the clock of a page goes on while it waits for nothing, in milliseconds: then it has settled.
const SETTLED_AFTER: u32 = 5000;
/// The most parts a page may be made of, and the most requests it may try, those refused among them.
const MOST_PARTS: usize = 60;
const MOST_REQUESTS: usize = 1000;
/// No net, no sound, no pictures drawn, nothing remembered, and scripts that are interpreted: compiled code is not needed for
/// lists, and is what most attacks on browsers go through.
const FLAGS: [&str; 17] = [
    "--headless",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://none.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--mute-audio",
    "--no-first-run",
    "--js-flags=--jitless --max-old-space-size=512",
];

/// The browser that is asked, if there is one; it renders one page at a time.
#[derive(Debug, Clone)]
pub struct Browser {
    launcher: Option<PathBuf>,
    program: Option<PathBuf>,
    turn: Arc<Semaphore>,
}

/// Something that a page is made of and that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    id: String,
    pub url: Url,
    /// What the page posts: its type, and itself.
    pub post: Option<(String, String)>,
    is_script: bool,
}

/// A page that is being rendered. What it was started in ends with it.
#[derive(Debug)]
pub struct Rendering {
    running: Running,
    devtools: Devtools,
    host: String,
    main: Value,
    parts: usize,
    requests: usize,
    lacks_script: Option<String>,
    lacks_data: Option<String>,
    threw: bool,
    left: bool,
    /// What its scripts were brought as data.
    data: String,
    _turn: Option<OwnedSemaphorePermit>,
}

/// A page as its scripts made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    /// The data that its scripts asked for, one after another.
    pub data: String,
    /// A host whose script was not brought. Without it the page may lack what it would have shown.
    pub lacks: Option<String>,
}

#[derive(Debug)]
struct Running {
    /// `None` once it was ended.
    group: Option<Pid>,
    child: tokio::process::Child,
    _folder: Folder,
}

impl Running {
    /// Ends all that was started, once: nobody waited for the leader yet, so that the number is still the group's.
    fn end(&mut self) {
        if let Some(group) = self.group.take() {
            let _ended = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

impl Browser {
    /// The browser that `path` has, started through `launcher` (a nianjian binary).
    pub(super) fn find(launcher: Option<PathBuf>, path: &str) -> Browser {
        let program = NAMES.iter().find_map(|name| located(name, path));
        Browser { launcher, program, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Begins to render a page that was fetched. Its own body is `body`; nothing is fetched here.
    ///
    /// # Errors
    /// A problem of ours: no browser on this machine, or one that does not start.
    pub async fn open(&self, url: &Url, body: &[u8], media: Option<&str>) -> Result<Rendering, Problem> {
        let (Some(launcher), Some(program)) = (&self.launcher, &self.program) else {
            let message = "门户配置了 browser = true，本机没有找到 Chromium；请安装软件包 chromium 后重新访问";
            return Err(Problem::new("browser-missing", message));
        };
        // The semaphore is never closed.
        let turn = Arc::clone(&self.turn).acquire_owned().await.ok();
        let host = url.host_str().unwrap_or_default().to_owned();
        let started = start(launcher, program).ok_or(Silent);
        let opened = async {
            let (running, devtools) = started?;
            let mut rendering = Rendering {
                running,
                devtools,
                host: host.clone(),
                main: Value::Null,
                parts: 0,
                requests: 0,
                lacks_script: None,
                lacks_data: None,
                threw: false,
                left: false,
                data: String::new(),
                _turn: turn,
            };
            rendering.show(url, body, media).await.map(|()| rendering)
        };
        opened.await.map_err(|Silent| failed(&host, "浏览器没有启动或中途退出"))
    }
}

/// Starts the browser in a folder and a process group of its own, with our ends of its pipes.
fn start(launcher: &Path, program: &Path) -> Option<(Running, Devtools)> {
    let folder = Folder::new()?;
    let (theirs_in, ours_out) = std::io::pipe().ok()?;
    let (ours_in, theirs_out) = std::io::pipe().ok()?;
    let mut command: Command = folder.command(launcher, program, MEMORY, CPU);
    command.args(FLAGS).arg(format!("--user-data-dir={}", folder.path.join("profile").display()));
    if geteuid().is_root() {
        // As root Chromium has no sandbox of its own and does not start with one.
        command.arg("--no-sandbox");
    }
    command.arg("about:blank").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let descriptors = vec![
        FdMapping { parent_fd: OwnedFd::from(theirs_in), child_fd: 3 },
        FdMapping { parent_fd: OwnedFd::from(theirs_out), child_fd: 4 },
    ];
    command.fd_mappings(descriptors).ok()?;
    let mut command = tokio::process::Command::from(command);
    let child = command.process_group(0).kill_on_drop(true).spawn().ok()?;
    let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let running = Running { group, child, _folder: folder };
    Some((running, Devtools::over(ours_out.into(), ours_in.into()).ok()?))
}

impl Rendering {
    async fn show(&mut self, url: &Url, body: &[u8], media: Option<&str>) -> Result<(), Silent> {
        let devtools = &mut self.devtools;
        let target = devtools.ask("Target.createTarget", json!({ "url": "about:blank" })).await?["targetId"].take();
        let attached = devtools.ask("Target.attachToTarget", json!({ "targetId": target, "flatten": true })).await?;
        devtools.session = Some(attached["sessionId"].as_str().ok_or(Silent)?.to_owned());
        devtools.ask("Runtime.enable", json!({})).await?;
        devtools.ask("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] })).await?;
        devtools.say("Page.navigate", json!({ "url": url.as_str() })).await?;
        loop {
            let (event, about) = devtools.event().await?;
            if event == "Fetch.requestPaused" {
                self.main = about["frameId"].clone();
                self.fulfil(about["requestId"].as_str().ok_or(Silent)?, body, media).await?;
                break;
            }
        }
        let clock = json!({
            "policy": "pauseIfNetworkFetchesPending",
            "budget": SETTLED_AFTER,
            "maxVirtualTimeTaskStarvationCount": 1000,
        });
        self.devtools.say("Emulation.setVirtualTimePolicy", clock).await.map(drop)
    }

    /// The next part that the page wants; `None` once it has settled.
    ///
    /// # Errors
    /// A page without end, or a browser that ended.
    pub async fn wanted(&mut self) -> Result<Option<Part>, Problem> {
        loop {
            let (event, about) = self.devtools.event().await.map_err(|Silent| failed(&self.host, "浏览器中途退出或没有反应"))?;
            match event.as_str() {
                "Emulation.virtualTimeBudgetExpired" => return Ok(None),
                "Runtime.exceptionThrown" => self.threw = true,
                "Fetch.requestPaused" => {
                    self.requests += 1;
                    if self.requests > MOST_REQUESTS || self.parts > MOST_PARTS {
                        return Err(failed(&self.host, "页面的脚本请求过多"));
                    }
                    if let Some(part) = self.part(&about) {
                        self.parts += 1;
                        return Ok(Some(part));
                    }
                    self.fail(about["requestId"].as_str().unwrap_or_default()).await?;
                }
                _ => {}
            }
        }
    }

    /// What a request is for; `None` for what changes nothing of the text: pictures, styles, frames, counters.
    fn part(&mut self, about: &Value) -> Option<Part> {
        let kind = about["resourceType"].as_str().unwrap_or_default();
        // A script that leads to another page: what would be shown is not this page.
        self.left |= kind == "Document" && about["frameId"] == self.main;
        let is_script = kind == "Script";
        if !is_script && !matches!(kind, "XHR" | "Fetch") {
            return None;
        }
        let asked = &about["request"];
        let url = Url::parse(asked["url"].as_str()?).ok()?;
        let post = match asked["method"].as_str()? {
            "GET" => None,
            "POST" => {
                let headers = asked["headers"].as_object()?;
                let media = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
                let media = media.and_then(|(_, value)| value.as_str()).unwrap_or("text/plain");
                Some((media.to_owned(), asked["postData"].as_str().unwrap_or_default().to_owned()))
            }
            _ => {
                self.lacks_data = url.host_str().map(str::to_owned);
                return None;
            }
        };
        Some(Part { id: about["requestId"].as_str()?.to_owned(), url, post, is_script })
    }

    /// Brings a part.
    ///
    /// # Errors
    /// A browser that ended.
    pub async fn bring(&mut self, part: &Part, body: &[u8], media: Option<&str>) -> Result<(), Problem> {
        if !part.is_script {
            self.data += &String::from_utf8_lossy(body);
            self.data.push('\n');
        }
        self.fulfil(&part.id, body, media).await.map_err(|Silent| failed(&self.host, "浏览器中途退出或没有反应"))
    }

    /// Does without a part.
    ///
    /// # Errors
    /// A browser that ended.
    pub async fn refuse(&mut self, part: &Part) -> Result<(), Problem> {
        let host = part.url.host_str().unwrap_or_default().to_owned();
        *(if part.is_script { &mut self.lacks_script } else { &mut self.lacks_data }) = Some(host);
        self.fail(&part.id).await
    }

    async fn fulfil(&mut self, id: &str, body: &[u8], media: Option<&str>) -> Result<(), Silent> {
        let headers: Vec<Value> = media.iter().map(|media| json!({ "name": "Content-Type", "value": media })).collect();
        let body = base64::engine::general_purpose::STANDARD.encode(body);
        let answer = json!({ "requestId": id, "responseCode": 200, "responseHeaders": headers, "body": body });
        self.devtools.say("Fetch.fulfillRequest", answer).await.map(drop)
    }

    async fn fail(&mut self, id: &str) -> Result<(), Problem> {
        let answer = json!({ "requestId": id, "errorReason": "Aborted" });
        let said = self.devtools.say("Fetch.failRequest", answer).await;
        said.map(drop).map_err(|Silent| failed(&self.host, "浏览器中途退出或没有反应"))
    }

    /// The page as it stands now that it has settled.
    ///
    /// # Errors
    /// Where it lacks data, or a script without which others failed, or where it wants to be another page.
    pub async fn page(mut self) -> Result<Rendered, Problem> {
        let lacking_script = self.lacks_script.as_deref().filter(|_| self.threw);
        if let Some(host) = self.lacks_data.as_deref().or(lacking_script) {
            return Err(failed(&self.host, &format!("页面所需的 {host} 的脚本或数据没有取到；如确需访问，请列入门户的 hosts")));
        }
        if self.left {
            return Err(failed(&self.host, "页面由脚本转到了别处"));
        }
        let shown = async {
            let document = self.devtools.ask("DOM.getDocument", json!({ "depth": 0 })).await?;
            let node = &document["root"]["nodeId"];
            let mut shown = self.devtools.ask("DOM.getOuterHTML", json!({ "nodeId": node })).await?;
            match shown["outerHTML"].take() {
                Value::String(html) => Ok(html),
                _ => Err(Silent),
            }
        };
        let html = shown.await.map_err(|Silent| failed(&self.host, "浏览器中途退出或没有反应"))?;
        // It goes before its folder does.
        self.running.end();
        let _status = tokio::time::timeout(Duration::from_secs(5), self.running.child.wait()).await;
        Ok(Rendered { html, data: std::mem::take(&mut self.data), lacks: self.lacks_script.take() })
    }
}

fn failed(host: &str, why: &str) -> Problem {
    Problem::new("browser-failed", format!("{host} 的页面由脚本生成，浏览器没能完整显示：{why}；请人工查看"))
}
