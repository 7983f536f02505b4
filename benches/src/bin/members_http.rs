//! What one member more costs a group of 10 to 100,000 over HTTP, with `Prefer: return=minimal`: PATCHes to groups of all
//! sizes in turn, each adding a member or taking it out again. The least of the rounds counts, for the reason that `own`
//! gives.

use std::process::Command;
use std::time::Instant;

use scim_benches::children::{Server, build, sibling};
use scim_benches::connection::Connection;
use scim_benches::report::{Rounds, head, ratio, row, time};
use serde_json::{Value, json};

/// How many members the groups have.
const SIZES: [usize; 4] = [10, 1_000, 10_000, 100_000];
const ROUNDS: usize = 15;
/// How many members are added and taken out again in one round.
const MEMBERS: usize = 50;
/// How many users are created with one request.
const AT_ONCE: usize = 1_000;

fn main() {
    build(&["--package", "scimd"]);
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--store",
        "memory",
        "--log-filter",
        "warn",
    ];
    let server = Server::start(
        Command::new(sibling("scimd"))
            .args(options)
            .args(["--max-body", "64MiB"]),
    );
    let mut connection = Connection::open(server.url());
    let users = create_users(&mut connection, SIZES[3] + MEMBERS);
    let groups = SIZES.map(|size| create_group(&mut connection, &users[..size]));

    let mut rounds = Rounds::default();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for (size, group) in SIZES.into_iter().zip(&groups) {
            let new = &users[size..size + MEMBERS];
            for (operation, patch) in [("add", add as fn(&str) -> Value), ("remove", remove)] {
                let started = Instant::now();
                for user in new {
                    let message = json!({
                        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                        "Operations": [patch(user)],
                    });
                    let prefer = "Prefer: return=minimal\r\n";
                    let answer = connection.send("PATCH", group, prefer, &message.to_string());
                    assert_eq!(answer.status, 204);
                }
                let each = started.elapsed().as_secs_f64() * 1e9
                    / f64::from(u32::try_from(MEMBERS).expect("they are few"));
                rounds.add(&format!("{operation} {size}"), each);
            }
        }
    }

    let mut columns = vec!["time of one PATCH".to_owned()];
    columns.extend(SIZES.map(|size| format!("{size} members")));
    columns.push("100,000 ÷ 1,000".into());
    head(&columns);
    for (label, operation) in [("add a member", "add"), ("remove a member", "remove")] {
        let found = SIZES.map(|size| rounds.least(&format!("{operation} {size}")));
        let mut cells = vec![label.to_owned()];
        cells.extend(found.map(time));
        cells.push(ratio(found[3], found[1]));
        row(&cells);
    }
}

fn add(user: &str) -> Value {
    json!({ "op": "add", "path": "members", "value": [{ "value": user, "type": "User" }] })
}

fn remove(user: &str) -> Value {
    json!({ "op": "remove", "path": format!("members[value eq \"{user}\"]") })
}

/// Creates users and returns their ids.
fn create_users(connection: &mut Connection, count: usize) -> Vec<String> {
    let names: Vec<_> = (0..count).collect();
    let mut ids = Vec::with_capacity(count);
    for numbers in names.chunks(AT_ONCE) {
        let operations = numbers.iter().map(|n| {
            let data = json!({ "userName": format!("user {n}") });
            json!({ "method": "POST", "path": "/Users", "bulkId": n.to_string(), "data": data })
        });
        let message = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations.collect::<Vec<_>>(),
        });
        let answer = connection.send("POST", "/Bulk", "", &message.to_string());
        assert_eq!(answer.status, 200);
        let answer: Value = serde_json::from_slice(&answer.body).expect("answers are JSON");
        let created = answer["Operations"].as_array().expect("each is answered");
        ids.extend(created.iter().map(|created| {
            let location = created["location"].as_str().expect("it was created");
            let (_, id) = location.rsplit_once('/').expect("an id is a segment");
            id.to_owned()
        }));
    }
    ids
}

/// Creates a group and returns its path.
fn create_group(connection: &mut Connection, users: &[String]) -> String {
    let members = users
        .iter()
        .map(|id| json!({ "value": id, "type": "User" }));
    let group = json!({ "displayName": "g", "members": members.collect::<Vec<_>>() });
    let answer = connection.send("POST", "/Groups", "", &group.to_string());
    assert_eq!(answer.status, 201);
    let group: Value = serde_json::from_slice(&answer.body).expect("answers are JSON");
    let id = group["id"].as_str().expect("created resources have an id");
    format!("/Groups/{id}")
}
