//! The daemon as a process, a mail server as a process, and a plain HTTP client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long the tests wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The lines of a stream, as they come.
fn lines_of(stream: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    lines
}

/// A running `nianjian serve`.
pub(crate) struct Daemon {
    child: Child,
    /// `127.0.0.1:…`, as it said itself.
    pub(crate) address: String,
    lines: mpsc::Receiver<String>,
}

impl Daemon {
    /// Starts the daemon and waits until it says where it listens.
    pub(crate) fn start(dir: &Path, variables: &[(&str, &str)]) -> Daemon {
        let mut child = super::program(dir)
            .args(["serve", "--log", "warn"])
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let lines = lines_of(child.stderr.take().unwrap());
        let mut said = Vec::new();
        let address = loop {
            let line = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the daemon did not start: {said:?}"));
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim_end_matches('/').to_owned();
            }
            said.push(line);
        };
        Daemon { child, address, lines }
    }

    /// Waits for a line on standard error that holds some words.
    pub(crate) fn says(&self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the daemon did not say {words}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// A signal by name.
    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to stop; how it ended and how long that took.
    pub(crate) fn stop(mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        self.signal("TERM");
        let status = self.child.wait().unwrap();
        (status.code(), asked.elapsed())
    }

    /// Kilobytes of memory of its own: the program's file, which is shared and large in a build for tests,
    /// does not count.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// GET without a token: status and body.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// GET of JSON.
    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // A daemon whose test failed must not outlive it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A Python that has what the tests import, where the test command has set one up.
pub(crate) fn python() -> Option<PathBuf> {
    let python = std::env::var_os("NIANJIAN_TEST_PYTHON").map(PathBuf::from);
    if python.is_none() {
        println!("skipped: NIANJIAN_TEST_PYTHON is not set (tests/run sets it)");
    }
    python
}

/// A real mail server that writes what it gets into files.
pub(crate) struct MailServer {
    child: Child,
    lines: mpsc::Receiver<String>,
    pub(crate) port: u16,
}

const SERVER: &str = r#"
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Keep:
    count = 0
    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        path = f"{sys.argv[1]}/{Keep.count}.eml"
        with open(path, "wb") as file:
            file.write(envelope.content)
        print("mail", path, ",".join(envelope.rcpt_tos), flush=True)
        return "250 kept"
async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Keep()), "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"#;

impl MailServer {
    /// Starts it; mails go into the folder.
    pub(crate) fn start(python: &Path, folder: &Path) -> MailServer {
        let mut child =
            Command::new(python).args(["-c", SERVER]).arg(folder).stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let line = lines.recv_timeout(PATIENCE).expect("the mail server starts");
        let port = line.trim().strip_prefix("port ").expect("the mail server says its port").parse().unwrap();
        MailServer { child, lines, port }
    }

    /// Waits for the next mail: its file.
    pub(crate) fn mail(&self) -> PathBuf {
        let line = self.lines.recv_timeout(PATIENCE).expect("a mail arrives");
        PathBuf::from(line.split(' ').nth(1).unwrap_or_else(|| panic!("a mail, not {line:?}")))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
