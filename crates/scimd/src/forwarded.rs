use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;
use axum::http::uri::Scheme;
use ipnet::IpNet;
use thiserror::Error;

/// The peers whose word on how the client reached them is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TrustedProxies(Vec<TrustedProxy>);

/// An address or a network of trusted proxies: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TrustedProxy(IpNet);

/// What a request says about how its client asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Forwarded {
    /// The scheme, `http` or `https`.
    pub(crate) scheme: Option<Scheme>,
    /// What `Host` said, not checked.
    pub(crate) host: Option<String>,
}

impl TrustedProxies {
    /// These.
    pub(crate) fn new(proxies: Vec<TrustedProxy>) -> Self {
        Self(proxies)
    }

    /// Whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the headers of a request from `peer` say: nothing unless it is trusted.
    ///
    /// Either `Forwarded` (RFC 7239) or `X-Forwarded-Proto` and `X-Forwarded-Host` count,
    /// of a list the last element, which the trusted peer itself has added. A proxy that sets the
    /// one may pass on what its client put into the other, so where both are present and differ,
    /// neither counts.
    pub(crate) fn forwarded(&self, peer: IpAddr, headers: &HeaderMap) -> Forwarded {
        if !self.trusts(peer) {
            return Forwarded::default();
        }
        let (standard, customary) = (standard(headers), customary(headers));
        match (standard, customary) {
            (Some(one), Some(other)) if one != other => Forwarded::default(),
            (Some(found), _) | (None, Some(found)) => found,
            (None, None) => Forwarded::default(),
        }
    }

    fn trusts(&self, peer: IpAddr) -> bool {
        // A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d.
        let peer = peer.to_canonical();
        self.0.iter().any(|TrustedProxy(net)| net.contains(&peer))
    }
}

impl FromStr for TrustedProxy {
    type Err = TrustedProxyError;

    fn from_str(text: &str) -> Result<Self, TrustedProxyError> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(address.to_canonical().into()));
        }
        text.parse().map(Self).map_err(|_| TrustedProxyError)
    }
}

/// Why a text is no [`TrustedProxy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an address such as 10.0.0.7 or a network such as 10.0.0.0/8")]
pub(crate) struct TrustedProxyError;

fn standard(headers: &HeaderMap) -> Option<Forwarded> {
    let line = headers
        .get_all("forwarded")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    let mut found = Forwarded::default();
    for pair in split_quoted(last(split_quoted(line, ','))?, ';') {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let value = unquote(value.trim());
        match name.trim().to_ascii_lowercase().as_str() {
            "proto" => found.scheme = scheme(&value),
            "host" => found.host = Some(value),
            _ => {}
        }
    }
    // An element that names the client only says nothing of how it asked.
    (found != Forwarded::default()).then_some(found)
}

fn customary(headers: &HeaderMap) -> Option<Forwarded> {
    let value = |name| {
        let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        last(line.split(','))
    };
    let (proto, host) = (value("x-forwarded-proto"), value("x-forwarded-host"));
    let found = Forwarded {
        scheme: proto.and_then(scheme),
        host: host.map(str::to_owned),
    };
    (found != Forwarded::default()).then_some(found)
}

fn scheme(text: &str) -> Option<Scheme> {
    [Scheme::HTTPS, Scheme::HTTP]
        .into_iter()
        .find(|scheme| text.eq_ignore_ascii_case(scheme.as_str()))
}

fn last<'a>(elements: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    elements
        .map(str::trim)
        .filter(|element| !element.is_empty())
        .last()
}

/// The parts of `text` between the separators outside of quotes.
fn split_quoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        if escaped {
            escaped = false;
        } else if quoted && c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        } else {
            return !quoted && c == separator;
        }
        false
    })
}

