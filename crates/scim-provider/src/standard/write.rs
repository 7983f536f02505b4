use std::mem;
use std::sync::Arc;

use scim_version::{ConditionalResult, ScimVersion, VersionConflict};
use serde_json::{Map, Value};
use tokio::task::yield_now;
use uuid::Uuid;

use super::partial::shown_part;
use super::stamp::State;
use super::{StandardResourceProvider, all_links, key, versioned};
use crate::schema::{NormalForm, ResourceType};
use crate::storage::{
    Change, Commit, CommitOutcome, Content, Link, LinkKey, LinkSelection, Record, Refusal,
    ResourceKey, Storage, StorageError, StorageErrorKind, Stored, UniqueKey, Write,
};
use crate::{ProviderError, RequestContext, VersionedResource};

/// How often a write that names no version tries again after losing a race. Each
/// loss means that another writer got through, so this bounds waiting, not progress.
pub(super) const MAX_TURNS: usize = 64;

impl<S: Storage> StandardResourceProvider<S> {
    pub(super) async fn create(
        &self,
        resource_type: &ResourceType,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let mut normal = self.normal_form(resource_type, data)?;
        let key = key(resource_type, &Uuid::now_v7().to_string(), context)
            .expect("names of types and UUIDs are legal in keys");
        let hidden = self
            .hidden(resource_type, &key, None, &normal, context)
            .await?;
        let document: Arc<[u8]> = resource_type.document(&normal).into();
        for _ in 0..MAX_TURNS {
            let requirements = self.resolve(resource_type, &key, &mut normal, &[]).await?;
            let state = State {
                key: &key,
                document: &document,
                removed: &[],
                added: &normal.links,
            };
            let stamp = state.first(self.clock.now());
            let content = content(resource_type, document.clone(), &normal.attributes)
                .with_hidden(hidden.clone());
            let record = Record::new(stamp.clone(), content, normal.links.clone());
            let mut commit = Commit::of(Write::create(key.clone(), record));
            commit.requirements = requirements;
            match self.storage().commit(commit).await? {
                CommitOutcome::Applied => {
                    let stored = Stored::new(key, stamp, document, normal.links);
                    return Ok(versioned(stored, resource_type)?);
                }
                CommitOutcome::Refused(Refusal::Duplicate { unique_key, holder }) => {
                    return Err(duplicate(resource_type, &unique_key, &holder));
                }
                CommitOutcome::Refused(Refusal::RequirementFailed { requirement }) => {
                    self.target_gone(&normal, requirement.key())?;
                    yield_now().await;
                }
                CommitOutcome::Refused(Refusal::Missing { .. } | Refusal::Mismatch { .. }) => {
                    return Err(StorageError::new(StorageErrorKind::Internal).into());
                }
            }
        }
        Err(busy(&key))
    }

    pub(super) async fn update_version(
        &self,
        resource_type: &ResourceType,
        key: &ResourceKey,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let links = all_links(resource_type);
        let Some(current) = self.storage().get(key, links).await? else {
            return Ok(ConditionalResult::NotFound);
        };
        if current.stamp.version != *expected {
            return Ok(mismatch(key, expected, current.stamp.version));
        }
        let mut normal = self.normal_form(resource_type, data)?;
        let all = &LinkSelection::All;
        self.replace(resource_type, current, &mut normal, all, context)
            .await
    }

    pub(super) async fn update_whatever_version(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        let not_found = || ProviderError::not_found(resource_type.name(), id);
        let key = key(resource_type, id, context).ok_or_else(not_found)?;
        let mut current = self.stored(resource_type, &key).await?;
        // Only now, because a resource that is missing is not found whatever the data is.
        let mut normal = self.normal_form(resource_type, data)?;
        // A turn adds what is immutable in the state that it meets.
        let said = resource_type.has_immutable().then(|| normal.clone());
        for _ in 0..MAX_TURNS {
            let all = &LinkSelection::All;
            match self
                .replace(resource_type, current, &mut normal, all, context)
                .await?
            {
                ConditionalResult::Success(updated) => return Ok(updated),
                ConditionalResult::NotFound => return Err(not_found()),
                ConditionalResult::VersionMismatch(_) => {
                    current = self.stored(resource_type, &key).await?;
                    normal = said.clone().unwrap_or(normal);
                }
            }
        }
        Err(busy(&key))
    }

    async fn stored(
        &self,
        resource_type: &ResourceType,
        key: &ResourceKey,
    ) -> Result<Stored, ProviderError> {
        let stored = self.storage().get(key, all_links(resource_type)).await?;
        stored.ok_or_else(|| ProviderError::not_found(key.resource_type(), key.id().as_str()))
    }

