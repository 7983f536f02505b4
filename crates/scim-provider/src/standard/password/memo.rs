use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::PasswordHashing;
use crate::ProviderError;
use crate::storage::ResourceKey;

/// What one request has found out about its passwords.
///
/// A write that meets a rival is tried again, and to hash its password again each time would
/// give the rivals that much longer to come between. Clones share what is known; it is gone
/// with the request.
#[derive(Clone, Default)]
pub(crate) struct PasswordMemo(Arc<Mutex<Vec<Known>>>);

/// Of one password of one resource.
#[derive(Clone)]
struct Known {
    key: ResourceKey,
    path: String,
    text: Box<str>,
    /// The last stored hash that it was compared with, and whether it is that of the same
    /// password.
    compared: Option<(Box<str>, bool)>,
    /// Its own hash, if it took one.
    hash: Option<Box<str>>,
}

/// The passwords of how many resources are remembered. A write is tried again before the
/// next one of its request begins.
const REMEMBERED: usize = 16;

impl PasswordMemo {
    /// The hash to keep for the password `text` at `path` of the resource `key`: the `stored`
    /// one if it is of the same password.
    pub(crate) async fn hash(
        &self,
        hashing: &PasswordHashing,
        (key, path, text): (&ResourceKey, &str, &str),
        stored: Option<&str>,
    ) -> Result<Box<str>, ProviderError> {
        let mut known = self.recall(key, path, text);
        if let Some(stored) = stored {
            let same = match &known.compared {
                Some((hash, same)) if **hash == *stored => *same,
                _ => {
                    let same = hashing.verify(text, stored).await?;
                    known.compared = Some((stored.into(), same));
                    self.remember(&known);
                    same
                }
            };
            if same {
                return Ok(stored.into());
            }
        }
        if let Some(hash) = known.hash {
            return Ok(hash);
        }
        let hash: Box<str> = hashing.hash(text).await?.into();
        known.hash = Some(hash.clone());
        self.remember(&known);
        Ok(hash)
    }

    fn recall(&self, key: &ResourceKey, path: &str, text: &str) -> Known {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all
            .iter()
            .find(|known| known.is_of(key, path) && *known.text == *text);
        found.cloned().unwrap_or_else(|| Known {
            key: key.clone(),
            path: path.into(),
            text: text.into(),
            compared: None,
            hash: None,
        })
    }

    fn remember(&self, known: &Known) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| !other.is_of(&known.key, &known.path));
        if all.len() == REMEMBERED {
            all.remove(0);
        }
        all.push(known.clone());
    }
}

impl Known {
    fn is_of(&self, key: &ResourceKey, path: &str) -> bool {
        self.key == *key && self.path == path
    }
}

impl fmt::Debug for PasswordMemo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordMemo").finish_non_exhaustive()
    }
}

/// What a request knows is no part of who it is for.
impl PartialEq for PasswordMemo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for PasswordMemo {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;

    #[tokio::test]
    async fn one_request_hashes_a_password_once_and_another_anew() {
        let hashing = PasswordHashing::new(8, 1, 1).unwrap();
        let key = ResourceKey::new(Scope::Single, "User", "1").unwrap();
        let other = ResourceKey::new(Scope::Single, "User", "2").unwrap();
        let memo = PasswordMemo::default();
        let hash = async |memo: &PasswordMemo, key, text, stored| {
            let of = (key, "password", text);
            memo.hash(&hashing, of, stored).await.unwrap()
        };
        let first = hash(&memo, &key, "a", None).await;
        assert_eq!(hash(&memo.clone(), &key, "a", None).await, first);
        assert_ne!(hash(&memo, &other, "a", None).await, first);
        assert_ne!(hash(&PasswordMemo::default(), &key, "a", None).await, first);
        // The stored one wins if it says the same, and only then.
        let stored = hashing.hash("a").await.unwrap();
        assert_eq!(*hash(&memo, &key, "a", Some(&stored)).await, *stored);
        let stored = hashing.hash("b").await.unwrap();
        assert_eq!(hash(&memo, &key, "a", Some(&stored)).await, first);
        assert_ne!(hash(&memo, &key, "b", None).await, first);
    }

    #[tokio::test]
    async fn what_is_remembered_is_bounded_and_not_shown() {
        let hashing = PasswordHashing::new(8, 1, 1).unwrap();
        let memo = PasswordMemo::default();
        for id in 0..REMEMBERED * 2 {
            let key = ResourceKey::new(Scope::Single, "User", &id.to_string()).unwrap();
            let of = (&key, "password", "secret");
            memo.hash(&hashing, of, None).await.unwrap();
        }
        assert_eq!(memo.0.lock().unwrap().len(), REMEMBERED);
        assert!(!format!("{memo:?}").contains("secret"));
    }
}
