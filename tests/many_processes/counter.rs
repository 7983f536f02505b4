use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use scim_tests::{Answer, Outcome, race};
use serde_json::{Value, json};

use crate::fleet::{CLIENTS, Fleet};

/// What became of the increments.
#[derive(Debug)]
pub(crate) struct Count {
    acknowledged: u64,
    /// How often nobody told a client whether its increment was done.
    pub(crate) unknown: u64,
    refused: u64,
    not_done: u64,
    counted: u64,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "increments: {} acknowledged, {} counted, {} of unknown outcome, {} refused as stale, {} not done",
            self.acknowledged, self.counted, self.unknown, self.refused, self.not_done
        )
    }
}

/// A user whose name counts.
pub(crate) struct Counter<'a> {
    fleet: &'a Fleet,
    location: String,
}

impl<'a> Counter<'a> {
    /// One that stands at zero, made while nothing is out of order.
    pub(crate) fn new(fleet: &'a Fleet) -> Self {
        let user = fleet.client(0).create("/Users", &document(0));
        let location = format!("/Users/{}", user["id"].as_str().unwrap());
        Self { fleet, location }
    }

    /// Each of eight clients reads the counter at one process, and writes it, with one more and on
    /// the version it read, at the next, until it was acknowledged `each` times.
    pub(crate) fn count(&self, each: u64) -> Count {
        let Self { fleet, location } = self;
        let newest = AtomicU64::new(0);
        let tallies = race(CLIENTS, |n| increment(fleet, n, location, &newest, each));
        // Each process has the same.
        let mut client = fleet.client(0);
        let counted = [0; 3].map(|_| counted(&client.get(location)));
        let sum = |part: fn(&Tally) -> u64| tallies.iter().map(part).sum();
        let count = Count {
            acknowledged: sum(|tally| tally.acknowledged),
            unknown: sum(|tally| tally.unknown),
            refused: sum(|tally| tally.refused),
            not_done: sum(|tally| tally.not_done),
            counted: counted[0],
        };
        assert_eq!(counted, [count.counted; 3], "{count}");
        assert!(count.acknowledged <= count.counted, "{count}");
        assert!(
            count.counted <= count.acknowledged + count.unknown,
            "{count}"
        );
        count
    }
}

#[derive(Default)]
struct Tally {
    acknowledged: u64,
    unknown: u64,
    refused: u64,
    not_done: u64,
}

fn increment(fleet: &Fleet, n: usize, location: &str, newest: &AtomicU64, each: u64) -> Tally {
    let mut client = fleet.client(n);
    let mut tally = Tally::default();
    while tally.acknowledged < each {
        // What any process has acknowledged to anybody, each other shows from then on.
        let acknowledged = newest.load(Ordering::SeqCst);
        let read = client.get(location);
        let count = counted(&read);
        assert!(
            count >= acknowledged,
            "{count} is read after {acknowledged}"
        );

        let next = document(count + 1);
        let headers = [("if-match", read.etag())];
        match client.send(Method::PUT, location, &headers, Some(&next)) {
            Outcome::Answered(answer) if answer.status == 200 => {
                newest.fetch_max(count + 1, Ordering::SeqCst);
                tally.acknowledged += 1;
            }
            Outcome::Answered(answer) => {
                assert_eq!(answer.status, 412, "{answer:?}");
                tally.refused += 1;
            }
            Outcome::NotDone => tally.not_done += 1,
            Outcome::Unknown => tally.unknown += 1,
        }
    }
    tally
}

fn document(count: u64) -> Value {
    json!({ "userName": "counter", "displayName": count.to_string() })
}

fn counted(read: &Answer) -> u64 {
    assert_eq!(read.status, 200, "{read:?}");
    read.json()["displayName"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}
