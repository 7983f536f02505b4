use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Runs `racer(0)` to `racer(racers - 1)` on an operating system thread each, all let go at
/// the same moment; gives what they gave, in this order.
///
/// # Panics
///
/// If a racer does.
pub fn race<T: Send>(racers: usize, racer: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let raced = rounds(1, racers, |_, n| racer(n));
    raced.into_iter().flatten().collect()
}

/// Runs `rounds` races one after the other: `racer(round, n)` on the n-th of `racers` threads,
/// all let go at the same moment in every round; gives what they gave, by round and racer.
///
/// # Panics
///
/// If a racer does.
pub fn rounds<T: Send>(
    rounds: usize,
    racers: usize,
    racer: impl Fn(usize, usize) -> T + Sync,
) -> Vec<Vec<T>> {
    let (gate, racer) = (&Gate::new(racers), &racer);
    let by_racer: Vec<Vec<T>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..racers)
            .map(|n| {
                scope.spawn(move || {
                    let _closes = ClosesWhenPanicking(gate);
                    let run = |round| gate.pass().then(|| racer(round, n));
                    (0..rounds).map_while(run).collect()
                })
            })
            .collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Vec<T>>| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    });
    let mut by_racer: Vec<_> = by_racer.into_iter().map(Vec::into_iter).collect();
    (0..rounds)
        .map(|_| by_racer.iter_mut().filter_map(Iterator::next).collect())
        .collect()
}

/// Where racers wait until all are there, again in each round.
///
/// They spin: a lock, or a `tokio::sync::Barrier`, wakes its waiters one after the other, and
/// the first is through before the last has begun.
struct Gate {
    racers: usize,
    waiting: AtomicUsize,
    opened: AtomicUsize,
    closed: AtomicBool,
}

impl Gate {
    const fn new(racers: usize) -> Self {
        Self {
            racers,
            waiting: AtomicUsize::new(0),
            opened: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// Waits for the others; `false` if they don't come.
    fn pass(&self) -> bool {
        let opened = self.opened.load(Ordering::SeqCst);
        if self.waiting.fetch_add(1, Ordering::SeqCst) + 1 == self.racers {
            self.waiting.store(0, Ordering::SeqCst);
            self.opened.fetch_add(1, Ordering::SeqCst);
            return true;
        }
        let mut spins = 0_u32;
        while self.opened.load(Ordering::SeqCst) == opened {
            if self.closed.load(Ordering::SeqCst) {
                return false;
            }
            spins = spins.wrapping_add(1);
            if spins.is_multiple_of(64) {
                // There may be fewer cores than racers.
                thread::yield_now();
            } else {
                std::hint::spin_loop();
            }
        }
        true
    }
}

/// Else the others would wait for the one that panicked forever.
struct ClosesWhenPanicking<'a>(&'a Gate);

impl Drop for ClosesWhenPanicking<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.closed.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_round_begins_before_all_have_ended_the_one_before() {
        let done = AtomicUsize::new(0);
        let seen = rounds(200, 5, |round, n| {
            let seen = done.fetch_add(1, Ordering::SeqCst);
            (round, n, seen / 5)
        });
        for (round, racers) in seen.into_iter().enumerate() {
            let expected: Vec<_> = (0..5).map(|n| (round, n, round)).collect();
            assert_eq!(racers, expected);
        }
    }

    #[test]
    #[should_panic(expected = "racer 2")]
    fn a_racer_that_panics_ends_the_race() {
        rounds(3, 4, |round, n| assert!(n != 2 || round == 0, "racer 2"));
    }
}
