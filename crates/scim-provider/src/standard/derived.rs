use std::borrow::Cow;
use std::slice;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::StandardResourceProvider;
use super::climb::{Climb, Place};
use crate::schema::{Derived, ResourceType};
use crate::storage::{Link, LinkKey, ResourceId, Storage, StorageError, Stored};
use crate::{ProviderError, Scope, VersionedResource, location};

/// How many memberships a resource shows at most, unless more are direct.
const MAX_SHOWN: usize = 10_000;

impl<S: Storage> StandardResourceProvider<S> {
    /// Adds to `resources`, all of one type, what is derived from others, such as the `groups`
    /// of users.
    ///
    /// Others are read after the resources themselves: who changes a group meanwhile may be
    /// seen in `groups` already. For all resources together it takes one question for each
    /// level of nesting and each type that may have them as members.
    pub(super) async fn derive(
        &self,
        resource_type: &ResourceType,
        scope: &Scope,
        resources: &mut [VersionedResource],
    ) -> Result<(), ProviderError> {
        if resource_type.derivations().is_empty() {
            return Ok(());
        }
        // All of them come from the store.
        let ids: Vec<ResourceId> = resources
            .iter()
            .filter_map(|resource| resource.resource().stored_id().cloned())
            .collect();
        let derived = self.derived(resource_type, scope, &ids).await?;
        for (resource, derived) in resources.iter_mut().zip(derived) {
            resource.set_derived(derived);
        }
        Ok(())
    }

    /// What is derived for the resource `stored`.
    pub(super) async fn derived_of(
        &self,
        resource_type: &ResourceType,
        stored: &Stored,
    ) -> Result<Vec<Link>, StorageError> {
        if !stored.may_be_target {
            return Ok(Vec::new());
        }
        let ids = slice::from_ref(stored.key.id());
        let derived = self.derived(resource_type, stored.key.scope(), ids).await?;
        Ok(derived.into_iter().next().unwrap_or_default())
    }

    /// What is derived for each of `ids`, in their order.
    async fn derived(
        &self,
        resource_type: &ResourceType,
        scope: &Scope,
        ids: &[ResourceId],
    ) -> Result<Vec<Vec<Link>>, StorageError> {
        let mut all = vec![Vec::new(); ids.len()];
        for derived in resource_type.derivations() {
            let climb = self
                .climb(resource_type, scope, ids, derived.from())
                .await?;
            if climb.is_empty() {
                continue;
            }
            let mut values = Values::new(resource_type, derived, &climb);
            for (links, id) in all.iter_mut().zip(ids) {
                let (direct, indirect) = climb.above(id, MAX_SHOWN);
                links.extend(
                    direct
                        .into_iter()
                        .map(|at| values.of(at, Membership::Direct)),
                );
                let indirect = indirect.into_iter();
                links.extend(indirect.map(|at| values.of(at, Membership::Indirect)));
            }
        }
        Ok(all)
    }
}

/// Whether one has the other as a member itself (RFC 7643 §4.1.2).
#[derive(Debug, Clone, Copy)]
enum Membership {
    Direct,
    Indirect,
}

/// The values of a derived attribute. Many resources have the same, which share their octets.
struct Values<'a> {
    attribute: &'a Arc<str>,
    has_reference: bool,
    has_display: bool,
    has_type: bool,
    climb: &'a Climb<'a>,
    direct: Vec<Option<Link>>,
    indirect: Vec<Option<Link>>,
}

impl<'a> Values<'a> {
    fn new(resource_type: &ResourceType, derived: &'a Derived, climb: &'a Climb<'a>) -> Self {
        let attribute = resource_type.attribute(derived.attribute());
        let has = |name| attribute.is_some_and(|it| it.sub_attribute(name).is_some());
        Self {
            attribute: derived.attribute(),
            has_reference: has("$ref"),
            has_display: has("display"),
            has_type: has("type"),
            climb,
            direct: vec![None; climb.len()],
            indirect: vec![None; climb.len()],
        }
    }

    fn of(&mut self, at: usize, membership: Membership) -> Link {
        let made = match membership {
            Membership::Direct => self.direct[at].take(),
            Membership::Indirect => self.indirect[at].take(),
        };
        let link = made.unwrap_or_else(|| self.link(self.climb.place(at), membership));
        let made = match membership {
            Membership::Direct => &mut self.direct[at],
            Membership::Indirect => &mut self.indirect[at],
        };
        made.insert(link).clone()
    }

    fn link(&self, place: &Place<'_>, membership: Membership) -> Link {
        let key = LinkKey::new(Arc::clone(self.attribute), Arc::clone(place.id.shared()));
        let endpoint = place.resource_type.endpoint();
        let reference = location("", endpoint, place.id.as_str());
        let mut detail = Map::new();
        if let Some(name) = place
            .document
            .as_deref()
            .filter(|_| self.has_display)
            .and_then(display_name)
        {
            detail.insert("display".into(), name.into());
        }
        if self.has_type {
            let label = match membership {
                Membership::Direct => "direct",
                Membership::Indirect => "indirect",
            };
            detail.insert("type".into(), label.into());
        }
        let reference = self.has_reference.then(|| reference.into());
        Link::new(
            key,
            reference,
            scim_version::canonical_json(&Value::Object(detail)),
        )
    }
}

/// The name under which a resource is shown to people.
fn display_name(document: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(rename = "displayName", borrow)]
        display_name: Option<Cow<'a, str>>,
    }
    let named: Named<'_> = serde_json::from_slice(document).ok()?;
    named.display_name.map(Cow::into_owned)
}
