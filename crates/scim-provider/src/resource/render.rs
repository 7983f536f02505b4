use scim_version::ScimVersion;
use serde_json::{Map, Value};

use super::{Body, Resource, StoredBody, take, take_meta};
use crate::filter::Projector;
use crate::location::{location, segment};
use crate::storage::Link;

/// Under which addresses a resource is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rendering<'a> {
    /// The base URL, without a slash at its end; empty for relative references.
    pub(crate) base_url: &'a str,
    /// The endpoint of the resource's type, such as `Users`.
    pub(crate) endpoint: &'a str,
    /// The version, if it is not the stored one.
    pub(crate) version: Option<&'a ScimVersion>,
}

impl<'a> Rendering<'a> {
    pub(crate) const fn relative(endpoint: &'a str) -> Self {
        Self {
            base_url: "",
            endpoint,
            version: None,
        }
    }
}

impl Resource {
    /// Appends the resource as JSON, with `meta.location` and `meta.version`.
    pub(crate) fn render(&self, out: &mut Vec<u8>, rendering: &Rendering<'_>) {
        match &self.body {
            Body::Stored(stored) => stored.render(out, &self.resource_type, rendering),
            Body::Tree(map) => push_json(out, &self.shown(map, rendering)),
        }
    }

    /// Appends as much of the resource as `projector` leaves.
    pub(crate) fn render_projected(
        &self,
        out: &mut Vec<u8>,
        rendering: &Rendering<'_>,
        projector: &Projector<'_>,
    ) {
        let whole = match &self.body {
            Body::Stored(_) if projector.shows_all() => return self.render(out, rendering),
            Body::Stored(stored) => {
                let mut json = Vec::with_capacity(stored.document.len() + 512);
                stored.render(&mut json, &self.resource_type, rendering);
                serde_json::from_slice(&json).expect(
                    "a store gives documents back octet by octet, and rendering adds whole members",
                )
            }
            // What a provider of the application's own has put into it, is looked at in any case:
            // it may hold what is never shown.
            Body::Tree(map) => self.shown(map, rendering),
        };
        push_json(out, &projector.project(whole));
    }

    /// The resource `map` with `meta.location` and `meta.version`.
    fn shown(&self, map: &Map<String, Value>, rendering: &Rendering<'_>) -> Map<String, Value> {
        let mut map = map.clone();
        let mut meta = take_meta(&mut map);
        for name in ["resourceType", "location", "version"] {
            take(&mut meta, name);
        }
        meta.insert("resourceType".into(), self.resource_type().into());
        if let Some(id) = self.id() {
            meta.insert(
                "location".into(),
                location(rendering.base_url, rendering.endpoint, id).into(),
            );
        }
        if let Some(version) = rendering.version {
            meta.insert("version".into(), version.to_http_header().into());
        }
        map.insert("meta".into(), Value::Object(meta));
        map
    }
}

impl StoredBody {
    /// Splices id, links and `meta` into the stored document, which is neither parsed
    /// nor printed again.
    fn render(&self, out: &mut Vec<u8>, resource_type: &str, rendering: &Rendering<'_>) {
        out.extend_from_slice(b"{\"id\":");
        push_string(out, &[self.id.as_str()]);
        push_document(out, &self.document, rendering.base_url);
        render_links(out, &self.links, rendering.base_url);
        render_links(out, &self.derived, rendering.base_url);
        out.extend_from_slice(b",\"meta\":{\"resourceType\":");
        push_string(out, &[resource_type]);
        out.extend_from_slice(b",\"created\":\"");
        self.stamp.created.print(out);
        out.extend_from_slice(b"\",\"lastModified\":\"");
        self.stamp.last_modified.print(out);
        out.extend_from_slice(b"\",\"location\":");
        let id = segment(self.id.as_str());
        match rendering.base_url {
            "" => push_string(out, &[rendering.endpoint, "/", &id]),
            base_url => push_string(out, &[base_url, "/", rendering.endpoint, "/", &id]),
        }
        out.extend_from_slice(b",\"version\":");
        push_version(out, rendering.version.unwrap_or(&self.stamp.version));
        out.extend_from_slice(b"}}");
    }
}

/// Appends each attribute that `links` are values of, behind a comma.
fn render_links(out: &mut Vec<u8>, links: &[Link], base_url: &str) {
    for links in links.chunk_by(|a, b| a.key.attribute == b.key.attribute) {
        out.push(b',');
        push_string(out, &[&links[0].key.attribute]);
        out.extend_from_slice(b":[");
        for (i, link) in links.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            render_link(out, link, base_url);
        }
        out.push(b']');
    }
}

fn render_link(out: &mut Vec<u8>, link: &Link, base_url: &str) {
    out.extend_from_slice(b"{\"value\":");
    push_string(out, &[&link.key.target]);
    if let Some(reference) = &link.reference {
        out.extend_from_slice(b",\"$ref\":");
        match base_url {
            base_url if !base_url.is_empty() && is_relative(reference.as_bytes()) => {
                push_string(out, &[base_url, "/", reference]);
            }
            _ => push_string(out, &[reference]),
        }
    }
    push_members(out, &link.detail);
    out.push(b'}');
}

