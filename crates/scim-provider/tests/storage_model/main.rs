//! The store in memory does what the contract says, by comparison with a model
//! that takes the contract literally: it writes to a copy, looks at the state
//! that this leaves, and throws the copy away if something is wrong with it.

mod model;
mod plans;
mod questions;

use proptest::collection::vec;
use proptest::prelude::*;
use scim_provider::storage::{CommitOutcome, Refusal};
use scim_provider::{InMemoryStorage, Storage};

use self::model::{Model, stored};
use self::plans::{commit, plan};
use self::questions::{link_selections, queries};

/// The holder that a refusal names where two writes of one commit claim a key is
/// not settled; all else is.
fn same(found: &CommitOutcome, wanted: &CommitOutcome) -> bool {
    match (found, wanted) {
        (
            CommitOutcome::Refused(Refusal::Duplicate {
                unique_key: found, ..
            }),
            CommitOutcome::Refused(Refusal::Duplicate {
                unique_key: wanted, ..
            }),
        ) => found == wanted,
        (found, wanted) => found == wanted,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn commits_do_what_the_contract_says(plans in vec(plan(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (storage, mut model, mut revisions) = (InMemoryStorage::new(), Model::default(), 0);
            for plan in plans {
                let commit = commit(&model, plan, &mut revisions);
                let wanted = model.commit(&commit);
                let found = storage.commit(commit.clone()).await.unwrap();
                prop_assert!(same(&found, &wanted), "{found:?}, not {wanted:?}: {commit:?}");
                for query in queries() {
                    let found = storage.query(&query).await.unwrap();
                    prop_assert_eq!(found, model.query(&query), "{:?} after {:?}", query, commit);
                }
                for (key, record) in &model.0 {
                    for links in link_selections() {
                        let found = storage.get(key, &links).await.unwrap();
                        prop_assert_eq!(found, Some(stored(key, record, &links)), "{:?}", links);
                    }
                }
            }
            Ok(())
        })?;
    }
}
