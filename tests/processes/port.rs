use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Below what systems give to outgoing connections: one of those might have the port while its
/// server is down.
const PORTS: Range<u16> = 10_240..32_000;

/// What this process has given out.
static TAKEN: LazyLock<Mutex<BTreeSet<u16>>> = LazyLock::new(Mutex::default);

/// A port of the loopback address that nobody listens on, and that is given to nobody else here.
///
/// # Panics
///
/// If none is found.
pub(crate) fn free_port() -> u16 {
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    (0..1_000)
        .map(|_| fastrand::u16(PORTS))
        .find(|port| {
            !taken.contains(port)
                && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
                && taken.insert(*port)
        })
        .expect("some port of thousands is free")
}