    /// Replaces `current` by what `normal` says, if it is still the current version and
    /// says something else. Of its links, `current` has those that may go and those that
    /// `normal` names; the answer has those that `shown` selects.
    ///
    /// A mismatch leaves `normal` for another turn; success may take parts of it.
    pub(super) async fn replace(
        &self,
        resource_type: &ResourceType,
        current: Stored,
        normal: &mut NormalForm,
        shown: &LinkSelection,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        self.keep_immutable(resource_type, &current, normal)?;
        let hidden = self
            .hidden(resource_type, &current.key, Some(&current), normal, context)
            .await?;
        let hidden_changed = hidden != current.hidden;
        let document: Arc<[u8]> = resource_type.document(normal).into();
        let rewritten = document != current.document;
        let says_the_same =
            !rewritten || same_documents(resource_type, &current.document, &document)?;
        let says_the_same = says_the_same && !hidden_changed;
        let (key, expected) = (&current.key, &current.stamp.version);
        // Before anything is written: a store that fails must not let what is done look undone.
        let derived = match shown {
            LinkSelection::All => self.derived_of(resource_type, &current).await?,
            _ => Vec::new(),
        };
        let answer = |stored| {
            let mut answer = versioned(shown_part(stored, shown), resource_type)?;
            answer.set_derived(derived);
            Ok(ConditionalResult::Success(answer))
        };
        for _ in 0..MAX_TURNS {
            let requirements = self
                .resolve(resource_type, key, normal, &current.links)
                .await?;
            let (removed, added) = link_changes(&current.links, &normal.links);
            if says_the_same && removed.is_empty() && added.is_empty() {
                return answer(current);
            }
            let state = State {
                key,
                document: &document,
                removed: &removed,
                added: &added,
            };
            let stamp = state.next(&current.stamp, self.clock.now());
            let mut change = Change::new(stamp.clone()).with_links(removed, added);
            if rewritten || hidden_changed {
                let content = content(resource_type, document.clone(), &normal.attributes);
                change = change.with_content(content.with_hidden(hidden.clone()));
            }
            let mut commit = Commit::of(Write::update(key.clone(), expected.clone(), change));
            commit.requirements = requirements;
            commit.retention = self.retention;
            match self.storage().commit(commit).await? {
                CommitOutcome::Applied => {
                    let links = mem::take(&mut normal.links);
                    let stored = Stored::new(current.key, stamp, document, links);
                    return answer(stored);
                }
                CommitOutcome::Refused(Refusal::Missing { .. }) => {
                    return Ok(ConditionalResult::NotFound);
                }
                CommitOutcome::Refused(Refusal::Mismatch { current, .. }) => {
                    return Ok(mismatch(key, expected, current));
                }
                CommitOutcome::Refused(Refusal::Duplicate { unique_key, holder }) => {
                    return Err(duplicate(resource_type, &unique_key, &holder));
                }
                CommitOutcome::Refused(Refusal::RequirementFailed { requirement }) => {
                    self.target_gone(normal, requirement.key())?;
                    yield_now().await;
                }
            }
        }
        Err(busy(key))
    }

    fn normal_form(
        &self,
        resource_type: &ResourceType,
        data: Value,
    ) -> Result<NormalForm, ProviderError> {
        Ok(resource_type.normalise(data, self.types.rules())?)
    }

    /// [`normal_form`](Self::normal_form) of a part of a resource.
    pub(super) fn normal_part(
        &self,
        resource_type: &ResourceType,
        data: Value,
    ) -> Result<NormalForm, ProviderError> {
        Ok(resource_type.normalise_part(data, self.types.rules())?)
    }
}

fn content(
    resource_type: &ResourceType,
    document: Arc<[u8]>,
    attributes: &Map<String, Value>,
) -> Content {
    Content::new(
        document,
        resource_type.unique_keys(attributes),
        resource_type.index_entries(attributes),
    )
}

/// Whether the `stored` document says what the `new` one says, in other words.
fn same_documents(
    resource_type: &ResourceType,
    stored: &[u8],
    new: &[u8],
) -> Result<bool, StorageError> {
    resource_type
        .same_documents(stored, new)
        .map_err(|e| StorageError::with_source(StorageErrorKind::Internal, e))
}

/// What leads from the links `old` to `new`, both in the order of their keys.
fn link_changes(old: &[Link], new: &[Link]) -> (Vec<LinkKey>, Vec<Link>) {
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    let mut old = old.iter().peekable();
    for link in new {
        while let Some(gone) = old.next_if(|old| old.key < link.key) {
            removed.push(gone.key.clone());
        }
        let kept = old.next_if(|old| old.key == link.key);
        if kept != Some(link) {
            added.push(link.clone());
        }
    }
    removed.extend(old.map(|gone| gone.key.clone()));
    (removed, added)
}

pub(super) fn mismatch<T>(
    key: &ResourceKey,
    expected: &ScimVersion,
    current: ScimVersion,
) -> ConditionalResult<T> {
    let (resource_type, id) = (key.resource_type(), key.id().as_str());
    let conflict = VersionConflict::new(resource_type, id, expected, current);
    ConditionalResult::VersionMismatch(conflict)
}

pub(super) fn duplicate(
    resource_type: &ResourceType,
    unique_key: &UniqueKey,
    holder: &ResourceKey,
) -> ProviderError {
    let attribute = unique_key
        .name
        .split_once(':')
        .map_or(&*unique_key.name, |(_, path)| path);
    let same_type = holder.resource_type() == resource_type.name();
    ProviderError::Duplicate {
        resource_type: resource_type.name().into(),
        attribute: attribute.into(),
        holder: same_type.then(|| holder.id().to_string()),
    }
}

pub(super) fn busy(key: &ResourceKey) -> ProviderError {
    ProviderError::Busy {
        resource_type: key.resource_type().into(),
        id: key.id().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(target: &str, detail: &str) -> Link {
        Link::new(LinkKey::new("members", target), None, detail.as_bytes())
    }

    #[test]
    fn only_links_that_differ_are_written() {
        let old = [link("a", "{}"), link("b", "{}"), link("c", "{}")];
        let new = [
            link("a", "{}"),
            link("c", r#"{"display":"C"}"#),
            link("d", "{}"),
        ];
        let (removed, added) = link_changes(&old, &new);
        assert_eq!(removed, [LinkKey::new("members", "b")]);
        assert_eq!(added, [new[1].clone(), new[2].clone()]);
    }
}
