//! How much memory this process occupies.

use std::fs;

/// Resident memory in octets, as the kernel counts it: what the allocator rounds up and what it keeps for later is in it.
///
/// # Panics
///
/// Where there is no `/proc/self/smaps_rollup` (that is, elsewhere than on Linux).
#[must_use]
pub fn resident() -> usize {
    let rollup = fs::read_to_string("/proc/self/smaps_rollup").expect("Linux tells");
    let kibibytes = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Rss:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|number| number.trim().parse::<usize>().ok())
        .expect("the line is `Rss:  N kB`");
    kibibytes * 1024
}
