use serde_json::Value;

/// What tells a value of a list of complex values from the others, so that it is known again
/// in the next write: its `value` (RFC 7643 §2.4), or else all that is shown of it.
pub(super) fn identity(shown: &Value) -> &Value {
    shown.get("value").unwrap_or(shown)
}

/// [`identity`] as octets that can be compared and hashed.
pub(super) fn identity_key(shown: &Value) -> Vec<u8> {
    scim_version::canonical_json(identity(shown))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_known_by_its_value_or_else_as_a_whole() {
        let with_value = json!({ "value": "a", "type": "work" });
        assert_eq!(identity(&with_value), "a");
        let without = json!({ "type": "work" });
        assert_eq!(identity(&without), &without);
        let text = json!("a");
        assert_eq!(identity(&text), "a");
        assert_ne!(
            identity_key(&json!({ "value": { "a": 1 } })),
            identity_key(&json!("a"))
        );
    }
}
