use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use crate::activity::{Sending, UnderWay};

/// The content of an answer, handed out in parts: that one is asked for shows that the client
/// takes in what it is sent.
#[derive(Debug)]
pub(crate) struct Paced {
    body: Body,
    rest: Bytes,
    /// None if there is no content, so that nothing is sent.
    sending: Option<Sending>,
}

/// A client that takes in less than this within `--header-timeout` counts as idle.
const PART: usize = 64 * 1024;

impl Paced {
    /// The content `whole` of an answer to what was `under_way`.
    pub(crate) fn whole(whole: Bytes, under_way: UnderWay) -> Self {
        Self::new(Body::empty(), whole, under_way)
    }

    /// The content `body`, which may yet have to be made.
    pub(crate) fn of(body: Body, under_way: UnderWay) -> Self {
        Self::new(body, Bytes::new(), under_way)
    }

    fn new(body: Body, rest: Bytes, under_way: UnderWay) -> Self {
        let is_empty = rest.is_empty() && body.is_end_stream();
        Self {
            body,
            rest,
            sending: (!is_empty).then(|| under_way.answered()),
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        if let Some(sending) = &this.sending {
            sending.progress();
        }
        let part = this.rest.split_to(this.rest.len().min(PART));
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).expect("memory holds fewer than 2^64 octets");
        let inner = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(rest));
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;
    use crate::activity::Activity;

    #[tokio::test]
    async fn each_part_is_a_step_and_the_whole_is_what_it_was() {
        let activity = Activity::default();
        let whole: Vec<u8> = (0..=250).cycle().take(2 * PART + 1).collect();
        let mut body = Paced::of(whole.clone().into(), activity.begin());
        let (mut sent, mut steps) = (Vec::new(), Vec::new());
        while !body.is_end_stream() {
            let left = u64::try_from(whole.len() - sent.len()).unwrap();
            assert_eq!(body.size_hint().exact(), Some(left));
            let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
            let part = frame.unwrap().unwrap().into_data().unwrap();
            assert!(part.len() <= PART);
            sent.extend_from_slice(&part);
            steps.push(activity.at_rest().unwrap());
        }
        assert!(sent == whole);
        assert_eq!(steps, [2, 3, 4]);
        let end = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        assert!(end.is_none() && activity.is_busy());
        drop(body);
        assert!(!activity.is_busy());
    }
}
