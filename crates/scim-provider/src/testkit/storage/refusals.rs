use std::sync::Arc;

use scim_version::ScimVersion;

use super::super::Failure;
use super::space::{Draft, Space, user_name};
use super::view::View;
use crate::Storage;
use crate::storage::{Change, Commit, Refusal, Requirement, Selection, Write};

/// Of several reasons to refuse a commit, missing wins over mismatch, mismatch
/// over a failed requirement, that over a duplicate, in whatever order the
/// writes stand.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn refusals_come_in_order(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("refusals_come_in_order", storage);
    let bed = Bed::new(&space).await?;
    let before = bed.view().look(&space).await?;
    let reasons = bed.reasons("1");
    for (stronger, winner) in reasons.iter().enumerate() {
        for weaker in &reasons[stronger + 1..] {
            for order in [[winner, weaker], [weaker, winner]] {
                space
                    .refused("of two reasons", commit(order), winner.refusal.clone())
                    .await?;
            }
        }
    }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let all = commit(order.map(|reason| &reasons[reason]));
        space
            .refused("of all four reasons", all, reasons[0].refusal.clone())
            .await?;
    }

    // Two reasons in one write.
    let draft = Draft::of("").unique(user_name("taken 1"));
    let create = Commit::of(draft.create(&bed.there, space.stamp()));
    let there = bed.mismatch(&bed.there);
    space
        .refused(
            "a create of what is there, with a key that is taken",
            create,
            there.clone(),
        )
        .await?;
    let update = Write::update(
        bed.there.clone(),
        bed.stale.clone(),
        draft.change(space.stamp()),
    );
    space
        .refused(
            "a stale update with a key that is taken",
            Commit::of(update),
            there,
        )
        .await?;
    bed.view()
        .unchanged(&space, "after refused commits", &before)
        .await
}

/// Of several reasons of one kind, the one that comes first in the commit is
/// told.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn the_first_of_a_kind_is_refused(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("the_first_of_a_kind_is_refused", storage);
    let bed = Bed::new(&space).await?;
    // Named so that the first is once the lesser and once the greater key.
    for (one, other) in bed.reasons("1").iter().zip(&bed.reasons("2")) {
        for [first, second] in [[one, other], [other, one]] {
            let both = commit([first, second]);
            space
                .refused("of two reasons of a kind", both, first.refusal.clone())
                .await?;
        }
    }
    // Two keys of one write.
    for [first, second] in [["taken 1", "taken 2"], ["taken 2", "taken 1"]] {
        let draft = Draft::of("")
            .unique(user_name(first))
            .unique(user_name(second));
        let create = Commit::of(draft.create(&space.key("User", "new"), space.stamp()));
        let holder = space.key("User", &first.replace("taken", "holder"));
        let refusal = Refusal::Duplicate {
            unique_key: user_name(first),
            holder,
        };
        space
            .refused("of two keys that are taken", create, refusal)
            .await?;
    }
    Ok(())
}

/// A write or requirement that can't be, and what it is refused with.
struct Reason {
    write: Option<Write>,
    requirement: Option<Requirement>,
    refusal: Refusal,
}

fn commit<'a>(reasons: impl IntoIterator<Item = &'a Reason>) -> Commit {
    let (mut writes, mut requirements) = (Vec::new(), Vec::new());
    for reason in reasons {
        writes.extend(reason.write.clone());
        requirements.extend(reason.requirement.clone());
    }
    Commit {
        writes,
        requirements,
        retention: None,
    }
}

/// Records to refuse commits over.
struct Bed {
    space: Space,
    there: crate::storage::ResourceKey,
    current: Vec<(crate::storage::ResourceKey, ScimVersion)>,
    stale: ScimVersion,
}

impl Bed {
    async fn new(space: &Space) -> Result<Self, Failure> {
        let stale = space.stamp().version;
        let mut current = Vec::new();
        for n in ["1", "2"] {
            let holder = space.key("User", &format!("holder {n}"));
            let draft = Draft::of("").unique(user_name(&format!("taken {n}")));
            space.create(&holder, draft).await?;
            let there = space.key("User", &format!("there {n}"));
            let version = space.create(&there, Draft::of("")).await?.stamp.version;
            current.push((there, version));
        }
        Ok(Self {
            space: space.clone(),
            there: current[0].0.clone(),
            current,
            stale,
        })
    }

    /// One of each kind, the strongest first.
    fn reasons(&self, n: &str) -> [Reason; 4] {
        let key = |name: &str| self.space.key("User", &format!("{name} {n}"));
        let missing = Reason {
            write: Some(Write::delete(key("absent"), self.stale.clone())),
            requirement: None,
            refusal: Refusal::Missing { key: key("absent") },
        };
        let there = key("there");
        let change = Change::new(self.space.stamp());
        let mismatch = Reason {
            write: Some(Write::update(there.clone(), self.stale.clone(), change)),
            requirement: None,
            refusal: self.mismatch(&there),
        };
        let requirement = Requirement::Exists(key("nobody"));
        let required = Reason {
            write: None,
            requirement: Some(requirement.clone()),
            refusal: Refusal::RequirementFailed { requirement },
        };
        let unique_key = user_name(&format!("taken {n}"));
        let draft = Draft::of("").unique(unique_key.clone());
        let duplicate = Reason {
            write: Some(draft.create(&key("new"), self.space.stamp())),
            requirement: None,
            refusal: Refusal::Duplicate {
                unique_key,
                holder: key("holder"),
            },
        };
        [missing, mismatch, required, duplicate]
    }

    fn mismatch(&self, key: &crate::storage::ResourceKey) -> Refusal {
        let current = self.current.iter().find(|(there, _)| there == key);
        let (key, current) = current.expect("a record of the bed").clone();
        Refusal::Mismatch { key, current }
    }

    fn view(&self) -> View {
        View::of(&["User"]).and("User", Selection::Unique(user_name("taken 1")))
    }
}
