//! Time per operation.

use std::time::{Duration, Instant};

/// The shortest time that a batch of operations is measured over: long against the clock's own cost.
const SHORTEST_BATCH: Duration = Duration::from_micros(500);
const LARGEST_BATCH: usize = 4096;

/// Nanoseconds that `operation` takes: the median over batches, which are repeated for `budget`, three at least.
///
/// What an operation works on is made by `prepare`, for a whole batch before the clock starts; what it returns is
/// dropped after the clock has stopped.
pub async fn nanoseconds<T, R>(
    budget: Duration,
    mut prepare: impl AsyncFnMut() -> T,
    mut operation: impl AsyncFnMut(T) -> R,
) -> f64 {
    let begin = Instant::now();
    let mut size = 1;
    let mut batches = Vec::new();
    while batches.len() < 3 || begin.elapsed() < budget {
        let mut inputs = Vec::with_capacity(size);
        for _ in 0..size {
            inputs.push(prepare().await);
        }
        let mut results = Vec::with_capacity(size);
        let start = Instant::now();
        for input in inputs {
            results.push(operation(input).await);
        }
        let elapsed = start.elapsed();
        drop(results);
        if elapsed < SHORTEST_BATCH && size < LARGEST_BATCH {
            // Warming up: these batches are too short to count.
            size *= 2;
        } else {
            let count = u32::try_from(size).expect("batches are small");
            batches.push(elapsed.as_secs_f64() * 1e9 / f64::from(count));
        }
    }
    median(batches)
}

/// The middle one of `values` (of an even number, the greater of the middle two).
///
/// # Panics
///
/// If there are none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
