//! What Entra ID asks for before it writes.

use serde_json::json;

use crate::scene::{ENTERPRISE, Scene};

fn scene() -> (Scene, String) {
    let scene = Scene::entra();
    scene.user("other");
    let user = scene.create(
        "/Users",
        &json!({
            "userName": "Test.User@contoso.com",
            "externalId": "JYoung",
            "emails": [
                { "value": "work@contoso.com", "type": "work", "primary": true },
                { "value": "home@contoso.com", "type": "home" }
            ],
            ENTERPRISE: { "employeeNumber": "42" }
        }),
    );
    (scene, user)
}

/// The tutorial: whatever a user is matched by can be asked for with `eq`, and `userName` without regard
/// to case. The validator encodes blanks as `+`.
#[test]
fn a_user_is_found_by_what_it_is_matched_by() {
    let (scene, user) = scene();
    for (filter, total) in [
        ("externalId%20eq%20%22JYoung%22", 1),
        ("externalId%20eq%20%22jyoung%22", 0),
        ("userName%20eq%20%22test.user%40CONTOSO.com%22", 1),
        ("userName+eq+%22test.user%40contoso.com%22", 1),
        (
            "emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22work%40contoso.com%22",
            1,
        ),
        (
            "emails%5Btype%20eq%20%22home%22%5D.value%20eq%20%22work%40contoso.com%22",
            0,
        ),
        (
            "emails%5Bprimary%20eq%20%22True%22%5D.value%20eq%20%22work%40contoso.com%22",
            1,
        ),
        (
            "emails%5Bprimary%20eq%20%22True%22%5D.value%20eq%20%22home%40contoso.com%22",
            0,
        ),
        ("emails%5Bprimary%20eq%20%22True%22%5D", 1),
        ("emails%5Bprimary%20eq%20true%5D", 1),
        (
            "urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Aextension%3Aenterprise%3A2.0%3AUser%3AemployeeNumber%20eq%20%2242%22",
            1,
        ),
    ] {
        let (found, first) = scene.found(&format!("/Users?filter={filter}"));
        assert_eq!(found, total, "{filter}");
        if total == 1 {
            assert_eq!(first["id"], user, "{filter}");
        }
    }
}

/// The tutorial, "Integrate your SCIM endpoint": a random GUID that nobody has.
#[test]
fn a_test_of_the_connection_finds_nobody() {
    let (scene, _) = scene();
    let list = scene.read("/Users?filter=userName+eq+%22ebcedbb4-5b1a-4b59-9d4e-9d8d3a2d9c11%22");
    assert_eq!(
        list,
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 0,
            "startIndex": 1,
            "itemsPerPage": 0,
            "Resources": []
        })
    );
}

/// The tutorial, "Get Group by displayName" and "Get Group".
#[test]
fn a_group_is_found_by_name_without_its_members() {
    let (scene, user) = scene();
    let json = json!({ "displayName": "Sales & Service", "members": [{ "value": user }] });
    let group = scene.create("/Groups", &json);
    let (found, first) = scene.found(
        "/Groups?excludedAttributes=members&filter=displayName%20eq%20%22Sales%20%26%20Service%22",
    );
    assert_eq!(
        (found, &first["id"], first.get("members")),
        (1, &json!(group), None)
    );
    let read = scene.read(&format!("/Groups/{group}?excludedAttributes=members"));
    assert_eq!(read, first);
}

/// The tutorial, "Group provisioning and deprovisioning": whether a user is a member of a group.
#[test]
fn a_member_is_asked_for_with_the_group() {
    let (scene, user) = scene();
    let other = scene.user("another");
    let json = json!({ "displayName": "Sales", "members": [{ "value": user }] });
    let group = scene.create("/Groups", &json);
    scene.create(
        "/Groups",
        &json!({ "displayName": "Service", "members": [{ "value": user }] }),
    );
    for (asked, total) in [(&user, 1), (&other, 0)] {
        for attribute in ["members", "members.value"] {
            let (found, first) = scene.found(&format!(
                "/Groups?excludedAttributes=members&filter=id%20eq%20%22{group}%22%20and%20{attribute}%20eq%20%22{asked}%22"
            ));
            assert_eq!(found, total, "{attribute}");
            if total == 1 {
                assert_eq!(first["id"], group);
            }
        }
    }
}
