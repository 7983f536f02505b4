use std::collections::HashMap;
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
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> KeyedGuard<'_> {
        let key = (context.scope().clone(), resource_type.into(), id.into());
        let lock = Arc::clone(self.map().entry(key.clone()).or_default());
        // Made before waiting, so that a waiter who gives up leaves nothing behind.
        let mut guard = KeyedGuard {
            locks: self,
            key,
            held: None,
            lock: Arc::clone(&lock),
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
pub(super) struct KeyedGuard<'a> {
    locks: &'a KeyedLocks,
    key: Key,
    held: Option<OwnedMutexGuard<()>>,
    lock: Arc<AsyncMutex<()>>,
}

impl Drop for KeyedGuard<'_> {
    fn drop(&mut self) {
        let mut map = self.locks.map();
        drop(self.held.take());
        // The map's and ours: nobody else holds the lock or waits, and nobody can
        // begin to while the map is locked.
        if Arc::strong_count(&self.lock) == 2 {
            map.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    #[test]
    fn locks_of_different_resources_and_tenants_are_different() {
        let locks = KeyedLocks::default();
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
        let locks = KeyedLocks::default();
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
}
