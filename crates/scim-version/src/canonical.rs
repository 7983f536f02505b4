//! Canonical JSON: one text for each document, whatever order its members came in.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::scalar::{write_number, write_string};
use crate::sink::Sink;

/// The canonical text of a JSON value.
///
/// This is the form of RFC 8785 (JSON Canonicalization Scheme), but for integers:
///
/// - UTF-8 without any white space.
/// - Members are sorted by their names, compared as sequences of UTF-16 code units (§3.2.3), whatever order the map has.
/// - In strings `"` and `\` are escaped by a backslash; U+0008, U+0009, U+000A, U+000C and U+000D are `\b`, `\t`, `\n`,
///   `\f`, `\r`; the other characters below U+0020 are `\u00` and two lower-case hex digits; all others stand as they are
///   (§3.2.2.2).
/// - Integers that fit `i64` or `u64` are printed exactly. RFC 8785 sends them through `f64`, where 2⁵³ and 2⁵³+1 are one.
/// - Other numbers are printed as ECMAScript prints the nearest `f64` (§3.2.2.3): `1.0` as `1`, `-0.0` as `0`, `1e30` as `1e+30`;
///   but from 2⁵³ to 2⁶⁴ exactly, since ECMAScript's digits could be those of another integer there.
/// - `null`, `true` and `false` are literal; array order is kept.
///
/// The form is a contract: versions are made from it and stored. It never changes; a better one would get a new name.
///
/// So two numbers have one text if and only if they are equal.
///
/// ```
/// use scim_version::canonical_json;
/// use serde_json::json;
///
/// let value = json!({ "b": [1.0, -0.0, 9007199254740993_u64], "a": "\u{7}\"é" });
/// assert_eq!(canonical_json(&value), r#"{"a":"\u0007\"é","b":[1,0,9007199254740993]}"#.as_bytes());
/// ```
#[must_use]
pub fn canonical_json(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    write_canonical_json(value, &mut out);
    out
}

/// Appends the [canonical text](canonical_json) of a JSON value.
///
/// ```
/// let mut line = b"user=".to_vec();
/// scim_version::write_canonical_json(&serde_json::json!({ "id": 1 }), &mut line);
/// assert_eq!(line, br#"user={"id":1}"#);
/// ```
pub fn write_canonical_json(value: &Value, out: &mut Vec<u8>) {
    write_value(value, Place::Document, out);
}

/// Writes the canonical text of what counts for the version of a resource.
pub(crate) fn write_resource(resource: &Value, out: &mut impl Sink) {
    write_value(resource, Place::Resource, out);
}

/// Where a value stands, which decides on the members that count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a document of which everything counts.
    Document,
    /// The resource itself.
    Resource,
    /// The resource's `meta`.
    Meta,
    /// Anywhere else in a resource.
    Inside,
}

fn write_value(value: &Value, place: Place, out: &mut impl Sink) {
    match value {
        Value::Null => out.put(b"null"),
        Value::Bool(true) => out.put(b"true"),
        Value::Bool(false) => out.put(b"false"),
        Value::Number(number) => write_number(number, out),
        Value::String(string) => write_string(string, out),
        Value::Array(items) => {
            let place = place.within();
            out.put(b"[");
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.put(b",");
                }
                write_value(item, place, out);
            }
            out.put(b"]");
        }
        Value::Object(members) => write_object(members, place, out),
    }
}

fn write_object(members: &Map<String, Value>, place: Place, out: &mut impl Sink) {
    let shape = Shape::of(members);
    let counted = members
        .iter()
        .filter(|(name, value)| place.counts(name, value, shape));
    out.put(b"{");
    if shape.in_order {
        write_members(counted, place, out);
    } else {
        let mut sorted: Vec<_> = counted.collect();
        sorted.sort_unstable_by(|(a, _), (b, _)| utf16_order(a, b));
        write_members(sorted.into_iter(), place, out);
    }
    out.put(b"}");
}

fn write_members<'a>(
    members: impl Iterator<Item = (&'a String, &'a Value)>,
    place: Place,
    out: &mut impl Sink,
) {
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            out.put(b",");
        }
        write_string(name, out);
        out.put(b":");
        write_value(value, place.member(name), out);
    }
}

impl Place {
    /// The place of an array's items and of most members.
    const fn within(self) -> Self {
        match self {
            Self::Document => Self::Document,
            Self::Resource | Self::Meta | Self::Inside => Self::Inside,
        }
    }

    fn member(self, name: &str) -> Self {
        match self {
            Self::Resource if name.eq_ignore_ascii_case("meta") => Self::Meta,
            _ => self.within(),
        }
    }

