use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::{Agent, Server, identity, server, text};

const AGENTS: usize = 8;

/// Lets so many begin at once. A barrier of tokio's wakes its waiters one by one, which hides races.
#[derive(Clone)]
struct Gate(Arc<AtomicUsize>);

impl Gate {
    fn new() -> Self {
        Self(Arc::new(AtomicUsize::new(AGENTS)))
    }

    async fn pass(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
        while self.0.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    }
}

async fn count(agent: &Agent, id: &str) -> (usize, Value, String) {
    let read = agent.done("get_user", json!({ "id": id })).await;
    let count = text(&read["resource"]["title"]).parse().expect("a number");
    (count, read["resource"].clone(), text(&read["version"]))
}

/// How an agent writes a number.
#[derive(Clone, Copy)]
enum Write {
    Replacing,
    Patching,
}

/// Adds one to the number of the user `id` a hundred times, each time on the grounds of what it has read or was
/// shown with a conflict, and says how many conflicts there were.
async fn increments(agent: Agent, id: String, gate: Gate, write: Write) -> u32 {
    gate.pass().await;
    let mut conflicts = 0;
    for _ in 0..LOOPS {
        let (mut number, mut data, mut version) = count(&agent, &id).await;
        loop {
            let title = (number + 1).to_string();
            let mut arguments = json!({ "id": id, "expected_version": version });
            let tool = match write {
                Write::Replacing => {
                    data["title"] = title.into();
                    arguments["data"] = data;
                    "replace_user"
                }
                Write::Patching => {
                    let operation = json!({ "op": "replace", "path": "title", "value": title });
                    arguments["operations"] = json!([operation]);
                    "patch_user"
                }
            };
            let written = agent.call(tool, arguments).await;
            if !written.failed {
                break;
            }
            let error = &written.value["error"];
            assert_eq!(error["kind"], "version_conflict", "{error}");
            conflicts += 1;
            number = text(&error["current"]["title"]).parse().expect("a number");
            data = error["current"].clone();
            version = text(&error["current_version"]);
        }
    }
    conflicts
}

const LOOPS: usize = 100;

async fn no_increment_is_lost(write: Write) {
    let server = server();
    let owner = Agent::of(&server).await;
    let data = json!({ "userName": "counter", "title": "0" });
    let (id, _) = identity(&owner.done("create_user", json!({ "data": data })).await);
    let gate = Gate::new();
    let mut agents = Vec::new();
    for _ in 0..AGENTS {
        let agent = Agent::of(&server).await;
        agents.push(tokio::spawn(increments(
            agent,
            id.clone(),
            gate.clone(),
            write,
        )));
    }
    let mut conflicts = 0;
    for agent in agents {
        conflicts += agent.await.expect("no agent gives up");
    }
    let (number, ..) = count(&owner, &id).await;
    assert_eq!(number, LOOPS * AGENTS);
    // Otherwise the agents never met.
    assert!(conflicts > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn agents_that_replace_what_they_have_read_lose_nothing() {
    no_increment_is_lost(Write::Replacing).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn agents_that_patch_what_they_have_read_lose_nothing() {
    no_increment_is_lost(Write::Patching).await;
}

/// Adds its own users to the group one by one, without a version.
async fn adds(server: Server, group: String, users: Vec<String>, gate: Gate) {
    let agent = Agent::of(&server).await;
    gate.pass().await;
    for user in users {
        let add = json!({ "id": group, "members": [user] });
        let added = agent.done("add_group_members", add).await;
        assert_eq!(added["changed"], true);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn agents_that_add_members_to_one_group_lose_none() {
    const EACH: usize = 25;
    let server = server();
    let owner = Agent::of(&server).await;
    let (group, _) = owner.group("g").await;
    let mut users = Vec::new();
    for number in 0..AGENTS * EACH {
        users.push(owner.user(&format!("user{number}")).await.0);
    }
    let gate = Gate::new();
    let agents = users.chunks(EACH).map(|users| {
        let (server, group, gate) = (server.clone(), group.clone(), gate.clone());
        tokio::spawn(adds(server, group, users.to_vec(), gate))
    });
    for agent in agents.collect::<Vec<_>>() {
        agent.await.expect("every member is added");
    }
    let read = owner.done("get_group", json!({ "id": group })).await;
    let members = read["resource"]["members"].as_array().unwrap();
    let mut found: Vec<String> = members
        .iter()
        .map(|member| text(&member["value"]))
        .collect();
    found.sort();
    users.sort();
    assert_eq!(found, users);
}
