//! The small notations of the configuration: durations, sizes, networks, ports, addresses.
//!
//! Each function takes the text as written and says in its error what was expected.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

/// A number followed by its unit, cut from the front of `text`.
fn number_and_unit(text: &str) -> Option<(u64, &str, &str)> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let number = text.get(..digits)?.parse().ok()?;
    let rest = text.get(digits..)?.trim_start();
    let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
    Some((number, rest.get(..end)?, rest.get(end..)?.trim_start()))
}

/// `500ms`, `3s`, `30m`, `1h`, `7d`, or several of them: `1h30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is not a duration: a number and a unit, as in \"500ms\", \"3s\", \"30m\", \"1h\", \"7d\"");
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wanted());
    }
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let (number, unit, tail) = number_and_unit(rest).ok_or_else(wanted)?;
        let milliseconds: u64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wanted()),
        };
        let part = number.checked_mul(milliseconds).ok_or_else(wanted)?;
        sum = sum.checked_add(Duration::from_millis(part)).ok_or_else(wanted)?;
        rest = tail;
    }
    if sum > Duration::from_secs(366 * 86_400) { Err(format!("`{text}` is longer than a year")) } else { Ok(sum) }
}

/// `50MB`, `2GB` (powers of ten) or `64MiB` (powers of two), in bytes.
pub fn size(text: &str) -> Result<u64, String> {
    let wanted = || format!("`{text}` is not a size: a number and a unit, as in \"500KB\", \"50MB\", \"2GB\"");
    let (number, unit, tail) = number_and_unit(text.trim()).ok_or_else(wanted)?;
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "tb" | "t" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(wanted()),
    };
    if tail.is_empty() { number.checked_mul(factor).ok_or_else(wanted) } else { Err(wanted()) }
}

/// A network in CIDR notation, or one address; given back with its host bits cleared and its length.
pub fn network(text: &str) -> Result<String, String> {
    let wanted = || format!("`{text}` is not a network: an address and a length, as in \"10.20.0.0/16\" or \"fd00::/8\"");
    let (address, length) = match text.trim().split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| wanted())?)),
        None => (text.trim(), None),
    };
    match address.parse::<IpAddr>().map_err(|_| wanted())? {
        IpAddr::V4(address) => {
            let length = length.unwrap_or(32);
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(length).ok_or_else(wanted)?).unwrap_or(0);
            Ok(format!("{}/{length}", Ipv4Addr::from_bits(address.to_bits() & mask)))
        }
        IpAddr::V6(address) => {
            let length = length.unwrap_or(128);
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(length).ok_or_else(wanted)?).unwrap_or(0);
            Ok(format!("{}/{length}", Ipv6Addr::from_bits(address.to_bits() & mask)))
        }
    }
}

/// One port, or a range: `8000-8999`, both ends included.
pub fn ports(text: &str) -> Result<RangeInclusive<u16>, String> {
    let wanted = || format!("`{text}` is neither a port (1 to 65535) nor a range as in \"8000-8999\"");
    let port = |word: &str| word.trim().parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(wanted);
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (port(first)?, port(last)?),
        None => (port(text)?, port(text)?),
    };
    if first <= last { Ok(first..=last) } else { Err(format!("the range `{text}` ends before it begins")) }
}

/// An address to listen on; `localhost` is the IPv4 loopback.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.trim().strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    numeric
        .as_deref()
        .unwrap_or(text.trim())
        .parse()
        .map_err(|_| format!("`{text}` is not an address to listen on, as in \"127.0.0.1:8620\""))
}

/// An http(s) address with a host and without credentials.
pub fn web_address(text: &str) -> Result<url::Url, String> {
    let wanted = format!("`{text}` is not an http(s) address");
    let url = url::Url::parse(text.trim()).map_err(|problem| format!("{wanted}: {problem}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wanted);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not carry a user name or password".to_owned());
    }
    Ok(url)
}

/// How the operators of a portal can reach the office: `mailto:` an address, or a page by https.
pub fn contact(text: &str) -> Result<String, String> {
    let text = text.trim();
    let good = match text.strip_prefix("mailto:") {
        Some(address) => mail_address(address).is_ok(),
        None => text.starts_with("https:") && web_address(text).is_ok(),
    };
    let good = good && text.chars().all(|letter| letter.is_ascii_graphic());
    if good {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is not a contact, as in \"mailto:office@example.org\" or \"https://example.org/contact\""))
    }
}

