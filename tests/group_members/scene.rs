use std::collections::BTreeSet;

use http::Method;
use scim_tests::{Client, Server};
use serde_json::{Value, json};

/// How often each race is run.
pub(crate) const ROUNDS: usize = 30;
/// How many clients take part in it.
pub(crate) const CLIENTS: usize = 8;

/// Ids of members.
pub(crate) type Members = BTreeSet<String>;

/// A server with users for each client and round, and one group.
pub(crate) struct Scene {
    server: Server,
    pub(crate) group: String,
    users: Vec<String>,
}

impl Scene {
    /// A group with `per_client` members for each client and round.
    pub(crate) fn new(per_client: usize) -> Self {
        let server = Server::start();
        let client = server.client();
        let create = |path: &str, data: Value| {
            let created = client.send_json(Method::POST, path, &[], &data);
            assert_eq!(created.status, 201, "{created:?}");
            created.json()["id"].as_str().unwrap().to_owned()
        };
        let users: Vec<_> = (0..ROUNDS * CLIENTS * per_client.max(2))
            .map(|n| create("/Users", json!({ "userName": format!("user {n}") })))
            .collect();
        let first = users.iter().take(ROUNDS * CLIENTS * per_client);
        let members: Vec<_> = first.map(|id| json!({ "value": id })).collect();
        let group = create("/Groups", json!({ "displayName": "g", "members": members }));
        Self {
            server,
            group: format!("/Groups/{group}"),
            users,
        }
    }

    pub(crate) fn client(&self) -> Client {
        self.server.client()
    }

    /// A user of its own for each round, client and `turn`.
    pub(crate) fn user(&self, turn: usize, round: usize, client: usize) -> &str {
        &self.users[(turn * ROUNDS + round) * CLIENTS + client]
    }

    /// The users of a `turn`, of all rounds and clients.
    pub(crate) fn users(&self, turn: usize) -> Members {
        let from = turn * ROUNDS * CLIENTS;
        let users = &self.users[from..from + ROUNDS * CLIENTS];
        users.iter().cloned().collect()
    }

    /// Who is a member now.
    pub(crate) fn members(&self) -> Members {
        let group = self.client().get(&self.group).json();
        let members = group.get("members").and_then(Value::as_array);
        let members = members.into_iter().flatten();
        members
            .map(|member| member["value"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A PATCH with one operation.
pub(crate) fn patch(operation: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
}

pub(crate) fn add(user: &str) -> Value {
    patch(&json!({ "op": "add", "path": "members", "value": [{ "value": user }] }))
}

pub(crate) fn remove(user: &str) -> Value {
    patch(&json!({ "op": "remove", "path": format!("members[value eq \"{user}\"]") }))
}
