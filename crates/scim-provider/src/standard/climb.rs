use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::StandardResourceProvider;
use crate::schema::ResourceType;
use crate::storage::{
    LinkKey, LinkSelection, Query, ResourceId, Selection, Start, Storage, StorageError, Stored,
};
use crate::{Scope, location};

/// Through how many groups that are members of each other a membership is followed.
const MAX_NESTING: usize = 16;

/// How many links are asked about at once, and how many records are read at once.
const AT_ONCE: usize = 10_000;
const PAGE: u32 = 10_000;

/// How many memberships are looked at before no more indirect ones are looked for.
const MAX_LOOKED_AT: usize = 100_000;

/// Some resources, and what has them as members, directly or through others.
///
/// Each is looked at once, whatever ways lead there, so that groups may be members of each
/// other in a circle.
pub(super) struct Climb<'a> {
    start: &'a ResourceType,
    scope: Scope,
    through: Arc<str>,
    places: Vec<Place<'a>>,
    known: HashMap<(&'a str, ResourceId), usize>,
    depth: usize,
    looked_at: usize,
}

/// A resource that has members or is one.
pub(super) struct Place<'a> {
    pub(super) resource_type: &'a ResourceType,
    pub(super) id: ResourceId,
    /// What it says, if it was read for being above another.
    pub(super) document: Option<Arc<[u8]>>,
    above: Vec<usize>,
}

/// A resource that may be a member of others.
type Member<'a> = (&'a ResourceType, ResourceId);

impl<S: Storage> StandardResourceProvider<S> {
    /// Looks for what links to `ids` by the attribute `through`, and for what links to that.
    pub(super) async fn climb<'a>(
        &'a self,
        resource_type: &'a ResourceType,
        scope: &Scope,
        ids: &[ResourceId],
        through: &Arc<str>,
    ) -> Result<Climb<'a>, StorageError> {
        let mut climb = Climb {
            start: resource_type,
            scope: scope.clone(),
            through: Arc::clone(through),
            places: Vec::new(),
            known: HashMap::new(),
            depth: 0,
            looked_at: 0,
        };
        let mut level: Vec<Member<'_>> = ids.iter().map(|id| (resource_type, id.clone())).collect();
        while climb.depth < MAX_NESTING && !level.is_empty() {
            let mut next = Vec::new();
            for container in &self.types {
                let Some(targets) = container.targets(through) else {
                    continue;
                };
                let may_be = |(it, _): &&Member<'_>| {
                    targets.are_open() || targets.names().any(|name| name == it.name())
                };
                let members: Vec<_> = level.iter().filter(may_be).collect();
                for members in members.chunks(AT_ONCE) {
                    next.extend(self.step(&mut climb, container, members).await?);
                }
            }
            climb.depth += 1;
            level = next;
        }
        Ok(climb)
    }

    /// Reads what of the type `container` has one of `members`; gives what was not known yet.
    async fn step<'a>(
        &'a self,
        climb: &mut Climb<'a>,
        container: &'a ResourceType,
        members: &[&Member<'a>],
    ) -> Result<Vec<Member<'a>>, StorageError> {
        let key = |(_, id): &&Member<'_>| {
            LinkKey::new(Arc::clone(&climb.through), Arc::clone(id.shared()))
        };
        let keys: Vec<_> = members.iter().map(key).collect();
        let mut query = Query::new(climb.scope.clone(), container.name(), PAGE)
            .selecting(Selection::Linked(keys.clone()))
            .with_links(LinkSelection::Of(keys));
        // Most resources are members of nothing, so that is asked before anything is prepared.
        let mut by_id = HashMap::new();
        let mut new = Vec::new();
        while !climb.has_enough() {
            let page = self.storage().query(&query).await?.records;
            let last = page.last().map(|record| record.key.id().clone());
            let found = u32::try_from(page.len()).unwrap_or(u32::MAX);
            if by_id.is_empty() && found > 0 {
                by_id = references(members);
            }
            for record in page {
                new.extend(climb.add(container, record, &by_id));
            }
            match last {
                Some(last) if found >= PAGE => query.start = Start::After(last),
                _ => break,
            }
        }
        Ok(new)
    }
}

/// Members by their ids, each with what links say that are known to point to it.
type References<'a> = HashMap<ResourceId, Vec<(&'a ResourceType, String)>>;

fn references<'a>(members: &[&Member<'a>]) -> References<'a> {
    let mut by_id = References::new();
    for (resource_type, id) in members {
        let reference = location("", resource_type.endpoint(), id.as_str());
        by_id
            .entry(id.clone())
            .or_default()
            .push((resource_type, reference));
    }
    by_id
}

impl<'a> Climb<'a> {
    /// Direct memberships are shown whatever their number is; to look for others has an end.
    const fn has_enough(&self) -> bool {
        self.depth > 0 && self.looked_at >= MAX_LOOKED_AT
    }

    /// Whether none of the resources from which it began is a member of anything.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn place(&self, at: usize) -> &Place<'a> {
        &self.places[at]
    }

    /// The places directly above the resource `id` from which it began, and those above
    /// these, nearest first and each once; no more than needed for `enough` in all.
    pub(super) fn above(&self, id: &ResourceId, enough: usize) -> (Vec<usize>, Vec<usize>) {
        let Some(start) = self.known.get(&(self.start.name(), id.clone())) else {
            return (Vec::new(), Vec::new());
        };
        let mut seen = HashSet::new();
        let mut levels = vec![vec![*start]];
        for _ in 0..MAX_NESTING {
            let level = levels.last().into_iter().flatten();
            let above = level.flat_map(|at| &self.places[*at].above);
            let mut next: Vec<_> = above.filter(|at| seen.insert(**at)).copied().collect();
            next.sort_unstable_by_key(|at| &self.places[*at].id);
            let is_last = next.is_empty() || seen.len() >= enough;
            levels.push(next);
            if is_last {
                break;
            }
        }
        let mut levels = levels.into_iter().skip(1);
        let direct = levels.next().unwrap_or_default();
        let room = enough.saturating_sub(direct.len());
        (direct, levels.flatten().take(room).collect())
    }

    /// Puts `record` above those of the members that its links point to; gives what it is, if
    /// that is not known yet.
    fn add(
        &mut self,
        container: &'a ResourceType,
        record: Stored,
        members: &References<'a>,
    ) -> Option<Member<'a>> {
        let mut below = Vec::new();
        for link in &record.links {
            let Some((id, named)) = members.get_key_value(&*link.key.target) else {
                continue;
            };
            let meant = named
                .iter()
                .filter(|(_, it)| link.points_to(id.as_str(), it));
            below.extend(meant.map(|(resource_type, _)| (*resource_type, id)));
        }
        if below.is_empty() {
            return None;
        }
        let id = record.key.id();
        let (place, is_new) = self.place_of(container, id);
        self.places[place].document = Some(record.document);
        self.looked_at += below.len();
        for (resource_type, id) in below {
            let (member, _) = self.place_of(resource_type, id);
            self.places[member].above.push(place);
        }
        is_new.then(|| (container, id.clone()))
    }

    /// Where a resource stands, and whether it has just come there.
    fn place_of(&mut self, resource_type: &'a ResourceType, id: &ResourceId) -> (usize, bool) {
        let next = self.places.len();
        let known = self.known.entry((resource_type.name(), id.clone()));
        let at = *known.or_insert(next);
        if at == next {
            self.places.push(Place {
                resource_type,
                id: id.clone(),
                document: None,
                above: Vec::new(),
            });
        }
        (at, at == next)
    }
}
