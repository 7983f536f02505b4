//! The server as an agent sees it: driven over an in-process stream by the client of `rmcp`.

mod allowed;
mod bulk;
mod conflicts;
mod crud;
mod hostile;
mod http;
mod lists;
mod members;
mod merging;
mod prompts;
mod races;
mod resources;
mod support;
mod tenants;
mod tools;
