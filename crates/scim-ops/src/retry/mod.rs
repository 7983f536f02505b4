//! How often, and when, a write that lost a race is tried again.

mod policy;
mod time;
mod turns;

pub use self::policy::RetryPolicy;
pub(crate) use self::time::Time;
pub use self::time::{Clock, Sleep, Sleeper, TokioTime};
pub(crate) use self::turns::{GaveUp, Turns};
