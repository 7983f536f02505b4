//! What tools are called after the resource types that they are for.

use std::collections::HashSet;

use scim_ops::provider::schema::{ResourceType, ResourceTypes};

/// The words for one resource type in the names of tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeName {
    /// As in `get_user`.
    pub(crate) one: String,
    /// As in `list_users`.
    pub(crate) many: String,
}

/// The words for all types, in their order. No two types share one.
pub(crate) fn of_types(types: &ResourceTypes) -> Vec<TypeName> {
    let mut ones = HashSet::new();
    let mut manys = HashSet::new();
    types
        .iter()
        .map(|resource_type: &ResourceType| TypeName {
            one: unique(&mut ones, snake_case(resource_type.name())),
            many: unique(&mut manys, snake_case(resource_type.endpoint())),
        })
        .collect()
}

/// `wanted`, or if that is taken, `wanted` with the first number that is free.
pub(crate) fn unique(taken: &mut HashSet<String>, wanted: String) -> String {
    let mut name = wanted.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// The longest word: a tool's name has at most 128 characters, some of which are its verb and the name of an
/// attribute.
const LONGEST: usize = 48;

/// `name` in lower case, with `_` before each further word, of the characters that names of tools may have.
pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut previous = '_';
    for c in name.chars().take(LONGEST) {
        if c.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit()) {
            out.push('_');
        }
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') {
            out.push(c.to_ascii_lowercase());
        } else {
            out.push('_');
        }
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_called_by_their_names_in_lower_case() {
        let names = of_types(&ResourceTypes::rfc7643());
        let words: Vec<_> = names.iter().map(|n| (&*n.one, &*n.many)).collect();
        assert_eq!(words, [("user", "users"), ("group", "groups")]);
        assert_eq!(snake_case("EnterpriseUser2Be"), "enterprise_user2_be");
        assert_eq!(snake_case("URL~x.y-z"), "url_x.y-z");
    }

    #[test]
    fn two_types_never_share_a_word() {
        let mut types = ResourceTypes::empty();
        for name in ["DoorKey", "Door_Key", "door~key"] {
            let schema = json!({ "id": format!("urn:x:{name}"), "attributes": [] });
            let schema = serde_json::from_value(schema).unwrap();
            let own = ResourceType::new(name, name, schema).unwrap();
            types = types.with(own).unwrap();
        }
        let ones: Vec<_> = of_types(&types).into_iter().map(|n| n.one).collect();
        assert_eq!(ones, ["door_key", "door_key_2", "door_key_3"]);
    }
}
