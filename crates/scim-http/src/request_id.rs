//! The name by which a request goes in logs.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use scim_ops::provider::RequestContext;

/// The header that names a request: on a request what the client calls it, on a response what
/// the logs call it.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest name that is taken from a client, in octets.
const LONGEST: usize = 128;

/// Gives a request its name, which its headers hold from then on, and returns it for
/// the response: the one that the client chose, if there is one and it is fit for logs, else one that no other
/// request has.
///
/// [`ScimService`](crate::ScimService) does this itself; it is for servers that answer some
/// requests on their own, or want the name before.
///
/// ```
/// use http::HeaderMap;
/// use scim_http::{X_REQUEST_ID, name_request};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(X_REQUEST_ID, "req-7".parse()?);
/// assert_eq!(name_request(&mut headers), "req-7");
///
/// headers.insert(X_REQUEST_ID, "not fit for logs".parse()?);
/// let name = name_request(&mut headers);
/// assert_eq!(headers[X_REQUEST_ID], name);
/// assert_ne!(name, "not fit for logs");
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
pub fn name_request(headers: &mut HeaderMap) -> HeaderValue {
    if let Some(name) = named(headers) {
        return name.clone();
    }
    let name = generated().1;
    headers.insert(X_REQUEST_ID, name.clone());
    name
}

/// A context under the name that the client gave the request, if there is one and it is fit
/// for logs, else under a generated one; and the name for the response.
pub(crate) fn context(headers: &HeaderMap) -> (RequestContext, HeaderValue) {
    match named(headers) {
        Some(name) => {
            let text = name.to_str().expect("what is fit is visible ASCII");
            (RequestContext::new(text), name.clone())
        }
        None => generated(),
    }
}

fn generated() -> (RequestContext, HeaderValue) {
    let context = RequestContext::with_generated_id();
    let name = HeaderValue::from_str(context.request_id()).expect("a UUID is visible ASCII");
    (context, name)
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
        let (context, name) = context(&values.collect());
        assert_eq!(name, context.request_id());
        context.request_id().to_owned()
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
