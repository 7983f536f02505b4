use std::collections::BTreeSet;

use http::Method;
use scim_tests::{Outcome, rounds};
use serde_json::{Value, json};

use crate::fleet::{CLIENTS, Fleet};

const ROUNDS: usize = 30;

/// A group, and users that are no members yet.
pub(crate) struct Club<'a> {
    fleet: &'a Fleet,
    location: String,
    users: Vec<String>,
}

impl<'a> Club<'a> {
    /// Made while nothing is out of order.
    pub(crate) fn new(fleet: &'a Fleet) -> Self {
        let mut client = fleet.client(0);
        let mut create = |endpoint: &str, json: Value| {
            let created = client.create(endpoint, &json);
            created["id"].as_str().unwrap().to_owned()
        };
        let group = create("/Groups", json!({ "displayName": "g" }));
        let users = (0..ROUNDS * CLIENTS)
            .map(|n| create("/Users", json!({ "userName": format!("member {n}") })));
        Self {
            users: users.collect(),
            fleet,
            location: format!("/Groups/{group}"),
        }
    }

    /// In each of thirty rounds eight clients add a member each, at one process each and without
    /// naming a version, again while it is not acknowledged. All are members afterwards, at each
    /// process. Tells how often it took another request.
    pub(crate) fn grow(&self) -> String {
        let Self {
            fleet,
            location,
            users,
        } = self;
        let repeated = rounds(ROUNDS, CLIENTS, |round, n| {
            let mut client = fleet.client(n);
            let value = json!([{ "value": users[round * CLIENTS + n] }]);
            let message = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{ "op": "add", "path": "members", "value": value }],
            });
            (0_u64..)
                .find(
                    |_| match client.send(Method::PATCH, location, &[], Some(&message)) {
                        Outcome::Answered(answer) => {
                            assert!(matches!(answer.status, 200 | 204), "{answer:?}");
                            true
                        }
                        Outcome::NotDone | Outcome::Unknown => false,
                    },
                )
                .unwrap()
        });

        let expected: BTreeSet<_> = users.iter().cloned().collect();
        for n in 0..3 {
            let read = fleet.client(n).get(location).json();
            let members = read["members"].as_array().unwrap().iter();
            let members: BTreeSet<_> = members
                .map(|member| member["value"].as_str().unwrap().to_owned())
                .collect();
            let lost: Vec<_> = expected.difference(&members).collect();
            assert!(lost.is_empty(), "process {n} has lost {lost:?}");
            assert_eq!(members, expected);
        }
        let repeated: u64 = repeated.into_iter().flatten().sum();
        format!(
            "member adds: {} acknowledged and there, {repeated} requests repeated",
            expected.len()
        )
    }
}
