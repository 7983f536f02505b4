use std::collections::HashSet;
use std::sync::Arc;

use super::StandardResourceProvider;
use super::details::Details;
use crate::schema::{NormalForm, ResourceType, Targets};
use crate::storage::{
    Link, LinkSelection, Query, Requirement, ResourceId, ResourceKey, Selection, Storage,
    StorageError,
};
use crate::{ProviderError, ResourceError, ResourceErrorKind, Scope, location};

/// What happens to a reference to a resource that does not exist, such as a member of a
/// group that has been deleted or never was.
///
/// Either way no such reference is stored. This is about attributes that are kept as links, see
/// [`ResourceType::with_links`](crate::schema::ResourceType::with_links).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "kept or not: a reference that leads nowhere can't be stored"
)]
pub enum UnknownTargets {
    /// The write is refused. To leave out what a client wrote and answer with success would
    /// be a lost write.
    #[default]
    Refuse,
    /// The reference is left out of what is stored, and the write is as good as it was
    /// without: for clients that send members before they exist, or after they are gone.
    LeaveOut,
}

/// For how many resources a store is asked at once.
const IDS_AT_ONCE: usize = 10_000;

/// A link that comes newly to a resource, or turns to another target.
struct Fresh<'a> {
    /// Where it stands among the links.
    at: usize,
    /// `None` if no resource can have such an id.
    id: Option<ResourceId>,
    /// What it points to, as far as it is known.
    target: Option<&'a ResourceType>,
}

impl<S: Storage> StandardResourceProvider<S> {
    /// Completes the links of `normal`, the resource `key` having `stored` of those that it
    /// names, and gives what a commit has to require of the targets of new ones.
    ///
    /// A link that does not tell the type of its target says so afterwards, as the stored link
    /// does, or as a look at the store shows. Whether all targets are there is for the commit
    /// to judge: what a look shows may be over by then.
    pub(super) async fn resolve(
        &self,
        resource_type: &ResourceType,
        key: &ResourceKey,
        normal: &mut NormalForm,
        stored: &[Link],
    ) -> Result<Vec<Requirement>, ProviderError> {
        let mut requirements = Vec::new();
        let mut missing = Vec::new();
        for attribute in resource_type.links() {
            let Some(targets) = resource_type.targets(attribute) else {
                continue;
            };
            let mut details = Details::default();
            let mut fresh = self.fresh(attribute, normal, stored, &mut details);
            if targets.are_open() || fresh.is_empty() {
                continue;
            }
            let scope = key.scope();
            let gone = self.look_up(scope, targets, &mut fresh).await?;
            for link in fresh {
                let at = link.at;
                let Some((target, id)) = link.target.zip(link.id).filter(|_| !gone.contains(&at))
                else {
                    missing.push(at);
                    continue;
                };
                complete(&mut normal.links[at], targets, target, &mut details);
                requirements.push((target, id));
            }
        }
        if !missing.is_empty() {
            self.without(resource_type, normal, &missing)?;
        }
        Ok(requirements_of(key, requirements))
    }

