//! SCIM 2.0 over the `http` crate: conditional requests by RFC 9110, error bodies, and a
//! service for any framework.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use http::{Request, StatusCode, header};
//! use scim_http::ops::ScimOperationHandler;
//! use scim_http::provider::InMemoryProvider;
//! use scim_http::{BaseUrl, ScimService};
//!
//! let service = ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
//!     .with_base_url(BaseUrl::parse("https://example.com")?);
//!
//! let request = Request::post("/Users").body(r#"{ "userName": "bjensen" }"#.to_owned())?;
//! let created = service.handle(request).await;
//! assert_eq!(created.status(), StatusCode::CREATED);
//! let etag = created.headers()[header::ETAG].clone();
//! let location = created.headers()[header::LOCATION].to_str()?.to_owned();
//!
//! // Whoever has the current version may replace it ...
//! let put = |name| {
//!     Request::put(&location)
//!         .header(header::IF_MATCH, &etag)
//!         .body(format!(r#"{{ "userName": "bjensen", "displayName": "{name}" }}"#))
//! };
//! assert_eq!(service.handle(put("Babs")?).await.status(), StatusCode::OK);
//!
//! // ... and whoever comes second is told which version there is now.
//! let refused = service.handle(put("Barbara")?).await;
//! assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED);
//! assert_ne!(refused.headers()[header::ETAG], etag);
//! # Ok(()) }
//! ```
//!
//! # The layers
//!
//! ```text
//!     scim-axum       scimd                      handlers of axum; the server
//!         │    ┌────────┼───────────┐
//!         └──┬─┘        │           │
//!      ▶ scim-http      │           │            http::Request → http::Response, conditional requests
//!            │       scim-mcp       │            tools for AI agents
//!            ├──────────┘           │
//!        scim-ops                   │            operations, and the one path that every write takes
//!            │                   scim-sql        stores that last: SQLite, PostgreSQL, MySQL, MariaDB
//!            ├──────────────────────┘
//!        scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!        scim-version                            versions, entity tags, preconditions
//! ```
//!
//! Take this one to put SCIM into a web service that exists, in whatever framework, or for conditional requests in handlers of your own.
//! [`scim-axum`](https://docs.rs/scim-axum) has extractors and responses for axum, [`scimd`](https://docs.rs/scimd) is a whole server.
//!
//! # The map
//!
//! | to | see |
//! |---|---|
//! | serve SCIM | [`ScimService`], [`Limits`], [`BaseUrl`], [`BasePath`] |
//! | say what is served | [`ScimService::with_documentation_uri`], [`ops::Discovery`] |
//! | find out who asks | [`Authenticator`], [`Grant`], [`AuthError`], [`bearer_token`] |
//! | read `If-Match` and `If-None-Match` in a handler of your own | [`extract_if_match`], [`extract_if_none_match`], [`preconditions()`] |
//! | all of that at once: judge a request, and have the answer if it is refused | [`ConditionalRequest`], [`Refused`] |
//! | decide on a conditional request there | [`handle_conditional_request`], [`Decision`] |
//! | answer it | [`versioned_response`], [`add_etag_to_response`], [`not_modified_response`] |
//! | read a request of a framework with types of its own | [`request_of`], [`read_content`] |
//! | name a request as the logs do | [`RequestName`], [`X_REQUEST_ID`] |
//! | show errors as SCIM does | [`ScimError`], [`ScimType`], [`status()`] |
//!
//! The second half needs no [`ScimService`] and no particular framework, only the types of
//! the [`http`] crate.
//!
//! A precondition that can't be read is an error, never an absent one: else a request that asked
//! for protection would write without.
//!
//! # What isn't inside
//!
//! A server: sockets, TLS, timeouts, tokens. The crates below are re-exported as [`ops`],
//! [`provider`] and [`version`].
//!
//! # Features
//!
//! | feature | enables |
//! |---|---|
//! | `openapi` | `ScimService::openapi`: the service described in OpenAPI 3.1 |
//! | `tower` | [`ScimService`] as a `tower::Service`, for axum, hyper-util and others |

mod auth;
mod base_url;
mod bearer;
mod body;
mod bulk;
mod collect;
mod conditional;
mod conditional_request;
mod error;
mod field;
mod headers;
mod limits;
mod location;
mod media;
mod merge_conflicts;
#[cfg(feature = "openapi")]
mod openapi;
mod parameters;
mod percent;
mod prefer;
mod refusal;
mod request_id;
mod request_of;
mod respond;
mod route;
mod scim_type;
mod service;
mod status;
mod written;

pub use auth::{AuthError, Authenticator, Grant};
pub use base_url::{BasePath, BaseUrl, BaseUrlError};
pub use bearer::bearer_token;
pub use body::ScimBody;
pub use bulk::ATOMIC_BULK;
pub use collect::read_content;
pub use conditional::{
    Decision, add_etag_to_response, handle_conditional_request, not_modified_response,
    versioned_response,
};
pub use conditional_request::{ConditionalRequest, Refused};
pub use error::ScimError;
pub use headers::{
    HeaderError, extract_etag_from_headers, extract_if_match, extract_if_none_match, preconditions,
};
pub use limits::Limits;
#[cfg(feature = "openapi")]
pub use openapi::{OpenApi, OpenApiError};
pub use request_id::{RequestName, X_REQUEST_ID};
pub use request_of::request_of;
pub use scim_ops as ops;
pub use scim_ops::{provider, version};
pub use scim_type::ScimType;
pub use service::ScimService;
pub use status::status;
