//! From the tree to the checked configuration, one table after another.

use super::reader::{Fields, Reader};
use super::tree::{Spot, Value};
use super::{CheckSchedule, Config, Fetch, Http, Index, Lang, Rules, Service, Store, Tokens, receivers, values};
use crate::convert::Converters;
use crate::model::Portal;
use crate::text::nearest::nearest;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Every key that an environment variable may name: all but those of portals and receivers.
pub const KEYS: [&str; 28] = [
    "agencies",
    "service.title",
    "service.data",
    "service.timezone",
    "service.lang",
    "http.listen",
    "http.tokens.viewer",
    "http.tokens.reviewer",
    "http.tokens.operator",
    "metrics.listen",
    "fetch.contact",
    "fetch.min_delay",
    "fetch.timeout",
    "fetch.max_body",
    "fetch.concurrency",
    "fetch.allow_addresses",
    "fetch.allow_ports",
    "crawl.confirm_after",
    "obligations.since",
    "store.index",
    "store.bodies",
    "store.disk_reserve",
    "rules.dir",
    "rules.overlay",
    "rules.waivers",
    "convert.programs",
    "convert.recogniser",
    "convert.timeout",
];

/// Reads the whole tree. What does not fit is complained about and replaced by its default.
pub fn config(reader: &mut Reader<'_>, root: &Value, check_schedule: CheckSchedule<'_>) -> Config {
    let mut fields = reader.table("the file's root", Some(root));
    let agencies = reader.path(fields.take("agencies"));
    let service = service(reader, fields.take("service"));
    let (http, open) = http(reader, fields.take("http"));
    let metrics_listen = metrics(reader, fields.take("metrics"), open);
    let fetch_value = fields.take("fetch");
    let fetch = fetch(reader, fetch_value);
    let confirm_after = crawl(reader, fields.take("crawl"));
    let since = obligations(reader, fields.take("obligations"));
    let store = store(reader, fields.take("store"), &service.data);
    let rules = rules(reader, fields.take("rules"));
    let convert = convert(reader, fields.take("convert"));
    let portal_values = reader.tables("portal", fields.take("portal"));
    let portals = portals(reader, &portal_values, &fetch, check_schedule);
    let receiver_values = reader.tables("receiver", fields.take("receiver"));
    let receivers = receivers::read(reader, &receiver_values, service.lang, check_schedule);
    reader.done(fields);
    if let Some(portal) = portal_values.first()
        && fetch.as_ref().is_some_and(|fetch| fetch.contact.is_empty())
    {
        let spot = fetch_value.map_or(&portal.spot, |value| &value.spot);
        let help = "portals must be able to reach the office: contact = \"mailto:office@example.org\"";
        reader.complain(spot, "`fetch.contact` is required as soon as there is a portal", Some(help));
    }
    Config {
        agencies_named: agencies.is_some(),
        agencies: agencies.unwrap_or_else(|| reader.base.join("agencies.csv")),
        service,
        http,
        metrics_listen,
        fetch: fetch.unwrap_or_else(default_fetch),
        confirm_after,
        since,
        store,
        rules,
        convert,
        portals,
        receivers,
    }
}

fn service(reader: &mut Reader<'_>, value: Option<&Value>) -> Service {
    let mut fields = reader.table("[service]", value);
    let service = Service {
        title: reader.parsed(fields.take("title"), "a title", title).unwrap_or_default(),
        data: reader.path(fields.take("data")).unwrap_or_else(|| reader.base.join("data")),
        timezone: reader.parsed(fields.take("timezone"), "a time zone", zone).unwrap_or(chrono_tz::Asia::Shanghai),
        lang: reader.word(fields.take("lang"), &LANGUAGES).unwrap_or(Lang::Zh),
    };
    reader.done(fields);
    service
}

/// The languages and their words.
pub const LANGUAGES: [(&str, Lang); 2] = [("zh", Lang::Zh), ("en", Lang::En)];

/// One line of text, as it goes into a subject line.
fn title(text: &str) -> Result<String, String> {
    if text.contains(char::is_control) { Err("a title is one line of text".to_owned()) } else { Ok(text.trim().to_owned()) }
}

fn zone(text: &str) -> Result<chrono_tz::Tz, String> {
    text.parse().map_err(|_| {
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let meant = nearest(text, names).map_or(String::new(), |name| format!("; did you mean \"{name}\"?"));
        format!("`{text}` is not a time zone{meant}")
    })
}

