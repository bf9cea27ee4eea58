//! The guard: which addresses are dialled at all.
//!
//! A page of a portal may name any address, and so may a redirect or a name server. Only http and https
//! on the allowed ports go out, and only to addresses of the open internet, unless the configuration
//! opens a network. What counts is the address that is *dialled*: a literal such as `2130706433` or
//! `[::ffff:127.0.0.1]` never asks a resolver, so it is judged here before every request; a name is
//! resolved here once, judged, and dialled at exactly the addresses that were judged.

use super::manners::{Cidr, Manners};
use crate::model::Problem;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::time::Duration;
use url::{Host, Url};

/// IPv4 networks that are not the open internet (IANA special-purpose registry, RFC 6890 and successors).
const CLOSED_V4: &[Cidr] = &[
    Cidr::v4(0, 0, 0, 0, 8),
    Cidr::v4(10, 0, 0, 0, 8),
    Cidr::v4(100, 64, 0, 0, 10),
    Cidr::v4(127, 0, 0, 0, 8),
    Cidr::v4(169, 254, 0, 0, 16),
    Cidr::v4(172, 16, 0, 0, 12),
    Cidr::v4(192, 0, 0, 0, 24),
    Cidr::v4(192, 0, 2, 0, 24),
    Cidr::v4(192, 88, 99, 0, 24),
    Cidr::v4(192, 168, 0, 0, 16),
    Cidr::v4(198, 18, 0, 0, 15),
    Cidr::v4(198, 51, 100, 0, 24),
    Cidr::v4(203, 0, 113, 0, 24),
    Cidr::v4(224, 0, 0, 0, 4),
    Cidr::v4(240, 0, 0, 0, 4),
];

/// The part of IPv6 that is routed; everything outside is closed.
const GLOBAL_V6: Cidr = Cidr::v6(0x2000, 0, 0, 3);

/// Networks inside the routed part that are not the open internet: protocol assignments with Teredo,
/// documentation, and 6to4, whose addresses hide an IPv4 address.
const CLOSED_V6: &[Cidr] =
    &[Cidr::v6(0x2001, 0, 0, 23), Cidr::v6(0x2001, 0xdb8, 0, 32), Cidr::v6(0x2002, 0, 0, 16), Cidr::v6(0x3fff, 0, 0, 20)];

/// The well-known prefix of NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is meant.
const NAT64: Cidr = Cidr::v6(0x64, 0xff9b, 0, 96);

/// Why an address is not dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Neither http nor https.
    Scheme,
    /// No host in the address.
    NoHost,
    Port(u16),
    /// The host is, or resolves to, an address that is not open.
    Address,
    /// The name has no address.
    Dns,
}

impl Refusal {
    /// The refusal as a problem of ours, for people.
    pub fn problem(&self, url: &Url) -> Problem {
        let host = url.host_str().unwrap_or("");
        match self {
            Refusal::Scheme => Problem::new("scheme-refused", format!("只访问 http 和 https 地址，不访问 {}:", url.scheme())),
            Refusal::NoHost => Problem::new("address-refused", "地址中没有主机名"),
            Refusal::Port(port) => {
                Problem::new("port-refused", format!("端口 {port} 不在 fetch.allow_ports 之内，未访问 {host}"))
            }
            Refusal::Address => Problem::new(
                "address-refused",
                format!("{host} 指向内网或保留地址，未访问；确需访问的内网请列入 fetch.allow_addresses"),
            ),
            Refusal::Dns => Problem::new("dns", format!("域名 {host} 解析不到地址")),
        }
    }
}

/// What may be dialled, made from the manners.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    opened: Vec<Cidr>,
    ports: Vec<RangeInclusive<u16>>,
}

impl Guard {
    pub fn new(manners: &Manners) -> Guard {
        Guard { opened: manners.allow_addresses.clone(), ports: manners.allow_ports.clone() }
    }

    /// Whether the configuration opened this address; only there may the floor be under a second.
    pub fn is_opened(&self, address: IpAddr) -> bool {
        let meant = meant(address);
        self.opened.iter().any(|network| network.contains(meant) || network.contains(address))
    }

    /// Whether this address may be dialled.
    pub fn admits(&self, address: IpAddr) -> bool {
        self.is_opened(address) || !is_closed(meant(address))
    }

    /// Everything that can be judged without asking a name server.
    pub fn judge(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if !self.ports.iter().any(|range| range.contains(&port)) {
            return Err(Refusal::Port(port));
        }
        match literal(url)? {
            Some(address) if !self.admits(address) => Err(Refusal::Address),
            _ => Ok(()),
        }
    }

    /// The addresses to dial for a URL: its literal, or what its name resolves to, each judged.
    pub async fn resolve(&self, url: &Url, limit: Duration) -> Result<Vec<IpAddr>, Refusal> {
        self.judge(url)?;
        let host = match url.host().ok_or(Refusal::NoHost)? {
            Host::Ipv4(address) => return Ok(vec![IpAddr::V4(address)]),
            Host::Ipv6(address) => return Ok(vec![IpAddr::V6(address)]),
            Host::Domain(host) => host.to_owned(),
        };
        let lookup = tokio::net::lookup_host((host, 0));
        let found = tokio::time::timeout(limit, lookup).await.map_err(|_| Refusal::Dns)?.map_err(|_| Refusal::Dns)?;
        let mut found: Vec<IpAddr> = found.map(|socket| socket.ip()).collect();
        if found.is_empty() {
            return Err(Refusal::Dns);
        }
        found.retain(|address| self.admits(*address));
        if found.is_empty() { Err(Refusal::Address) } else { Ok(found) }
    }
}

