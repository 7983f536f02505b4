use std::collections::BTreeSet;
use std::sync::Arc;

/// One shared copy of each name that stands in many rows: resource types,
/// attributes, rules.
///
/// Names that no row has any more are dropped from time to time, so that a
/// store holds no more of them than twice those in use.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: BTreeSet<Arc<str>>,
    sweep_at: usize,
}

impl Names {
    const AT_LEAST: usize = 64;

    /// The shared copy of `name`.
    pub(super) fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(shared) = self.names.get(name) {
            return Arc::clone(shared);
        }
        if self.names.len() >= self.sweep_at.max(Self::AT_LEAST) {
            self.names.retain(|name| Arc::strong_count(name) > 1);
            self.sweep_at = self.names.len().saturating_mul(2);
        }
        let shared: Arc<str> = name.into();
        self.names.insert(Arc::clone(&shared));
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_one_allocation() {
        let mut names = Names::default();
        let (a, b) = (names.shared("members"), names.shared("members"));
        assert!(Arc::ptr_eq(&a, &b));
    }

    #[test]
    fn names_out_of_use_are_dropped_and_names_in_use_kept() {
        let mut names = Names::default();
        let kept = names.shared("kept");
        for n in 0..10_000 {
            names.shared(&format!("passing {n}"));
        }
        assert!(names.names.len() <= Names::AT_LEAST);
        assert!(Arc::ptr_eq(&kept, &names.shared("kept")));
    }
}