    /// The links of `attribute` whose targets are not those that `stored` has already.
    fn fresh<'a>(
        &'a self,
        attribute: &str,
        normal: &mut NormalForm,
        stored: &[Link],
        details: &mut Details,
    ) -> Vec<Fresh<'a>> {
        let mut stored = stored.iter().peekable();
        let mut fresh = Vec::new();
        let links = normal.links.iter_mut().enumerate();
        for (at, link) in links.filter(|(_, link)| *link.key.attribute == *attribute) {
            while stored.next_if(|stored| stored.key < link.key).is_some() {}
            if let Some(stored) = stored.next_if(|stored| stored.key == link.key) {
                if link.reference.is_none() {
                    details.inherit(link, stored);
                }
                if link.reference == stored.reference {
                    continue;
                }
            }
            let endpoint = link.reference.as_ref().and_then(|it| it.split('/').next());
            fresh.push(Fresh {
                at,
                id: link.key.target.parse().ok(),
                target: endpoint.and_then(|endpoint| self.types.by_endpoint(endpoint)),
            });
        }
        fresh
    }

    /// Finds out what those of the links point to that don't say, and which point to nothing.
    ///
    /// The commit will tell of a target that is not there. Only who wants to leave all of
    /// them out has to know them all.
    async fn look_up<'a>(
        &'a self,
        scope: &Scope,
        targets: Targets<'_>,
        fresh: &mut [Fresh<'a>],
    ) -> Result<HashSet<usize>, StorageError> {
        let all = self.unknown_targets == UnknownTargets::LeaveOut;
        let mut gone = HashSet::new();
        for target in targets.names().filter_map(|name| self.types.get(name)) {
            let is_of = |link: &Fresh<'_>| match link.target {
                Some(known) => all && known.name() == target.name(),
                None => true,
            };
            let wanted = fresh.iter().filter(|link| is_of(link));
            let ids: Vec<_> = wanted.filter_map(|link| link.id.clone()).collect();
            let existing = self.existing(scope, target, ids).await?;
            for link in fresh.iter_mut().filter(|link| is_of(link)) {
                let exists = link.id.as_ref().is_some_and(|id| existing.contains(id));
                match link.target {
                    None if exists => link.target = Some(target),
                    Some(_) if !exists => {
                        gone.insert(link.at);
                    }
                    None | Some(_) => {}
                }
            }
        }
        Ok(gone)
    }

    /// Those of `ids` of which there is a resource of type `target`.
    async fn existing(
        &self,
        scope: &Scope,
        target: &ResourceType,
        ids: Vec<ResourceId>,
    ) -> Result<HashSet<ResourceId>, StorageError> {
        let mut existing = HashSet::new();
        for ids in ids.chunks(IDS_AT_ONCE) {
            let limit = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            let query = Query::new(scope.clone(), target.name(), limit)
                .selecting(Selection::Ids(ids.to_vec()))
                .with_links(LinkSelection::None);
            let found = self.storage().query(&query).await?.records;
            existing.extend(found.into_iter().map(|found| found.key.id().clone()));
        }
        Ok(existing)
    }

    /// `normal` without the links at `missing`, if that is what is wanted.
    fn without(
        &self,
        resource_type: &ResourceType,
        normal: &mut NormalForm,
        missing: &[usize],
    ) -> Result<(), ProviderError> {
        let before = resource_type.missing_links(normal).count();
        let refused = no_such_resource(normal, missing);
        if self.unknown_targets == UnknownTargets::LeaveOut {
            normal.remove_links(missing);
            // Of a required attribute something has to be left.
            if resource_type.missing_links(normal).count() == before {
                return Ok(());
            }
        }
        Err(refused.into())
    }

    /// What it means that the resource `gone` is not there for a link of `normal`: an error,
    /// unless the write should go on without.
    pub(super) fn target_gone(
        &self,
        normal: &NormalForm,
        gone: &ResourceKey,
    ) -> Result<(), ProviderError> {
        if self.unknown_targets == UnknownTargets::LeaveOut {
            return Ok(());
        }
        let reference = self.reference_to(gone);
        let id = gone.id().as_str();
        let links = normal.links.iter().enumerate();
        let pointing: Vec<_> = links
            .filter(|(_, link)| link.points_to(id, &reference))
            .map(|(at, _)| at)
            .collect();
        Err(no_such_resource(normal, &pointing).into())
    }

    /// What [`Link::reference`] is in links to `key`.
    pub(super) fn reference_to(&self, key: &ResourceKey) -> Arc<str> {
        let endpoint = self.types.get(key.resource_type());
        let endpoint = endpoint.map_or("", ResourceType::endpoint);
        location("", endpoint, key.id().as_str()).into()
    }
}

fn requirements_of(
    key: &ResourceKey,
    targets: Vec<(&ResourceType, ResourceId)>,
) -> Vec<Requirement> {
    // Keys of one type share its name.
    let mut kin: Option<ResourceKey> = None;
    let targets = targets.into_iter().filter_map(|(target, id)| {
        let same = |kin: &ResourceKey| kin.resource_type() == target.name();
        if !kin.as_ref().is_some_and(same) {
            kin = ResourceKey::new(key.scope().clone(), target.name(), id.as_str()).ok();
        }
        Some(Requirement::Exists(kin.as_ref()?.with_id(id)))
    });
    targets.collect()
}

/// Says in `link` that it points to a resource of type `target`, unless it says so.
fn complete(link: &mut Link, targets: Targets<'_>, target: &ResourceType, details: &mut Details) {
    if link.reference.is_some() {
        return;
    }
    let reference = location("", target.endpoint(), &link.key.target);
    link.reference = Some(reference.into());
    if targets.are_told_by_type() {
        details.set_type(link, target.name());
    }
}

/// The links of `normal` at `missing` point to nothing: the one that the client gave first is
/// named.
fn no_such_resource(normal: &NormalForm, missing: &[usize]) -> ResourceError {
    let path = format!("{}.value", normal.first_path(missing));
    ResourceError::new(path, ResourceErrorKind::NoSuchResource)
}
