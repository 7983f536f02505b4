//! The operations that both libraries are asked to do, timed by the same code.
//!
//! Each result is one line on standard output, `name<TAB>value`, for `compare` to collect.

use std::future::Future;
use std::hint::{black_box, spin_loop};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::document::{numbered_user, retitle, user};
use super::resident::resident;
use super::stopwatch::nanoseconds;

/// How many users there are while an operation is timed.
pub const POPULATIONS: [usize; 4] = [1, 1_000, 10_000, 100_000];
const LARGEST: usize = 100_000;
/// How many threads increment a counter, and how often each.
const RIVALS: usize = 8;
const INCREMENTS: usize = 500;
const BUDGET: Duration = Duration::from_millis(150);
/// How many users the operations go round among.
const SAMPLE: usize = 1_000;

/// A library under comparison: users in memory, through its own public interface.
pub trait Subject: Default + Send + Sync + 'static {
    /// A version of a user.
    type Version: Send + Sync;
    /// A user that has been parsed.
    type Parsed: Send + Sync;
    /// A user with its version, as reading gives it.
    type Found: Send;

    /// Parses a user.
    fn parse(user: Value) -> Self::Parsed;
    /// Computes the version of a user from what it says.
    fn version_of(parsed: &Self::Parsed) -> Self::Version;
    /// Stores that many users and returns their ids.
    fn seed(&self, users: usize) -> impl Future<Output = Vec<String>> + Send;
    /// Reads a user.
    fn get(&self, id: &str) -> impl Future<Output = Self::Found> + Send;
    /// The version of what was read.
    fn version(found: &Self::Found) -> Self::Version;
    /// Prints what was read as JSON text.
    fn print(found: &Self::Found) -> Vec<u8>;
    /// Replaces what a user says if it has the version `expected`; then returns its new version.
    fn update(
        &self,
        id: &str,
        data: Value,
        expected: &Self::Version,
    ) -> impl Future<Output = Option<Self::Version>> + Send;
    /// Reads the first page of that many users, and says how many it got.
    fn page(&self, count: usize) -> impl Future<Output = usize> + Send;
}

/// Times all operations of `S` and prints the results.
///
/// # Panics
///
/// If an operation fails.
pub fn run<S: Subject>() {
    let runtime = runtime();
    // Before anything else has left holes in the heap.
    let before = resident();
    let subject = S::default();
    let ids = runtime.block_on(subject.seed(LARGEST));
    println!("memory\t{}", (resident() - before) / LARGEST);
    runtime.block_on(timed_at(LARGEST, &subject, &ids));
    let page = runtime.block_on(nanoseconds(
        BUDGET,
        async || (),
        async |()| assert_eq!(subject.page(100).await, 100),
    ));
    println!("page\t{page}");
    drop(subject);

    for users in POPULATIONS.into_iter().filter(|&users| users < LARGEST) {
        let subject = S::default();
        let ids = runtime.block_on(subject.seed(users));
        runtime.block_on(timed_at(users, &subject, &ids));
    }
    let parsed = S::parse(user());
    let version = runtime.block_on(nanoseconds(
        BUDGET,
        async || (),
        async |()| S::version_of(black_box(&parsed)),
    ));
    println!("version\t{version}");
    println!(
        "lost\t{}",
        lost_increments(Arc::new(S::default()), &runtime)
    );
}

async fn timed_at<S: Subject>(users: usize, subject: &S, ids: &[String]) {
    // A sample that lies spread over all of them.
    let ids: Vec<&str> = ids
        .iter()
        .step_by(users.div_ceil(SAMPLE))
        .map(String::as_str)
        .collect();
    let mut turn = (0..ids.len()).cycle();
    let mut next = || turn.next().expect("a cycle does not end");

    let get = async |i: usize| subject.get(ids[i]).await;
    println!(
        "get {users}\t{}",
        nanoseconds(BUDGET, async || next(), get).await
    );

    let print = async |i: usize| S::print(&subject.get(ids[i]).await);
    println!(
        "get and print {users}\t{}",
        nanoseconds(BUDGET, async || next(), print).await
    );

    let mut versions = Vec::new();
    for id in &ids {
        versions.push(S::version(&subject.get(id).await));
    }
    let mut count = 0;
    let prepare = async || {
        count += 1;
        let i = next();
        let mut data = numbered_user(i * users.div_ceil(SAMPLE));
        retitle(&mut data, count);
        (i, data)
    };
    let update = async |(i, data): (usize, Value)| {
        let updated = subject.update(ids[i], data, &versions[i]).await;
        versions[i] = updated.expect("nobody else writes");
    };
    println!(
        "update {users}\t{}",
        nanoseconds(BUDGET, prepare, update).await
    );
}

/// Increments a number in one user from several threads, each of which reads, adds one, and writes if the version is
/// still what it read, until it is told that it has; returns how many of these increments are not there in the end.
fn lost_increments<S: Subject>(subject: Arc<S>, runtime: &Runtime) -> usize {
    let id = runtime.block_on(subject.seed(1)).remove(0);
    let waiting = AtomicUsize::new(RIVALS);
    thread::scope(|scope| {
        for _ in 0..RIVALS {
            scope.spawn(|| {
                let runtime = self::runtime();
                waiting.fetch_sub(1, Ordering::SeqCst);
                while waiting.load(Ordering::SeqCst) > 0 {
                    spin_loop();
                }
                runtime.block_on(async {
                    for _ in 0..INCREMENTS {
                        increment(&*subject, &id).await;
                    }
                });
            });
        }
    });
    RIVALS * INCREMENTS - runtime.block_on(async { number(&S::print(&subject.get(&id).await)).0 })
}

async fn increment<S: Subject>(subject: &S, id: &str) {
    loop {
        let found = subject.get(id).await;
        let (number, mut data) = number(&S::print(&found));
        retitle(&mut data, number + 1);
        if subject
            .update(id, data, &S::version(&found))
            .await
            .is_some()
        {
            return;
        }
    }
}

/// The number in the title, 0 before there is one; and the whole user.
fn number(json: &[u8]) -> (usize, Value) {
    let user: Value = serde_json::from_slice(json).expect("a user prints as JSON");
    let title = user["title"].as_str().and_then(|title| title.parse().ok());
    (title.unwrap_or(0), user)
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts")
}
