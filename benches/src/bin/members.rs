//! What one member more costs a group of 10 to 100,000: instructions through the operation handler, counted by
//! callgrind.

use std::array;
use std::hint::black_box;

use scim_benches::callgrind::{self, count, counting};
use scim_benches::report::{head, ratio, row};
use scim_ops::provider::{ConditionalProvider, InMemoryProvider, RequestContext};
use scim_ops::{Patch, ScimOperationHandler, ScimOperationRequest};
use serde_json::{Value, json};
use tokio::runtime::Builder;

/// How many members the groups have.
const SIZES: [usize; 4] = [10, 1_000, 10_000, 100_000];
/// How often each operation is done in one count.
const TURNS: usize = 20;
const OPERATIONS: [&str; 2] = ["add a member", "remove a member"];

fn main() {
    let Some(counts) = callgrind::run(TURNS, measure) else {
        return;
    };
    let mut columns = vec!["instructions of one".to_owned()];
    columns.extend(SIZES.map(|size| format!("{size} members")));
    columns.push("100,000 ÷ 1,000".into());
    head(&columns);
    for operation in OPERATIONS {
        let found = SIZES.map(|size| counts.median(&name(operation, size)));
        let mut cells = vec![operation.to_owned()];
        cells.extend(found.map(|count| format!("{count:.0}")));
        cells.push(ratio(found[3], found[1]));
        row(&cells);
    }
}

fn name(operation: &str, size: usize) -> String {
    format!("{operation} {size}")
}

fn measure() {
    let runtime = Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    let context = || RequestContext::new("bench");
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let create = |kind: &str, data: Value| {
        let context = context();
        let created = handler
            .provider()
            .create_versioned_resource(kind, data, &context);
        let created = runtime.block_on(created).expect("it is valid");
        let id = created
            .resource()
            .id()
            .expect("created resources have an id");
        id.to_owned()
    };
    let most = SIZES[SIZES.len() - 1] + TURNS;
    let users: Vec<String> = (0..most)
        .map(|n| create("User", json!({ "userName": format!("user {n}") })))
        .collect();
    let member = |id: &String| json!({ "value": id, "type": "User" });
    for size in SIZES {
        let members: Vec<Value> = users[..size].iter().map(member).collect();
        let group = create("Group", json!({ "displayName": "g", "members": members }));
        let new: [&String; TURNS] = array::from_fn(|turn| &users[size + turn]);
        let add = |id: &String| json!({ "op": "add", "path": "members", "value": [member(id)] });
        let remove =
            |id: &String| json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") });
        counting(|| {
            for (operation, made) in OPERATIONS.into_iter().zip([new.map(add), new.map(remove)]) {
                let mut patches = made.map(patch).into_iter();
                count(&name(operation, size), &mut || {
                    for patch in patches.by_ref() {
                        let request =
                            ScimOperationRequest::patch("Group", &*group, patch, context());
                        let done = runtime.block_on(handler.handle_operation(request));
                        black_box(done.expect("the member is there"));
                    }
                });
            }
        });
    }
}

fn patch(operation: Value) -> Patch {
    let message = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    });
    Patch::from_json(message).expect("the message is well-formed")
}
