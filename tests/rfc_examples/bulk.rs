//! RFC 7644 §3.7.1 and §3.7.2.

use crate::scene::Scene;

#[test]
fn section_3_7_1_groups_that_are_members_of_each_other() {
    let mut scene = Scene::new();
    let answer = scene.ask(
        r#"
POST /v2/Bulk
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
Content-Length: ...

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  "Operations": [
    {
      "method": "POST",
      "path": "/Groups",
      "bulkId": "qwerty",
      "data": {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Group A",
        "members": [
          {
            "type": "Group",
            "value": "bulkId:ytrewq"
          }
        ]
      }
    },
    {
      "method": "POST",
      "path": "/Groups",
      "bulkId": "ytrewq",
      "data": {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Group B",
        "members": [
          {
            "type": "Group",
            "value": "bulkId:qwerty"
          }
        ]
      }
    }
  ]
}
"#,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let results = answer.json();
    let id = |index: usize| {
        let result = &results["Operations"][index];
        assert_eq!(result["status"], "201", "{result}");
        let location = result["location"].as_str().unwrap();
        location.rsplit('/').next().unwrap().to_owned()
    };
    scene.let_stand("c3a26dd3-27a0-4dec-a2ac-ce211e105f97", &id(0));
    scene.let_stand("6c5bb468-14b2-4183-baf2-06d523e03bd3", &id(1));

    // Printed with single quotes, which are none of the grammar's.
    let list = scene.ask(
        r#"
GET /v2/Groups?filter=displayName sw "Group"
Host: example.com
Accept: application/scim+json
Authorization: Bearer h480djs93hd8
"#,
    );
    scene.is_answer(
        &list,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  "totalResults": 2,
  "startIndex": 1,
  "itemsPerPage": 2,
  "Resources": [
    {
      "id": "c3a26dd3-27a0-4dec-a2ac-ce211e105f97",
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      "displayName": "Group A",
      "meta": {
        "resourceType": "Group",
        "created": "2011-08-01T18:29:49.793Z",
        "lastModified": "2011-08-01T18:29:51.135Z",
        "location": "https://example.com/v2/Groups/c3a26dd3-27a0-4dec-a2ac-ce211e105f97",
        "version": "W\/\"mvwNGaxB5SDq074p\""
      },
      "members": [
        {
          "value": "6c5bb468-14b2-4183-baf2-06d523e03bd3",
          "$ref": "https://example.com/v2/Groups/6c5bb468-14b2-4183-baf2-06d523e03bd3",
          "type": "Group"
        }
      ]
    },
    {
      "id": "6c5bb468-14b2-4183-baf2-06d523e03bd3",
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      "displayName": "Group B",
      "meta": {
        "resourceType": "Group",
        "created": "2011-08-01T18:29:50.873Z",
        "lastModified": "2011-08-01T18:29:50.873Z",
        "location": "https://example.com/v2/Groups/6c5bb468-14b2-4183-baf2-06d523e03bd3",
        "version": "W\/\"wGB85s2QJMjiNnuI\""
      },
      "members": [
        {
          "value": "c3a26dd3-27a0-4dec-a2ac-ce211e105f97",
          "$ref": "https://example.com/v2/Groups/c3a26dd3-27a0-4dec-a2ac-ce211e105f97",
          "type": "Group"
        }
      ]
    }
  ]
}
"#,
    );
}

/// `status` is printed as an object here and as a string in §3.7.3, whose text is the clearer one.
/// That successes have no `response` is a MAY.
#[test]
fn section_3_7_2_a_user_and_a_group_of_which_it_is_a_member() {
    let mut scene = Scene::new();
    let answer = scene.ask(
        r#"
POST /v2/Bulk
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
Content-Length: ...

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  "Operations": [
    {
      "method": "POST",
      "path": "/Users",
      "bulkId": "qwerty",
      "data": {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "Alice"
      }
    },
    {
      "method": "POST",
      "path": "/Groups",
      "bulkId": "ytrewq",
      "data": {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Tour Guides",
        "members": [
          {
            "type": "User",
            "value": "bulkId:qwerty"
          }
        ]
      }
    }
  ]
}
"#,
    );
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
  "Operations": [
    {
      "location": "https://example.com/v2/Users/92b725cd-9465-4e7d-8c16-01f8e146b87a",
      "method": "POST",
      "bulkId": "qwerty",
      "version": "W\/\"4weymrEsh5O6cAEK\"",
      "status": "201"
    },
    {
      "location": "https://example.com/v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a",
      "method": "POST",
      "bulkId": "ytrewq",
      "version": "W\/\"lha5bbazU3fNvfe5\"",
      "status": "201"
    }
  ]
}
"#,
    );
    let results = answer.json();
    for (index, printed) in [
        "92b725cd-9465-4e7d-8c16-01f8e146b87a",
        "e9e30dba-f08f-4109-8486-d5c6a331660a",
    ]
    .into_iter()
    .enumerate()
    {
        let location = results["Operations"][index]["location"].as_str().unwrap();
        scene.let_stand(printed, location.rsplit('/').next().unwrap());
    }
    let group =
        scene.ask("GET /v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a\nHost: example.com\n");
    scene.is_answer(
        &group,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json
Content-Location: https://example.com/v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a
ETag: W/"lha5bbazU3fNvfe5"

{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  "id": "e9e30dba-f08f-4109-8486-d5c6a331660a",
  "displayName": "Tour Guides",
  "meta": {
    "resourceType": "Group",
    "created": "2011-08-01T18:29:49.793Z",
    "lastModified": "2011-08-01T20:31:02.315Z",
    "location": "https://example.com/v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a",
    "version": "W\/\"lha5bbazU3fNvfe5\""
  },
  "members": [
    {
      "value": "92b725cd-9465-4e7d-8c16-01f8e146b87a",
      "$ref": "https://example.com/v2/Users/92b725cd-9465-4e7d-8c16-01f8e146b87a",
      "type": "User"
    }
  ]
}
"#,
    );
    assert_eq!(group.etag(), results["Operations"][1]["version"]);
}

#[test]
fn section_3_7_2_a_manager_that_is_created_beside() {
    let mut scene = Scene::new();
    let answer = scene.ask(
        r#"
POST /v2/Bulk
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
Content-Length: ...

{
"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
"Operations": [
  {
    "method": "POST",
    "path": "/Users",
    "bulkId": "qwerty",
    "data": {
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "userName": "Alice"
    }
  },
  {
    "method": "POST",
    "path": "/Users",
    "bulkId": "ytrewq",
    "data": {
      "schemas": [
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
      ],
      "userName": "Bob",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "11250",
        "manager": {
          "value": "bulkId:qwerty"
        }
      }
    }
  }
]
}
"#,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let results = answer.json();
    for (index, name) in ["alice-id", "bob-id"].into_iter().enumerate() {
        let result = &results["Operations"][index];
        assert_eq!(result["status"], "201", "{result}");
        let location = result["location"].as_str().unwrap();
        scene.let_stand(name, location.rsplit('/').next().unwrap());
    }
    let bob = scene.read("/Users/bob-id");
    scene.is_shape(
        &bob["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        r#"{
          "employeeNumber": "11250",
          "manager": {
            "value": "alice-id",
            "$ref?": "https://example.com/v2/Users/alice-id"
          }
        }"#,
    );
}
