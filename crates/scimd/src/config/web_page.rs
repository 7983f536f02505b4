use std::str::FromStr;

use axum::http::Uri;
use thiserror::Error;

/// The URL of a page for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebPage(String);

impl WebPage {
    /// The URL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebPage {
    type Err = WebPageError;

    fn from_str(text: &str) -> Result<Self, WebPageError> {
        let uri: Uri = text.parse().map_err(|_| WebPageError)?;
        match uri.scheme_str() {
            Some("http" | "https") => Ok(Self(text.into())),
            _ => Err(WebPageError),
        }
    }
}

/// Why a text is no [`WebPage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a URL that begins with http:// or https://")]
pub(crate) struct WebPageError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_at_an_absolute_url() {
        for text in ["https://example.com", "http://example.com/help?a=b#c"] {
            assert_eq!(text.parse::<WebPage>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "/help",
            "example.com/help",
            "ftp://example.com",
            "https://a b",
        ] {
            assert_eq!(text.parse::<WebPage>(), Err(WebPageError), "{text}");
        }
    }
}