/// The API, and whether it may be open to other machines (some token is set).
fn http(reader: &mut Reader<'_>, value: Option<&Value>) -> (Http, bool) {
    let mut fields = reader.table("[http]", value);
    let listen_value = fields.take("listen");
    let listen = reader.parsed(listen_value, "an address", values::listen);
    let tokens_value = fields.take("tokens");
    let mut token_fields = reader.table("[http.tokens]", tokens_value);
    let mut written = false;
    let mut token = |reader: &mut Reader<'_>, role| {
        let value = token_fields.take(role);
        written |= value.is_some();
        reader.secret(value)
    };
    let tokens =
        Tokens { viewer: token(reader, "viewer"), reviewer: token(reader, "reviewer"), operator: token(reader, "operator") };
    reader.done(token_fields);
    reader.done(fields);
    let all: Vec<&str> =
        [&tokens.viewer, &tokens.reviewer, &tokens.operator].into_iter().flatten().map(super::Secret::expose).collect();
    if all.iter().collect::<BTreeSet<_>>().len() < all.len()
        && let Some(value) = tokens_value
    {
        reader.complain(&value.spot, "two roles have the same token", Some("give each role a token of its own"));
    }
    // A token that could not be read was complained about; that it is missing is no second mistake.
    let open = tokens.any() || written;
    loopback_only(reader, "http.listen", listen_value, listen, open);
    let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8620)));
    (Http { listen, tokens }, open)
}

fn loopback_only(reader: &mut Reader<'_>, key: &str, value: Option<&Value>, listen: Option<SocketAddr>, open: bool) {
    if let (Some(value), Some(address)) = (value, listen)
        && !open
        && !address.ip().to_canonical().is_loopback()
    {
        let what = format!("without tokens `{key}` must be a loopback address, and {address} is none");
        reader.complain(&value.spot, what, Some("set at least one of http.tokens, or listen on 127.0.0.1"));
    }
}

fn metrics(reader: &mut Reader<'_>, value: Option<&Value>, open: bool) -> Option<SocketAddr> {
    let mut fields = reader.table("[metrics]", value);
    let listen_value = fields.take("listen");
    let listen = reader.parsed(listen_value, "an address", values::listen);
    reader.done(fields);
    loopback_only(reader, "metrics.listen", listen_value, listen, open);
    listen
}

fn default_fetch() -> Fetch {
    Fetch {
        contact: String::new(),
        min_delay: Duration::from_secs(3),
        timeout: Duration::from_secs(30),
        max_body: 50_000_000,
        concurrency: 64,
        allow_addresses: Vec::new(),
        allow_ports: vec![80..=80, 443..=443],
    }
}

/// The manners; `None` where the contact itself was complained about, so that it is not called missing too.
fn fetch(reader: &mut Reader<'_>, value: Option<&Value>) -> Option<Fetch> {
    let usual = default_fetch();
    let mut fields = reader.table("[fetch]", value);
    let contact_value =
        fields.take("contact").filter(|value| !matches!(&value.node, super::tree::Node::Text(text) if text.is_empty()));
    let contact = reader.parsed(contact_value, "a contact", values::contact);
    let contact_refused = contact_value.is_some() && contact.is_none();
    let delay_value = fields.take("min_delay");
    let addresses = fields.take("allow_addresses");
    let ports_value = fields.take("allow_ports");
    let timeout_value = fields.take("timeout");
    let fetch = Fetch {
        contact: contact.unwrap_or_default(),
        min_delay: reader.parsed(delay_value, "a duration", values::duration).unwrap_or(usual.min_delay),
        timeout: reader.parsed(timeout_value, "a duration", positive).unwrap_or(usual.timeout),
        max_body: reader.parsed(fields.take("max_body"), "a size", values::size).unwrap_or(usual.max_body),
        concurrency: reader
            .integer(fields.take("concurrency"), 1..=1024)
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(usual.concurrency),
        allow_addresses: reader.parsed_list(addresses, "a network", values::network),
        allow_ports: ports(reader, ports_value).unwrap_or(usual.allow_ports),
    };
    reader.done(fields);
    floor(reader, "fetch.min_delay", delay_value.map(|value| &value.spot), fetch.min_delay, !fetch.allow_addresses.is_empty());
    (!contact_refused).then_some(fetch)
}

