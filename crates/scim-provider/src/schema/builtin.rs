//! The schemas of RFC 7643 §8.7.1, as data.
//!
//! They are taken from the text of the RFC. Where its figure leaves something out or
//! contradicts what the sections before it say, the data follows the sections:
//!
//! - Group `displayName` is required (§4.2).
//! - References and binaries are case-exact (§2.3.6, §2.3.7), and so is every `value`
//!   that holds an `id` (§3.1): of `members`, `groups` and `manager`. With the figure's
//!   `false`, another certificate or another manager would count as the same.
//! - `members.value` is required, which §4.2 leaves to the service provider, and
//!   `members.display` exists (§2.4, §8.4).
//! - `addresses.primary` exists (§2.4, §8.2).
//! - `ims.type` has the canonical value `other` (§4.1.2).
//! - `groups.$ref` points to groups only (§4.1.2).
//! - `manager.value` and `manager.$ref` are described as recommended, not required (§4.3).
//! - `caseExact` and `uniqueness` of complex attributes, empty lists of canonical values
//!   and `meta` (which depends on where a schema is served) are left out.
//!
//! `common.json` holds the common attributes of §3.1, which no schema defines.

use std::sync::LazyLock;

use super::attributes::Attributes;
use super::{ResourceType, ResourceTypes, Schema, SchemaError};

const USER: &str = include_str!("../../schemas/user.json");
const GROUP: &str = include_str!("../../schemas/group.json");
const ENTERPRISE_USER: &str = include_str!("../../schemas/enterprise_user.json");
const COMMON: &str = include_str!("../../schemas/common.json");

/// The common attributes `schemas`, `id`, `externalId` and `meta` (RFC 7643 §3.1).
pub(super) fn common() -> &'static Attributes {
    static ATTRIBUTES: LazyLock<Attributes> =
        LazyLock::new(|| serde_json::from_str(COMMON).expect("the built-in data is tested"));
    &ATTRIBUTES
}

/// Users with the enterprise extension, and groups.
pub(super) fn resource_types() -> &'static ResourceTypes {
    static TYPES: LazyLock<ResourceTypes> =
        LazyLock::new(|| define().expect("the built-in definitions are tested"));
    &TYPES
}

fn define() -> Result<ResourceTypes, SchemaError> {
    let user = ResourceType::new("User", "Users", schema(USER))?
        .with_description("User Account")
        .with_extension(schema(ENTERPRISE_USER), false)?
        .with_index("userName")?
        .with_index("externalId")?
        .with_index("displayName")?
        .with_index("emails.value")?
        .with_derived("groups", "members")?;
    let group = ResourceType::new("Group", "Groups", schema(GROUP))?
        .with_description("Group")
        .with_links("members")?
        .with_index("displayName")?
        .with_index("externalId")?;
    ResourceTypes::empty().with(user)?.with(group)
}

fn schema(json: &str) -> Schema {
    serde_json::from_str(json).expect("the built-in data is tested")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_schemas_of_the_rfc_are_complete() {
        for (json, id, attributes, all) in [
            (USER, "urn:ietf:params:scim:schemas:core:2.0:User", 21, 67),
            (GROUP, "urn:ietf:params:scim:schemas:core:2.0:Group", 2, 6),
            (
                ENTERPRISE_USER,
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                6,
                9,
            ),
        ] {
            let schema = schema(json);
            assert_eq!(schema.id(), id);
            assert_eq!(schema.attributes().len(), attributes, "{id}");
            let nested: usize = schema
                .attributes()
                .iter()
                .map(|a| a.sub_attributes().len())
                .sum();
            assert_eq!(attributes + nested, all, "{id}");
        }
    }

    #[test]
    fn no_characteristic_is_lost_in_reading() {
        for json in [USER, GROUP, ENTERPRISE_USER] {
            let data: Value = serde_json::from_str(json).unwrap();
            assert_contains(&serde_json::to_value(schema(json)).unwrap(), &data);
        }
    }

    fn assert_contains(all: &Value, part: &Value) {
        match (all, part) {
            (Value::Object(all), Value::Object(part)) => {
                part.iter()
                    .for_each(|(name, value)| assert_contains(&all[name], value));
            }
            (Value::Array(all), Value::Array(part)) => {
                assert_eq!(all.len(), part.len());
                all.iter()
                    .zip(part)
                    .for_each(|(all, part)| assert_contains(all, part));
            }
            (all, part) => assert_eq!(all, part),
        }
    }

    #[test]
    fn the_common_attributes_are_those_of_the_rfc() {
        let names: Vec<_> = common().as_slice().iter().map(|a| a.name()).collect();
        assert_eq!(names, ["schemas", "id", "externalId", "meta"]);
        assert!(common().find("externalId").unwrap().case_exact());
        assert!(common().find("id").unwrap().is_read_only());
        assert!(common().find("meta").unwrap().is_read_only());
    }

    #[test]
    fn texts_that_are_compared_octet_by_octet_say_so_in_the_data() {
        // Discovery shows the data: it has to say what `Attribute::case_exact` does.
        fn check(data: &Value) {
            for attribute in data.as_array().into_iter().flatten() {
                if matches!(attribute["type"].as_str(), Some("reference" | "binary")) {
                    assert_eq!(attribute["caseExact"], true, "{}", attribute["name"]);
                }
                check(&attribute["subAttributes"]);
            }
        }
        for json in [USER, GROUP, ENTERPRISE_USER] {
            check(&serde_json::from_str::<Value>(json).unwrap()["attributes"]);
        }
        check(&serde_json::from_str(COMMON).unwrap());
    }
}
