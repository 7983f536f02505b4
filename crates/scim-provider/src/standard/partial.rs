use std::collections::BTreeSet;

use async_trait::async_trait;
use scim_version::{ConditionalResult, ScimVersion};
use serde_json::Value;

use super::write::mismatch;
use super::{StandardResourceProvider, key, versioned};
use crate::schema::{NormalForm, ResourceType};
use crate::storage::{Link, LinkKey, LinkSelection, ResourceKey, Storage, Stored};
use crate::{
    PartialProvider, ProviderError, RequestContext, ResourceError, ResourceErrorKind,
    VersionedResource, View,
};

#[async_trait]
impl<S: Storage> PartialProvider for StandardResourceProvider<S> {
    async fn get_part(
        &self,
        resource_type: &str,
        id: &str,
        view: &View,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        let Some(key) = key(resource_type, id, context) else {
            return Ok(None);
        };
        match self.storage().get(&key, view.links()).await? {
            Some(stored) if view.derived() => Ok(Some(self.whole(stored, resource_type).await?)),
            Some(stored) => Ok(Some(versioned(stored, resource_type)?)),
            None => Ok(None),
        }
    }

    async fn conditional_update_part(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        let Some(key) = key(resource_type, id, context) else {
            return Ok(ConditionalResult::NotFound);
        };
        let selected = match links {
            LinkSelection::All => {
                return self
                    .update_version(resource_type, &key, data, expected, context)
                    .await;
            }
            LinkSelection::None => BTreeSet::new(),
            LinkSelection::Of(keys) => keys.iter().collect(),
            LinkSelection::AtMost(_) => {
                return Err(ProviderError::internal(
                    "the first so many links can't be written through: it is not said which",
                ));
            }
        };
        self.update_part(
            resource_type,
            &key,
            data,
            &Part { links, selected },
            expected,
            context,
        )
        .await
    }
}

/// Which links a partial write is about.
struct Part<'a> {
    links: &'a LinkSelection,
    /// The same, to look up.
    selected: BTreeSet<&'a LinkKey>,
}

impl Part<'_> {
    /// What has to be read to write `normal`.
    fn needed(&self, resource_type: &ResourceType, normal: &NormalForm) -> LinkSelection {
        if resource_type.missing_links(normal).next().is_some() {
            // Whether others are left shows only in all.
            return LinkSelection::All;
        }
        let named = normal.links.iter().map(|link| &link.key);
        let all: BTreeSet<_> = self.selected.iter().copied().chain(named).collect();
        LinkSelection::Of(all.into_iter().cloned().collect())
    }

    fn selects(&self, link: &Link) -> bool {
        self.selected.contains(&link.key)
    }
}

impl<S: Storage> StandardResourceProvider<S> {
    async fn update_part(
        &self,
        resource_type: &ResourceType,
        key: &ResourceKey,
        data: Value,
        part: &Part<'_>,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        // Which links have to be read stands in the data; what is wrong with that counts only
        // if the version is right.
        let normal = self.normal_part(resource_type, data);
        let needed = match &normal {
            Ok(normal) => part.needed(resource_type, normal),
            Err(_) => LinkSelection::None,
        };
        let Some(mut current) = self.storage().get(key, &needed).await? else {
            return Ok(ConditionalResult::NotFound);
        };
        if current.stamp.version != *expected {
            return Ok(mismatch(key, expected, current.stamp.version));
        }
        let mut normal = normal?;
        if needed == LinkSelection::All {
            require_others(resource_type, &normal, &current, part)?;
            let named = |link: &Link| {
                let found = normal.links.binary_search_by(|new| new.key.cmp(&link.key));
                found.is_ok()
            };
            current
                .links
                .retain(|link| part.selects(link) || named(link));
        }
        self.replace(resource_type, current, &mut normal, part.links, context)
            .await
    }
}

/// Of each required attribute of which `normal` has no link, `current` has one that stays.
fn require_others(
    resource_type: &ResourceType,
    normal: &NormalForm,
    current: &Stored,
    part: &Part<'_>,
) -> Result<(), ResourceError> {
    let stays = |name: &str| {
        let mut links = current.links.iter();
        links.any(|link| *link.key.attribute == *name && !part.selects(link))
    };
    match resource_type
        .missing_links(normal)
        .find(|name| !stays(name))
    {
        Some(name) => Err(ResourceError::new(name, ResourceErrorKind::Missing)),
        None => Ok(()),
    }
}

/// `stored` with those of its links that `shown` selects.
pub(super) fn shown_part(mut stored: Stored, shown: &LinkSelection) -> Stored {
    match shown {
        LinkSelection::All | LinkSelection::AtMost(_) => {}
        LinkSelection::None => stored.links.clear(),
        LinkSelection::Of(keys) => {
            let keys: BTreeSet<_> = keys.iter().collect();
            stored.links.retain(|link| keys.contains(&link.key));
        }
    }
    stored
}
