use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The body of a response: octets that are in memory already.
///
/// ```
/// use http_body::Body;
/// use scim_http::ScimBody;
///
/// let body = ScimBody::from(b"{}".to_vec());
/// assert_eq!(body.size_hint().exact(), Some(2));
/// assert_eq!(&body.into_bytes()[..], b"{}");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScimBody(Bytes);

impl ScimBody {
    /// A body without content.
    pub const fn empty() -> Self {
        Self(Bytes::new())
    }

    /// What has not been sent yet.
    pub const fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// What has not been sent yet, taken out.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<Bytes> for ScimBody {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for ScimBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<String> for ScimBody {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Body for ScimBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let rest = std::mem::take(&mut self.0);
        Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let length = u64::try_from(self.0.len()).expect("memory holds fewer than 2^64 octets");
        SizeHint::with_exact(length)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn content_is_one_frame_and_then_the_end() {
        let mut body = ScimBody::from(b"abc".to_vec());
        assert!(!body.is_end_stream());
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut body).poll_frame(&mut context) else {
            panic!("a frame is ready");
        };
        assert_eq!(frame.into_data().unwrap(), "abc");
        assert!(body.is_end_stream());
        assert!(matches!(
            Pin::new(&mut body).poll_frame(&mut context),
            Poll::Ready(None)
        ));
        assert_eq!(body.size_hint().exact(), Some(0));
    }

    #[test]
    fn an_empty_body_has_no_frames() {
        let mut body = ScimBody::empty();
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(
            Pin::new(&mut body).poll_frame(&mut context),
            Poll::Ready(None)
        ));
    }
}