/// The address a host states literally; `localhost` counts as one, whatever a resolver says.
fn literal(url: &Url) -> Result<Option<IpAddr>, Refusal> {
    Ok(match url.host().ok_or(Refusal::NoHost)? {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            (name.is_empty() || name == "localhost" || name.ends_with(".localhost")).then_some(IpAddr::V4(Ipv4Addr::LOCALHOST))
        }
    })
}

/// The address that is meant: the IPv4 address inside a mapped or translated one.
fn meant(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if NAT64.contains(IpAddr::V6(v6)) => IpAddr::V4(Ipv4Addr::from_bits(low_half(v6))),
        canonical => canonical,
    }
}

/// The last 32 bits of an IPv6 address.
fn low_half(address: Ipv6Addr) -> u32 {
    let [.., a, b, c, d] = address.octets();
    u32::from_be_bytes([a, b, c, d])
}

/// Whether a canonical address lies outside the open internet.
fn is_closed(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => CLOSED_V4.iter().any(|network| network.contains(address)),
        IpAddr::V6(_) => !GLOBAL_V6.contains(address) || CLOSED_V6.iter().any(|network| network.contains(address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(networks: &[&str]) -> Guard {
        Guard::new(&Manners {
            allow_addresses: networks.iter().map(|network| network.parse().unwrap()).collect(),
            ..Manners::default()
        })
    }

    #[test]
    fn only_the_open_internet_is_dialled() {
        let closed = guard(&[]);
        for (url, expected) in [
            ("http://93.184.216.34/", Ok(())),
            ("https://www.yunxi.example/", Ok(())),
            ("http://[2606:2800:220:1::1]/", Ok(())),
            ("ftp://93.184.216.34/", Err(Refusal::Scheme)),
            ("file:///etc/passwd", Err(Refusal::Scheme)),
            ("http://93.184.216.34:8080/", Err(Refusal::Port(8080))),
            ("http://127.0.0.1/", Err(Refusal::Address)),
            ("http://2130706433/", Err(Refusal::Address)),
            ("http://0x7f.1/", Err(Refusal::Address)),
            ("http://0177.0.0.1/", Err(Refusal::Address)),
            ("http://127.1/", Err(Refusal::Address)),
            ("http://[::1]/", Err(Refusal::Address)),
            ("http://[::]/", Err(Refusal::Address)),
            ("http://[::ffff:127.0.0.1]/", Err(Refusal::Address)),
            ("http://[::ffff:7f00:1]/", Err(Refusal::Address)),
            ("http://[::127.0.0.1]/", Err(Refusal::Address)),
            ("http://[64:ff9b::7f00:1]/", Err(Refusal::Address)),
            ("http://[64:ff9b::5db8:d822]/", Ok(())),
            ("http://[2002:7f00:1::]/", Err(Refusal::Address)),
            ("http://[fd00::1]/", Err(Refusal::Address)),
            ("http://[fe80::1]/", Err(Refusal::Address)),
            ("http://[ff02::1]/", Err(Refusal::Address)),
            ("http://[2001:db8::1]/", Err(Refusal::Address)),
            ("http://10.1.2.3/", Err(Refusal::Address)),
            ("http://172.31.0.1/", Err(Refusal::Address)),
            ("http://192.168.1.1/", Err(Refusal::Address)),
            ("http://169.254.169.254/latest/", Err(Refusal::Address)),
            ("http://100.64.0.1/", Err(Refusal::Address)),
            ("http://0.0.0.0/", Err(Refusal::Address)),
            ("http://224.0.0.1/", Err(Refusal::Address)),
            ("http://255.255.255.255/", Err(Refusal::Address)),
            ("http://localhost/", Err(Refusal::Address)),
            ("http://LOCALHOST./", Err(Refusal::Address)),
            ("http://a.localhost/", Err(Refusal::Address)),
            ("http://１２７.0.0.1/", Err(Refusal::Address)),
        ] {
            assert_eq!(closed.judge(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn no_forbidden_form_is_let_through() {
        let closed = guard(&[]);
        let lines = include_str!("forbidden.txt").lines().filter(|line| !line.starts_with('#'));
        let forms: Vec<&str> = lines.filter_map(|line| line.split(' ').next()).collect();
        assert!(forms.len() >= 90, "{}", forms.len());
        for form in forms {
            // What is no address at all is never asked for either.
            if let Ok(url) = Url::parse(form) {
                assert!(closed.judge(&url).is_err(), "{form} → {url}");
            }
        }
    }

    #[test]
    fn an_opened_network_is_dialled_in_every_spelling() {
        let open = guard(&["127.0.0.0/8"]);
        for url in ["http://127.0.0.1/", "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://localhost/"] {
            assert_eq!(open.judge(&Url::parse(url).unwrap()), Ok(()), "{url}");
        }
        assert_eq!(open.judge(&Url::parse("http://127.0.0.1:81/").unwrap()), Err(Refusal::Port(81)), "both must allow");
        assert_eq!(open.judge(&Url::parse("http://10.0.0.1/").unwrap()), Err(Refusal::Address));
    }
}
