//! A service described in OpenAPI 3.1, by its own registry and configuration.

mod attribute;
mod description;
mod discovery;
mod error;
mod example;
mod merge;
mod messages;
mod names;
mod operation;
mod parameters;
mod paths;
mod resource;
mod responses;
mod security;
mod served;

pub use description::OpenApi;
pub use error::OpenApiError;
pub(crate) use served::{Documents, Served};
