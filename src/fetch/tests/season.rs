//! A season of visits on virtual time: the queues of the process, and a wire that only answers after a while.
//!
//! Nobody's floor may be broken, by host name or by address, though many portals share a host, many hosts an
//! address, everything is due at the same minute of each day, and the process is started anew now and then.

use super::*;
use crate::fetch::pace::Queues;
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
async fn visit(portal: u64, queues: Arc<Queues>, permits: Arc<Semaphore>, log: Arc<Mutex<Log>>) {
    let host = portal % HOSTS;
    let (name, address) = (format!("h{host}.example"), IpAddr::from([10, 0, 0, (host % ADDRESSES) as u8]));
    let floor = Duration::from_secs(3 + portal % 4);
    for request in 0..REQUESTS {
        let line = queues.host(&name);
        let in_flight = line.queue().await;
        let turn = queues.begin(Arc::clone(&line), in_flight, &[address], floor, &permits).await;
        {
            let mut log = log.lock().unwrap();
            log.requests += 1;
            log.note(name.clone(), floor);
            log.note(address.to_string(), floor);
        }
        let latency = Duration::from_millis((portal * 31 + request * 977) % 1500);
        tokio::time::sleep(latency).await;
        turn.heard();
        line.weigh(!(portal + request).is_multiple_of(40), latency);
    }
}

#[tokio::test(start_paused = true)]
async fn no_host_sees_a_second_request_within_its_floor() {
    let permits = Arc::new(Semaphore::new(64));
    let log = Arc::new(Mutex::new(Log::default()));
    let mut queues = Arc::new(Queues::new());
    for day in 0..DAYS {
        let visits: Vec<_> = (0..PORTALS)
            .map(|portal| tokio::spawn(visit(portal, Arc::clone(&queues), Arc::clone(&permits), Arc::clone(&log))))
            .collect();
        for visit in visits {
            visit.await.unwrap();
        }
        if day % 30 == 29 {
            // A process that begins anew knows of nothing, and is at it again at once.
            queues = Arc::new(Queues::new());
        } else {
            tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
        }
    }
    let log = log.lock().unwrap();
    assert_eq!(log.requests, DAYS * PORTALS * REQUESTS);
    assert!(log.too_soon.is_empty(), "{:#?}", &log.too_soon[..log.too_soon.len().min(5)]);
}
