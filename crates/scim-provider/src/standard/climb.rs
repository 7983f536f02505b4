use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::StandardResourceProvider;
use super::derived::MAX_NESTING;
use crate::schema::ResourceType;
use crate::storage::{
    Link, LinkKey, LinkSelection, Query, ResourceId, Selection, Start, Storage, StorageError,
    Stored,
};
use crate::{Scope, location};

/// How many links are asked about at once, and how many records are read at once.
const AT_ONCE: usize = 10_000;
const PAGE: u32 = 1_000;

/// How many memberships are looked at before no more indirect ones are looked for.
const MAX_LOOKED_AT: usize = 100_000;

/// Some resources, and what has them as members, directly or through others.
///
/// Each is looked at once, whatever ways lead there, so that groups may be members of each
/// other in a circle.
pub(super) struct Climb<'a> {
    places: Vec<Place<'a>>,
    known: HashMap<(&'a str, ResourceId), usize>,
    start: &'a ResourceType,
    looked_at: usize,
}

/// A resource that has members or is one.
pub(super) struct Place<'a> {
    pub(super) resource_type: &'a ResourceType,
    pub(super) id: ResourceId,
    /// What it says, if it was read for being above another.
    pub(super) document: Option<Arc<[u8]>>,
    reference: Box<str>,
    above: Vec<usize>,
}

impl<S: Storage> StandardResourceProvider<S> {
    /// Looks for what links to `ids` by the attribute `through`, and for what links to that.
    pub(super) async fn climb<'a>(
        &'a self,
        resource_type: &'a ResourceType,
        scope: &Scope,
        ids: &[ResourceId],
        through: &Arc<str>,
    ) -> Result<Climb<'a>, StorageError> {
        let mut climb = Climb::from(resource_type);
        let mut level: Vec<usize> = Vec::new();
        for id in ids {
            let (at, is_new) = climb.place_of(resource_type, id);
            level.extend(is_new.then_some(at));
        }
        for depth in 0..MAX_NESTING {
            if level.is_empty() || (depth > 0 && climb.looked_at >= MAX_LOOKED_AT) {
                break;
            }
            let bound = if depth == 0 {
                usize::MAX
            } else {
                MAX_LOOKED_AT
            };
            let mut next = Vec::new();
            for container in self
                .types
                .iter()
                .filter(|it| it.links().any(|name| *name == **through))
            {
                let members = climb.members_of(container, &level, through);
                for members in members.chunks(AT_ONCE) {
                    self.step(
                        &mut climb,
                        container,
                        (scope, through),
                        members,
                        bound,
                        &mut next,
                    )
                    .await?;
                }
            }
            level = next;
        }
        Ok(climb)
    }

    /// Reads what of the type `container` has one of `members`, which stand at these places.
    async fn step<'a>(
        &'a self,
        climb: &mut Climb<'a>,
        container: &'a ResourceType,
        (scope, through): (&Scope, &Arc<str>),
        members: &[usize],
        bound: usize,
        next: &mut Vec<usize>,
    ) -> Result<(), StorageError> {
        let key = |at: &usize| {
            LinkKey::new(
                Arc::clone(through),
                Arc::clone(climb.places[*at].id.shared()),
            )
        };
        let keys: Vec<_> = members.iter().map(key).collect();
        let mut query = Query::new(scope.clone(), container.name(), PAGE)
            .selecting(Selection::Linked(keys.clone()))
            .with_links(LinkSelection::Of(keys));
        let mut by_id = HashMap::new();
        while climb.looked_at < bound {
            let page = self.storage.query(&query).await?.records;
            let last = page.last().map(|record| record.key.id().clone());
            let found = u32::try_from(page.len()).unwrap_or(u32::MAX);
            if by_id.is_empty() && found > 0 {
                by_id = climb.by_id(members);
            }
            for record in page {
                next.extend(climb.add(container, record, &by_id));
            }
            match last {
                Some(last) if found >= PAGE => query.start = Start::After(last),
                _ => break,
            }
        }
        Ok(())
    }
}

impl<'a> Climb<'a> {
    fn from(start: &'a ResourceType) -> Self {
        Self {
            places: Vec::new(),
            known: HashMap::new(),
            start,
            looked_at: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn place(&self, at: usize) -> &Place<'a> {
        &self.places[at]
    }

    /// The places directly above the resource `id` from which it began, and those above
    /// these up to `depth` steps, nearest first and each once.
    pub(super) fn above(&self, id: &ResourceId, depth: usize) -> (Vec<usize>, Vec<usize>) {
        let Some(start) = self.known.get(&(self.start.name(), id.clone())) else {
            return (Vec::new(), Vec::new());
        };
        let mut seen = HashSet::new();
        let mut levels = vec![vec![*start]];
        for _ in 0..depth {
            let level = levels.last().into_iter().flatten();
            let above = level.flat_map(|at| &self.places[*at].above);
            let mut next: Vec<_> = above.filter(|at| seen.insert(**at)).copied().collect();
            if next.is_empty() {
                break;
            }
            next.sort_unstable_by_key(|at| &self.places[*at].id);
            levels.push(next);
        }
        let mut levels = levels.into_iter().skip(1);
        (
            levels.next().unwrap_or_default(),
            levels.flatten().collect(),
        )
    }

    fn place_of(&mut self, resource_type: &'a ResourceType, id: &ResourceId) -> (usize, bool) {
        let at = self.places.len();
        let known = self.known.entry((resource_type.name(), id.clone()));
        let mut is_new = false;
        let at = *known.or_insert_with(|| {
            is_new = true;
            at
        });
        if is_new {
            self.places.push(Place {
                resource_type,
                id: id.clone(),
                document: None,
                reference: location("", resource_type.endpoint(), id.as_str()).into(),
                above: Vec::new(),
            });
        }
        (at, is_new)
    }

    /// Those of `places` that `container` may have as members.
    fn members_of(&self, container: &ResourceType, places: &[usize], through: &str) -> Vec<usize> {
        let Some(targets) = container.targets(through) else {
            return Vec::new();
        };
        let is_member = |at: &&usize| {
            let name = self.places[**at].resource_type.name();
            targets.are_open() || targets.names().any(|target| target == name)
        };
        places.iter().filter(is_member).copied().collect()
    }

    fn by_id(&self, places: &[usize]) -> HashMap<ResourceId, Vec<usize>> {
        let mut by_id: HashMap<_, Vec<_>> = HashMap::new();
        for at in places {
            by_id
                .entry(self.places[*at].id.clone())
                .or_default()
                .push(*at);
        }
        by_id
    }

    /// Puts `record` above those that its links point to; gives its place if that is new.
    fn add(
        &mut self,
        container: &'a ResourceType,
        record: Stored,
        by_id: &HashMap<ResourceId, Vec<usize>>,
    ) -> Option<usize> {
        let (place, is_new) = self.place_of(container, record.key.id());
        self.places[place].document = Some(record.document);
        let points_to =
            |link: &Link, member: &Place<'_>| link.points_to(member.id.as_str(), &member.reference);
        for link in &record.links {
            for member in by_id.get(&*link.key.target).into_iter().flatten() {
                if points_to(link, &self.places[*member]) {
                    self.places[*member].above.push(place);
                    self.looked_at += 1;
                }
            }
        }
        is_new.then_some(place)
    }
}
