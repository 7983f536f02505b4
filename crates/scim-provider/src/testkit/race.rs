//! Ways to make requests meet.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};

use super::Failure;

/// The runtime around, if races can happen on it.
pub(super) fn multi_threaded() -> Result<Handle, Failure> {
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => Ok(handle),
        Ok(_) => Err(Failure::new(
            "runtime",
            "a single-threaded runtime hides races",
        )),
        Err(error) => Err(Failure::new("runtime", error.to_string())),
    }
}

/// Runs `racer(0)` to `racer(racers - 1)` on a thread each, all let go at the same
/// moment; gives what they gave, in this order.
pub(super) async fn on_threads<T, F, Fut>(
    check: &'static str,
    racers: usize,
    racer: F,
) -> Result<Vec<T>, Failure>
where
    T: Send + 'static,
    F: Fn(usize) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Failure>>,
{
    let handle = multi_threaded()?;
    // The threads are waited for where that doesn't block the runtime.
    let race = move || race(check, racers, |n| handle.block_on(racer(n)));
    match tokio::task::spawn_blocking(race).await {
        Ok(results) => results,
        Err(error) => Err(Failure::new(check, error.to_string())),
    }
}

fn race<T: Send>(
    check: &'static str,
    racers: usize,
    run: impl Fn(usize) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let (gate, run) = (&Gate::new(racers), &run);
    let called_off = || Failure::new(check, "a thread could not be started");
    let results: Vec<_> = thread::scope(|scope| {
        let mut threads = Vec::with_capacity(racers);
        for n in 0..racers {
            let racer = move || if gate.pass() { Some(run(n)) } else { None };
            match thread::Builder::new().spawn_scoped(scope, racer) {
                Ok(thread) => threads.push(thread),
                // Else the threads that were started would wait forever.
                Err(_) => gate.call_off(),
            }
        }
        threads
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect()
    });
    if gate.is_called_off() {
        return Err(called_off());
    }
    results
        .into_iter()
        .map(|joined| match joined {
            Ok(result) => result.unwrap_or_else(|| Err(called_off())),
            Err(panic) => Err(Failure::new(check, panicked(panic.as_ref()))),
        })
        .collect()
}

/// Where racers wait until all are there.
///
/// They spin: a lock or a `tokio::sync::Barrier` wakes its waiters one after the
/// other, and the first is through before the second has begun.
struct Gate {
    racers: usize,
    ready: AtomicUsize,
    called_off: AtomicBool,
}

impl Gate {
    const fn new(racers: usize) -> Self {
        Self {
            racers,
            ready: AtomicUsize::new(0),
            called_off: AtomicBool::new(false),
        }
    }

