/// The same thing as it was, as we want it and as the other has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Three<T> {
    pub(super) base: T,
    pub(super) local: T,
    pub(super) remote: T,
}

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Base,
    Local,
    Remote,
}

impl<T> Three<T> {
    pub(super) fn map<U>(self, mut change: impl FnMut(T) -> U) -> Three<U> {
        Three {
            base: change(self.base),
            local: change(self.local),
            remote: change(self.remote),
        }
    }

    pub(super) const fn each(&self) -> [&T; 3] {
        [&self.base, &self.local, &self.remote]
    }

    pub(super) fn take(self, side: Side) -> T {
        match side {
            Side::Base => self.base,
            Side::Local => self.local,
            Side::Remote => self.remote,
        }
    }
}

impl<T: Copy> Three<Option<T>> {
    /// Whose state both can live with: what only one has changed is as it wants it, and what both
    /// have changed has to say the same. `None` is a conflict.
    pub(super) fn judge(self, same: impl Fn(T, T) -> bool) -> Option<Side> {
        let same = |a: Option<T>, b: Option<T>| match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        };
        if same(self.base, self.local) || same(self.local, self.remote) {
            Some(Side::Remote)
        } else if same(self.base, self.remote) {
            Some(Side::Local)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(base: Option<u8>, local: Option<u8>, remote: Option<u8>) -> Option<Side> {
        let three = Three {
            base,
            local,
            remote,
        };
        three.judge(|a, b| a == b)
    }

    #[test]
    fn who_changed_something_gets_it() {
        assert_eq!(judge(Some(1), Some(1), Some(2)), Some(Side::Remote));
        assert_eq!(judge(Some(1), Some(2), Some(1)), Some(Side::Local));
        assert_eq!(judge(None, Some(1), None), Some(Side::Local));
        assert_eq!(judge(Some(1), Some(1), None), Some(Side::Remote));
        assert_eq!(judge(Some(1), Some(2), Some(2)), Some(Side::Remote));
    }

    #[test]
    fn two_changes_that_differ_are_a_conflict() {
        assert_eq!(judge(Some(1), Some(2), Some(3)), None);
        assert_eq!(judge(None, Some(2), Some(3)), None);
        assert_eq!(judge(Some(1), None, Some(3)), None);
    }
}
