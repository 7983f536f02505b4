//! Query parameters (RFC 7644 §3.4.2, §3.9; RFC 9865).

use std::borrow::Cow;

use http::StatusCode;
use scim_ops::provider::ListQuery;

use crate::percent::decode_query;
use crate::{Limits, ScimError, ScimType};

/// Parameters that change which attributes are shown, of any resource.
const PROJECTION: [&str; 2] = ["attributes", "excludedAttributes"];
/// Parameters that change which resources are listed, or how.
const SELECTION: [&str; 4] = ["filter", "sortBy", "sortOrder", "cursor"];

/// The page that `query` asks for.
///
/// `startIndex` below 1 means 1, a negative `count` means 0 (§3.4.2.4); numbers of any length
/// are numbers.
///
/// # Errors
///
/// 400 `invalidValue` for what is no number or given twice; 501 for a parameter that changes
/// the answer and is not served. To ignore a filter would be to show everything.
pub(crate) fn page(query: Option<&str>, limits: &Limits) -> Result<ListQuery, ScimError> {
    refuse_unserved(query, PROJECTION.iter().chain(&SELECTION))?;
    let mut page = ListQuery::new();
    if let Some(start_index) = number(query, "startIndex")? {
        page = page.with_start_index(start_index);
    }
    let count = match number(query, "count")? {
        Some(count) => u32::try_from(count).map_or(limits.max_page(), |n| n.min(limits.max_page())),
        None => limits.default_page(),
    };
    Ok(page.with_count(count))
}

/// 403 if `query` has a filter, where none can be obeyed (§4): whoever sent it would take
/// the answer for what matches.
pub(crate) fn check_unfiltered(query: Option<&str>) -> Result<(), ScimError> {
    if values(query, "filter").next().is_none() {
        return Ok(());
    }
    let detail = "this can't be filtered";
    Err(ScimError::new(StatusCode::FORBIDDEN, detail))
}

/// 501 if `query` asks for a part of a resource.
pub(crate) fn check_single(query: Option<&str>) -> Result<(), ScimError> {
    refuse_unserved(query, PROJECTION.iter())
}

fn refuse_unserved<'a>(
    query: Option<&str>,
    mut unserved: impl Iterator<Item = &'a &'static str>,
) -> Result<(), ScimError> {
    if query.is_none_or(str::is_empty) {
        return Ok(());
    }
    match unserved.find(|name| values(query, name).next().is_some()) {
        None => Ok(()),
        Some(name) => {
            let detail = format!("the query parameter {name} is not supported");
            Err(ScimError::new(StatusCode::NOT_IMPLEMENTED, detail))
        }
    }
}

/// The value of the parameter `name`; one below zero counts as 0, one too large for a `u64` as
/// the largest.
fn number(query: Option<&str>, name: &'static str) -> Result<Option<u64>, ScimError> {
    let mut values = values(query, name);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(invalid(format!(
            "the query parameter {name} is given more than once"
        )));
    }
    let value = decode_query(value).unwrap_or(Cow::Borrowed(""));
    let (negative, digits) = match value.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, &*value),
    };
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(invalid(format!("the query parameter {name} is no integer")));
    }
    // Digits only, so that the one way to fail is to be too large.
    Ok(Some(if negative {
        0
    } else {
        digits.parse().unwrap_or(u64::MAX)
    }))
}

fn invalid(detail: String) -> ScimError {
    ScimError::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidValue)
}

/// The values of the parameter `name`, still encoded. Its case does not count: a filter that
/// is spelled another way is a filter all the same.
fn values<'a>(query: Option<&'a str>, name: &'static str) -> impl Iterator<Item = &'a str> {
    query
        .unwrap_or_default()
        .split('&')
        .filter_map(move |pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let key = decode_query(key)?;
            key.trim_ascii().eq_ignore_ascii_case(name).then_some(value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: Option<&str>) -> Result<ListQuery, ScimError> {
        super::page(query, &Limits::default())
    }

    fn asked(query: &str) -> (u64, Option<u32>) {
        let page = page(Some(query)).unwrap();
        (page.start_index(), page.count())
    }

    fn refused(query: &str) -> (u16, Option<ScimType>) {
        let error = page(Some(query)).unwrap_err();
        (error.status().as_u16(), error.scim_type())
    }

    #[test]
    fn pages_are_counted_from_one() {
        assert_eq!(page(None).unwrap(), ListQuery::new().with_count(100));
        assert_eq!(asked(""), (1, Some(100)));
        assert_eq!(asked("startIndex=11&count=10"), (11, Some(10)));
        assert_eq!(asked("startIndex=0"), (1, Some(100)));
        assert_eq!(asked("startIndex=-5&count=-1"), (1, Some(0)));
        assert_eq!(asked("STARTINDEX=%31%32"), (12, Some(100)));
        assert_eq!(
            asked("startIndex=99999999999999999999999&count=99999999999"),
            (u64::MAX, Some(1_000))
        );
    }

    #[test]
    fn what_is_no_number_is_an_invalid_value() {
        for query in [
            "count=",
            "count=ten",
            "count=1.5",
            "count=-",
            "count=%zz",
            "startIndex=+1",
            "count=1&count=2",
        ] {
            assert_eq!(
                refused(query),
                (400, Some(ScimType::InvalidValue)),
                "{query}"
            );
        }
    }

    #[test]
    fn parameters_that_would_change_the_answer_are_refused_however_they_are_spelled() {
        for query in [
            "filter=id%20pr",
            "count=1&sortBy=id",
            "FILTER=a",
            "%66ilter=a",
            "filter",
            "attributes=id",
            "cursor=",
        ] {
            assert_eq!(refused(query), (501, None), "{query}");
        }
        let error = page(Some("filter=userName+eq+%22secret%22")).unwrap_err();
        assert_eq!(
            error.detail(),
            "the query parameter filter is not supported"
        );
        assert_eq!(
            check_single(Some("excludedattributes=members"))
                .unwrap_err()
                .status()
                .as_u16(),
            501
        );
    }

    #[test]
    fn other_parameters_are_ignored() {
        assert_eq!(asked("filters=a&x=%zz&&=&count=5"), (1, Some(5)));
        assert!(check_single(Some("filter=a&x")).is_ok());
    }
}
