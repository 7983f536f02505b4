//! References between resources: through parts of large ones, validated, and never left dangling.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod deleted;
mod derived;
mod partial;
mod rival;
mod rivals;
mod scene;
mod validated;
