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
        // Most resources are members of nothing, so that is asked before anything is prepared.
        let mut begun = Vec::new();
        for container in self.containers(through) {
            if is_member(container, resource_type, through) {
                for ids in ids.chunks(AT_ONCE) {
                    let query = linked(scope, container, ids, through);
                    let page = self.storage.query(&query).await?.records;
                    if !page.is_empty() {
                        begun.push((container, ids, query, page));
                    }
                }
            }
        }
        let mut level = Vec::new();
        for (container, ids, query, page) in begun {
            let mut members: Vec<_> = ids
                .iter()
                .map(|id| climb.place_of(resource_type, id).0)
                .collect();
            members.sort_unstable();
            members.dedup();
            self.step(
                &mut climb,
                (container, &members),
                query,
                page,
                usize::MAX,
                &mut level,
            )
            .await?;
        }
        for _ in 1..MAX_NESTING {
            if level.is_empty() || climb.looked_at >= MAX_LOOKED_AT {
                break;
            }
            let mut next = Vec::new();
            for container in self.containers(through) {
                let members = climb.members_of(container, &level, through);
                for members in members.chunks(AT_ONCE) {
                    if climb.looked_at >= MAX_LOOKED_AT {
                        break;
                    }
                    let ids = members.iter().map(|at| &climb.places[*at].id);
                    let query = linked(scope, container, ids, through);
                    let page = self.storage.query(&query).await?.records;
                    self.step(
                        &mut climb,
                        (container, members),
                        query,
                        page,
                        MAX_LOOKED_AT,
                        &mut next,
                    )
                    .await?;
                }
            }
            level = next;
        }
        Ok(climb)
    }

    /// The types that have members by the attribute `through`.
    fn containers<'a>(&'a self, through: &str) -> impl Iterator<Item = &'a ResourceType> {
        let has_members = move |it: &&ResourceType| it.links().any(|name| name == through);
        self.types.iter().filter(has_members)
    }

    /// Adds to `climb` what `query` finds, of which `page` is the first: what of the type
    /// `container` has one of `members`, which stand at these places.
    async fn step<'a>(
        &'a self,
        climb: &mut Climb<'a>,
        (container, members): (&'a ResourceType, &[usize]),
        mut query: Query,
        mut page: Vec<Stored>,
        bound: usize,
        next: &mut Vec<usize>,
    ) -> Result<(), StorageError> {
        if page.is_empty() {
            return Ok(());
        }
        let by_id = climb.by_id(members);
        loop {
            let last = page.last().map(|record| record.key.id().clone());
            let found = u32::try_from(page.len()).unwrap_or(u32::MAX);
            for record in page {
                next.extend(climb.add(container, record, &by_id));
            }
            match last {
                Some(last) if found >= PAGE && climb.looked_at < bound => {
                    query.start = Start::After(last);
                }
                _ => return Ok(()),
            }
            page = self.storage.query(&query).await?.records;
        }
    }
}

/// The query for what of the type `container` has one of `members`.
fn linked<'a>(
    scope: &Scope,
    container: &ResourceType,
    members: impl IntoIterator<Item = &'a ResourceId>,
    through: &Arc<str>,
) -> Query {
    let key = |id: &ResourceId| LinkKey::new(Arc::clone(through), Arc::clone(id.shared()));
    let keys: Vec<_> = members.into_iter().map(key).collect();
    Query::new(scope.clone(), container.name(), PAGE)
        .selecting(Selection::Linked(keys.clone()))
        .with_links(LinkSelection::Of(keys))
}

/// Whether a `container` may have resources of this type as members.
fn is_member(container: &ResourceType, resource_type: &ResourceType, through: &str) -> bool {
    container.targets(through).is_some_and(|targets| {
        targets.are_open() || targets.names().any(|target| target == resource_type.name())
    })
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

    /// Whether none of the resources from which it began is a member of anything.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
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
        let is_member =
            |at: &&usize| is_member(container, self.places[**at].resource_type, through);
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