fn positive(text: &str) -> Result<Duration, String> {
    values::duration(text)
        .and_then(|found| if found.is_zero() { Err("this duration must not be zero".to_owned()) } else { Ok(found) })
}

/// Ports as numbers or ranges; an empty list would forbid every address.
fn ports(reader: &mut Reader<'_>, value: Option<&Value>) -> Option<Vec<std::ops::RangeInclusive<u16>>> {
    let value = value?;
    let mut found = Vec::new();
    for item in reader.list(Some(value)) {
        if let super::tree::Node::Integer(_) = item.node {
            let port = reader.integer(Some(&item), 1..=65_535).and_then(|port| u16::try_from(port).ok());
            found.extend(port.map(|port| port..=port));
        } else {
            found.extend(reader.parsed(Some(&item), "a port or a range", values::ports));
        }
    }
    if matches!(&value.node, super::tree::Node::Array(items) if items.is_empty()) {
        reader.complain(&value.spot, "with no port allowed nothing can be fetched", Some("the default is [80, 443]"));
    }
    Some(found)
}

/// A delay under a second is for an intranet or a test, and these are named by `allow_addresses`.
fn floor(reader: &mut Reader<'_>, key: &str, spot: Option<&Spot>, delay: Duration, inside: bool) {
    if let Some(spot) = spot
        && delay < Duration::from_secs(1)
        && !inside
    {
        let help = "write at least \"1s\", or name the networks it is meant for in fetch.allow_addresses";
        reader.complain(spot, format!("`{key}` is under one second"), Some(help));
    }
}

fn crawl(reader: &mut Reader<'_>, value: Option<&Value>) -> Duration {
    let mut fields = reader.table("[crawl]", value);
    let confirm_after = reader.parsed(fields.take("confirm_after"), "a duration", values::duration);
    reader.done(fields);
    confirm_after.unwrap_or(Duration::from_secs(3600))
}

fn obligations(reader: &mut Reader<'_>, value: Option<&Value>) -> Option<i32> {
    let mut fields = reader.table("[obligations]", value);
    // 2008 is the first year that the Regulation asked a report for.
    let since = reader.integer(fields.take("since"), 2008..=2100).and_then(|year| i32::try_from(year).ok());
    reader.done(fields);
    since
}

fn store(reader: &mut Reader<'_>, value: Option<&Value>, data: &std::path::Path) -> Store {
    let mut fields = reader.table("[store]", value);
    let base = reader.base;
    let index = reader.parsed(fields.take("index"), "an engine", |text| match text {
        "sled" => Ok(Index::Sled),
        _ if text.starts_with("postgres:") || text.starts_with("postgresql:") => {
            Err("PostgreSQL is not in this version: the only engine is \"sled\"".to_owned())
        }
        _ => Err(format!("`{text}` is not an engine: the only one of this version is \"sled\"")),
    });
    let bodies: Option<PathBuf> = reader.parsed(fields.take("bodies"), "a place", |text| match text.split_once(':') {
        Some(("file", folder)) if !folder.is_empty() => Ok(base.join(folder.strip_prefix("//").unwrap_or(folder))),
        Some(("s3", _)) => {
            Err("an object store is not in this version: write a folder, as in \"file:data/snapshots\"".to_owned())
        }
        _ => Err(format!("`{text}` is not a place for bodies, as in \"file:data/snapshots\"")),
    });
    let disk_reserve = reader.parsed(fields.take("disk_reserve"), "a size", values::size);
    reader.done(fields);
    Store {
        index: index.unwrap_or(Index::Sled),
        bodies: bodies.unwrap_or_else(|| data.join("snapshots")),
        disk_reserve: disk_reserve.unwrap_or(2_000_000_000),
    }
}

fn rules(reader: &mut Reader<'_>, value: Option<&Value>) -> Rules {
    let mut fields = reader.table("[rules]", value);
    let rules = Rules {
        dir: reader.path(fields.take("dir")),
        overlay: reader.path(fields.take("overlay")),
        waivers: reader.path(fields.take("waivers")),
    };
    reader.done(fields);
    rules
}

