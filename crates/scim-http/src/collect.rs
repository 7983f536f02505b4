//! Request bodies, up to a limit.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::pin;

use bytes::{Buf, Bytes, BytesMut};
use http::StatusCode;
use http_body::Body;
use thiserror::Error;

use crate::ScimError;

/// Why a body was not read to its end.
#[derive(Debug, Error)]
pub(crate) enum CollectError {
    #[error("the body is longer than {limit} octets")]
    TooLarge { limit: usize },
    #[error("the body could not be read")]
    Unreadable(#[source] Box<dyn StdError + Send + Sync>),
}

impl From<&CollectError> for ScimError {
    fn from(error: &CollectError) -> Self {
        match error {
            CollectError::TooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, error.to_string())
            }
            CollectError::Unreadable(_) => Self::new(
                StatusCode::BAD_REQUEST,
                "the body could not be read to its end",
            ),
        }
    }
}

/// The content of a request, of which no more than `limit` octets and one frame are ever held: for
/// handlers of an application's own, in frameworks that don't limit it themselves.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), scim_http::ScimError> {
/// use http::StatusCode;
/// use scim_http::read_content;
///
/// assert_eq!(read_content("call Babs".to_owned(), 9).await?, "call Babs");
/// let refused = read_content("call Babs".to_owned(), 8).await.unwrap_err();
/// assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// 413 for what is longer, 400 for what ends early.
pub async fn read_content<B>(body: B, limit: usize) -> Result<Bytes, ScimError>
where
    B: Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let content = collect(body, limit).await;
    content.map_err(|error| ScimError::from(&error))
}

/// The whole content of `body`, frame by frame, so that no more than `limit` octets and one
/// frame are ever held. Trailers are dropped.
pub(crate) async fn collect<B>(body: B, limit: usize) -> Result<Bytes, CollectError>
where
    B: Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let too_large = || CollectError::TooLarge { limit };
    if usize::try_from(body.size_hint().lower()).map_or(true, |least| least > limit) {
        return Err(too_large());
    }
    let mut body = pin!(body);
    // Nearly every body comes in one frame, which needs no copy.
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let frame = frame.map_err(|error| CollectError::Unreadable(error.into()))?;
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        let held = first.len() + rest.len();
        if data.remaining() > limit - held {
            return Err(too_large());
        }
        if held == 0 {
            first = data.copy_to_bytes(data.remaining());
            continue;
        }
        if rest.is_empty() {
            rest.reserve(first.len() + data.remaining());
            rest.extend_from_slice(&std::mem::take(&mut first));
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            rest.extend_from_slice(chunk);
            let read = chunk.len();
            data.advance(read);
        }
    }
    Ok(if rest.is_empty() {
        first
    } else {
        rest.freeze()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http::HeaderMap;
    use http_body::Frame;

    use super::*;

    /// Frames of a body whose length nobody announced, and how many were asked for.
    struct Frames(VecDeque<Result<Frame<Bytes>, &'static str>>);

    impl Frames {
        fn of(chunks: &[&'static str]) -> Self {
            Self(
                chunks
                    .iter()
                    .map(|chunk| Ok(Frame::data(Bytes::from_static(chunk.as_bytes()))))
                    .collect(),
            )
        }
    }

    impl Body for Frames {
        type Data = Bytes;
        type Error = &'static str;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
            Poll::Ready(self.0.pop_front())
        }
    }

    #[tokio::test]
    async fn frames_are_joined_up_to_the_limit() {
        let whole = collect(Frames::of(&["ab", "", "cd", "ef"]), 6)
            .await
            .unwrap();
        assert_eq!(whole, "abcdef");
        assert_eq!(collect(Frames::of(&[]), 0).await.unwrap(), "");
    }

    #[tokio::test]
    async fn the_first_octet_too_many_ends_the_reading() {
        for chunks in [&["abcdefg"][..], &["abc", "def", "g"]] {
            let error = collect(Frames::of(chunks), 6).await.unwrap_err();
            assert!(matches!(error, CollectError::TooLarge { limit: 6 }));
        }
    }

    #[tokio::test]
    async fn an_announced_length_over_the_limit_is_refused_unread() {
        let error = collect("abcdefg".to_owned(), 6).await.unwrap_err();
        assert!(matches!(error, CollectError::TooLarge { .. }));
    }

    #[tokio::test]
    async fn an_error_of_the_body_is_passed_on() {
        let mut frames = Frames::of(&["ab"]);
        frames.0.push_back(Err("connection reset"));
        let error = collect(frames, 6).await.unwrap_err();
        assert!(
            matches!(&error, CollectError::Unreadable(source) if source.to_string() == "connection reset")
        );
    }

    #[tokio::test]
    async fn trailers_are_dropped() {
        let mut frames = Frames::of(&["ab"]);
        frames.0.push_back(Ok(Frame::trailers(HeaderMap::new())));
        assert_eq!(collect(frames, 2).await.unwrap(), "ab");
    }
}
