//! Members of one group, changed by several clients at once over HTTP: what identity
//! providers do, and where members vanish elsewhere.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bulk;
mod patch;
mod put;
mod scene;
