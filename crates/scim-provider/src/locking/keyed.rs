use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::{RequestContext, Scope};

/// One lock for each resource that somebody is writing, and none for the rest.
///
/// The lock of a resource is held across the awaits of the provider inside: that is
/// what it is for. The map's own mutex is not.
#[derive(Debug, Default)]
pub(super) struct KeyedLocks {
    locks: Mutex<HashMap<Key, Arc<AsyncMutex<()>>>>,
}

type Key = (Scope, Box<str>, Box<str>);

impl KeyedLocks {
    /// Waits for the lock of the resource, in the order of arrival.
    pub(super) async fn lock(
        self: &Arc<Self>,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> KeyedGuard {
        let key = (context.scope().clone(), resource_type.into(), id.into());
        let lock = Arc::clone(self.map().entry(key.clone()).or_default());
        // Made before waiting, so that a waiter who gives up leaves nothing behind.
        let mut guard = KeyedGuard {
            locks: Arc::clone(self),
            key,
            held: None,
            lock: Some(Arc::clone(&lock)),
        };
        guard.held = Some(lock.lock_owned().await);
        guard
    }

    fn map(&self) -> MutexGuard<'_, HashMap<Key, Arc<AsyncMutex<()>>>> {
        // Nothing panics between two changes of the map that belong together.
        self.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds the lock of a resource, or a place in the queue for it.
#[derive(Debug)]
pub(super) struct KeyedGuard {
    locks: Arc<KeyedLocks>,
    key: Key,
    held: Option<OwnedMutexGuard<()>>,
    /// Taken when the guard is dropped.
    lock: Option<Arc<AsyncMutex<()>>>,
}

impl Drop for KeyedGuard {
    fn drop(&mut self) {
        let mut map = self.locks.map();
        // Both clones go while the map is locked, so that of two guards that are dropped
        // at once the second sees that it is the last.
        self.held = None;
        self.lock = None;
        if let Entry::Occupied(lock) = map.entry(self.key.clone())
            && Arc::strong_count(lock.get()) == 1
        {
            lock.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn locks_of_different_resources_and_tenants_are_different() {
        let locks = Arc::new(KeyedLocks::default());
        let context = RequestContext::new("a");
        let tenant = RequestContext::new("b").with_tenant("acme".parse().unwrap());
        let mut cx = Context::from_waker(Waker::noop());
        let mut guards = Vec::new();
        for (id, context) in [("1", &context), ("2", &context), ("1", &tenant)] {
            let lock = pin!(locks.lock("User", id, context));
            assert!(
                lock.poll(&mut cx)
                    .map(|guard| guards.push(guard))
                    .is_ready()
            );
        }
    }

    #[test]
    fn neither_a_finished_writer_nor_one_that_gave_up_leaves_a_lock_behind() {
        let locks = Arc::new(KeyedLocks::default());
        let context = RequestContext::new("a");
        let mut cx = Context::from_waker(Waker::noop());
        {
            let mut first = Box::pin(locks.lock("User", "1", &context));
            let guard = first.as_mut().poll(&mut cx);
            assert!(guard.is_ready());
            let mut second = Box::pin(locks.lock("User", "1", &context));
            assert!(second.as_mut().poll(&mut cx).is_pending());
            drop(second);
            assert_eq!(locks.map().len(), 1);
            drop(guard);
        }
        assert!(locks.map().is_empty());
    }

    #[test]
    fn guards_that_are_dropped_at_once_leave_no_lock_behind() {
        let locks = Arc::new(KeyedLocks::default());
        let context = RequestContext::new("a");
        for n in 0..2_000 {
            let id = n.to_string();
            let mut cx = Context::from_waker(Waker::noop());
            let mut holder = Box::pin(locks.lock("User", &id, &context));
            let Poll::Ready(held) = holder.as_mut().poll(&mut cx) else {
                panic!("nobody else has it");
            };
            let mut waiter = Box::pin(locks.lock("User", &id, &context));
            assert!(waiter.as_mut().poll(&mut cx).is_pending());
            let start = AtomicUsize::new(0);
            let together = || {
                start.fetch_add(1, Ordering::SeqCst);
                while start.load(Ordering::SeqCst) < 2 {
                    std::thread::yield_now();
                }
            };
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    together();
                    drop(held);
                });
                together();
                drop(waiter);
            });
        }
        assert!(locks.map().is_empty());
    }
}
