use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use hyper::body::{Frame, SizeHint};
use scim_http::ScimError;
use tokio::time::timeout;

/// What comes of `answer`, to a request of this `arrival`, within `limit`, and otherwise who was
/// too slow: the client that did not send all of it (408), or the server (503).
pub(crate) async fn within<T>(
    limit: Duration,
    arrival: &Arrival,
    answer: impl Future<Output = T>,
) -> Result<T, ScimError> {
    let mut answer = pin!(answer);
    // Most answers are there at once, and need no timer.
    if let Poll::Ready(answer) = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await
    {
        return Ok(answer);
    }
    match timeout(limit, answer).await {
        Ok(answer) => Ok(answer),
        Err(_) if arrival.is_whole() => Err(ScimError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "there was no answer in time; if this was to change something, \
             read it before trying again, for the change may have been made",
        )),
        Err(_) => Err(ScimError::new(
            StatusCode::REQUEST_TIMEOUT,
            "the request did not arrive in time; nothing was changed",
        )),
    }
}

/// How much of a request has been read.
#[derive(Debug, Clone)]
pub(crate) struct Arrival(Option<Arc<AtomicBool>>);

impl Arrival {
    /// Whether it has been read to its end.
    pub(crate) fn is_whole(&self) -> bool {
        let Self(whole) = self;
        whole
            .as_ref()
            .is_none_or(|whole| whole.load(Ordering::Relaxed))
    }
}

/// A request's body, watched for its end.
#[derive(Debug)]
pub(crate) struct Watched {
    body: Body,
    arrival: Arrival,
}

impl Watched {
    /// `body`, and what tells how much of it has been read.
    pub(crate) fn new(body: Body) -> (Self, Arrival) {
        let arrival = Arrival((!body.is_end_stream()).then(Arc::default));
        let watched = Self {
            body,
            arrival: arrival.clone(),
        };
        (watched, arrival)
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Arrival(Some(whole)) = &self.arrival
            && (frame.is_none() || self.body.is_end_stream())
        {
            whole.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::pending;

    use super::*;

    /// A body of which one frame comes, and then nothing.
    struct Stalled(Option<Bytes>);

    impl HttpBody for Stalled {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0.take().map_or(Poll::Pending, |data| {
                Poll::Ready(Some(Ok(Frame::data(data))))
            })
        }
    }

    async fn read_all(mut body: Watched) {
        while poll_fn(|context| Pin::new(&mut body).poll_frame(context))
            .await
            .is_some()
        {}
    }

    const SHORT: Duration = Duration::from_millis(1);
    const LONG: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn an_answer_in_time_is_passed_on() {
        let (body, arrival) = Watched::new(Body::from("abc"));
        assert!(!arrival.is_whole());
        let answer = within(LONG, &arrival, read_all(body)).await;
        assert_eq!(answer, Ok(()));
        assert!(arrival.is_whole());
    }

    #[tokio::test]
    async fn who_sends_half_a_request_is_told_so() {
        let body = Body::new(Stalled(Some(Bytes::from_static(b"{"))));
        let (body, arrival) = Watched::new(body);
        let error = within(SHORT, &arrival, read_all(body)).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::REQUEST_TIMEOUT);
        assert!(!arrival.is_whole());
    }

    #[tokio::test]
    async fn who_sent_a_whole_request_is_not_blamed() {
        for body in [Body::empty(), Body::from("abc")] {
            let (body, arrival) = Watched::new(body);
            let answer = async {
                read_all(body).await;
                pending::<()>().await;
            };
            let error = within(SHORT, &arrival, answer).await.unwrap_err();
            assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
        }
    }
}
