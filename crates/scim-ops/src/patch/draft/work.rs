use serde_json::{Map, Value};

use crate::patch::PatchProblem;

/// How much more may be looked at.
///
/// A message of a megabyte holds twenty thousand operations, each of which may compare all
/// values of a list with a filter of thousands of terms. Nobody means that.
#[derive(Debug)]
pub(super) struct Work {
    left: usize,
}

impl Work {
    /// A second's worth or so, on any resource; enough for a few passes over a large one.
    const LEAST: usize = 50_000_000;
    const PASSES: usize = 8;

    /// For a patch of `resource`.
    pub(super) fn on(resource: &Map<String, Value>) -> Self {
        let whole: usize = resource.values().map(weight).sum();
        Self {
            left: Self::LEAST.saturating_add(whole.saturating_mul(Self::PASSES)),
        }
    }

    /// Looks at `values`, `times` over.
    pub(super) fn look(&mut self, values: &[Value], times: usize) -> Result<(), PatchProblem> {
        let all: usize = values.iter().map(weight).sum();
        self.spend(all.saturating_mul(times.max(1)))
    }

    /// Writes `value` in `times` places: one long text must not become thousands.
    pub(super) fn copy(&mut self, value: &Value, times: usize) -> Result<(), PatchProblem> {
        self.spend(octets(value).saturating_mul(times))
    }

    pub(super) fn spend(&mut self, amount: usize) -> Result<(), PatchProblem> {
        self.left = self
            .left
            .checked_sub(amount)
            .ok_or(PatchProblem::TooMuchWork)?;
        Ok(())
    }
}

/// What it takes to look at `value`, about.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len() / 16,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(weight).sum::<usize>(),
    }
}

/// How much memory `value` takes, about.
fn octets(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 16,
        Value::String(text) => 16 + text.len(),
        Value::Array(items) => 16 + items.iter().map(octets).sum::<usize>(),
        Value::Object(members) => 16 + members.values().map(octets).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_texts_weigh_more() {
        let long = json!({ "value": "x".repeat(1600) });
        assert_eq!(weight(&json!({ "value": "x" })), 2);
        assert_eq!(weight(&long), 102);
    }

    #[test]
    fn work_ends() {
        let mut work = Work::on(&Map::new());
        let values = vec![json!("x".repeat(1600)); 10];
        assert_eq!(work.look(&values, 1000), Ok(()));
        assert_eq!(work.look(&values, 100_000), Err(PatchProblem::TooMuchWork));
        let long = json!({ "value": "x".repeat(1_000_000) });
        assert_eq!(work.copy(&long, 10), Ok(()));
        assert_eq!(work.copy(&long, 100), Err(PatchProblem::TooMuchWork));
    }
}
