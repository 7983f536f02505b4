use std::fmt;

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// How many writes were acknowledged.
    pub(crate) acknowledged: u64,
    /// How many nobody was told the outcome of.
    pub(crate) unknown: u64,
    /// How many of those had been done.
    pub(crate) done: u64,
    /// How many were answered by "nothing was changed".
    pub(crate) not_done: u64,
    /// What is not as was acknowledged.
    pub(crate) lost: Vec<String>,
    pub(crate) restarts: usize,
}

impl Report {
    /// Adds what another client saw.
    pub(crate) fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.unknown += other.unknown;
        self.done += other.done;
        self.not_done += other.not_done;
        self.lost.extend(other.lost);
        self.restarts += other.restarts;
    }

    pub(crate) fn shows_no_loss(&self, what: &str) {
        println!("{what}: {self}");
        assert!(self.lost.is_empty(), "{:#?}", self.lost);
        assert_eq!(self.restarts, crate::KILLS);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} acknowledged, {} lost, {} restarts ({} outcomes unknown, of which {} had been done; {} not done)",
            self.acknowledged,
            self.lost.len(),
            self.restarts,
            self.unknown,
            self.done,
            self.not_done
        )
    }
}
