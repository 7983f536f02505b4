use http::Method;
use serde_json::Value;

use crate::{Answer, Client};

/// What became of a request to a server that may be killed, or whose database may.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum Outcome {
    /// It was answered, and done or refused.
    Answered(Answer),
    /// The server says that it did nothing, and that one may try again.
    NotDone,
    /// There was no answer, or one that does not say whether it was done.
    Unknown,
}

impl Outcome {
    /// What becomes of this request.
    ///
    /// # Panics
    ///
    /// If it is no request, or the server answers with a fault of its own.
    pub fn of(
        client: &Client,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        json: Option<&Value>,
    ) -> Self {
        match client.try_send(method, target, headers, json) {
            Some(answer) if answer.status < 500 => Self::Answered(answer),
            Some(answer) => {
                assert_eq!(answer.status, 503, "{answer:?}");
                // What may have been done is not to be repeated unread.
                match answer.header("retry-after") {
                    Some(_) => Self::NotDone,
                    None => Self::Unknown,
                }
            }
            None => Self::Unknown,
        }
    }
}
