use std::net::IpAddr;

use axum::http::header::{HOST, HeaderValue, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Scheme;
use scim_http::{BasePath, BaseUrl};

use crate::Config;
use crate::connection::Peer;
use crate::forwarded::TrustedProxies;

/// Where clients see the server.
#[derive(Debug)]
pub(crate) struct Origin {
    path: BasePath,
    configured: Option<BaseUrl>,
    proxies: TrustedProxies,
}

impl Origin {
    /// As the configuration says.
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            path: config.base_path.clone(),
            configured: config.base_url.clone(),
            proxies: config.trusted_proxies.clone(),
        }
    }

    /// Tells the service, by the request's extensions, under which URL its client sees it
    /// where that is not simply `http` at its `Host`.
    pub(crate) fn tell(&self, request: &mut Parts, peer: Option<&Peer>) {
        let (None, Some(peer)) = (&self.configured, peer) else {
            return;
        };
        let forwarded = self.proxies.forwarded(peer.address.ip(), &request.headers);
        let scheme = match forwarded.scheme {
            Some(scheme) => scheme,
            None if peer.encrypted => Scheme::HTTPS,
            None => Scheme::HTTP,
        };
        let url = forwarded.host.and_then(|host| {
            BaseUrl::parse(&format!(
                "{scheme}://{host}{path}",
                path = self.path.as_str()
            ))
            .ok()
        });
        match url {
            Some(url) => drop(request.extensions.insert(url)),
            // Clients of HTTP/2 name a scheme themselves, which need not be the true one.
            None if scheme != Scheme::HTTP || request.uri.scheme().is_some() => {
                request.extensions.insert(scheme);
            }
            None => {}
        }
    }

    /// Whether a server without tokens answers a request: it is for a loopback address,
    /// `localhost`, or the host of the configured base URL, and not from a page of any other.
    ///
    /// A browser on this machine sends requests to loopback addresses under any name whose
    /// owner has it point there (DNS rebinding), and lets the owner's pages read the answers. And
    /// it sends them for a page of another site without asking if they look like those of a form, as a
    /// POST without a content type does; but then it says from where (RFC 6454 §7).
    pub(crate) fn is_local(&self, request: &Parts) -> bool {
        let headers = &request.headers;
        // What HTTP/2 says in `:authority` goes before `Host`. Every browser names a host.
        let is_for_local = match request.uri.authority() {
            Some(authority) => self.is_local_host(authority.as_str()),
            None => {
                let mut hosts = headers.get_all(HOST).iter().map(HeaderValue::to_str);
                hosts.all(|host| host.is_ok_and(|host| self.is_local_host(host)))
            }
        };
        let mut sites = headers.get_all(ORIGIN).iter().map(HeaderValue::to_str);
        is_for_local && sites.all(|site| site.is_ok_and(|site| self.is_local_site(site)))
    }

    /// Whether `origin` is a site at a local host. `null` is none.
    fn is_local_site(&self, origin: &str) -> bool {
        match origin.split_once("://") {
            Some(("http" | "https", authority)) => self.is_local_host(authority),
            _ => false,
        }
    }

    fn is_local_host(&self, authority: &str) -> bool {
        let host = without_port(authority);
        let address = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        address.is_ok_and(|address| address.to_canonical().is_loopback())
            || host.eq_ignore_ascii_case("localhost")
            || self
                .configured
                .as_ref()
                .is_some_and(|url| host.eq_ignore_ascii_case(host_of(url)))
    }
}

