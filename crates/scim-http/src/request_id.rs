//! The name by which a request goes in logs.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use scim_ops::provider::RequestContext;

/// The header that names a request: on a request what the client calls it, on a response what
/// the logs call it.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest name that is taken from a client, in octets.
const LONGEST: usize = 128;

/// The name by which a request goes in logs: the one that the client chose, if there is one and
/// it is fit for them, else one that no other request has.
///
/// [`ScimService::handle`](crate::ScimService::handle) names requests itself; this is for servers
/// that answer some on their own, or want the name before.
///
/// ```
/// use http::HeaderMap;
/// use scim_http::{RequestName, X_REQUEST_ID};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(X_REQUEST_ID, "req-7".parse()?);
/// assert_eq!(RequestName::of(&headers).as_str(), "req-7");
///
/// headers.insert(X_REQUEST_ID, "not fit for logs".parse()?);
/// assert_ne!(RequestName::of(&headers).as_str(), "not fit for logs");
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Debug, Clone)]
pub struct RequestName {
    context: RequestContext,
    value: HeaderValue,
}

impl RequestName {
    /// The name of a request with these headers. Asked again, it may be another one.
    pub fn of(headers: &HeaderMap) -> Self {
        if let Some(value) = named(headers) {
            let text = value.to_str().expect("what is fit is visible ASCII");
            return Self {
                context: RequestContext::new(text),
                value: value.clone(),
            };
        }
        let context = RequestContext::with_generated_id();
        let value = HeaderValue::from_str(context.request_id()).expect("a UUID is visible ASCII");
        Self { context, value }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.context.request_id()
    }

    /// What [`X_REQUEST_ID`] says on the response.
    pub const fn as_header_value(&self) -> &HeaderValue {
        &self.value
    }

    /// A context of that name, of the one tenant there is.
    pub(crate) const fn context(&self) -> &RequestContext {
        &self.context
    }
}

fn named(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut names = headers.get_all(X_REQUEST_ID).iter();
    match (names.next(), names.next()) {
        (Some(name), None) => is_fit(name.as_bytes()).then_some(name),
        _ => None,
    }
}

/// Letters, digits and what UUIDs, ULIDs, trace ids and base64 hold besides; nothing that
/// could pass for another part of a log line.
fn is_fit(name: &[u8]) -> bool {
    let fit = |octet: u8| {
        octet.is_ascii_alphanumeric()
            || matches!(octet, b'-' | b'_' | b'.' | b':' | b'/' | b'+' | b'=')
    };
    (1..=LONGEST).contains(&name.len()) && name.iter().all(|&octet| fit(octet))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(values: &[&str]) -> String {
        let values = values
            .iter()
            .map(|value| (X_REQUEST_ID, value.parse().unwrap()));
        let name = RequestName::of(&values.collect());
        assert_eq!(name.as_header_value(), name.as_str());
        name.as_str().to_owned()
    }

    #[test]
    fn a_fit_name_is_kept() {
        for name in ["1", "01J9Z3-abc_d.e:f/g+h=", &"x".repeat(128)] {
            assert_eq!(name_of(&[name]), name);
        }
    }

    #[test]
    fn any_other_is_replaced_by_a_generated_one() {
        for names in [
            &[][..],
            &[""],
            &["a b"],
            &["a\"b"],
            &["a\tb"],
            &["a", "a"],
            &[&"x".repeat(129)],
        ] {
            assert_eq!(name_of(names).len(), 36, "{names:?}");
        }
    }
}
