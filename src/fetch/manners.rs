//! How we behave towards the hosts we visit, as the configuration states it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

/// The `[fetch]` table of the configuration, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manners {
    /// Where the operator of a portal can reach us: `mailto:…` or an address. Part of the User-Agent.
    pub contact: String,
    /// Floor from the start of one request to the start of the next, per host name and per dialled address.
    pub min_delay: Duration,
    /// How long a host may take to answer, and to send anything at all once it has begun.
    pub timeout: Duration,
    /// Largest body taken, in bytes counted after unpacking.
    pub max_body: u64,
    /// Requests in flight at once, over all hosts.
    pub concurrency: usize,
    /// Networks that are dialled although they are private.
    pub allow_addresses: Vec<Cidr>,
    /// Ports that may be dialled.
    pub allow_ports: Vec<RangeInclusive<u16>>,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            contact: String::new(),
            min_delay: Duration::from_secs(3),
            timeout: Duration::from_secs(30),
            max_body: 50_000_000,
            concurrency: 64,
            allow_addresses: Vec::new(),
            allow_ports: vec![80..=80, 443..=443],
        }
    }
}

impl Manners {
    /// The one identity we give everywhere: program, version, and whom to ask.
    pub fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let contact: String = self.contact.chars().filter(|c| c.is_ascii_graphic()).collect();
        if contact.is_empty() { format!("nianjian/{version}") } else { format!("nianjian/{version} (+{contact})") }
    }
}

/// A network in CIDR notation: `10.0.0.0/8`, `fd00::/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    base: IpAddr,
    length: u8,
}

impl Cidr {
    /// Whether the address lies in the network. Both must be in canonical form: IPv4 as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                shared(u128::from(base.to_bits()) << 96, u128::from(address.to_bits()) << 96, self.length)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => shared(base.to_bits(), address.to_bits(), self.length),
            _ => false,
        }
    }

    /// An IPv4 network given by its four numbers; for tables in the source.
    pub(super) const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Cidr {
        Cidr { base: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), length }
    }

    /// An IPv6 network given by its first three groups; for tables in the source.
    pub(super) const fn v6(a: u16, b: u16, c: u16, length: u8) -> Cidr {
        Cidr { base: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), length }
    }
}

/// Whether two addresses, aligned to the left, agree in their first `length` bits.
fn shared(a: u128, b: u128, length: u8) -> bool {
    length == 0 || (a ^ b) >> (128 - u32::from(length.min(128))) == 0
}

impl FromStr for Cidr {
    type Err = String;

    fn from_str(text: &str) -> Result<Cidr, String> {
        let wrong = || format!("`{text}` 不是网段（not a network）：应写作 10.0.0.0/8、fd00::/8 或单个地址");
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let full = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) => length.parse::<u8>().ok().filter(|length| *length <= full).ok_or_else(wrong)?,
            None => full,
        };
        // A network of mapped addresses means the IPv4 network inside it.
        match (address, address.to_canonical()) {
            (IpAddr::V6(_), base @ IpAddr::V4(_)) if length >= 96 => Ok(Cidr { base, length: length - 96 }),
            _ => Ok(Cidr { base: address, length }),
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_they_say() {
        for (network, address, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdab::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true),
            ("::ffff:127.0.0.0/104", "127.9.9.9", true),
        ] {
            let parsed: Cidr = network.parse().unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), expected, "{network} {address}");
        }
    }

    #[test]
    fn nonsense_is_no_network() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "example", "10.0.0.0/x", "/8"] {
            assert!(text.parse::<Cidr>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_identity_carries_no_line_breaks() {
        let manners = Manners { contact: "mailto:a@b.example\r\nX: y".into(), ..Manners::default() };
        assert_eq!(manners.user_agent(), format!("nianjian/{} (+mailto:a@b.exampleX:y)", env!("CARGO_PKG_VERSION")));
    }
}