    /// Whether a member of an object at this place counts.
    fn counts(self, name: &str, value: &Value, shape: Shape) -> bool {
        match self {
            Self::Document => true,
            // Stamping a version into an empty `meta` must not change the version.
            Self::Resource if name.eq_ignore_ascii_case("meta") => {
                value.as_object().is_none_or(|meta| {
                    let shape = Shape::of(meta);
                    meta.iter()
                        .any(|(name, value)| Self::Meta.counts(name, value, shape))
                })
            }
            Self::Meta
                if name.eq_ignore_ascii_case("version")
                    || name.eq_ignore_ascii_case("location") =>
            {
                false
            }
            Self::Resource | Self::Meta | Self::Inside => !(shape.has_value && is_ref(name)),
        }
    }
}

/// What one look at the names of an object tells.
#[derive(Clone, Copy)]
struct Shape {
    /// The map's own order is the canonical one, as serde_json's default map almost always has it.
    in_order: bool,
    has_value: bool,
}

impl Shape {
    fn of(members: &Map<String, Value>) -> Self {
        let mut shape = Self {
            in_order: true,
            has_value: false,
        };
        let mut previous: Option<&str> = None;
        for name in members.keys() {
            shape.has_value |= name.eq_ignore_ascii_case("value");
            shape.in_order &= previous.is_none_or(|previous| utf16_order(previous, name).is_lt());
            previous = Some(name);
        }
        shape
    }
}

fn is_ref(name: &str) -> bool {
    name.eq_ignore_ascii_case("$ref")
}

/// The order of the UTF-16 code units of two texts, told from their UTF-8.
///
/// The two encodings order characters alike but for one case: those above U+FFFF begin in UTF-16 with a surrogate, which
/// is less than U+E000 to U+FFFF. In UTF-8 the former begin with 0xF0 to 0xF4, the latter with 0xEE or 0xEF, and no
/// character has these octets in another place; so it is enough to move the two.
fn utf16_order(a: &str, b: &str) -> Ordering {
    let rank = |octet: u8| match octet {
        0xEE | 0xEF => octet + 0x10,
        _ => octet,
    };
    let differing = a.bytes().zip(b.bytes()).find(|(a, b)| a != b);
    match differing {
        Some((a, b)) => rank(a).cmp(&rank(b)),
        None => a.len().cmp(&b.len()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn canonical(value: &Value) -> String {
        String::from_utf8(canonical_json(value)).unwrap()
    }

    fn counted(resource: &Value) -> String {
        let mut out = Vec::new();
        write_resource(resource, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn utf8_is_compared_as_utf16() {
        let texts = [
            "",
            "\0",
            "a",
            "aa",
            "b",
            "\u{7f}",
            "\u{80}",
            "ö",
            "\u{7ff}",
            "\u{800}",
            "€",
            "\u{d7ff}",
            "\u{e000}",
            "\u{f8ff}",
            "\u{fb33}",
            "\u{ffff}",
            "\u{10000}",
            "😂",
            "\u{10ffff}",
            "a\u{e000}",
            "a\u{10000}",
            "\u{ffff}a",
            "\u{10000}a",
        ];
        for a in texts {
            for b in texts {
                assert_eq!(
                    utf16_order(a, b),
                    a.encode_utf16().cmp(b.encode_utf16()),
                    "{a:?} {b:?}"
                );
            }
        }
    }

    #[test]
    fn what_depends_on_version_or_base_url_does_not_count() {
        let resource = json!({
            "id": "1",
            "Meta": { "Version": "x", "LOCATION": "y", "created": "z" },
            "members": [{ "$REF": "https://example.com/Users/2", "Value": "2", "type": "User" }],
            "manager": { "$ref": "https://example.com/Users/3", "value": "3" },
        });
        assert_eq!(
            counted(&resource),
            r#"{"Meta":{"created":"z"},"id":"1","manager":{"value":"3"},"members":[{"Value":"2","type":"User"}]}"#
        );
    }

    #[test]
    fn the_same_names_count_elsewhere() {
        let resource = json!({
            "$ref": "a",
            "location": "b",
            "version": "c",
            "x": { "$ref": "d", "meta": { "location": "e", "version": "f" } },
        });
        assert_eq!(counted(&resource), canonical(&resource));
        let resource = json!([{ "meta": { "version": "a" } }]);
        assert_eq!(counted(&resource), canonical(&resource));
    }

    #[test]
    fn a_meta_without_anything_that_counts_is_absent() {
        for meta in [
            json!({}),
            json!({ "version": "a" }),
            json!({ "location": "a", "VERSION": "b" }),
        ] {
            assert_eq!(
                counted(&json!({ "id": "1", "meta": meta })),
                r#"{"id":"1"}"#
            );
        }
        assert_eq!(counted(&json!({ "meta": null })), r#"{"meta":null}"#);
        assert_eq!(
            counted(&json!({ "a": 1, "meta": { "value": 1, "$ref": 2, "version": 3 }, "z": 1 })),
            r#"{"a":1,"meta":{"value":1},"z":1}"#
        );
    }
}
