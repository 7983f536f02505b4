//! Conditional updates of one user in memory: `measured off`, or `measured on` with 16 former
//! versions kept. Counts where `counted` is, for `run` beside this file.

use std::hint::black_box;

use scim_provider::storage::Retention;
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

const TURNS: usize = 200;
const USER: &str = include_str!("user.json");

fn main() {
    let provider = match std::env::args().nth(1).as_deref() {
        Some("off") => InMemoryProvider::default(),
        Some("on") => InMemoryProvider::default().with_retention(Retention::new(16, 1 << 20)),
        other => panic!("there is no {other:?}"),
    };
    let runtime = Builder::new_current_thread().build().unwrap();
    let context = RequestContext::new("bench");
    let user = |title: usize| -> Value {
        let mut user: Value = serde_json::from_str(USER).unwrap();
        user["title"] = title.to_string().into();
        user
    };
    let create = provider.create_versioned_resource("User", user(0), &context);
    let created = runtime.block_on(create).unwrap();
    let id = created.resource().id().unwrap().to_owned();
    let mut version = created.version().clone();
    let mut update = |title: usize, run: fn(&Runtime, Update<'_>) -> ScimVersion| {
        let data = user(title);
        let (provider, context) = (&provider, &context);
        version = run(
            &runtime,
            Update {
                provider,
                context,
                id: &id,
                data,
                version: &version,
            },
        );
    };
    // As many as are kept, so that each more is one less.
    (1..=20).for_each(|title| update(title, run));
    (0..TURNS).for_each(|turn| update(100 + turn, counted));
    println!("{TURNS}");
}

struct Update<'a> {
    provider: &'a InMemoryProvider,
    context: &'a RequestContext,
    id: &'a str,
    data: Value,
    version: &'a ScimVersion,
}

#[inline(never)]
fn counted(runtime: &Runtime, update: Update<'_>) -> ScimVersion {
    let version = run(runtime, update);
    // Something after the call, so that it does not become a jump.
    black_box(version)
}

#[inline(never)]
fn run(runtime: &Runtime, update: Update<'_>) -> ScimVersion {
    let Update {
        provider,
        context,
        id,
        data,
        version,
    } = update;
    let updated = provider.conditional_update("User", id, data, version, context);
    match runtime.block_on(updated).unwrap() {
        ConditionalResult::Success(updated) => updated.version().clone(),
        other => panic!("nobody else writes: {other:?}"),
    }
}