/// What a token or quoted-string says (RFC 9110 §5.6.4).
fn unquote(text: &str) -> String {
    let Some(inner) = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
    else {
        return text.to_owned();
    };
    let mut said = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        said.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    said
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const PROXY: &str = "10.1.2.3";

    fn said_to(peer: &str, lines: &[(&'static str, &'static str)]) -> Forwarded {
        let proxies = TrustedProxies::new(vec![
            "10.0.0.0/8".parse().unwrap(),
            "fd00::1".parse().unwrap(),
        ]);
        let headers = lines
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        proxies.forwarded(peer.parse().unwrap(), &headers)
    }

    fn https(host: &str) -> Forwarded {
        Forwarded {
            scheme: Some(Scheme::HTTPS),
            host: Some(host.into()),
        }
    }

    #[test]
    fn only_trusted_peers_are_believed() {
        let lines = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "id.example.com"),
        ];
        for trusted in [PROXY, "::ffff:10.1.2.3", "fd00::1"] {
            assert_eq!(
                said_to(trusted, &lines),
                https("id.example.com"),
                "{trusted}"
            );
        }
        for stranger in ["11.0.0.1", "127.0.0.1", "fd00::2", "::1"] {
            assert_eq!(
                said_to(stranger, &lines),
                Forwarded::default(),
                "{stranger}"
            );
        }
        assert_eq!(
            TrustedProxies::default().forwarded(PROXY.parse().unwrap(), &HeaderMap::new()),
            Forwarded::default()
        );
    }

    #[test]
    fn the_element_that_the_proxy_added_counts() {
        let lines = [
            ("x-forwarded-proto", "http, https"),
            ("x-forwarded-host", "evil.example, id.example.com"),
        ];
        assert_eq!(said_to(PROXY, &lines), https("id.example.com"));

        let lines = [
            ("forwarded", "for=1.2.3.4;host=evil.example;proto=http"),
            (
                "forwarded",
                "host=\"evil,;.example\", for=\"[::1]\" ; Proto=HTTPS; host=\"id.example.com:8443\",",
            ),
        ];
        assert_eq!(said_to(PROXY, &lines), https("id.example.com:8443"));
    }

    #[test]
    fn headers_that_contradict_each_other_count_for_nothing() {
        let lines = [
            ("forwarded", "proto=https;host=evil.example"),
            ("x-forwarded-proto", "https"),
        ];
        assert_eq!(said_to(PROXY, &lines), Forwarded::default());

        let lines = [
            ("forwarded", "proto=https;host=a.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "a.example"),
        ];
        assert_eq!(said_to(PROXY, &lines), https("a.example"));
    }

    #[test]
    fn headers_that_say_nothing_contradict_nothing() {
        let lines = [
            ("forwarded", "for=192.0.2.1;by=10.1.2.3"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "id.example.com"),
        ];
        assert_eq!(said_to(PROXY, &lines), https("id.example.com"));

        let lines = [
            ("forwarded", "for=192.0.2.1;proto=https;host=id.example.com"),
            ("x-forwarded-proto", "wss"),
        ];
        assert_eq!(said_to(PROXY, &lines), https("id.example.com"));
    }

    #[test]
    fn schemes_other_than_the_two_are_not_taken_over() {
        assert_eq!(
            said_to(PROXY, &[("x-forwarded-proto", "javascript")]),
            Forwarded::default()
        );
        assert_eq!(
            said_to(PROXY, &[("forwarded", "proto;=;;host")]),
            Forwarded::default()
        );
    }

    #[test]
    fn quoted_strings_lose_their_quotes_and_escapes() {
        assert_eq!(unquote("\"a\\\"b\\\\\""), "a\"b\\");
        assert_eq!(unquote("\"\\\""), "");
        assert_eq!(unquote("\""), "\"");
    }

    #[test]
    fn networks_and_addresses_are_told_from_anything_else() {
        for text in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0",
            "10.0.0.0/8,fd00::/8",
        ] {
            assert!(text.parse::<TrustedProxy>().is_err(), "{text}");
        }
    }
}
