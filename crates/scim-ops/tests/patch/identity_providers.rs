//! What Microsoft Entra ID and Okta send, as they send it, ids aside.

use serde_json::{Value, json};

use crate::support::{ENTERPRISE, user};
use scim_ops::provider::schema::ResourceTypes;
use scim_ops::{Patch, PatchRules};

/// What `resource` says after the message `sent`.
fn patched(resource_type: &str, resource: Value, sent: &str) -> Value {
    let message = serde_json::from_str(sent).unwrap();
    let types = ResourceTypes::rfc7643();
    let patch = Patch::from_json(message).unwrap();
    let resource_type = types.get(resource_type).unwrap();
    let resource = resource.as_object().unwrap();
    let patched = patch.apply(resource_type, resource, &PatchRules::default());
    Value::Object(patched.unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn entra_replaces_with_capitalised_operations() {
    let before = json!({
        "emails": [{ "type": "work", "value": "old@example.com", "primary": true }],
        "name": { "familyName": "Old", "givenName": "Kim" },
    });
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updatedEmail@microsoft.com" },
            { "op": "Replace", "path": "name.familyName", "value": "updatedFamilyName" }
        ]
    }"#;
    let after = json!({
        "emails": [{ "type": "work", "value": "updatedEmail@microsoft.com", "primary": true }],
        "name": { "familyName": "updatedFamilyName", "givenName": "Kim" },
    });
    assert_eq!(patched("User", before, sent), after);
}

#[test]
fn entra_disables_a_user_with_a_text() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "Replace", "path": "active", "value": "False" }]
    }"#;
    let after = json!({ "active": false });
    assert_eq!(patched("User", json!({ "active": true }), sent), after);
}

#[test]
fn entra_sends_single_values_in_lists() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "Replace", "path": "displayName", "value": [{ "$ref": null, "value": "Kim Akers" }] },
            { "op": "Replace", "path": "active", "value": [{ "$ref": null, "value": "True" }] },
            { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
              "value": [{ "$ref": "http://example.com/scim/Users/2819c223", "value": "2819c223" }] }
        ]
    }"#;
    let after = json!({
        "displayName": "Kim Akers", "active": true,
        ENTERPRISE: { "manager": {
            "value": "2819c223", "$ref": "http://example.com/scim/Users/2819c223",
        } },
    });
    assert_eq!(patched("User", json!({}), sent), after);
}

#[test]
fn entra_names_paths_within_a_value_without_path() {
    let before = json!({
        "emails": [{ "type": "work", "value": "old@example.com" }], "name": { "middleName": "M" },
    });
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{
            "op": "replace",
            "value": {
                "active": "False",
                "displayName": "Kim Akers",
                "emails[type eq \"work\"].value": "kim@example.com",
                "name.givenName": "Kim",
                "name.familyName": "Akers",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Sales",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": "26118915"
            }
        }]
    }"#;
    let after = json!({
        "active": false, "displayName": "Kim Akers",
        "emails": [{ "type": "work", "value": "kim@example.com" }],
        "name": { "middleName": "M", "givenName": "Kim", "familyName": "Akers" },
        ENTERPRISE: { "department": "Sales", "manager": { "value": "26118915" } },
    });
    assert_eq!(patched("User", before, sent), after);
}

#[test]
fn entra_adds_the_parts_of_an_address_that_is_not_there_one_by_one() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "Germany" },
            { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Berlin" },
            { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+49 30 1" },
            { "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "Admin" }
        ]
    }"#;
    let after = json!({
        "addresses": [{ "type": "work", "country": "Germany", "locality": "Berlin" }],
        "phoneNumbers": [{ "type": "mobile", "value": "+49 30 1" }],
        "roles": [{ "primary": true, "value": "Admin" }],
    });
    assert_eq!(patched("User", json!({}), sent), after);
}

#[test]
fn entra_compares_booleans_in_filters_with_texts() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "Replace", "path": "roles[primary eq \"True\"].display", "value": "Boss" }
        ]
    }"#;
    let before = json!({ "roles": [{ "value": "a", "primary": true }, { "value": "b" }] });
    let after = json!({ "roles": [{ "value": "a", "primary": true, "display": "Boss" }, { "value": "b" }] });
    assert_eq!(patched("User", before, sent), after);
}

#[test]
fn entra_sends_a_manager_as_a_bare_text_and_takes_it_away() {
    let path = format!("{ENTERPRISE}:manager");
    let add = json!({ "op": "Add", "path": path, "value": "26118915" });
    let managed = json!({ ENTERPRISE: { "manager": { "value": "26118915" } } });
    assert_eq!(user(json!({}), add), managed);
    let remove = json!({ "op": "Remove", "path": path });
    assert_eq!(user(managed, remove), json!({}));
}

#[test]
fn entra_adds_and_removes_members_with_a_list_of_values() {
    let add = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{
            "op": "Add", "path": "members",
            "value": [{ "$ref": null, "value": "f648f8d5ea4e4cd38e9c" }, { "value": "other" }]
        }]
    }"#;
    let members = json!({ "members": [{ "value": "f648f8d5ea4e4cd38e9c" }, { "value": "other" }] });
    assert_eq!(patched("Group", json!({}), add), members);
    let remove = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{
            "op": "Remove", "path": "members",
            "value": [{ "$ref": null, "value": "f648f8d5ea4e4cd38e9c" }]
        }]
    }"#;
    let left = json!({ "members": [{ "value": "other" }] });
    assert_eq!(patched("Group", members, remove), left);
}

#[test]
fn okta_disables_a_user_without_a_path() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "value": { "active": false } }]
    }"#;
    assert_eq!(
        patched("User", json!({ "active": true }), sent),
        json!({ "active": false })
    );
}

#[test]
fn okta_repeats_the_id_of_the_group_it_renames() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{
            "op": "replace",
            "value": { "id": "abf4dd94-a4c0-4f67-89c9-76b03340cb9b", "displayName": "Test SCIMv2" }
        }]
    }"#;
    let id = "abf4dd94-a4c0-4f67-89c9-76b03340cb9b";
    let before = json!({ "id": id, "displayName": "Old" });
    assert_eq!(
        patched("Group", before, sent),
        json!({ "id": id, "displayName": "Test SCIMv2" })
    );
}

#[test]
fn okta_exchanges_a_member_for_another_with_a_display() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "remove", "path": "members[value eq \"89bb1940-b905-4575-9e7f-6f887cfb368e\"]" },
            { "op": "add", "path": "members", "value": [
                { "value": "23a35c27-23d3-4c03-b4c5-6443c09e7173", "display": "test.user@okta.local" }
            ] }
        ]
    }"#;
    let before = json!({ "members": [
        { "value": "89bb1940-b905-4575-9e7f-6f887cfb368e", "display": "old.user@okta.local" },
    ] });
    let after = json!({ "members": [
        { "value": "23a35c27-23d3-4c03-b4c5-6443c09e7173", "display": "test.user@okta.local" },
    ] });
    assert_eq!(patched("Group", before, sent), after);
}

#[test]
fn okta_pushes_all_members_of_a_group() {
    let sent = r#"{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{
            "op": "replace", "path": "members",
            "value": [{ "value": "1", "display": "a@okta.local" }, { "value": "2", "display": "b@okta.local" }]
        }]
    }"#;
    let before = json!({ "members": [{ "value": "2", "type": "User" }, { "value": "3" }] });
    let after = json!({ "members": [
        { "value": "1", "display": "a@okta.local" }, { "value": "2", "display": "b@okta.local" },
    ] });
    assert_eq!(patched("Group", before, sent), after);
}