fn convert(reader: &mut Reader<'_>, value: Option<&Value>) -> Converters {
    let usual = Converters::default();
    let mut fields = reader.table("[convert]", value);
    let programs = fields.take("programs");
    let known = |text: &str| match crate::convert::is_known(text) {
        true => Ok(text.to_owned()),
        false => Err(format!("`{text}` is no converter that is known: {}", crate::convert::KNOWN.join(", "))),
    };
    let found = reader.parsed_list(programs, "a program", known);
    let timeout = reader.parsed(fields.take("timeout"), "a duration", positive);
    let recognises = |text: &str| match crate::convert::is_recogniser(text) {
        true => Ok(text.to_owned()),
        false => Err(format!("`{text}` is no text recognition that is known: tesseract")),
    };
    let recogniser = reader.parsed(fields.take("recogniser"), "a program", recognises);
    reader.done(fields);
    Converters {
        programs: if programs.is_some() { found } else { usual.programs },
        timeout: timeout.unwrap_or(usual.timeout),
        recogniser,
    }
}

fn portals(reader: &mut Reader<'_>, values: &[Value], fetch: &Option<Fetch>, check_schedule: CheckSchedule<'_>) -> Vec<Portal> {
    let inside = fetch.as_ref().is_none_or(|fetch| !fetch.allow_addresses.is_empty());
    let mut ids = BTreeSet::new();
    let mut found = Vec::new();
    for value in values {
        let mut fields = reader.table("[[portal]]", Some(value));
        let id = identity(reader, &mut fields, &mut ids);
        fields.name = format!("[[portal]] {id}");
        let start_value = fields.take("start");
        let start = reader.parsed_list(start_value, "an address", values::web_address);
        if start_value.is_none_or(|value| matches!(&value.node, super::tree::Node::Array(items) if items.is_empty())) {
            let spot = start_value.map_or(fields.spot.clone(), |value| value.spot.clone());
            reader.complain(&spot, format!("portal `{id}` has no `start`"), Some("start = [\"https://portal.example/xxgknb/\"]"));
        }
        let delay_value = fields.take("min_delay");
        let min_delay = reader.parsed(delay_value, "a duration", values::duration);
        floor(reader, "min_delay", delay_value.map(|value| &value.spot), min_delay.unwrap_or(Duration::MAX), inside);
        let name = reader.parsed(fields.take("name"), "a name", title);
        found.push(Portal {
            name: name.unwrap_or_else(|| id.clone()),
            start,
            profile: reader.parsed(fields.take("profile"), "a profile", profile).unwrap_or_else(|| "auto".to_owned()),
            schedule: schedule(reader, fields.take("schedule"), "0 30 6 * * *", check_schedule),
            min_delay,
            hosts: reader.parsed_list(fields.take("hosts"), "a host", values::host),
            browser: reader.truth(fields.take("browser")).unwrap_or(false),
            id,
        });
        reader.done(fields);
    }
    found
}

fn profile(text: &str) -> Result<String, String> {
    if short_word(text) { Ok(text.to_owned()) } else { Err(format!("`{text}` is not the name of a profile: \"auto\" tries all")) }
}

fn short_word(text: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    (1..=63).contains(&text.len()) && text.chars().all(letters)
}

/// The id of a portal or receiver: there, short, and no other's.
pub fn identity(reader: &mut Reader<'_>, fields: &mut Fields<'_>, ids: &mut BTreeSet<String>) -> String {
    let Some(value) = fields.take("id") else {
        let what = format!("this {} has no `id`", fields.name);
        reader.complain(&fields.spot.clone(), what, Some("id = \"…\": small letters, digits and hyphens"));
        return String::new();
    };
    let Some(id) = reader.text(value, "an id") else { return String::new() };
    if !short_word(&id) {
        let what = format!("`{id}` is not an id: small letters, digits and hyphens, at most 63");
        reader.complain(&value.spot, what, None);
    } else if !ids.insert(id.clone()) {
        reader.complain(&value.spot, format!("the id `{id}` is used twice"), Some("give each an id of its own"));
    }
    id
}

/// A schedule, judged by the room that knows cron.
pub fn schedule(reader: &mut Reader<'_>, value: Option<&Value>, usual: &str, check: CheckSchedule<'_>) -> String {
    let checked = |text: &str| {
        let hint = "six fields, as in \"0 30 6 * * *\": second, minute, hour, day, month, weekday";
        check(text).map(|()| text.to_owned()).map_err(|why| format!("`{text}` is not a schedule: {why} ({hint})"))
    };
    reader.parsed(value, "a schedule", checked).unwrap_or_else(|| usual.to_owned())
}
