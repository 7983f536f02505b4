//! Counts, in this crate's own tests, the rows that an operation touches: what
//! an operation costs must not depend on how many records there are, and rows
//! can be counted where time can't.

/// `rows` more rows were touched.
#[cfg(not(test))]
#[inline]
pub(super) const fn visit(_rows: usize) {}

#[cfg(test)]
pub(super) fn visit(rows: usize) {
    VISITS.set(VISITS.get() + rows);
}

#[cfg(test)]
std::thread_local! {
    static VISITS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many rows `f` touches on this thread, and what it gives.
#[cfg(test)]
pub(crate) fn count<T>(f: impl FnOnce() -> T) -> (usize, T) {
    let before = VISITS.get();
    let value = f();
    (VISITS.get() - before, value)
}
