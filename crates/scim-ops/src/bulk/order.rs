//! In which order the operations of a job are carried out.
//!
//! That of the request, but that a creation comes before the first operation that names it.
//! Where creations name each other in a circle (RFC 7644 §3.7.1), one of them is made without
//! what it can't name yet, and completed when all of that is there.

use std::collections::{BTreeSet, HashMap};

use super::references::{bulk_id, named};
use super::request::BulkOperation;

/// One step on the way through a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Carry out this operation, without the references to what these create.
    Run { index: usize, without: Vec<usize> },
    /// Give what this operation created the references it was made without.
    Complete { index: usize },
}

/// The steps of a job: each operation is run once.
pub(super) fn steps(operations: &[BulkOperation]) -> Vec<Step> {
    let creations: HashMap<&str, usize> = operations
        .iter()
        .enumerate()
        .filter_map(|(index, operation)| Some((operation.creates()?, index)))
        .collect();
    let needs = |index: usize| -> Vec<usize> {
        let operation: &BulkOperation = &operations[index];
        let target = operation.target().and_then(bulk_id);
        let named = operation.data().map(named).unwrap_or_default();
        let names = target.into_iter().chain(named);
        names
            .filter_map(|name| creations.get(name).copied())
            .collect()
    };
    let mut walk = Walk {
        state: vec![State::Unseen; operations.len()],
        incomplete: HashMap::new(),
        waiting_for: HashMap::new(),
        steps: Vec::with_capacity(operations.len()),
    };
    for index in 0..operations.len() {
        walk.visit(index, &needs);
    }
    walk.steps
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    /// What it needs is being seen to.
    Waiting,
    Done,
}

struct Walk {
    state: Vec<State>,
    /// How many others what was run without them still waits for.
    incomplete: HashMap<usize, usize>,
    /// The same backwards: who waits for this one.
    waiting_for: HashMap<usize, Vec<usize>>,
    steps: Vec<Step>,
}

impl Walk {
    /// Depth first, with a stack of our own: a chain may be as long as the job.
    fn visit(&mut self, root: usize, needs: &impl Fn(usize) -> Vec<usize>) {
        let mut stack = Vec::new();
        self.enter(root, needs, &mut stack);
        while let Some((index, needed, without)) = stack.last_mut() {
            let index = *index;
            match needed.pop() {
                Some(next) => match self.state[next] {
                    State::Unseen => self.enter(next, needs, &mut stack),
                    State::Waiting => drop(without.insert(next)),
                    State::Done => {}
                },
                None => {
                    let without = std::mem::take(without);
                    stack.pop();
                    self.run(index, without);
                }
            }
        }
    }

    fn enter(
        &mut self,
        index: usize,
        needs: &impl Fn(usize) -> Vec<usize>,
        stack: &mut Vec<(usize, Vec<usize>, BTreeSet<usize>)>,
    ) {
        if self.state[index] == State::Unseen {
            self.state[index] = State::Waiting;
            let mut needed = needs(index);
            needed.reverse();
            stack.push((index, needed, BTreeSet::new()));
        }
    }

    fn run(&mut self, index: usize, without: BTreeSet<usize>) {
        self.state[index] = State::Done;
        if !without.is_empty() {
            self.incomplete.insert(index, without.len());
            for missing in &without {
                self.waiting_for.entry(*missing).or_default().push(index);
            }
        }
        self.steps.push(Step::Run {
            index,
            without: without.into_iter().collect(),
        });
        for waiting in self.waiting_for.remove(&index).unwrap_or_default() {
            let missing = self
                .incomplete
                .get_mut(&waiting)
                .expect("who waits for something is incomplete");
            *missing -= 1;
            if *missing == 0 {
                self.steps.push(Step::Complete { index: waiting });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::BulkAction;

    fn group(bulk_id: &str, members: &[&str]) -> BulkOperation {
        let members: Vec<_> = members
            .iter()
            .map(|member| json!({ "value": format!("bulkId:{member}") }))
            .collect();
        BulkOperation::create("Group", bulk_id, json!({ "members": members }))
    }

    fn run(index: usize) -> Step {
        let without = Vec::new();
        Step::Run { index, without }
    }

    #[test]
    fn without_forward_references_the_order_is_that_of_the_request() {
        let job = [group("a", &[]), group("b", &["a"]), group("c", &["a", "b"])];
        assert_eq!(steps(&job), [run(0), run(1), run(2)]);
    }

    #[test]
    fn a_creation_comes_before_the_first_that_names_it() {
        let delete = BulkOperation::new(
            "User",
            BulkAction::Delete {
                id: "bulkId:c".into(),
            },
        );
        let job = [
            group("a", &["b"]),
            group("b", &[]),
            delete,
            group("c", &["a"]),
        ];
        assert_eq!(steps(&job), [run(1), run(0), run(3), run(2)]);
    }

    #[test]
    fn a_circle_is_entered_once_and_completed() {
        let job = [
            group("a", &["b"]),
            group("b", &["c"]),
            group("c", &["a", "b"]),
        ];
        let without = Step::Run {
            index: 2,
            without: vec![0, 1],
        };
        assert_eq!(
            steps(&job),
            [without, run(1), run(0), Step::Complete { index: 2 }]
        );
    }

    #[test]
    fn who_names_itself_is_completed_at_once() {
        let own = Step::Run {
            index: 0,
            without: vec![0],
        };
        assert_eq!(
            steps(&[group("a", &["a"])]),
            [own, Step::Complete { index: 0 }]
        );
    }

    #[test]
    fn a_chain_may_be_as_long_as_the_job() {
        let names: Vec<String> = (0..50_000).map(|n| n.to_string()).collect();
        let mut job: Vec<_> = names.windows(2).map(|w| group(&w[0], &[&w[1]])).collect();
        job.push(group(&names[49_999], &[]));
        let steps = steps(&job);
        assert_eq!((steps.len(), &steps[0]), (50_000, &run(49_999)));
    }

    #[test]
    fn unknown_names_wait_for_nothing() {
        assert_eq!(steps(&[group("a", &["x"])]), [run(0)]);
    }
}
