//! Bulk messages (RFC 7644 §3.7) and what is answered.

mod answer;
mod message;
mod operation;

pub(crate) use answer::Answer;
pub(crate) use message::Message;
pub(crate) use operation::Parsed;

/// The extension that asks for all operations or none, in one commit: clients name it in
/// `schemas` of a bulk request beside that of the request itself.
///
/// An operation that fails refuses the whole request; the error is that of the operation, with
/// its place in front of the detail.
pub const ATOMIC_BULK: &str = "urn:x-scim:versioned:2.0:AtomicBulk";
