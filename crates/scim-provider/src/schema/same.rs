use serde_json::{Map, Value};

use super::attributes::Attributes;
use super::{Attribute, AttributeType, ResourceType};

impl ResourceType {
    /// Whether two normal forms say the same, so that replacing one by the other would
    /// change nothing:
    ///
    /// - lists are sets: neither order nor repetition counts;
    /// - texts are compared with their case, whatever `caseExact` says: who corrects "mcdonald"
    ///   to "McDonald" wants it stored (`caseExact` decides on duplicates and filters);
    /// - numbers by value, exactly; binaries by their octets, whatever alphabet and padding
    ///   they came in; `primary: false` is no `primary` (§2.4);
    /// - the order of members does not count.
    ///
    /// Both have to be `attributes` of a [`NormalForm`](super::NormalForm) of this type;
    /// links are not compared.
    pub fn same(&self, a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
        a.len() == b.len()
            && a.iter().all(|(name, a)| {
                b.get(name)
                    .is_some_and(|b| a == b || self.same_member(name, a, b))
            })
    }

    /// [`same`](Self::same) for two [documents](Self::document).
    ///
    /// Members with the same text are not parsed: of a document that changed, most are.
    ///
    /// # Errors
    ///
    /// If one of them is no canonical JSON object.
    pub(crate) fn same_documents(&self, a: &[u8], b: &[u8]) -> serde_json::Result<bool> {
        // In canonical JSON members stand in one order, so that those of one name are
        // met at the same time.
        let mut b = Members::of(b);
        for member in Members::of(a) {
            if b.pass(member) {
                continue;
            }
            match b.next() {
                Some(other) if self.same(&parse(member)?, &parse(other)?) => {}
                _ => return Ok(false),
            }
        }
        Ok(b.next().is_none())
    }

    fn same_member(&self, name: &str, a: &Value, b: &Value) -> bool {
        if let Some(attribute) = self.top().find_exact(name) {
            return same_values(attribute, a, b);
        }
        let key = |value| {
            let mut key = Vec::new();
            write_extension(self, name, value, &mut key);
            key
        };
        key(a) == key(b)
    }
}

impl Attribute {
    /// Octets that two normalised values of this attribute share if and only if they say the same,
    /// as [`ResourceType::same`] compares: a list is a set, texts have their case, and
    /// `primary: false` is no `primary`.
    ///
    /// [`comparison_key`](Self::comparison_key) asks something else: whether a filter would take
    /// them for equal.
    ///
    /// ```
    /// use scim_provider::schema::ResourceTypes;
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let emails = types.get("User").unwrap().attribute("emails").unwrap();
    /// let key = |value| emails.sameness_key(&value);
    /// assert_eq!(
    ///     key(json!([{ "value": "a@example.com" }, { "value": "b@example.com" }])),
    ///     key(json!([{ "primary": false, "value": "b@example.com" }, { "value": "a@example.com" }])),
    /// );
    /// assert_ne!(key(json!({ "value": "A@example.com" })), key(json!({ "value": "a@example.com" })));
    /// ```
    pub fn sameness_key(&self, value: &Value) -> Vec<u8> {
        let mut key = Vec::new();
        write_attribute(self, value, &mut key);
        key
    }
}

/// Whether two normalised values of `attribute` say the same.
pub(super) fn same_values(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    a == b || attribute.sameness_key(a) == attribute.sameness_key(b)
}

/// The text of each member of a document, name and value, unparsed.
struct Members<'a>(&'a [u8]);

impl<'a> Members<'a> {
    fn of(document: &'a [u8]) -> Self {
        let inside = document.get(1..document.len().saturating_sub(1));
        Self(inside.unwrap_or_default())
    }

    /// Passes over the next one if it is `member`, without looking for its end.
    fn pass(&mut self, member: &[u8]) -> bool {
        match self.0.strip_prefix(member) {
            Some([]) => self.0 = &[],
            Some([b',', rest @ ..]) => self.0 = rest,
            // It goes on: a number with more digits.
            Some(_) | None => return false,
        }
        true
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let (member, rest) = self.0.split_at(member_length(self.0));
        self.0 = rest.get(1..).unwrap_or_default();
        Some(member)
    }
}

