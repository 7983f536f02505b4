use std::sync::Arc;
use std::time::{Duration, Instant};

use scim_benches::document::numbered_user;
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{ConditionalProvider, RequestContext, StandardResourceProvider};
use scim_sql::{Options, SqlStorage};
use serde_json::Value;
use tokio::task::JoinSet;

pub(crate) type Provider = Arc<StandardResourceProvider<SqlStorage>>;

/// Users that one client alone writes, and the version that each has.
pub(crate) type Own = Vec<(usize, String, ScimVersion)>;

/// How many users are created at a time.
const TOGETHER: usize = 64;

pub(crate) async fn provider(url: &str) -> Provider {
    let storage = SqlStorage::connect(url, &Options::default()).expect("it is a URL");
    storage.migrate().await.expect("the database is there");
    Arc::new(StandardResourceProvider::new(storage))
}

pub(crate) fn context() -> RequestContext {
    RequestContext::new("bench")
}

/// Creates users, and tells number, id and version of each.
pub(crate) async fn fill(provider: &Provider, users: usize) -> Own {
    let mut all = Vec::with_capacity(users);
    for first in (0..users).step_by(TOGETHER) {
        let mut tasks = JoinSet::new();
        for number in first..users.min(first + TOGETHER) {
            let provider = Arc::clone(provider);
            tasks.spawn(async move {
                let created = provider
                    .create_versioned_resource("User", numbered_user(number), &context())
                    .await
                    .expect("nobody has its name");
                let id = created.resource().id().expect("it is stored").to_owned();
                (number, id, created.version().clone())
            });
        }
        all.extend(tasks.join_all().await);
    }
    all
}

/// The user `number` once more, with something new to say.
pub(crate) fn changed(number: usize, turn: usize) -> Value {
    let mut user = numbered_user(number);
    user["title"] = format!("title {turn}").into();
    user
}

/// Conditional updates a second, by so many clients at once as there are lists of users, each of which writes its own ones
/// in turn.
pub(crate) async fn update_rate(provider: &Provider, own: &mut Vec<Own>, time: Duration) -> f64 {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for mut own in own.drain(..) {
        let provider = Arc::clone(provider);
        tasks.spawn(async move {
            let mut turn = 0;
            while start.elapsed() < time {
                let place = turn % own.len();
                let (number, id, version) = &mut own[place];
                // Another title each time, in this run and in those before.
                let data = changed(
                    *number,
                    usize::try_from(start.elapsed().subsec_nanos()).unwrap_or(0) + turn,
                );
                let updated = provider
                    .conditional_update("User", id, data, version, &context())
                    .await;
                match updated.expect("the database is there") {
                    ConditionalResult::Success(updated) => *version = updated.version().clone(),
                    refused => panic!("nobody else writes this user: {refused:?}"),
                }
                turn += 1;
            }
            (own, turn)
        });
    }
    let mut done = 0;
    while let Some(finished) = tasks.join_next().await {
        let (users, turns) = finished.expect("it does not panic");
        own.push(users);
        done += turns;
    }
    let done = u32::try_from(done).expect("a few seconds' worth");
    f64::from(done) / start.elapsed().as_secs_f64()
}

/// The users of `clients` clients.
pub(crate) fn shared_out(mut all: Own, clients: usize) -> Vec<Own> {
    let each = all.len() / clients;
    (0..clients)
        .map(|_| all.split_off(all.len() - each))
        .collect()
}
