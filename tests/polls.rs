use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// What `future` gives if it is done within `polls` polls; else it is dropped where it waits then,
/// as if the client of the request had gone away.
pub async fn dropped_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|cx| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_future_is_dropped_at_the_await_that_was_named() {
        let run = |polls| {
            dropped_after(polls, async {
                tokio::task::yield_now().await;
                7
            })
        };
        assert_eq!(run(0).await, None);
        assert_eq!(run(1).await, None);
        assert_eq!(run(2).await, Some(7));
    }
}
