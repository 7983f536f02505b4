//! What a path names, and what can be done there.

use std::borrow::Cow;

use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};
use scim_ops::provider::schema::{ResourceType, ResourceTypes};

use crate::percent::decode;
use crate::{BasePath, ScimError};

/// What a request is about.
#[derive(Debug)]
pub(crate) enum Target<'t, 'p> {
    /// All resources of all types: `/`.
    Root,
    /// The same, asked for by POST: `/.search`.
    RootSearch,
    /// All resources of a type: `/{Endpoint}`.
    Collection(&'t ResourceType),
    /// The same, asked for by POST: `/{Endpoint}/.search`.
    Search(&'t ResourceType),
    /// The resource with this id: `/{Endpoint}/{id}`.
    Single(&'t ResourceType, Cow<'p, str>),
    /// The resource that stands for who asks: `/Me`.
    Me,
    /// Several operations in one request: `/Bulk`.
    Bulk,
    /// What the service provider says about itself.
    Discovery(Topic<'p>),
}

/// What can be asked about a service provider (RFC 7644 §4).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Topic<'p> {
    /// `/ServiceProviderConfig`.
    Config,
    /// `/ResourceTypes`.
    ResourceTypes,
    /// `/ResourceTypes/{name}`.
    ResourceType(Cow<'p, str>),
    /// `/Schemas`.
    Schemas,
    /// `/Schemas/{uri}`.
    Schema(Cow<'p, str>),
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Action<'t, 'p> {
    /// OPTIONS: only say which methods there are.
    Describe(HeaderValue),
    Discover(Topic<'p>),
    /// Read a page: of all types, if none is named.
    List(Option<&'t ResourceType>),
    /// Read the page that the content asks for.
    Search(Option<&'t ResourceType>),
    Create(&'t ResourceType),
    Read(&'t ResourceType, Cow<'p, str>),
    Replace(&'t ResourceType, Cow<'p, str>),
    Modify(&'t ResourceType, Cow<'p, str>),
    Delete(&'t ResourceType, Cow<'p, str>),
    Bulk,
}

/// The end of a path that is asked by POST and reads.
const SEARCH: &str = ".search";

/// What `path` names.
///
/// - The base path is compared character by character.
/// - The endpoints that RFC 7644 §3.2 defines go before those of resource types.
/// - A slash behind an endpoint is passed over; behind an id it is the end of another,
///   longer path.
/// - An id is one segment, with its escapes undone. An escape that is malformed or yields no
///   UTF-8 can't be part of an id, so there is no such resource.
///
/// # Errors
///
/// 404.
pub(crate) fn resolve<'t, 'p>(
    path: &'p str,
    base_path: &BasePath,
    types: &'t ResourceTypes,
) -> Result<Target<'t, 'p>, ScimError> {
    let path = path.strip_prefix(base_path.as_str()).ok_or_else(nothing)?;
    if path.is_empty() {
        return Ok(Target::Root);
    }
    let path = path.strip_prefix('/').ok_or_else(nothing)?;
    let (endpoint, id) = path.split_once('/').unwrap_or((path, ""));
    let only = |target| match id {
        "" => Ok(target),
        _ => Err(nothing()),
    };
    match endpoint {
        "" if path.is_empty() => Ok(Target::Root),
        SEARCH if path == SEARCH => Ok(Target::RootSearch),
        "Me" => only(Target::Me),
        "Bulk" => only(Target::Bulk),
        "ServiceProviderConfig" => only(Target::Discovery(Topic::Config)),
        "ResourceTypes" => Ok(Target::Discovery(match segment(id)? {
            None => Topic::ResourceTypes,
            Some(name) => Topic::ResourceType(name),
        })),
        "Schemas" => Ok(Target::Discovery(match segment(id)? {
            None => Topic::Schemas,
            Some(uri) => Topic::Schema(uri),
        })),
        endpoint => {
            let resource_type = types.by_endpoint(endpoint).ok_or_else(nothing)?;
            Ok(match segment(id)? {
                None => Target::Collection(resource_type),
                Some(_) if id == SEARCH => Target::Search(resource_type),
                Some(id) => Target::Single(resource_type, id),
            })
        }
    }
}

/// Whether a request with `method` reads only, also where its path is `path` and none of the
/// safe methods would do.
pub(crate) fn reads_only(method: &Method, path: &str) -> bool {
    method.is_safe() || (*method == Method::POST && path.rsplit('/').next() == Some(SEARCH))
}

impl<'t, 'p> Target<'t, 'p> {
    /// The type of the resources that it is about, if it is about one type.
    pub(crate) const fn resource_type(&self) -> Option<&'t ResourceType> {
        match self {
            Self::Collection(resource_type)
            | Self::Search(resource_type)
            | Self::Single(resource_type, _) => Some(resource_type),
            Self::Root | Self::RootSearch | Self::Me | Self::Bulk | Self::Discovery(_) => None,
        }
    }

    /// What `method` does here.
    ///
    /// # Errors
    ///
    /// 405 with `Allow`; 501 for `/Me`, for which the caller has to put in what it stands for
    /// (RFC 7644 §3.11).
    pub(crate) fn action(self, method: &Method) -> Result<Action<'t, 'p>, ScimError> {
        if matches!(self, Self::Me) {
            let detail = "/Me is not supported";
            return Err(ScimError::new(StatusCode::NOT_IMPLEMENTED, detail));
        }
        let allow = self.allow();
        if *method == Method::OPTIONS {
            return Ok(Action::Describe(HeaderValue::from_static(allow)));
        }
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let posts = *method == Method::POST;
        Ok(match self {
            Self::Discovery(topic) if reads => Action::Discover(topic),
            Self::Root if reads => Action::List(None),
            Self::RootSearch if posts => Action::Search(None),
            Self::Search(resource_type) if posts => Action::Search(Some(resource_type)),
            Self::Bulk if posts => Action::Bulk,
            Self::Collection(resource_type) if reads => Action::List(Some(resource_type)),
            Self::Collection(resource_type) if posts => Action::Create(resource_type),
            Self::Single(resource_type, id) => match *method {
                Method::GET | Method::HEAD => Action::Read(resource_type, id),
                Method::PUT => Action::Replace(resource_type, id),
                Method::PATCH => Action::Modify(resource_type, id),
                Method::DELETE => Action::Delete(resource_type, id),
                _ => return Err(not_allowed(allow)),
            },
            _ => return Err(not_allowed(allow)),
        })
    }

    /// What `Allow` says.
    const fn allow(&self) -> &'static str {
        match self {
            Self::Root | Self::Discovery(_) => "GET, HEAD, OPTIONS",
            Self::RootSearch | Self::Search(_) | Self::Bulk => "OPTIONS, POST",
            Self::Collection(_) => "GET, HEAD, OPTIONS, POST",
            Self::Single(..) | Self::Me => "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        }
    }
}

/// The one segment that `rest` is, with its escapes undone; `None` if there is none.
fn segment(rest: &str) -> Result<Option<Cow<'_, str>>, ScimError> {
    match rest {
        "" => Ok(None),
        _ if rest.contains('/') => Err(nothing()),
        _ => decode(rest).map(Some).ok_or_else(nothing),
    }
}

fn nothing() -> ScimError {
    ScimError::new(StatusCode::NOT_FOUND, "there is nothing at this path")
}

fn not_allowed(allow: &'static str) -> ScimError {
    let detail = "the method is not allowed here";
    ScimError::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        .with_header(ALLOW, HeaderValue::from_static(allow))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str) -> String {
        let types = ResourceTypes::default();
        let base_path = BasePath::parse("/scim/v2").unwrap();
        match resolve(path, &base_path, &types) {
            Ok(Target::Collection(resource_type)) => resource_type.name().to_owned(),
            Ok(Target::Search(resource_type)) => format!("{} search", resource_type.name()),
            Ok(Target::Single(resource_type, id)) => format!("{} {id}", resource_type.name()),
            Ok(Target::Discovery(topic)) => format!("{topic:?}"),
            Ok(other) => format!("{other:?}"),
            Err(error) => error.status().as_u16().to_string(),
        }
    }

    #[test]
    fn endpoints_and_ids_are_found_behind_the_base_path() {
        for (path, target) in [
            ("", "Root"),
            ("/", "Root"),
            ("/.search", "RootSearch"),
            ("/Me", "Me"),
            ("/Me/", "Me"),
            ("/Bulk", "Bulk"),
            ("/ServiceProviderConfig", "Config"),
            ("/ResourceTypes", "ResourceTypes"),
            ("/ResourceTypes/User", "ResourceType(\"User\")"),
            ("/Schemas/", "Schemas"),
            ("/Schemas/urn:a%3Ab", "Schema(\"urn:a:b\")"),
            ("/Users", "User"),
            ("/Groups/", "Group"),
            ("/Users/.search", "User search"),
            ("/Users/2819c223", "User 2819c223"),
            ("/Users/%2Esearch", "User .search"),
            ("/Users/a%2Fb%20%C3%A9", "User a/b é"),
        ] {
            assert_eq!(shown(&format!("/scim/v2{path}")), target, "{path}");
        }
    }

    #[test]
    fn other_paths_are_not_found() {
        for path in [
            "",
            "*",
            "/",
            "/Users",
            "/scim",
            "/scim/v2Users",
            "/scim/V2/Users",
            "/scim/v2//",
            "/scim/v2//Users",
            "/scim/v2/users",
            "/scim/v2/me",
            "/scim/v2/Me/1",
            "/scim/v2/Bulk/1",
            "/scim/v2/.search/",
            "/scim/v2/.search/1",
            "/scim/v2/ServiceProviderConfig/1",
            "/scim/v2/ServiceProviderConfigs",
            "/scim/v2/Schemas/a/b",
            "/scim/v2/ResourceTypes/%FF",
            "/scim/v2/Users/.search/",
            "/scim/v2/Users/1/",
            "/scim/v2/Users/1/2",
            "/scim/v2/Users/1/.search",
            "/scim/v2/Users/%",
            "/scim/v2/Users/%FF",
            "/scim/v2/%55sers",
        ] {
            assert_eq!(shown(path), "404", "{path}");
        }
    }

    #[test]
    fn each_target_has_its_methods() {
        let types = ResourceTypes::default();
        let all = [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get",
        ];
        for (path, allowed) in [
            ("/", "GET, HEAD, OPTIONS"),
            ("/ServiceProviderConfig", "GET, HEAD, OPTIONS"),
            ("/Schemas/x", "GET, HEAD, OPTIONS"),
            ("/.search", "OPTIONS, POST"),
            ("/Users/.search", "OPTIONS, POST"),
            ("/Bulk", "OPTIONS, POST"),
            ("/Users", "GET, HEAD, OPTIONS, POST"),
            ("/Users/1", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ] {
            for method in all {
                let target = resolve(path, &BasePath::default(), &types).unwrap();
                let done = target.action(&Method::from_bytes(method.as_bytes()).unwrap());
                match (allowed.split(", ").any(|known| known == method), done) {
                    (true, Ok(Action::Describe(allow))) => assert_eq!(allow, allowed),
                    (true, Ok(_)) => {}
                    (false, Err(error)) => {
                        assert_eq!(error.status(), StatusCode::METHOD_NOT_ALLOWED);
                        assert_eq!(error.header(&ALLOW).unwrap(), allowed);
                    }
                    (_, done) => panic!("{method} {path}: {done:?}"),
                }
            }
        }
    }

    #[test]
    fn searches_read_and_other_posts_do_not() {
        for (method, path, reads) in [
            (Method::GET, "/Users/1", true),
            (Method::OPTIONS, "/Bulk", true),
            (Method::POST, "/.search", true),
            (Method::POST, "/scim/Users/.search", true),
            (Method::PUT, "/Users/.search", false),
            (Method::POST, "/Users/.searchx", false),
            (Method::POST, "/Users", false),
            (Method::DELETE, "/Users/1", false),
        ] {
            assert_eq!(reads_only(&method, path), reads, "{method} {path}");
        }
    }
}
