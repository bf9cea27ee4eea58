//! A season of visits on virtual time: the schedule, the queues of the process, what robots.txt asks for, and a wire that
//! only answers after a while.
//!
//! Nobody's floor may be broken, by host name or by address, though many portals share a host, many hosts an
//! address, everything is due at the same minutes of each day, and the process is started anew now and then.

use super::*;
use crate::fetch::wire::Answer;
use crate::model::{Portal, Time};
use crate::schedule::{self, LastRuns, Present, Timetable};
use std::collections::HashMap;
use std::net::IpAddr;
use tokio::sync::Semaphore;
use tokio::time::Instant;

const PORTALS: u64 = 500;
const HOSTS: u64 = 300;
const ADDRESSES: u64 = 240;
/// January to mid-April.
const DAYS: u64 = 105;
/// Requests of one visit: robots.txt, a list, two reports.
const REQUESTS: u64 = 4;
/// When visits are due, and what robots.txt asks for beside that.
const SCHEDULES: [&str; 4] = ["0 30 6 * * *", "0 30 6 * * *", "0 0 7 * * *", "0 30 6,18 * * *"];
const DELAYS: [&str; 5] = ["", "Allow: /", "Crawl-delay: 7", "Crawl-delay: 12.5", "Crawl-delay: 0.5"];

/// When each host name and each address last saw a request, and under which floor; and how often one came too soon.
#[derive(Default)]
struct Log {
    last: HashMap<String, (Instant, Duration)>,
    requests: u64,
    too_soon: Vec<String>,
}

impl Log {
    fn note(&mut self, whom: String, floor: Duration) {
        let now = Instant::now();
        if let Some((then, earlier)) = self.last.insert(whom.clone(), (now, floor))
            && now - then < floor.max(earlier)
        {
            self.too_soon.push(format!("{whom} after {:?}", now - then));
        }
    }
}

/// One visit: its requests one after another, each answered after a while, some of them badly.
async fn visit(portal: u64, fetcher: Fetcher, permits: Arc<Semaphore>, log: Arc<Mutex<Log>>) {
    let host = portal % HOSTS;
    let (name, address) = (format!("h{host}.example"), IpAddr::from([10, 0, 0, (host % ADDRESSES) as u8]));
    let url = Url::parse(&format!("http://{name}/")).unwrap();
    let asked = Duration::from_secs(3 + portal % 4);
    let (wire, robots) = (&fetcher.inner.wire, DELAYS[host as usize % DELAYS.len()]);
    let line = wire.line(&url);
    for request in 0..REQUESTS {
        let in_flight = line.queue().await;
        let floor = wire.floor(asked, &line, &[address]);
        let turn = wire.queues.begin(Arc::clone(&line), in_flight, &[address], floor, &permits).await;
        {
            let wanted: f64 = robots.strip_prefix("Crawl-delay: ").filter(|_| request > 0).map_or(0.0, |it| it.parse().unwrap());
            let floor = asked.max(Duration::from_secs_f64(wanted));
            let mut log = log.lock().unwrap();
            log.requests += 1;
            log.note(name.clone(), floor);
            log.note(address.to_string(), floor);
        }
        let latency = Duration::from_millis((portal * 31 + request * 977) % 1500);
        tokio::time::sleep(latency).await;
        turn.heard();
        line.weigh(!(portal + request).is_multiple_of(40), latency);
        if request == 0 {
            let body = format!("User-agent: *\n{robots}\n").into_bytes();
            let answer = Answer { status: 200, headers: HeaderMap::new(), body, at: clock()(), took: latency };
            fetcher.read_robots(&line, &url, &answer);
        }
    }
}

fn portal(n: u64) -> (Portal, Timetable) {
    let schedule = SCHEDULES[n as usize % SCHEDULES.len()].to_owned();
    let timetable = Timetable::parse(&schedule, chrono_tz::Asia::Shanghai).unwrap();
    let (start, hosts) = (Vec::new(), Vec::new());
    let profile = "auto".to_owned();
    (
        Portal { id: n.to_string(), name: n.to_string(), start, profile, schedule, min_delay: None, hosts, browser: false },
        timetable,
    )
}

#[tokio::test(start_paused = true)]
async fn no_host_sees_a_second_request_within_its_floor() {
    let (permits, log) = (Arc::new(Semaphore::new(64)), Arc::new(Mutex::new(Log::default())));
    let portals: Vec<(Portal, Timetable)> = (0..PORTALS).map(portal).collect();
    let (born, first) = (Instant::now(), clock()());
    let now = || -> Time { first + born.elapsed() };
    let (mut process, mut since) = (fetcher(manners()), first);
    let mut last: HashMap<String, LastRuns> = HashMap::new();
    let mut visits = 0;
    while now() < first + Duration::from_secs(DAYS * 24 * 3600) {
        let present = Present { now: now(), since, spread: Duration::ZERO };
        let planned = schedule::next(present, &portals, &|id| last.get(id).copied().unwrap_or_default(), &[]);
        let due: Vec<_> = planned.iter().filter(|visit| visit.at <= present.now).map(|visit| visit.portal.clone()).collect();
        if due.is_empty() {
            tokio::time::sleep((planned[0].at - present.now).to_std().unwrap()).await;
            continue;
        }
        visits += due.len() as u64;
        let visit = |id: &String| visit(id.parse().unwrap(), process.clone(), Arc::clone(&permits), Arc::clone(&log));
        let under_way: Vec<_> = due.iter().map(|id| tokio::spawn(visit(id))).collect();
        for visit in under_way {
            visit.await.unwrap();
        }
        let ran = LastRuns { last_started: Some(present.now), last_ended: Some(now()), failures: 0 };
        last.extend(due.into_iter().map(|id| (id, ran)));
        if now() - since > chrono::TimeDelta::days(30) {
            // A process that begins anew knows nothing of hosts, and is at it again at once.
            (process, since) = (fetcher(manners()), now());
            log.lock().unwrap().last.values_mut().for_each(|(_, floor)| *floor = Duration::from_secs(3));
            last.clear();
        }
    }
    let log = log.lock().unwrap();
    assert!(visits > DAYS * PORTALS, "{visits}");
    assert_eq!(log.requests, visits * REQUESTS);
    assert!(log.too_soon.is_empty(), "{:#?}", &log.too_soon[..log.too_soon.len().min(5)]);
}
