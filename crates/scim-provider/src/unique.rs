use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

/// A UUID that nobody else makes, in this process or another, copies of a whole running machine aside: of version 8 (RFC 9562 §5.8), random bits
/// of the process and a count that begins at random. To ask the system for randomness each time would
/// cost more than reading a resource.
///
/// It is no secret: who has seen one can guess the next.
pub(crate) fn unique_id() -> Uuid {
    static PROCESS: LazyLock<(u64, AtomicU64)> = LazyLock::new(|| {
        let (process, first) = Uuid::new_v4().as_u64_pair();
        (process, AtomicU64::new(first))
    });
    let (process, next) = &*PROCESS;
    let id = Uuid::from_u64_pair(*process, next.fetch_add(1, Ordering::Relaxed));
    Builder::from_custom_bytes(id.into_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::thread;

    use super::*;

    #[test]
    fn ids_differ_whichever_thread_makes_them() {
        let make = || (0..1_000).map(|_| unique_id());
        let others = thread::spawn(move || make().collect::<Vec<_>>());
        let mut ids: BTreeSet<Uuid> = make().collect();
        ids.extend(others.join().unwrap());
        assert_eq!(ids.len(), 2_000);
    }

    #[test]
    fn an_id_is_a_uuid_of_version_8() {
        let id = unique_id();
        assert_eq!(id.get_version_num(), 8);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
    }
}
