//! PATCH as a pure function: what comes of a resource.

mod extensions;
mod identity_providers;
mod lists;
mod refusals;
mod rfc;
mod single;
mod support;
