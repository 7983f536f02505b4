use scim_version::write_canonical_json;
use serde_json::Value;

use super::NormalForm;
use crate::schema::ResourceType;

impl ResourceType {
    /// The attributes of `form` as canonical JSON: what a store keeps. `id`, `meta`,
    /// password and links are no part of it.
    pub fn document(&self, form: &NormalForm) -> Vec<u8> {
        let mut members: Vec<(&String, &Value)> = form.attributes.iter().collect();
        // `serde_json::Map` may keep the order of insertion, if any crate asks it to.
        let utf16 = |name: &String| name.encode_utf16().collect::<Vec<_>>();
        if !members.is_sorted_by(|(a, _), (b, _)| a.encode_utf16().le(b.encode_utf16())) {
            members.sort_by_cached_key(|(name, _)| utf16(name));
        }
        let mut out = Vec::with_capacity(1024);
        out.push(b'{');
        for (at, (name, value)) in members.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            serde_json::to_writer(&mut out, name).expect("a string prints into memory");
            out.push(b':');
            write_canonical_json(value, &mut out);
        }
        out.push(b'}');
        out
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::schema::{ResourceTypes, UnknownAttributes};

    #[test]
    fn a_document_is_the_canonical_json_of_the_attributes() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let value = json!({
            "userName": "a\"\u{7f}\u{1}é", "id": "1", "password": "secret", "active": true,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "division": "x" },
        });
        let form = user.normalise(value, UnknownAttributes::Refuse).unwrap();
        let document = user.document(&form);
        let value = form.attributes.into();
        assert_eq!(document, scim_version::canonical_json(&value));
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&document).unwrap(),
            value
        );
    }

    #[test]
    fn names_are_sorted_by_utf_16_whatever_order_the_map_has() {
        let mut form = crate::schema::NormalForm::default();
        for name in ["\u{fb33}", "€", "b", "\u{1f600}", "a"] {
            form.attributes.insert(name.into(), json!(1));
        }
        let types = ResourceTypes::rfc7643();
        let document = types.get("User").unwrap().document(&form);
        let expected = "{\"a\":1,\"b\":1,\"€\":1,\"\u{1f600}\":1,\"\u{fb33}\":1}";
        assert_eq!(String::from_utf8(document).unwrap(), expected);
    }
}