/// Where the first of the `members` ends: at the first comma outside of strings and
/// brackets.
fn member_length(members: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(octet) = members.get(at) {
        match octet {
            b'"' => at += string_length(&members[at + 1..]),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    members.len()
}

/// How long a string is, with the quote at its end.
fn string_length(string: &[u8]) -> usize {
    let mut at = 0;
    while let Some(more) = string[at..]
        .iter()
        .position(|octet| matches!(octet, b'"' | b'\\'))
    {
        at += more + 1;
        if string[at - 1] == b'"' {
            return at;
        }
        // Whatever is escaped is no end.
        at = (at + 1).min(string.len());
    }
    string.len()
}

fn parse(member: &[u8]) -> serde_json::Result<Map<String, Value>> {
    serde_json::from_slice(&[b"{", member, b"}"].concat())
}

fn write_extension(resource_type: &ResourceType, id: &str, value: &Value, key: &mut Vec<u8>) {
    match (resource_type.extension(id), value) {
        (Some(extension), Value::Object(map)) => {
            write_members(extension.schema().names(), map, key);
        }
        _ => scim_version::write_canonical_json(value, key),
    }
}

/// Appends octets that two values of `attribute` share if and only if they say the same.
fn write_attribute(attribute: &Attribute, value: &Value, key: &mut Vec<u8>) {
    let Value::Array(items) = value else {
        return write_single(attribute, value, key);
    };
    let mut items: Vec<Vec<u8>> = items
        .iter()
        .map(|item| {
            let mut key = Vec::new();
            write_single(attribute, item, &mut key);
            key
        })
        .collect();
    items.sort_unstable();
    items.dedup();
    key.push(b'[');
    for item in items {
        write_text(&item, key);
    }
    key.push(b']');
}

fn write_single(attribute: &Attribute, value: &Value, key: &mut Vec<u8>) {
    match value {
        Value::Object(map) => write_members(attribute.parts(), map, key),
        Value::String(text) if attribute.attribute_type() == AttributeType::Binary => {
            write_text(&base64_digits(text), key);
        }
        Value::String(text) => write_text(text.as_bytes(), key),
        other => scim_version::write_canonical_json(other, key),
    }
}

fn write_members(attributes: &Attributes, map: &Map<String, Value>, key: &mut Vec<u8>) {
    let mut members: Vec<_> = map
        .iter()
        .filter(|(name, value)| !(*name == "primary" && **value == Value::Bool(false)))
        .collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    key.push(b'{');
    for (name, value) in members {
        write_text(name.as_bytes(), key);
        match attributes.find_exact(name) {
            Some(attribute) => write_attribute(attribute, value, key),
            None => scim_version::write_canonical_json(value, key),
        }
    }
    key.push(b'}');
}

/// Appends `text` behind its length, so that no text can look like two.
fn write_text(text: &[u8], key: &mut Vec<u8>) {
    key.push(b'"');
    key.extend_from_slice(&text.len().to_be_bytes());
    key.extend_from_slice(text);
}

/// The digits of base64 in the alphabet of RFC 4648 §4, without padding.
pub(crate) fn base64_digits(text: &str) -> Vec<u8> {
    let standard = |digit| match digit {
        b'-' => b'+',
        b'_' => b'/',
        digit => digit,
    };
    text.trim_end_matches('=').bytes().map(standard).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{ResourceTypes, Schema};

    fn thing() -> ResourceType {
        let schema: Schema = serde_json::from_value(json!({ "id": "urn:thing", "attributes": [
            { "name": "label" },
            { "name": "code", "caseExact": true },
            { "name": "size", "type": "decimal" },
            { "name": "tags", "multiValued": true },
            { "name": "blob", "type": "binary" },
            { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "value" }, { "name": "primary", "type": "boolean" },
                { "name": "keys", "multiValued": true },
            ] },
        ] }))
        .unwrap();
        ResourceType::new("Thing", "Things", schema).unwrap()
    }

    fn same(a: Value, b: Value) -> bool {
        let map = |value| serde_json::from_value::<Map<String, Value>>(value).unwrap();
        let (a, b) = (map(a), map(b));
        let thing = thing();
        assert_eq!(thing.same(&a, &b), thing.same(&b, &a), "symmetric");
        let document = |map: &Map<String, Value>| scim_version::canonical_json(&map.clone().into());
        let documents = thing.same_documents(&document(&a), &document(&b));
        assert_eq!(documents.unwrap(), thing.same(&a, &b), "unparsed");
        thing.same(&a, &b)
    }

    #[test]
    fn texts_are_compared_with_their_case() {
        for name in ["label", "code", "externalId"] {
            assert!(!same(json!({ name: "A" }), json!({ name: "a" })));
        }
    }

    #[test]
    fn lists_are_sets() {
        let of = |tags: Value| json!({ "tags": tags });
        assert!(same(of(json!(["a", "b", "a"])), of(json!(["b", "a"]))));
        assert!(!same(of(json!(["a", "b"])), of(json!(["a"]))));
        assert!(!same(of(json!(["ab", "c"])), of(json!(["a", "bc"]))));
        let rooms = |rooms: Value| json!({ "rooms": rooms });
        assert!(same(
            rooms(json!([{ "value": "1", "keys": ["x", "y"] }, { "value": "2" }])),
            rooms(json!([{ "value": "2" }, { "keys": ["y", "x", "x"], "value": "1" }])),
        ));
        assert!(!same(
            rooms(json!([{ "value": "1", "keys": ["x"] }, { "value": "2" }])),
            rooms(json!([{ "value": "1" }, { "value": "2", "keys": ["x"] }])),
        ));
    }

    #[test]
    fn not_primary_is_the_same_as_nothing_said() {
        let room = |room: Value| json!({ "rooms": [room] });
        assert!(same(
            room(json!({ "value": "1", "primary": false })),
            room(json!({ "value": "1" }))
        ));
        assert!(!same(
            room(json!({ "value": "1", "primary": true })),
            room(json!({ "value": "1" }))
        ));
    }

    #[test]
    fn numbers_are_compared_by_value_exactly() {
        let of = |size: Value| json!({ "size": size });
        assert!(same(of(json!(1)), of(json!(1.0))));
        assert!(!same(
            of(json!(9_007_199_254_740_992_u64)),
            of(json!(9_007_199_254_740_993_u64))
        ));
        assert!(!same(of(json!(0.1)), of(json!(0.2))));
    }

    #[test]
    fn binaries_are_compared_by_their_octets() {
        assert!(same(json!({ "blob": "+/8=" }), json!({ "blob": "-_8" })));
        assert!(!same(json!({ "blob": "QUFB" }), json!({ "blob": "qufb" })));
    }

    #[test]
    fn documents_are_split_outside_of_strings_and_brackets() {
        let document = br#"{"a":"},\"","b":[{"c":1},{"d":","}],"e":{"f":[1,2]},"g":null}"#;
        let members: Vec<_> = Members::of(document)
            .map(|m| str::from_utf8(m).unwrap())
            .collect();
        let expected = [
            r#""a":"},\"""#,
            r#""b":[{"c":1},{"d":","}]"#,
            r#""e":{"f":[1,2]}"#,
            r#""g":null"#,
        ];
        assert_eq!(members, expected);
        for broken in [&b""[..], b"{", b"{}", b"null", b"{,}", b"{]\"\\}"] {
            assert!(Members::of(broken).count() <= 2);
        }
    }

    #[test]
    fn a_member_is_passed_over_only_as_a_whole() {
        for (document, member, rest) in [
            (&br#"{"a":1}"#[..], &br#""a":1"#[..], Some(&b""[..])),
            (br#"{"a":1,"b":2}"#, br#""a":1"#, Some(br#""b":2"#)),
            (br#"{"a":12}"#, br#""a":1"#, None),
            (br#"{"a":2}"#, br#""a":1"#, None),
            (br#"{}"#, br#""a":1"#, None),
        ] {
            let mut members = Members::of(document);
            assert_eq!(members.pass(member).then_some(members.0), rest);
        }
    }

    #[test]
    fn what_only_one_says_makes_a_difference() {
        assert!(!same(json!({ "label": "a" }), json!({})));
        assert!(!same(json!({ "label": "a" }), json!({ "code": "a" })));
        assert!(same(json!({}), json!({})));
    }

    #[test]
    fn extensions_are_compared_by_their_schema() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let of = |extension: Value| -> Map<String, Value> {
            let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
            serde_json::from_value(json!({ urn: extension })).unwrap()
        };
        let manager = |id: &str| of(json!({ "division": "d", "manager": { "value": id } }));
        assert!(user.same(&manager("a"), &manager("a")));
        assert!(!user.same(&manager("a"), &manager("A")));
    }
}
