use std::time::Instant;

use axum::http::StatusCode;
use axum::http::header::HeaderValue;
use axum::http::request::Parts;
use tracing::field::Empty;
use tracing::{Span, info, info_span};

/// The one line of the log that a request leaves, answered or not.
#[derive(Debug)]
pub(crate) struct RequestLog {
    span: Span,
    /// Not read where nobody is told how long it took.
    begun: Option<Instant>,
    name: HeaderValue,
    answered: bool,
}

impl RequestLog {
    /// Of `request`, which begins now and is called `name`.
    pub(crate) fn begin(request: &Parts, name: HeaderValue) -> Self {
        // Without the query, which may hold a person's data in a filter.
        let span = info_span!(
            "request",
            method = %request.method,
            path = shorten(request.uri.path()),
            tenant = Empty,
            token = Empty,
        );
        Self {
            begun: (!span.is_disabled()).then(Instant::now),
            span,
            name,
            answered: false,
        }
    }

    /// What all lines about the request stand in.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Writes the line.
    pub(crate) fn answered(mut self, status: StatusCode) {
        self.answered = true;
        let status = status.as_u16();
        info!(
            parent: &self.span, status, microseconds = self.microseconds(),
            request_id = self.name(), "answered"
        );
    }

    fn microseconds(&self) -> Option<u64> {
        let elapsed = self.begun?.elapsed();
        Some(u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX))
    }

    fn name(&self) -> Option<&str> {
        self.name.to_str().ok()
    }
}

impl Drop for RequestLog {
    fn drop(&mut self) {
        if !self.answered {
            info!(
                parent: &self.span, microseconds = self.microseconds(), request_id = self.name(),
                "given up: the client left, or the server stopped"
            );
        }
    }
}

const LONGEST_PATH: usize = 256;

/// The first characters of `path`: nobody fills the log with one request.
fn shorten(path: &str) -> &str {
    match path.char_indices().nth(LONGEST_PATH) {
        Some((end, _)) => path.get(..end).unwrap_or(path),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_are_cut() {
        for (length, kept) in [(0, 0), (256, 256), (257, 256), (100_000, 256)] {
            for letter in ["a", "ä"] {
                let path = letter.repeat(length);
                assert_eq!(shorten(&path), letter.repeat(kept));
            }
        }
    }
}
