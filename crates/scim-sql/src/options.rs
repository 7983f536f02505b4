use std::time::Duration;

/// How a store talks to its database.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// At most so many connections at once; 16.
    pub max_connections: u32,
    /// So long a request waits for a connection before the store counts as away; 3 s.
    pub connect_timeout: Duration,
    /// So long one statement may take; 10 s.
    pub statement_timeout: Duration,
    /// So often a commit is begun again that other transactions were in the way of; 32.
    pub attempts: u32,
    /// What has to happen before a write is acknowledged.
    pub durability: Durability,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 16,
            connect_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(10),
            attempts: 32,
            durability: Durability::Full,
        }
    }
}

/// What has to happen before a write is acknowledged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// It is on the disk: an acknowledged write outlives the process, the database server and the
    /// power supply, as far as the disk keeps its word.
    #[default]
    Full,
    /// It is with the operating system, or on its way to the disk: it outlives the process; a loss
    /// of power may undo the last of what was acknowledged, never half of a commit.
    Relaxed,
}
