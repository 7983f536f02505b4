//! Run with `cargo run --example with_axum`, then `curl -i http://127.0.0.1:3000/notes/1` and
//! `curl -i http://127.0.0.1:3000/scim/v2/Users`.

#[path = "application.rs"]
mod application;

use std::io;
use std::net::TcpListener;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use scim_axum::{Conditional, Refusal, Versioned};

use application::{Notes, Scim};

// Mounting.
fn app(scim: Scim, notes: Notes) -> Router {
    Router::new()
        .route("/notes/{name}", get(read).put(replace))
        .route_service("/scim/v2/{*rest}", scim)
        .with_state(notes)
}

// By hand.
async fn read(
    State(notes): State<Notes>,
    Path(name): Path<String>,
    Conditional(request): Conditional,
) -> Result<Versioned<String>, Refusal> {
    Ok(notes.note(&name, request, None)?.into())
}

async fn replace(
    State(notes): State<Notes>,
    Path(name): Path<String>,
    Conditional(request): Conditional,
    text: String,
) -> Result<Versioned<String>, Refusal> {
    Ok(notes.note(&name, request, Some(text))?.into())
}

// The rest.
pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, app(application::scim(), Notes::default())).await
    })
}

fn main() -> io::Result<()> {
    serve(application::listener()?)
}
