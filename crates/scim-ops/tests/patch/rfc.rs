//! The examples of RFC 7644 §3.5.2, with elisions filled and the brackets balanced that two of
//! them leave open.

use serde_json::{Value, json};

use crate::support::{group, try_patch, user};
use scim_ops::PatchRules;

const BABS: &str = "2819c223-7f76-453a-919d-413861904646";
const JAMES: &str = "08e1d05d-121c-4561-8b96-473d93df9210";

fn babs() -> Value {
    json!({
        "display": "Babs Jensen", "$ref": format!("https://example.com/v2/Users/{BABS}"),
        "value": BABS,
    })
}

fn james() -> Value {
    json!({
        "display": "James Smith", "$ref": format!("https://example.com/v2/Users/{JAMES}"),
        "value": JAMES,
    })
}

#[test]
fn section_3_5_2_1_a_member_is_added() {
    let operation = json!({ "op": "add", "path": "members", "value": [babs()] });
    let one = json!({ "displayName": "g", "members": [babs()] });
    assert_eq!(group(json!({ "displayName": "g" }), operation.clone()), one);
    // "If the user was already a member of this group, no changes should be made".
    assert_eq!(group(one.clone(), operation), one);
}

#[test]
fn section_3_5_2_1_attributes_are_added_without_a_path() {
    let operation = json!({ "op": "add", "value": {
        "emails": [{ "value": "babs@jensen.org", "type": "home" }],
        "nickname": "Babs",
    } });
    let before =
        json!({ "nickName": "B", "emails": [{ "value": "b@example.com", "type": "work" }] });
    let after = json!({ "nickName": "Babs", "emails": [
        { "value": "b@example.com", "type": "work" }, { "value": "babs@jensen.org", "type": "home" },
    ] });
    assert_eq!(user(before, operation), after);
}

#[test]
fn section_3_5_2_2_a_member_is_removed() {
    let path = format!("members[value eq \"{BABS}\"]");
    let operation = json!({ "op": "remove", "path": path });
    let before = json!({ "members": [babs(), james()] });
    let after = json!({ "members": [james()] });
    assert_eq!(group(before, operation.clone()), after);
    // "If the user was not a member of this group, no changes should be made".
    assert_eq!(group(after.clone(), operation), after);
}

#[test]
fn section_3_5_2_2_all_members_are_removed() {
    let operation = json!({ "op": "remove", "path": "members" });
    assert_eq!(
        group(json!({ "members": [babs(), james()] }), operation),
        json!({})
    );
}

#[test]
fn section_3_5_2_2_a_value_is_removed_by_two_of_its_attributes() {
    let operation = json!({
        "op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]",
    });
    let kept = json!({ "value": "bjensen@example.org", "type": "work" });
    let before = json!({ "emails": [{ "value": "b@example.com", "type": "work" }, kept] });
    assert_eq!(user(before, operation), json!({ "emails": [kept] }));
}

#[test]
fn section_3_5_2_2_a_member_is_removed_and_another_added() {
    let operations = json!([
        { "op": "remove", "path": format!("members[value eq \"{BABS}\"]") },
        { "op": "add", "path": "members", "value": [james()] },
    ]);
    let before = json!({ "members": [babs()] });
    let patched = try_patch("Group", &before, operations, &PatchRules::default());
    assert_eq!(patched, Ok(json!({ "members": [james()] })));
}

#[test]
fn sections_3_5_2_2_and_3_5_2_3_all_members_are_replaced() {
    let before = json!({ "members": [{ "value": "other" }] });
    let after = json!({ "members": [babs(), james()] });
    let operations = json!([
        { "op": "remove", "path": "members" },
        { "op": "add", "path": "members", "value": [babs(), james()] },
    ]);
    let patched = try_patch("Group", &before, operations, &PatchRules::default());
    assert_eq!(patched, Ok(after.clone()));
    let operation = json!({ "op": "replace", "path": "members", "value": [babs(), james()] });
    assert_eq!(group(before, operation), after);
}

fn addresses() -> Value {
    json!({ "addresses": [
        { "type": "work", "streetAddress": "100 Universal City Plaza", "country": "USA" },
        { "type": "home", "streetAddress": "456 Hollywood Blvd", "primary": true },
    ] })
}

#[test]
fn section_3_5_2_3_an_address_is_replaced_and_becomes_primary() {
    let work = json!({
        "type": "work", "streetAddress": "911 Universal City Plaza", "locality": "Hollywood",
        "region": "CA", "postalCode": "91608", "country": "US",
        "formatted": "911 Universal City Plaza\nHollywood, CA 91608 US", "primary": true,
    });
    let operation =
        json!({ "op": "replace", "path": "addresses[type eq \"work\"]", "value": work });
    let mut after = addresses();
    after["addresses"][0] = work;
    after["addresses"][1]["primary"] = json!(false);
    assert_eq!(user(addresses(), operation), after);
}

#[test]
fn section_3_5_2_3_a_sub_attribute_of_an_address_is_replaced() {
    let operation = json!({
        "op": "replace", "path": "addresses[type eq \"work\"].streetAddress",
        "value": "1010 Broadway Ave",
    });
    let mut after = addresses();
    after["addresses"][0]["streetAddress"] = json!("1010 Broadway Ave");
    assert_eq!(user(addresses(), operation), after);
}

#[test]
fn section_3_5_2_3_all_values_of_several_attributes_are_replaced() {
    let emails = json!([
        { "value": "bjensen@example.com", "type": "work", "primary": true },
        { "value": "babs@jensen.org", "type": "home" },
    ]);
    let operation = json!({ "op": "replace", "value": { "emails": emails, "nickname": "Babs" } });
    let before = json!({ "title": "t", "emails": [{ "value": "old", "primary": true }] });
    let after = json!({ "title": "t", "emails": emails, "nickName": "Babs" });
    assert_eq!(user(before, operation), after);
}
