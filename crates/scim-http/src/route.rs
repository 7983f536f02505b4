//! What a path names.

use std::borrow::Cow;

use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};
use scim_ops::provider::schema::{ResourceType, ResourceTypes};

use crate::percent::decode;
use crate::{BasePath, ScimError};

/// What a request is about.
#[derive(Debug)]
pub(crate) enum Target<'a> {
    /// All resources of a type: `/{Endpoint}`.
    Collection,
    /// The resource with this id: `/{Endpoint}/{id}`.
    Single(Cow<'a, str>),
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action<'a> {
    List,
    Create,
    Read(Cow<'a, str>),
    Replace(Cow<'a, str>),
    Delete(Cow<'a, str>),
    /// OPTIONS: only say which methods there are.
    Describe(HeaderValue),
}

/// The type and the resources of it that `path` names.
///
/// - The base path is compared character by character.
/// - A slash behind an endpoint is passed over; behind an id it is the end of another,
///   longer path.
/// - An id is one segment, with its escapes undone. An escape that is malformed or yields no
///   UTF-8 can't be part of an id, so there is no such resource.
///
/// # Errors
///
/// 404; 501 for `/Me`, as RFC 7644 §3.11 has it for those who don't serve it.
pub(crate) fn resolve<'t, 'p>(
    path: &'p str,
    base_path: &BasePath,
    types: &'t ResourceTypes,
) -> Result<(&'t ResourceType, Target<'p>), ScimError> {
    let not_found = || ScimError::new(StatusCode::NOT_FOUND, "there is nothing at this path");
    let path = path
        .strip_prefix(base_path.as_str())
        .ok_or_else(not_found)?;
    let path = path.strip_prefix('/').ok_or_else(not_found)?;
    let (endpoint, id) = path.split_once('/').unwrap_or((path, ""));
    let Some(resource_type) = types.by_endpoint(endpoint) else {
        return Err(match endpoint {
            "Me" => ScimError::new(StatusCode::NOT_IMPLEMENTED, "/Me is not supported"),
            _ => not_found(),
        });
    };
    if id.is_empty() {
        return Ok((resource_type, Target::Collection));
    }
    if id.contains('/') {
        return Err(not_found());
    }
    let id = decode(id).ok_or_else(not_found)?;
    Ok((resource_type, Target::Single(id)))
}

impl<'a> Target<'a> {
    /// What `method` does here.
    ///
    /// # Errors
    ///
    /// 405 with `Allow`.
    pub(crate) fn action(self, method: &Method) -> Result<Action<'a>, ScimError> {
        let allow = self.allow();
        Ok(match (self, method) {
            (_, &Method::OPTIONS) => Action::Describe(allow),
            (Self::Collection, &Method::GET | &Method::HEAD) => Action::List,
            (Self::Collection, &Method::POST) => Action::Create,
            (Self::Single(id), &Method::GET | &Method::HEAD) => Action::Read(id),
            (Self::Single(id), &Method::PUT) => Action::Replace(id),
            (Self::Single(id), &Method::DELETE) => Action::Delete(id),
            _ => {
                let detail = "the method is not allowed here";
                let error = ScimError::new(StatusCode::METHOD_NOT_ALLOWED, detail);
                return Err(error.with_header(ALLOW, allow));
            }
        })
    }

    /// The value of `Allow`.
    const fn allow(&self) -> HeaderValue {
        match self {
            Self::Collection => HeaderValue::from_static("GET, HEAD, OPTIONS, POST"),
            Self::Single(_) => HeaderValue::from_static("DELETE, GET, HEAD, OPTIONS, PUT"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(path: &str) -> u16 {
        let base_path = BasePath::parse("/scim/v2").unwrap();
        resolve(path, &base_path, &ResourceTypes::default())
            .unwrap_err()
            .status()
            .as_u16()
    }

    fn id(path: &str) -> Option<String> {
        let types = ResourceTypes::default();
        match resolve(path, &BasePath::default(), &types).unwrap().1 {
            Target::Collection => None,
            Target::Single(id) => Some(id.into_owned()),
        }
    }

    #[test]
    fn endpoints_and_ids_are_found_behind_the_base_path() {
        assert_eq!(id("/Users"), None);
        assert_eq!(id("/Groups/"), None);
        assert_eq!(id("/Users/2819c223").as_deref(), Some("2819c223"));
        assert_eq!(id("/Users/a%2Fb%20%C3%A9").as_deref(), Some("a/b é"));
    }

    #[test]
    fn other_paths_are_not_found() {
        for path in [
            "",
            "*",
            "/Users",
            "/scim/v2",
            "/scim/v2/",
            "/scim/v2Users",
            "/scim/V2/Users",
            "/scim/v2//Users",
            "/scim/v2/users",
            "/scim/v2/Users/1/",
            "/scim/v2/Users/1/2",
            "/scim/v2/Users/%",
            "/scim/v2/Users/%FF",
            "/scim/v2/%55sers",
        ] {
            assert_eq!(status(path), 404, "{path}");
        }
        assert_eq!(status("/scim/v2/Me"), 501);
    }

    #[test]
    fn each_target_has_its_methods() {
        let single = || Target::Single("1".into());
        assert_eq!(
            Target::Collection.action(&Method::POST).unwrap(),
            Action::Create
        );
        assert_eq!(
            single().action(&Method::HEAD).unwrap(),
            Action::Read("1".into())
        );
        for (target, method) in [
            (Target::Collection, Method::PUT),
            (Target::Collection, Method::DELETE),
            (single(), Method::POST),
            (single(), Method::TRACE),
            (single(), Method::from_bytes(b"get").unwrap()),
        ] {
            let allow = target.allow();
            let error = target.action(&method).unwrap_err();
            assert_eq!(error.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
            assert_eq!(error.header(&ALLOW), Some(&allow));
        }
    }
}
