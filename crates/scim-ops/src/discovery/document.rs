use std::fmt;

use serde_json::Value;

/// A document of [`Discovery`](super::Discovery): JSON that lacks nothing but the base URL in
/// its `meta.location`.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    id: Box<str>,
    /// The members before `meta`, without the closing brace.
    head: Box<str>,
    resource_type: &'static str,
    /// The location below the base URL, with a slash in front.
    path: Box<str>,
}

impl Document {
    /// The document `json` about `id`, an object without `meta`, which is found under
    /// `endpoint`, of which there may be several.
    pub(super) fn new(
        resource_type: &'static str,
        endpoint: &'static str,
        id: &str,
        json: &Value,
    ) -> Self {
        let path = format!("/{endpoint}/{}", escaped(id));
        Self::at(resource_type, path, id, json)
    }

    /// The only document of its type, under an endpoint of the same name.
    pub(super) fn only(resource_type: &'static str, json: &Value) -> Self {
        Self::at(
            resource_type,
            format!("/{resource_type}"),
            resource_type,
            json,
        )
    }

    fn at(resource_type: &'static str, path: String, id: &str, json: &Value) -> Self {
        let mut head = json.to_string();
        head.pop();
        Self {
            id: id.into(),
            head: head.into(),
            resource_type,
            path: path.into(),
        }
    }

    /// The name of the resource type, the URI of the schema, or `ServiceProviderConfig`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the document is, below the base URL: a slash and then the path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Appends the document as JSON to `out`. `base_url` has no slash at its end.
    pub fn write_json(&self, out: &mut Vec<u8>, base_url: &str) {
        let location = Value::String([base_url, &self.path].concat());
        out.extend_from_slice(self.head.as_bytes());
        let meta = format!(
            r#","meta":{{"resourceType":"{}","location":{location}}}}}"#,
            self.resource_type,
        );
        out.extend_from_slice(meta.as_bytes());
    }

    /// The document as JSON; see [`write_json`](Self::write_json).
    pub fn to_json(&self, base_url: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.head.len() + 128);
        self.write_json(&mut out, base_url);
        out
    }
}

impl fmt::Debug for Document {
    /// Which document it is; schemas fill pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("resource_type", &self.resource_type)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// `id` as one path segment: what RFC 3986 §3.3 admits in one stays, so that a URN shows as
/// RFC 7644 §4 shows it.
fn escaped(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for octet in id.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&octet) {
            out.push(char::from(octet));
        } else {
            out.push_str(&format!("%{octet:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_location_is_that_of_the_base_url() {
        let document = Document::new("Schema", "Schemas", "http://x/y\"", &json!({ "a": 1 }));
        let shown = String::from_utf8(document.to_json("https://h/v2")).unwrap();
        assert_eq!(
            shown,
            r#"{"a":1,"meta":{"resourceType":"Schema","location":"https://h/v2/Schemas/http:%2F%2Fx%2Fy%22"}}"#
        );
        assert_eq!(document.id(), "http://x/y\"");
    }
}
