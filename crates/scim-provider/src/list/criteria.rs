use serde_json::{Map, Value};

use super::ListQuery;
use crate::ProviderError;
use crate::filter::{CompileErrorKind, Matcher, SortValue, Sorter};
use crate::schema::ResourceType;

/// What resources of one type have to match, and by what they are sorted.
#[derive(Debug)]
pub(crate) struct Criteria {
    matcher: Option<Matcher>,
    sorter: Option<Sorter>,
}

impl Criteria {
    /// As `query` wants it of resources of this type.
    pub(crate) fn of(
        resource_type: &ResourceType,
        query: &ListQuery,
    ) -> Result<Self, ProviderError> {
        let matcher = query.filter().map(|filter| resource_type.compile(filter));
        let sorter = query.sort().map(|(path, _)| resource_type.sort_key(path));
        Ok(Self {
            matcher: matcher
                .transpose()
                .map_err(|source| ProviderError::InvalidFilter { source })?,
            sorter: sorter
                .transpose()
                .map_err(|source| ProviderError::InvalidSort { source })?,
        })
    }

    /// The same for one of several types: an attribute that this one does not have is one
    /// without a value (RFC 7644 §3.4.2.1).
    pub(crate) fn of_one_of_several(
        resource_type: &ResourceType,
        query: &ListQuery,
    ) -> Result<Self, ProviderError> {
        let matcher = query
            .filter()
            .map(|filter| resource_type.compile_lenient(filter));
        let sorter = match query.sort().map(|(path, _)| resource_type.sort_key(path)) {
            Some(Err(error)) if error.kind() == CompileErrorKind::UnknownAttribute => None,
            sorter => sorter
                .transpose()
                .map_err(|source| ProviderError::InvalidSort { source })?,
        };
        Ok(Self {
            matcher: matcher
                .transpose()
                .map_err(|source| ProviderError::InvalidFilter { source })?,
            sorter,
        })
    }

    pub(crate) const fn matcher(&self) -> Option<&Matcher> {
        self.matcher.as_ref()
    }

    /// Whether a whole resource is wanted.
    pub(crate) fn match_resource(&self, resource: &Map<String, Value>) -> bool {
        self.matcher
            .as_ref()
            .is_none_or(|matcher| matcher.matches(resource))
    }

    /// By what a whole resource is sorted.
    pub(crate) fn sort_value(&self, resource: &Map<String, Value>) -> SortValue {
        self.sorter
            .as_ref()
            .map_or_else(SortValue::absent, |sorter| sorter.key(resource))
    }

    /// Whether the order depends on the attribute `name` of the core schema.
    pub(crate) fn order_reads(&self, name: &str) -> bool {
        self.sorter
            .as_ref()
            .is_some_and(|sorter| sorter.reads(name))
    }

    /// Whether filter or order depend on the attribute `name` of the core schema.
    pub(crate) fn reads(&self, name: &str) -> bool {
        let by_filter = self.matcher.as_ref().is_some_and(|it| it.reads(name));
        by_filter || self.order_reads(name)
    }
}