    /// Waits for the others; `false` if they don't come.
    fn pass(&self) -> bool {
        self.ready.fetch_add(1, Ordering::SeqCst);
        let mut spins = 0_u32;
        while self.ready.load(Ordering::SeqCst) < self.racers {
            if self.is_called_off() {
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

    fn call_off(&self) {
        self.called_off.store(true, Ordering::SeqCst);
    }

    fn is_called_off(&self) -> bool {
        self.called_off.load(Ordering::SeqCst)
    }
}

/// Polls the futures in turn, all from this task, until all are done; gives what
/// they gave, in their order.
///
/// Whenever one suspends, all others go a step: no rival of a check that is
/// followed by a suspension misses it.
pub(super) async fn in_turn<T, F>(
    check: &'static str,
    futures: impl IntoIterator<Item = F>,
) -> Result<Vec<T>, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    enum Racer<T, F> {
        Running(Pin<Box<F>>),
        Done(Result<T, Failure>),
    }
    let mut racers: Vec<Racer<T, F>> = futures
        .into_iter()
        .map(|future| Racer::Running(Box::pin(future)))
        .collect();
    poll_fn(|cx| {
        let mut all = Poll::Ready(());
        for racer in &mut racers {
            if let Racer::Running(future) = racer {
                match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
                    Ok(Poll::Pending) => all = Poll::Pending,
                    Ok(Poll::Ready(result)) => *racer = Racer::Done(result),
                    Err(panic) => {
                        let failure = Failure::new(check, panicked(panic.as_ref()));
                        *racer = Racer::Done(Err(failure));
                    }
                }
            }
        }
        all
    })
    .await;
    racers
        .into_iter()
        .map(|racer| match racer {
            Racer::Done(result) => result,
            Racer::Running(_) => unreachable!("polled until none was running"),
        })
        .collect()
}

/// What `future` gives if it is done within `polls` polls; else it is dropped.
pub(super) async fn dropped_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|cx| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// What `future` gives, or a failure if that takes longer than `patience`.
///
/// A thread watches, since the runtime may have no timer.
pub(super) async fn patiently<T>(
    check: &'static str,
    patience: Duration,
    future: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let (alarm, rung) = (
        Arc::new(Mutex::new(None::<Waker>)),
        Arc::new(AtomicBool::new(false)),
    );
    let (done, finished) = mpsc::channel::<()>();
    thread::spawn({
        let (alarm, rung) = (Arc::clone(&alarm), Arc::clone(&rung));
        move || {
            if finished.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                rung.store(true, Ordering::SeqCst);
                let waker = alarm.lock().unwrap_or_else(PoisonError::into_inner).take();
                waker.into_iter().for_each(Waker::wake);
            }
        }
    });
    let mut future = pin!(future);
    let result = poll_fn(|cx| {
        *alarm.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        match future.as_mut().poll(cx) {
            Poll::Pending if rung.load(Ordering::SeqCst) => Poll::Ready(Err(Failure::new(
                check,
                format!("no answer within {patience:?} after a request was cancelled"),
            ))),
            poll => poll,
        }
    })
    .await;
    drop(done);
    result
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!(
        "a racer panicked: {}",
        message.unwrap_or("without a message")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn all_racers_run_and_answer_in_order() {
        let results = on_threads("c", 5, |n| async move { Ok(n) }).await;
        assert_eq!(results, Ok(vec![0, 1, 2, 3, 4]));
        let results = in_turn("c", (0..5).map(|n| async move { Ok(n) })).await;
        assert_eq!(results, Ok(vec![0, 1, 2, 3, 4]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_of_a_racer_is_a_failure_of_its_check() {
        let racer = |n: usize| async move { if n == 1 { panic!("racer {n}") } else { Ok(()) } };
        let failure = on_threads("c", 3, racer).await.unwrap_err();
        assert_eq!(
            (failure.check(), failure.detail()),
            ("c", "a racer panicked: racer 1")
        );
        let failure = in_turn("c", (0..3).map(racer)).await.unwrap_err();
        assert_eq!(
            (failure.check(), failure.detail()),
            ("c", "a racer panicked: racer 1")
        );
    }

    #[tokio::test]
    async fn a_single_threaded_runtime_is_refused() {
        let failure = on_threads("c", 2, |_| async { Ok(()) }).await.unwrap_err();
        assert_eq!(failure.check(), "runtime");
    }

    #[tokio::test]
    async fn futures_are_polled_in_turn() {
        let log = Mutex::new(Vec::new());
        let racer = |n: usize| {
            let log = &log;
            async move {
                for step in 0..2 {
                    log.lock().unwrap().push((step, n));
                    tokio::task::yield_now().await;
                }
                Ok(())
            }
        };
        in_turn("c", (0..2).map(racer)).await.unwrap();
        assert_eq!(*log.lock().unwrap(), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    }

    #[tokio::test]
    async fn a_future_is_dropped_after_as_many_polls_as_said() {
        let run = |polls| {
            dropped_after(polls, async {
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                7
            })
        };
        assert_eq!(run(0).await, None);
        assert_eq!(run(2).await, None);
        assert_eq!(run(3).await, Some(7));
    }

    #[tokio::test]
    async fn a_future_that_never_answers_is_a_failure() {
        let never = std::future::pending::<Result<(), Failure>>();
        let failure = patiently("c", Duration::ZERO, never).await.unwrap_err();
        assert_eq!(failure.check(), "c");
    }
}