fn host_of(url: &BaseUrl) -> &str {
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    without_port(rest.split('/').next().unwrap_or_default())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn origin(args: &[&str]) -> Origin {
        let args = [&["scimd"], args].concat();
        Origin::new(&Config::from_args(args).unwrap())
    }

    fn request(lines: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder();
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn told(
        origin: &Origin,
        lines: &[(&str, &str)],
        encrypted: bool,
    ) -> (Option<String>, Option<Scheme>) {
        let peer = Peer {
            address: "10.0.0.1:5".parse().unwrap(),
            encrypted,
        };
        let mut request = request(lines);
        origin.tell(&mut request, Some(&peer));
        let url = request
            .extensions
            .get::<BaseUrl>()
            .map(|url| url.as_str().to_owned());
        (url, request.extensions.get().cloned())
    }

    #[test]
    fn a_configured_url_is_left_alone() {
        let origin = origin(&[
            "--base-url",
            "https://id.example/v2",
            "--trusted-proxy",
            "10.0.0.1",
        ]);
        let told = told(&origin, &[("host", "a"), ("x-forwarded-host", "b")], true);
        assert_eq!(told, (None, None));
    }

    #[test]
    fn an_encrypted_connection_is_https() {
        let origin = origin(&[]);
        assert_eq!(
            told(&origin, &[("host", "a")], true),
            (None, Some(Scheme::HTTPS))
        );
        assert_eq!(told(&origin, &[("host", "a")], false), (None, None));
    }

    #[test]
    fn a_scheme_that_the_client_made_up_is_not_believed() {
        let peer = Peer {
            address: "10.0.0.1:5".parse().unwrap(),
            encrypted: false,
        };
        let mut request = request(&[]);
        request.uri = "https://a/scim/v2/Users".parse().unwrap();
        origin(&[]).tell(&mut request, Some(&peer));
        assert_eq!(request.extensions.get(), Some(&Scheme::HTTP));
    }

    #[test]
    fn what_is_forwarded_stands_in_for_what_is_seen() {
        let origin = origin(&["--trusted-proxy", "10.0.0.0/8"]);
        let proto = ("x-forwarded-proto", "https");
        let url = |url: &str| (Some(url.to_owned()), None);
        let cases = [
            (&[("host", "a"), proto][..], (None, Some(Scheme::HTTPS))),
            (
                &[("host", "a"), proto, ("x-forwarded-host", "b:1")],
                url("https://b:1/scim/v2"),
            ),
            (
                &[("host", "a"), ("x-forwarded-host", "b")],
                url("http://b/scim/v2"),
            ),
            (
                &[("host", "a"), proto, ("x-forwarded-host", "b/\"<x>")],
                (None, Some(Scheme::HTTPS)),
            ),
        ];
        for (lines, expected) in cases {
            assert_eq!(told(&origin, lines, false), expected, "{lines:?}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_local() {
        let origin = origin(&["--base-url", "https://id.example:8443/v2"]);
        for host in [
            "127.0.0.1",
            "127.9.9.9:80",
            "localhost:8080",
            "LOCALHOST",
            "[::1]",
            "[::1]:80",
            "id.example",
            "id.example:1",
        ] {
            assert!(origin.is_local(&request(&[("host", host)])), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example:80",
            "localhost.evil.example",
            "10.0.0.1",
            "[::2]:1",
            "",
        ] {
            assert!(!origin.is_local(&request(&[("host", host)])), "{host}");
        }
        assert!(origin.is_local(&request(&[])));
        for hosts in [["localhost", "evil.example"], ["localhost", "\u{e9}"]] {
            let request = request(&hosts.map(|host| ("host", host)));
            assert!(!origin.is_local(&request), "{hosts:?}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_not_local() {
        let origin = origin(&["--base-url", "https://id.example/v2"]);
        let is_local = |sites: &[&str]| {
            let mut lines = vec![("host", "localhost:8080")];
            lines.extend(sites.iter().map(|site| ("origin", *site)));
            origin.is_local(&request(&lines))
        };
        for site in [
            "http://localhost:3000",
            "http://127.0.0.1",
            "https://[::1]:8443",
            "https://id.example",
        ] {
            assert!(is_local(&[site]), "{site}");
        }
        for site in [
            "null",
            "",
            "localhost",
            "http://evil.example",
            "https://localhost.evil.example:8080",
            "chrome-extension://localhost",
            "http://localhost http://evil.example",
            "\u{e9}",
        ] {
            assert!(!is_local(&[site]), "{site}");
            assert!(!is_local(&["http://localhost", site]), "{site}");
        }
    }
}
