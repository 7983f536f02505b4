//! Load by `wrk`.

use std::process::Command;
use std::time::Duration;

use crate::children::output;

/// What `wrk` counted.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Load {
    /// How many requests were answered.
    pub requests: f64,
    /// How many of them in a second.
    pub rate: f64,
}

/// Has `wrk` request `url` over 16 connections, by itself or as `script` says (with its arguments).
///
/// # Panics
///
/// If `wrk` is not there, or an answer was no success.
#[must_use]
pub fn load(url: &str, threads: u32, duration: Duration, script: &[&str]) -> Load {
    let mut command = Command::new("wrk");
    command
        .arg(format!("-t{threads}"))
        .arg("-c16")
        .arg(format!("-d{}s", duration.as_secs()));
    if let [script, arguments @ ..] = script {
        command.args(["-s", script, url, "--"]).args(arguments);
    } else {
        command.arg(url);
    }
    parse(&output(&mut command))
}

fn parse(report: &str) -> Load {
    for bad in ["Non-2xx or 3xx responses", "Socket errors"] {
        assert!(
            !report.contains(bad),
            "not all requests were answered with success:\n{report}"
        );
    }
    let number = |text: &str| text.trim().parse().ok();
    let mut lines = report.lines();
    let requests = lines.find_map(|line| number(line.split_once(" requests in ")?.0));
    let rate = lines.find_map(|line| number(line.strip_prefix("Requests/sec:")?));
    match (requests, rate) {
        (Some(requests), Some(rate)) => Load { requests, rate },
        _ => panic!("wrk reported nothing:\n{report}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        let report =
            "  1000 requests in 1.00s, 1MB read\nRequests/sec:   1234.50\nTransfer/sec: 1MB\n";
        let read = Load {
            requests: 1000.0,
            rate: 1234.5,
        };
        assert_eq!(parse(report), read);
    }

    #[test]
    #[should_panic = "not all requests"]
    fn a_refusal_counts_for_nothing() {
        let _ = parse("  Non-2xx or 3xx responses: 1\nRequests/sec:   1234.50\n");
    }
}
