//! What is counted, for Prometheus.

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, FORWARDED, HeaderName, VIA};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use scim_http::ops::{ConflictMetrics, ContendedResource};
use scim_http::provider::Scope;
use tracing::warn;

use crate::Config;
use crate::connection::Peer;
use crate::origin::Origin;

/// Where it is found.
pub(crate) const PATH: &str = "/metrics";

/// How many of the resources that are most in conflict are told.
const TOLD: usize = 10;

/// Counts of this process that are to be shown; none before [`install`].
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// From now on what the [`metrics`] crate is told in this process is kept, to be shown. Says so in
/// the log if something else keeps it already.
pub(crate) fn install() {
    RECORDER.get_or_init(|| {
        let depth = Matcher::Full("scim_retry_depth".into());
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(depth, &[0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
            .expect("there are buckets");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if let Err(error) = metrics::set_global_recorder(recorder) {
            warn!(%error, "nothing is counted for /metrics");
            return None;
        }
        describe();
        Some(handle)
    });
}

/// Takes in what was recorded since, which would otherwise take memory until somebody asks. To be
/// called from time to time.
pub(crate) fn upkeep() {
    if let Some(handle) = recorder() {
        handle.run_upkeep();
    }
}

fn recorder() -> Option<&'static PrometheusHandle> {
    RECORDER.get()?.as_ref()
}

fn describe() {
    metrics::describe_counter!(
        "scim_writes_total",
        "Updates, patches and deletions that were carried out"
    );
    metrics::describe_counter!(
        "scim_conflicts_total",
        "Times that a write met another version than it was made for"
    );
    metrics::describe_counter!(
        "scim_retries_total",
        "Times that a write was tried again after that"
    );
    metrics::describe_counter!(
        "scim_merges_total",
        "Writes that were merged with what had come between"
    );
    metrics::describe_histogram!(
        "scim_retry_depth",
        "How often each write that was carried out had been tried again"
    );
}

/// The counts of one server.
#[derive(Debug)]
pub(crate) struct Exposition {
    conflicts: Arc<ConflictMetrics>,
    /// Whether they are beside the resources, for this machine.
    is_beside: bool,
}

impl Exposition {
    /// Nothing counted yet.
    pub(crate) fn new(config: &Config) -> Self {
        // Behind a proxy on this machine everybody would come from here.
        let is_behind_proxy = config.base_url.is_some() || !config.trusted_proxies.is_empty();
        Self {
            conflicts: Arc::default(),
            is_beside: config.metrics_listen.is_none() && !is_behind_proxy,
        }
    }

    /// What is to be counted into.
    pub(crate) fn conflicts(&self) -> Arc<ConflictMetrics> {
        Arc::clone(&self.conflicts)
    }

    /// Whether a request to where the resources are is shown the counts: it comes from this machine,
    /// is for it, and nobody passed it on.
    pub(crate) fn is_for(&self, request: &Parts, peer: Option<&Peer>, origin: &Origin) -> bool {
        let is_from_here = peer.is_some_and(|peer| peer.address.ip().to_canonical().is_loopback());
        let is_passed_on = PASSED_ON
            .iter()
            .any(|name| request.headers.contains_key(name));
        self.is_beside && is_from_here && !is_passed_on && origin.is_local(request)
    }

    /// The counts, in the text format of Prometheus.
    pub(crate) fn show(&self) -> impl IntoResponse + use<> {
        let mut text = recorder().map_or_else(String::new, PrometheusHandle::render);
        show_contended(&mut text, &self.conflicts.most_contended(TOLD));
        let headers = [
            (CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
        ];
        (headers, text)
    }
}

/// What a proxy adds to a request.
const PASSED_ON: [HeaderName; 5] = [
    FORWARDED,
    VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
];

/// Written by hand: a recorder would keep each resource that was ever among them.
fn show_contended(text: &mut String, contended: &[ContendedResource]) {
    const NAME: &str = "scim_contended_resource_conflicts";
    if contended.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "# HELP {NAME} Conflicts, at most, at the resources that are most in conflict\n\
         # TYPE {NAME} gauge"
    );
    for resource in contended {
        let tenant = match &resource.scope {
            Scope::Single => "",
            Scope::Tenant(tenant) => tenant.as_str(),
        };
        let _ = writeln!(
            text,
            "{NAME}{{resource_type=\"{}\",tenant=\"{}\",id=\"{}\"}} {}",
            escaped(&resource.resource_type),
            escaped(tenant),
            escaped(&resource.id),
            resource.conflicts
        );
    }
}

/// A value of a label.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '"' => escaped.push_str("\\\""),
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn is_shown(args: &[&str], from: &str, lines: &[(&str, &str)]) -> bool {
        let args = [&["scimd", "--store", "memory"], args].concat();
        let config = Config::from_args(args).unwrap();
        let mut request = Request::get(PATH);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (request, ()) = request.body(()).unwrap().into_parts();
        let peer = Peer {
            address: from.parse().unwrap(),
            encrypted: false,
        };
        let origin = Origin::new(&config);
        Exposition::new(&config).is_for(&request, Some(&peer), &origin)
    }

    #[test]
    fn counts_are_for_this_machine() {
        let here = [("host", "127.0.0.1:8080")];
        assert!(is_shown(&[], "127.0.0.1:5", &here));
        assert!(is_shown(&[], "[::1]:5", &[("host", "localhost:8080")]));
        assert!(!is_shown(&[], "10.0.0.1:5", &here));
        assert!(!is_shown(&[], "127.0.0.1:5", &[("host", "evil.example")]));
    }

    #[test]
    fn what_a_proxy_on_this_machine_passes_on_is_not_from_here() {
        let from = "127.0.0.1:5";
        for added in ["forwarded", "via", "x-forwarded-for", "x-forwarded-proto"] {
            let lines = [("host", "localhost"), (added, "x")];
            assert!(!is_shown(&[], from, &lines), "{added}");
        }
        let lines = [("host", "localhost")];
        for option in ["--base-url=https://id.example", "--trusted-proxy=127.0.0.1"] {
            assert!(!is_shown(&[option], from, &lines), "{option}");
        }
    }

    #[test]
    fn with_an_address_of_their_own_they_are_nowhere_else() {
        let lines = [("host", "localhost")];
        let own = "--metrics-listen=127.0.0.1:0";
        assert!(!is_shown(&[own], "127.0.0.1:5", &lines));
    }

    #[test]
    fn a_label_holds_any_text() {
        assert_eq!(escaped("a\"b\\c\nd"), r#"a\"b\\c\nd"#);
    }
}
