//! What a client asks of a list, or of how resources are shown (RFC 7644 §3.4.2, §3.9;
//! RFC 9865).

mod source;

use http::StatusCode;
use scim_ops::provider::filter::{AttributePath, Filter, Projection};
use scim_ops::provider::{ListQuery, SortOrder};
use serde_json::{Map, Value};

use self::source::{Source, refused};
use crate::{Limits, ScimError, ScimType};

/// The parameters of a request: those of its URL, or those of a `SearchRequest`.
///
/// - Names have no case.
/// - A parameter that is given twice is refused: whichever was meant, the other would be
///   disobeyed.
/// - Parameters that are not known are ignored (§3.4.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameters<'a>(Source<'a>);

const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

impl<'a> Parameters<'a> {
    /// Those in the query of a URL.
    pub(crate) fn of_query(query: Option<&'a str>) -> Self {
        Self(Source::Query(query.unwrap_or_default()))
    }

    /// Those in the content of a request, a `SearchRequest` (§3.4.3). It may do without
    /// `schemas`, like a resource.
    ///
    /// # Errors
    ///
    /// 400 `invalidSyntax` if it is something else.
    pub(crate) fn of_content(content: &'a Value) -> Result<Self, ScimError> {
        let invalid = |detail: &'static str| {
            ScimError::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidSyntax)
        };
        let Value::Object(members) = content else {
            return Err(invalid("expected an object"));
        };
        let source = Source::Content(members);
        if !source.has("schemas") || names_search_request(members) {
            Ok(Self(source))
        } else {
            Err(invalid(
                "schemas: does not name urn:ietf:params:scim:api:messages:2.0:SearchRequest",
            ))
        }
    }

    /// Which attributes are shown: `attributes` or `excludedAttributes`.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for what is no path, and if both are given: they exclude each other
    /// (§3.9).
    pub(crate) fn projection(self) -> Result<Projection, ScimError> {
        let [included, excluded] = ["attributes", "excludedAttributes"];
        match (self.0.has(included), self.0.has(excluded)) {
            (false, false) => Ok(Projection::default()),
            (true, false) => self.0.paths(included).map(Projection::include),
            (false, true) => self.0.paths(excluded).map(Projection::exclude),
            (true, true) => Err(exclusive(included, excluded)),
        }
    }

    /// Which resources are wanted, in what order, and which part of them: as many as the limits
    /// allow.
    ///
    /// `startIndex` below 1 means 1, a negative `count` means 0 (§3.4.2.4); numbers of any length
    /// are numbers. An empty `cursor` asks for pages that have cursors (RFC 9865 §2).
    ///
    /// # Errors
    ///
    /// 400, with the name of the parameter and what is wrong with it.
    pub(crate) fn list_query(self, limits: &Limits) -> Result<ListQuery, ScimError> {
        let mut query = ListQuery::new();
        if let Some(filter) = self.filter(limits.filter())? {
            query = query.with_filter(filter);
        }
        if let Some((path, order)) = self.sort()? {
            query = query.with_sort(path, order);
        }
        query = match (self.0.integer("startIndex")?, self.0.text("cursor")?) {
            (None, None) => query,
            (Some(start_index), None) => query.with_start_index(start_index),
            (None, Some(cursor)) if cursor.is_empty() => query.with_cursor(None),
            (None, Some(cursor)) => {
                let cursor = cursor.parse().map_err(|error| refused("cursor", error))?;
                query.with_cursor(Some(cursor))
            }
            (Some(_), Some(_)) => return Err(exclusive("startIndex", "cursor")),
        };
        let most = limits.max_page();
        let count = match self.0.integer("count")? {
            Some(count) => u32::try_from(count).map_or(most, |count| count.min(most)),
            None => limits.default_page(),
        };
        Ok(query.with_count(count))
    }

    /// Whether resources are to be filtered.
    pub(crate) fn has_filter(self) -> bool {
        self.0.has("filter")
    }

    fn filter(self, limit: usize) -> Result<Option<Filter>, ScimError> {
        let Some(text) = self.0.text("filter")? else {
            return Ok(None);
        };
        if text.len() > limit {
            return Err(refused(
                "filter",
                format_args!("longer than {limit} octets"),
            ));
        }
        let filter = text.parse().map_err(|error| refused("filter", error))?;
        Ok(Some(filter))
    }

    fn sort(self) -> Result<Option<(AttributePath, SortOrder)>, ScimError> {
        let order = match self.0.text("sortOrder")? {
            None => SortOrder::default(),
            Some(text) if text.eq_ignore_ascii_case("ascending") => SortOrder::Ascending,
            Some(text) if text.eq_ignore_ascii_case("descending") => SortOrder::Descending,
            Some(_) => return Err(refused("sortOrder", "neither ascending nor descending")),
        };
        let Some(text) = self.0.text("sortBy")? else {
            return Ok(None);
        };
        let path = text.parse().map_err(|error| refused("sortBy", error))?;
        Ok(Some((path, order)))
    }
}

