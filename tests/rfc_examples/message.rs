//! Requests and answers as the RFCs print them.

use http::Method;

/// A request: its line, its header, its content.
#[derive(Debug)]
pub(crate) struct PrintedRequest<'a> {
    pub(crate) method: Method,
    /// Below the base URL, and percent-encoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: &'a str,
}

impl<'a> PrintedRequest<'a> {
    /// Takes apart what is printed. The version after the target may be missing, as it is in most
    /// examples; `Content-Length: ...` does not count, nor does the `/v2` of some targets.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (first, headers, body) = parts(text);
        let line = first.trim_end_matches("HTTP/1.1").trim_end();
        let (method, target) = line.split_once(' ').expect("a method and a target");
        let target = target.strip_prefix("/v2").unwrap_or(target);
        let mut headers = headers;
        headers.retain(|(name, _)| *name != "Content-Length");
        Self {
            method: method.parse().expect("a method"),
            target: encoded(target),
            headers,
            body,
        }
    }
}

/// An answer: its status, its header, its content.
#[derive(Debug)]
pub(crate) struct PrintedAnswer<'a> {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: &'a str,
}

impl<'a> PrintedAnswer<'a> {
    /// Takes apart what is printed.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (first, headers, body) = parts(text);
        let status = first.split(' ').nth(1).expect("a status line");
        Self {
            status: status.parse().expect("a status code"),
            headers,
            body,
        }
    }
}

fn parts(text: &str) -> (&str, Vec<(&str, &str)>, &str) {
    let text = text.trim_start_matches('\n');
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.trim_end().lines();
    let first = lines.next().expect("a first line");
    let headers = lines
        .map(|line| {
            let (name, value) = line.split_once(':').expect("a header line");
            (name.trim(), value.trim())
        })
        .collect();
    (first, headers, body)
}

/// The RFCs print what a URL has to encode.
fn encoded(target: &str) -> String {
    target
        .chars()
        .map(|character| match character {
            ' ' => "%20".to_owned(),
            '"' => "%22".to_owned(),
            '[' => "%5B".to_owned(),
            ']' => "%5D".to_owned(),
            other => other.to_string(),
        })
        .collect()
}
