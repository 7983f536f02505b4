//! Instructions per operation with few and with many users, counted by valgrind's callgrind.

use std::array;
use std::hint::black_box;

use scim_benches::callgrind::{self, count, counting};
use scim_benches::document::numbered_user;
use scim_benches::ours::Ours;
use scim_benches::report::{self, Rounds, head, ratio, row};
use scim_benches::shared::comparison::Subject;
use scim_ops::provider::filter::Filter;
use scim_ops::provider::{ConditionalProvider, ListQuery, RequestContext};
use scim_ops::{Patch, ScimOperationHandler, ScimOperationRequest};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// How many users there are. A page of 100 is measured from 100 on.
const POPULATIONS: [usize; 4] = [1, 100, 1_000, 100_000];
/// How often each operation is done in one call of [`count`].
const TURNS: usize = 20;
const OPERATIONS: [&str; 10] = [
    "get",
    "get and print",
    "unconditional update",
    "conditional update",
    "PATCH of one attribute",
    "filter by userName",
    "filter by emails.value",
    "create",
    "page of 100",
    "page of 100 in the middle",
];

fn main() {
    if let Some(counts) = callgrind::run(TURNS, measure) {
        print(&counts);
    }
}

fn print(counts: &Rounds) {
    let mut columns = vec!["instructions of one".to_owned()];
    columns.extend(POPULATIONS.map(report::users));
    columns.push("last ÷ first".into());
    head(&columns);
    for operation in OPERATIONS {
        let found = POPULATIONS.map(|users| counts.find(&name(operation, users)));
        let mut cells = vec![operation.to_owned()];
        cells.extend(found.map(|count| count.map_or("".into(), |count| format!("{count:.0}"))));
        let [first, .., last] = &*found.into_iter().flatten().collect::<Vec<f64>>() else {
            panic!("{operation} was counted less than twice");
        };
        cells.push(ratio(*last, *first));
        row(&cells);
    }
}

fn name(operation: &str, users: usize) -> String {
    format!("{operation} {users}")
}

/// Does every operation with every number of users, and prints their names in that order.
fn measure() {
    let runtime = Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    for users in POPULATIONS {
        let ours = Ours::default();
        let ids = runtime.block_on(ours.seed(users));
        let place = users / 2;
        counting(|| {
            Subjects {
                runtime: &runtime,
                users,
                ours: &ours,
                place,
                id: &ids[place],
            }
            .measure();
        });
    }
}

struct Subjects<'a> {
    runtime: &'a Runtime,
    users: usize,
    ours: &'a Ours,
    place: usize,
    id: &'a str,
}

impl Subjects<'_> {
    fn measure(&self) {
        let Self { ours, id, .. } = self;
        let nothing = [(); TURNS];
        self.count("get", nothing, async |()| ours.get(id).await);
        self.count("get and print", nothing, async |()| {
            Ours::print(&ours.get(id).await)
        });

        let bare = async |data| ours.update_unconditionally(id, data).await;
        self.count("unconditional update", self.changes("a"), bare);
        let mut version = self.runtime.block_on(ours.get(id)).version().clone();
        self.count("conditional update", self.changes("b"), async |data| {
            version = ours
                .update(id, data, &version)
                .await
                .expect("nobody else writes");
        });

        self.patch_and_find();

        if self.users >= 100 {
            self.count("page of 100", nothing, async |()| ours.page(100).await);
            let middle = u64::try_from(self.users / 2).expect("populations are small");
            let query = ListQuery::new().with_start_index(middle).with_count(100);
            let (provider, context) = (&ours.provider, &ours.context);
            self.count("page of 100 in the middle", nothing, async |()| {
                provider
                    .list_versioned_resources("User", &query, context)
                    .await
            });
        }
        // Last, for it leaves more users behind than there were.
        let new = array::from_fn(|turn| numbered_user(self.users + turn));
        self.count("create", new, async |user| ours.create(user).await);
    }

    fn patch_and_find(&self) {
        let Self { ours, id, .. } = self;
        let handler = ScimOperationHandler::new(ours.provider.clone());
        let context = || RequestContext::new("bench");
        let patches: [Patch; TURNS] = array::from_fn(|turn| {
            let title = format!("patched {turn}");
            let replace = json!({ "op": "replace", "path": "title", "value": title });
            let message = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [replace],
            });
            Patch::from_json(message).expect("the message is well-formed")
        });
        self.count("PATCH of one attribute", patches, async |patch| {
            let request = ScimOperationRequest::patch("User", *id, patch, context());
            handler.handle_operation(request).await
        });
        let user = numbered_user(self.place);
        let find = |path: &str, value: &Value| {
            let filter: Filter = format!("{path} eq {value}")
                .parse()
                .expect("it is a filter");
            ListQuery::new().with_filter(filter)
        };
        let list = async |query: ListQuery| {
            let found = ours
                .provider
                .list_versioned_resources("User", &query, &ours.context)
                .await;
            assert_eq!(found.expect("memory does not fail").total, 1);
        };
        let by_name = find("userName", &user["userName"]);
        let by_name = array::from_fn(|_| by_name.clone());
        self.count("filter by userName", by_name, list);
        let by_mail = find("emails.value", &user["emails"][0]["value"]);
        let by_mail = array::from_fn(|_| by_mail.clone());
        self.count("filter by emails.value", by_mail, list);
    }

    /// As many versions of what the user says, none of which `salt` has said before.
    fn changes(&self, salt: &str) -> [Value; TURNS] {
        array::from_fn(|turn| {
            let mut user = numbered_user(self.place);
            user["title"] = format!("{salt}{turn}").into();
            user
        })
    }

    fn count<T, R>(
        &self,
        operation: &str,
        inputs: [T; TURNS],
        mut operate: impl AsyncFnMut(T) -> R,
    ) {
        let mut inputs = inputs.into_iter();
        count(&name(operation, self.users), &mut || {
            self.runtime.block_on(async {
                for input in inputs.by_ref() {
                    black_box(operate(input).await);
                }
            });
        });
    }
}
