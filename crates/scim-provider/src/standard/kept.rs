use std::sync::Arc;

use serde_json::Map;

use super::StandardResourceProvider;
use crate::schema::{Hidden, NormalForm, ResourceType};
use crate::storage::{ResourceKey, Storage, StorageError, StorageErrorKind, Stored};
use crate::{ProviderError, RequestContext, ResourceError, ResourceErrorKind};

impl<S: Storage> StandardResourceProvider<S> {
    /// Gives `normal` the immutable attributes of `current` that it leaves out.
    ///
    /// `current` has all of its links that `normal` names.
    pub(super) fn keep_immutable(
        &self,
        resource_type: &ResourceType,
        current: &Stored,
        normal: &mut NormalForm,
    ) -> Result<(), ProviderError> {
        if resource_type.has_immutable() {
            let before = serde_json::from_slice(&current.document).map_err(broken)?;
            resource_type.keep_immutable(&before, normal)?;
        }
        Ok(resource_type.keep_immutable_links(&current.links, normal)?)
    }

    /// What is kept apart of the resource `key` after a write of `normal` over `current`, as
    /// canonical JSON; passwords are hashed, unless they are those that are stored.
    ///
    /// It may take a while. Nothing has been written by then.
    pub(super) async fn hidden(
        &self,
        resource_type: &ResourceType,
        key: &ResourceKey,
        current: Option<&Stored>,
        normal: &NormalForm,
        context: &RequestContext,
    ) -> Result<Option<Arc<[u8]>>, ProviderError> {
        let stored = current.and_then(|current| current.hidden.as_ref());
        if !resource_type.has_secrets() {
            return Ok(stored.cloned());
        }
        let before = match current {
            Some(current) if stored.is_some() && resource_type.has_secret_parts() => {
                serde_json::from_slice(&current.document).map_err(broken)?
            }
            _ => Map::new(),
        };
        let hidden = match stored {
            Some(json) => Hidden::from_json(json).map_err(broken)?,
            None => Hidden::default(),
        };
        let mut hidden = resource_type.hide(&before, hidden, normal)?;
        for password in normal.secrets.passwords() {
            let path = password.path();
            let kept = hidden.password(password);
            let of = (key, &*path, password.text());
            let hash = context.passwords().hash(&self.passwords, of, kept).await?;
            if kept == Some(&*hash) {
                continue;
            }
            if kept.is_some() && resource_type.is_immutable(&path) {
                return Err(ResourceError::new(path, ResourceErrorKind::Immutable).into());
            }
            hidden.set_password(password, &hash);
        }
        let hidden = hidden.to_json();
        // The same octets need not be kept twice.
        Ok(match (hidden, stored) {
            (Some(new), Some(stored)) if new == **stored => Some(Arc::clone(stored)),
            (new, _) => new.map(Into::into),
        })
    }
}

fn broken(source: serde_json::Error) -> StorageError {
    StorageError::with_source(StorageErrorKind::Internal, source)
}
