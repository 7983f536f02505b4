use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

/// Whether the server takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// It does.
    Ready,
    /// It finishes what is under way.
    Stopping,
    /// What it would answer from can't be reached.
    NoStore,
}

/// `/healthz`: the process lives, whatever it is able to do.
pub(crate) fn live() -> impl IntoResponse {
    (NO_STORE, "ok\n")
}

/// `/readyz`: 503 tells whoever spreads requests to send this server no more.
pub(crate) fn ready(readiness: Readiness) -> impl IntoResponse {
    match readiness {
        Readiness::Ready => (StatusCode::OK, NO_STORE, "ready\n"),
        Readiness::Stopping => (StatusCode::SERVICE_UNAVAILABLE, NO_STORE, "stopping\n"),
        Readiness::NoStore => (
            StatusCode::SERVICE_UNAVAILABLE,
            NO_STORE,
            "the store does not answer\n",
        ),
    }
}

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
