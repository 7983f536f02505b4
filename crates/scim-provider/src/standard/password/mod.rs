mod memo;

use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier, password_hash};
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

pub(crate) use memo::PasswordMemo;

use crate::ProviderError;

/// How passwords are hashed: Argon2id (RFC 9106), kept as a PHC string with a random salt.
///
/// The default takes 19 MiB and two passes for each password, which is what OWASP recommends
/// at least, and a few dozen milliseconds. It happens on tokio's threads for blocking work
/// (outside of a tokio runtime, on the thread that polls), and no more passwords are hashed
/// at the same time than [`with_parallel`](Self::with_parallel) says: the others wait. Clones
/// share that bound.
///
/// Each hash says how it was made, so that passwords which are stored already are still
/// recognised after a change of the parameters.
///
/// ```
/// use scim_provider::{InMemoryProvider, PasswordHashing};
///
/// let costly = PasswordHashing::new(64 * 1024, 3, 1)?;
/// let provider = InMemoryProvider::default().with_password_hashing(costly);
/// # Ok::<(), scim_provider::PasswordHashingError>(())
/// ```
#[derive(Debug, Clone)]
pub struct PasswordHashing {
    params: Params,
    permits: Arc<Semaphore>,
}

impl PasswordHashing {
    /// At most so many passwords are hashed at the same time, unless
    /// [`with_parallel`](Self::with_parallel) says otherwise: fewer on a machine of fewer cores.
    pub const DEFAULT_PARALLEL: NonZeroUsize = NonZeroUsize::new(8).expect("8 is not 0");

    /// Argon2id with `memory_kib` kibibytes in `passes` passes over `lanes` lanes.
    ///
    /// Less than the default is for tests.
    ///
    /// # Errors
    ///
    /// Unless there are at least 8 kibibytes for each lane, one pass and one lane, and fewer
    /// than 2²⁴ lanes.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, PasswordHashingError> {
        // The crate multiplies before it compares.
        if lanes.checked_mul(8).is_none() {
            return Err(PasswordHashingError {
                source: argon2::Error::ThreadsTooMany,
            });
        }
        let params = Params::new(memory_kib, passes, lanes, None)
            .map_err(|source| PasswordHashingError { source })?;
        Ok(Self::of(params))
    }

    /// The same with at most so many passwords hashed at the same time, each of which takes
    /// its memory.
    #[must_use]
    pub fn with_parallel(self, passwords: NonZeroUsize) -> Self {
        let permits = passwords.get().min(Semaphore::MAX_PERMITS);
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            ..self
        }
    }

    fn of(params: Params) -> Self {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let permits = cores.min(Self::DEFAULT_PARALLEL).get();
        Self {
            params,
            permits: Arc::new(Semaphore::new(permits)),
        }
    }

    /// A new hash of `password`.
    pub(super) async fn hash(&self, password: &str) -> Result<String, ProviderError> {
        let (password, argon2) = (password.to_owned(), Argon2::from(&self.params));
        self.aside(move || {
            let hash = argon2.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(ProviderError::internal)
        })
        .await?
    }

    /// Whether `hash` was made of `password`. A hash of another kind than this crate makes
    /// counts as that of another password.
    pub(super) async fn verify(&self, password: &str, hash: &str) -> Result<bool, ProviderError> {
        let (password, hash) = (password.to_owned(), hash.to_owned());
        self.aside(move || {
            let Ok(hash) = PasswordHash::new(&hash) else {
                return Ok(false);
            };
            use password_hash::Error;
            match Argon2::default().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(fault @ (Error::OutOfMemory | Error::Internal | Error::Crypto)) => {
                    Err(ProviderError::internal(fault))
                }
                Err(_) => Ok(false),
            }
        })
        .await?
    }

    /// Does `work` when it is its turn, without keeping a thread of the runtime from others.
    ///
    /// Work that has begun goes on when nobody waits for it any longer, and so does its
    /// permit, so that memory stays bounded.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ProviderError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.expect("the semaphore is never closed");
        let work = move || {
            let result = work();
            drop(permit);
            result
        };
        match Handle::try_current() {
            Ok(runtime) => runtime
                .spawn_blocking(work)
                .await
                .map_err(ProviderError::internal),
            // Another runtime than tokio's: nothing to hand it to.
            Err(_) => Ok(work()),
        }
    }
}

impl Default for PasswordHashing {
    fn default() -> Self {
        Self::of(Params::DEFAULT)
    }
}

/// Parameters that Argon2 can't work with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no parameters of argon2id")]
pub struct PasswordHashingError {
    source: argon2::Error,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> PasswordHashing {
        PasswordHashing::new(8, 1, 1).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_a_salted_phc_string_that_only_its_password_verifies() {
        let hash = cheap().hash("secret").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert_ne!(hash, cheap().hash("secret").await.unwrap());
        let other = PasswordHashing::new(16, 2, 1).unwrap();
        assert!(other.verify("secret", &hash).await.unwrap());
        assert!(!other.verify("Secret", &hash).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_no_hash_of_ours_verifies_nothing() {
        for hash in ["", "secret", "$2b$12$abc", "$argon2id$v=19$m=8,t=1,p=1$"] {
            assert!(!cheap().verify("secret", hash).await.unwrap(), "{hash}");
        }
    }

    #[test]
    fn the_default_is_what_owasp_recommends() {
        let params = PasswordHashing::default().params;
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19 * 1024, 2, 1)
        );
    }

    #[test]
    fn parameters_that_argon2_refuses_are_refused() {
        for (memory, passes, lanes) in
            [(7, 1, 1), (8, 0, 1), (8, 1, 0), (8, 1, 2), (8, 1, u32::MAX)]
        {
            assert!(PasswordHashing::new(memory, passes, lanes).is_err());
        }
    }

    #[test]
    fn without_a_runtime_the_thread_that_polls_does_it() {
        let hashing = cheap();
        let mut hash = std::pin::pin!(hashing.hash("secret"));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let polled = hash.as_mut().poll(&mut context);
        assert!(matches!(polled, std::task::Poll::Ready(Ok(_))));
    }

    #[tokio::test]
    async fn no_more_are_hashed_at_once_than_allowed() {
        let hashing = cheap().with_parallel(NonZeroUsize::MIN);
        let held = Arc::clone(&hashing.permits).try_acquire_owned().unwrap();
        let mut waiting = std::pin::pin!(hashing.hash("secret"));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        drop(held);
        assert!(waiting.await.is_ok());
    }
}