/// A mail address, with or without a name: `office@example.org`, `Office <office@example.org>`.
pub fn mail_address(text: &str) -> Result<String, String> {
    let wanted = || format!("`{text}` is not a mail address");
    let bare = match text.trim().split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').ok_or_else(wanted)?,
        None => text.trim(),
    };
    let (user, host) = bare.split_once('@').ok_or_else(wanted)?;
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "<>@,;".contains(letter);
    if user.is_empty() || host.is_empty() || user.contains(odd) || host.contains(odd) || text.contains(char::is_control) {
        return Err(wanted());
    }
    Ok(text.trim().to_owned())
}

/// A bare host name, as a link may name it.
pub fn host(text: &str) -> Result<String, String> {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "/:@?#".contains(letter);
    match url::Host::parse(text.trim()) {
        Ok(host) if !text.trim().contains(odd) => Ok(host.to_string()),
        _ => Err(format!("`{text}` is not a host name: neither scheme, port nor path, as in \"files.example.org\"")),
    }
}

/// `host:port` of a mail server.
pub fn server(text: &str) -> Result<(String, u16), String> {
    let wanted = || format!("`{text}` is not a server with its port, as in \"mail.example.org:587\"");
    let (name, port) = text.trim().rsplit_once(':').ok_or_else(wanted)?;
    let port = port.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(wanted)?;
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if name.parse::<IpAddr>().is_err() {
        host(name).map_err(|_| wanted())?;
    }
    Ok((name.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations() {
        for (text, millis) in
            [("500ms", 500), ("3s", 3_000), ("1h", 3_600_000), ("1h30m", 5_400_000), ("0s", 0), ("2 d", 172_800_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "3", "s", "3x", "-1s", "1.5s", "99999999999999999999s", "3s!", "9000d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("50MB", 50_000_000), ("2GB", 2_000_000_000), ("1KiB", 1024), ("12 kb", 12_000), ("0B", 0)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "50", "MB", "50XB", "50MB5", "99999999999GB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn networks() {
        for (text, network_of) in [
            ("127.0.0.0/8", "127.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::1", "::1/128"),
            ("fd12::1/8", "fd00::/8"),
        ] {
            assert_eq!(network(text).as_deref(), Ok(network_of), "{text}");
        }
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "portal.example", "10.0.0.0/x"] {
            assert!(network(text).is_err(), "{text}");
        }
    }

    #[test]
    fn port_ranges() {
        assert_eq!(ports("443"), Ok(443..=443));
        assert_eq!(ports("8000-8999"), Ok(8000..=8999));
        for text in ["", "0", "70000", "9-8", "a", "-"] {
            assert!(ports(text).is_err(), "{text}");
        }
    }

    #[test]
    fn addresses() {
        assert!(web_address("https://portal.example/a").is_ok());
        for text in ["", "portal.example", "ftp://portal.example/", "https://u:p@portal.example/"] {
            assert!(web_address(text).is_err(), "{text}");
        }
        assert!(contact("mailto:office@portal.example").is_ok());
        assert!(contact("https://portal.example/about").is_ok());
        for text in ["", "office@portal.example", "mailto:", "http://portal.example/", "mailto:a@b\r\nX: y"] {
            assert!(contact(text).is_err(), "{text}");
        }
        assert!(mail_address("Office <office@portal.example>").is_ok());
        assert!(mail_address("a@b@c").is_err());
        assert_eq!(server("mail.example:25"), Ok(("mail.example".to_owned(), 25)));
        assert_eq!(server("[::1]:25"), Ok(("::1".to_owned(), 25)));
        assert!(server("mail.example").is_err());
        assert!(host("https://a.example").is_err());
        assert_eq!(listen("localhost:80").map(|address| address.ip().is_loopback()), Ok(true));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_notation_panic(text in any::<String>()) {
            let _ = (duration(&text), size(&text), network(&text), ports(&text), listen(&text));
            let _ = (web_address(&text), contact(&text), mail_address(&text), host(&text), server(&text));
        }
    }
}
