use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use scim_tests::{Scimd, until};

use crate::books::names_are_taken_exactly_if_somebody_has_them;
use crate::report::Report;
use crate::writer::Writer;

/// How many clients write.
const WRITERS: usize = 8;

/// What all writers share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// How many writes were acknowledged so far, to any of them.
    pub(crate) acknowledged: AtomicU64,
    /// How often somebody claimed a name that others claim, too.
    pub(crate) contested: AtomicU64,
    pub(crate) ends: AtomicBool,
}

/// Writes through `scimd` with several clients, does `kill_and_restart` so many times, and looks
/// what is there.
pub(crate) fn while_killed(scimd: &Scimd, kills: usize, kill_and_restart: impl Fn()) -> Report {
    let shared = &Shared::default();
    let mut report = Report::default();
    thread::scope(|scope| {
        let _ends = EndsWhenDropped(shared);
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| scope.spawn(move || Writer::new(n, scimd.client(), shared).run()))
            .collect();
        for _ in 0..kills {
            // A random number of writes later, whatever else is under way then.
            let now = shared.acknowledged.load(Ordering::SeqCst);
            let then = now + fastrand::u64(1..300);
            until("enough was written", || {
                let dead = writers.iter().any(thread::ScopedJoinHandle::is_finished);
                assert!(!dead, "a writer has failed");
                (shared.acknowledged.load(Ordering::SeqCst) >= then).then_some(())
            });
            kill_and_restart();
            report.restarts += 1;
        }
        shared.ends.store(true, Ordering::SeqCst);
        let client = scimd.client();
        let mut names = Vec::new();
        for writer in writers {
            let (books, seen) = writer.join().unwrap();
            report.add(seen);
            report.add(books.look(&client));
            names.extend(books.names);
        }
        names_are_taken_exactly_if_somebody_has_them(&client, &names);
    });
    report
}

/// Else the writers would go on when a test fails.
struct EndsWhenDropped<'a>(&'a Shared);

impl Drop for EndsWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.ends.store(true, Ordering::SeqCst);
    }
}
