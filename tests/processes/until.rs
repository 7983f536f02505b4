use std::thread;
use std::time::{Duration, Instant};

/// No wait is longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at another process.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until `look` gives something: for what another process does, and nobody
/// tells when it has.
///
/// # Panics
///
/// If it does not in two minutes, naming `what` was waited for.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        thread::sleep(PAUSE);
    }
}