fn names_search_request(members: &Map<String, Value>) -> bool {
    let mut schemas = members
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    schemas.any(|(_, schemas)| {
        let mut uris = schemas
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        uris.any(|uri| uri.eq_ignore_ascii_case(SEARCH_REQUEST))
    })
}

fn exclusive(one: &str, other: &str) -> ScimError {
    let detail = format!("{one} and {other} exclude each other");
    ScimError::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidValue)
}

#[cfg(test)]
mod tests {
    use scim_ops::provider::ListStart;

    use super::*;

    fn list_query(query: &str) -> Result<ListQuery, ScimError> {
        Parameters::of_query(Some(query)).list_query(&Limits::default())
    }

    fn page(query: &str) -> (ListStart, Option<u32>) {
        let query = list_query(query).unwrap();
        (query.start().clone(), query.count())
    }

    #[test]
    fn pages_are_counted_from_one_and_bounded() {
        let index = ListStart::Index;
        assert_eq!(page(""), (index(1), Some(100)));
        assert_eq!(page("startIndex=11&count=10"), (index(11), Some(10)));
        assert_eq!(page("startIndex=0&count=0"), (index(1), Some(0)));
        assert_eq!(page("startIndex=-5&count=-1"), (index(1), Some(0)));
        assert_eq!(page("count=99999999999999"), (index(1), Some(1_000)));
        assert_eq!(
            page("startIndex=99999999999999999999999"),
            (index(u64::MAX), Some(100))
        );
        assert_eq!(page("cursor"), (ListStart::Cursor(None), Some(100)));
        let cursor = Some("a-b".parse().unwrap());
        assert_eq!(
            page("cursor=a-b&count=1"),
            (ListStart::Cursor(cursor), Some(1))
        );
    }

    #[test]
    fn other_parameters_are_ignored() {
        assert_eq!(
            list_query("filters=a&x=%zz&&=&count=5").unwrap(),
            ListQuery::new().with_count(5)
        );
    }

    #[test]
    fn the_order_is_ascending_unless_it_is_said() {
        for (query, order) in [
            ("sortBy=userName", SortOrder::Ascending),
            ("sortBy=userName&sortOrder=ASCENDING", SortOrder::Ascending),
            (
                "sortBy=userName&sortOrder=descending",
                SortOrder::Descending,
            ),
        ] {
            let query = list_query(query).unwrap();
            let (path, found) = query.sort().unwrap();
            assert_eq!((path.as_str(), found), ("userName", order));
        }
        assert!(list_query("sortOrder=descending").unwrap().sort().is_none());
    }

    #[test]
    fn a_filter_is_no_longer_than_it_may_be() {
        let filter = format!("filter=a%20eq%20%22{}%22", "x".repeat(3));
        let limits = |octets| Limits::default().with_filter(octets);
        let parameters = Parameters::of_query(Some(&filter));
        assert!(parameters.list_query(&limits(10)).is_ok());
        let error = parameters.list_query(&limits(9)).unwrap_err();
        assert_eq!(error.scim_type(), Some(ScimType::InvalidFilter));
        assert_eq!(error.detail(), "filter: longer than 9 octets");
    }
}
