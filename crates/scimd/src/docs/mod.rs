//! What is told of the API: `/openapi.json`, a page for people at `/docs`, and `scimd openapi`.

mod command;
mod page;

use axum::http::StatusCode;
use scim_http::provider::ResourceProvider;
use scim_http::{OpenApi, ScimService};

use crate::Config;

pub(crate) use self::command::print;
pub(crate) use self::page::{Docs, PATHS};

/// `service`, which is served as `config` says.
fn description<P: ResourceProvider>(service: &ScimService<P>, config: &Config) -> OpenApi {
    let described = service
        .openapi()
        .with_version(env!("CARGO_PKG_VERSION"))
        .with_refusal(
            StatusCode::REQUEST_TIMEOUT,
            "The request did not arrive in time; nothing was changed.",
        )
        .with_refusal(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "The header has too many lines.",
        )
        .with_refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "There was no answer in time.",
        );
    if config.tokens.is_empty() {
        described.with_refusal(
            StatusCode::MISDIRECTED_REQUEST,
            "The request is for another host, or from a page of another site.",
        )
    } else {
        described
    }
}
