use super::link_needs::LinkNeeds;
use super::plan::Plan;
use crate::list::{Arrangement, Criteria, Entry};
use crate::schema::{Derived, ResourceType};
use crate::storage::{Query, Selection, Start};
use crate::{ListQuery, ProviderError, RequestContext, Scope, VersionedResource, View};

/// A resource that matches, with what gives it its place.
pub(super) type Found = Entry<VersionedResource>;

/// A list as the store is asked for it.
pub(super) struct Listing<'a> {
    pub(super) targets: Vec<Target<'a>>,
    pub(super) arrangement: Arrangement,
    pub(super) is_sorted: bool,
    pub(super) view: &'a View,
    pub(super) scope: &'a Scope,
}

/// The resources of one type in it.
pub(super) struct Target<'a> {
    pub(super) resource_type: &'a ResourceType,
    pub(super) criteria: Criteria,
    pub(super) plan: Plan,
}

impl<'a> Listing<'a> {
    pub(super) fn new(
        targets: Vec<(&'a ResourceType, Criteria)>,
        query: &'a ListQuery,
        context: &'a RequestContext,
        max_page: u32,
    ) -> Result<Self, ProviderError> {
        let names: Vec<_> = targets.iter().map(|(it, _)| it.name()).collect();
        let arrangement = Arrangement::new(&names, query, max_page)?;
        let targets = targets.into_iter().map(|(resource_type, criteria)| Target {
            resource_type,
            plan: Plan::of(resource_type, &criteria),
            criteria,
        });
        Ok(Self {
            targets: targets.collect(),
            arrangement,
            is_sorted: query.sort().is_some(),
            view: query.view(),
            scope: context.scope(),
        })
    }

    /// Whether the store finds the resources of `target` that match, in the right order, so
    /// that it can make the page.
    pub(super) fn is_paged_by_store(&self, target: &Target<'_>) -> bool {
        target.plan.exact && !self.is_sorted
    }

    /// Which links are read, `narrow` as long as it may be done in two steps.
    pub(super) fn link_needs(&self, target: &Target<'_>, narrow: bool) -> LinkNeeds {
        let view = self.view.links();
        if self.is_paged_by_store(target) {
            LinkNeeds::once(view.clone())
        } else {
            LinkNeeds::of(target.resource_type, &target.plan, view, narrow)
        }
    }

    /// Whether filter or order look at what is derived from other resources.
    pub(super) fn reads_derived(target: &Target<'_>) -> bool {
        let mut names = target
            .resource_type
            .derivations()
            .iter()
            .map(Derived::attribute);
        names.any(|name| target.criteria.reads(name))
    }

    /// Whether what is derived is shown, and is not there yet.
    pub(super) fn shows_derived_later(&self, target: &Target<'_>) -> bool {
        let is_there = !self.is_paged_by_store(target) && Self::reads_derived(target);
        self.view.derived() && (!is_there || self.link_needs(target, true).again)
    }

    pub(super) fn query(&self, target: &Target<'_>, selection: Selection, limit: u32) -> Query {
        Query::new(self.scope.clone(), target.resource_type.name(), limit).selecting(selection)
    }
}

/// Where that part of a page begins that one type has.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Before it: the resources of this type are only counted.
    Passed,
    From(Start),
}

/// The part of a page that one type has.
#[derive(Debug, Default)]
pub(super) struct TypePage {
    pub(super) found: Vec<Found>,
    pub(super) total: u64,
    /// Whether others of the type follow.
    pub(super) more: bool,
}

impl TypePage {
    /// Up to `room` of all that were `found`, in the order of their ids.
    pub(super) fn cut(mut found: Vec<Found>, part: &Part, room: usize) -> Self {
        let all = found.len();
        let from = match part {
            Part::Passed => all,
            Part::From(Start::Offset(offset)) => usize::try_from(*offset).unwrap_or(usize::MAX),
            Part::From(Start::After(last)) => {
                found.partition_point(|entry| *entry.id <= *last.as_str())
            }
        };
        let mut found = found.split_off(from.min(all));
        let more = found.len() > room;
        found.truncate(room);
        Self {
            found,
            total: u64::try_from(all).unwrap_or(u64::MAX),
            more,
        }
    }
}
