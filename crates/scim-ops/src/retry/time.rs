use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Tells how late it is, for the deadline of a [`RetryPolicy`](crate::RetryPolicy).
pub trait Clock: Send + Sync + 'static {
    /// The time since some moment that stays the same; it never goes back.
    fn now(&self) -> Duration;
}

/// Waits between two attempts.
pub trait Sleeper: Send + Sync + 'static {
    /// Is done after `pause`.
    fn sleep(&self, pause: Duration) -> Sleep<'_>;
}

/// A pause under way.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tokio's clock, which needs a runtime with its timer enabled.
#[derive(Debug, Clone)]
pub struct TokioTime {
    start: tokio::time::Instant,
}

impl Default for TokioTime {
    fn default() -> Self {
        Self {
            start: tokio::time::Instant::now(),
        }
    }
}

impl Clock for TokioTime {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

impl Sleeper for TokioTime {
    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(pause))
    }
}

/// A clock and what waits by it.
#[derive(Clone)]
pub(crate) struct Time {
    clock: Arc<dyn Clock>,
    sleeper: Arc<dyn Sleeper>,
}

impl Time {
    pub(crate) fn new(clock: Arc<dyn Clock>, sleeper: Arc<dyn Sleeper>) -> Self {
        Self { clock, sleeper }
    }

    pub(super) fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(super) async fn sleep(&self, pause: Duration) {
        self.sleeper.sleep(pause).await;
    }
}

impl Default for Time {
    fn default() -> Self {
        let tokio = Arc::new(TokioTime::default());
        Self::new(tokio.clone(), tokio)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Time").finish_non_exhaustive()
    }
}
