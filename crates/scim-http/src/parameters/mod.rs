//! What a client asks of a list, or of how resources are shown (RFC 7644 §3.4.2, §3.9).

mod source;

use http::StatusCode;
use scim_ops::provider::ListQuery;
use scim_ops::provider::filter::Projection;

use self::source::Source;
use crate::{Limits, ScimError, ScimType};

/// The parameters of a request: those of its URL, or those of a `SearchRequest`.
///
/// - Names have no case.
/// - A parameter that is given twice is refused: whichever was meant, the other would be
///   disobeyed.
/// - Parameters that are not known are ignored (§3.4.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameters<'a>(Source<'a>);

impl<'a> Parameters<'a> {
    /// Those in the query of a URL.
    pub(crate) fn of_query(query: Option<&'a str>) -> Self {
        Self(Source::Query(query.unwrap_or_default()))
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
            (true, true) => {
                let detail = format!("{included} and {excluded} exclude each other");
                Err(ScimError::new(StatusCode::BAD_REQUEST, detail)
                    .with_scim_type(ScimType::InvalidValue))
            }
        }
    }

    /// Which page is wanted.
    ///
    /// `startIndex` below 1 means 1, a negative `count` means 0 (§3.4.2.4); numbers of any length
    /// are numbers.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for what is no number; 501 for a parameter that changes the answer and
    /// is not served. To ignore a filter would be to show everything.
    pub(crate) fn list_query(self, limits: &Limits) -> Result<ListQuery, ScimError> {
        let unserved = ["filter", "sortBy", "sortOrder", "cursor"];
        if let Some(name) = unserved.into_iter().find(|name| self.0.has(name)) {
            let detail = format!("the query parameter {name} is not supported");
            return Err(ScimError::new(StatusCode::NOT_IMPLEMENTED, detail));
        }
        let mut query = ListQuery::new();
        if let Some(start_index) = self.0.integer("startIndex")? {
            query = query.with_start_index(start_index);
        }
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
}