/// Appends the members of a stored document, with references to resources made absolute.
fn push_document(out: &mut Vec<u8>, document: &[u8], base_url: &str) {
    const NAME: &[u8] = br#"$ref":""#;
    if base_url.is_empty() {
        return push_members(out, document);
    }
    let mut rest = members(document);
    if !rest.is_empty() {
        out.push(b',');
    }
    while let Some(at) = first_dollar(rest) {
        let (before, name) = rest.split_at(at);
        out.extend_from_slice(before);
        rest = match name.strip_prefix(NAME) {
            // Inside of a string a quote is escaped, so this is a whole name.
            Some(reference) if before.ends_with(b"\"") => {
                out.extend_from_slice(NAME);
                if is_relative(reference) {
                    out.extend_from_slice(base_url.as_bytes());
                    out.push(b'/');
                }
                reference
            }
            _ => {
                out.push(b'$');
                &name[1..]
            }
        };
    }
    out.extend_from_slice(rest);
}

/// Where the first `$` stands. Most documents have none, which is found out without a branch
/// for each octet, so that compilers turn it into vector instructions.
fn first_dollar(octets: &[u8]) -> Option<usize> {
    const STRIDE: usize = 64;
    let has_none = |stride: &&[u8; STRIDE]| {
        !stride
            .iter()
            .fold(false, |any, &octet| any | (octet == b'$'))
    };
    let (strides, _) = octets.as_chunks::<STRIDE>();
    let seen = strides.iter().take_while(has_none).count() * STRIDE;
    let found = octets[seen..].iter().position(|&octet| octet == b'$');
    found.map(|at| seen + at)
}

/// Whether a reference, up to its closing quote, is a path below the base URL: it has no
/// scheme (RFC 3986 §4.1) and does not begin elsewhere.
fn is_relative(reference: &[u8]) -> bool {
    let first = reference.split(|octet| matches!(octet, b'/' | b'"')).next();
    let first = first.unwrap_or_default();
    !first.is_empty() && first != b"." && first != b".." && !first.contains(&b':')
}

/// Appends the members of the canonical JSON `object`, each behind a comma.
fn push_members(out: &mut Vec<u8>, object: &[u8]) {
    let members = members(object);
    if !members.is_empty() {
        out.push(b',');
        out.extend_from_slice(members);
    }
}

fn members(object: &[u8]) -> &[u8] {
    let inside = object.get(1..object.len().saturating_sub(1));
    inside.unwrap_or_default()
}

/// Appends the string that the `parts` are together.
fn push_string(out: &mut Vec<u8>, parts: &[&str]) {
    if parts.iter().any(|part| has_escapes(part)) {
        return push_json(out, &parts.concat());
    }
    out.push(b'"');
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// Appends the entity tag of `version` as a string.
fn push_version(out: &mut Vec<u8>, version: &ScimVersion) {
    if has_escapes(version.as_str()) {
        return push_json(out, &version.to_http_header());
    }
    out.extend_from_slice(br#""W/\""#);
    out.extend_from_slice(version.as_str().as_bytes());
    out.extend_from_slice(br#"\"""#);
}

/// Whether JSON escapes something of `text` (RFC 8259 §7).
fn has_escapes(text: &str) -> bool {
    text.bytes().any(|octet| ESCAPED[usize::from(octet)])
}

/// A table, because every resource that is shown has some hundred octets looked up in it.
const ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut octet = 0;
    while octet < 0x20 {
        escaped[octet] = true;
        octet += 1;
    }
    escaped[b'"' as usize] = true;
    escaped[b'\\' as usize] = true;
    escaped
};

fn push_json<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("strings and JSON values print into memory");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(document: &str, base_url: &str) -> String {
        let mut out = Vec::new();
        push_document(&mut out, document.as_bytes(), base_url);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn references_to_resources_are_made_absolute() {
        let document = r#"{"a":{"$ref":"Users/1","value":"1"},"b":[{"$ref":"Groups/2"}]}"#;
        assert_eq!(
            shown(document, "https://h/v2"),
            r#","a":{"$ref":"https://h/v2/Users/1","value":"1"},"b":[{"$ref":"https://h/v2/Groups/2"}]"#
        );
        assert_eq!(
            shown(document, ""),
            format!(",{}", &document[1..document.len() - 1])
        );
    }

    #[test]
    fn a_reference_is_found_wherever_it_stands() {
        for before in 0..200 {
            let text = "x".repeat(before);
            let document = format!(r#"{{"a":"{text}","b":{{"$ref":"Users/1"}}}}"#);
            assert_eq!(
                shown(&document, "https://h"),
                format!(r#","a":"{text}","b":{{"$ref":"https://h/Users/1"}}"#)
            );
        }
    }

    #[test]
    fn strings_are_escaped_as_serde_json_does() {
        let printed = |print: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            print(&mut out);
            String::from_utf8(out).unwrap()
        };
        for char in ('\0'..='\u{ff}').chain(['\u{2028}', '😂']) {
            let char = char.to_string();
            let parts = ["a long enough text ", &char, " and another"];
            assert_eq!(
                printed(&|out| push_string(out, &parts)),
                serde_json::to_string(&parts.concat()).unwrap()
            );
        }
        for version in ["1", r"a\b", "'~"] {
            let version = ScimVersion::from_hash(version).unwrap();
            assert_eq!(
                printed(&|out| push_version(out, &version)),
                serde_json::to_string(&version.to_http_header()).unwrap()
            );
        }
    }

    #[test]
    fn references_elsewhere_and_texts_stay_as_they_are() {
        for member in [
            r#""$ref":"https://elsewhere/People/2""#,
            r#""$ref":"urn:x:1""#,
            r#""$ref":"../Robots/3""#,
            r#""$ref":"/Robots/3""#,
            r#""$ref":"""#,
            r#""note":"\"$ref\":\"Users/1\" costs $5""#,
        ] {
            let document = format!("{{{member}}}");
            assert_eq!(shown(&document, "https://h/v2"), format!(",{member}"));
        }
    }
}
