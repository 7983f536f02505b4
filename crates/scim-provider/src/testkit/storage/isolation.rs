use std::sync::Arc;

use uuid::Uuid;

use super::super::Failure;
use super::space::{Draft, Space, ids, member, modified, title, unreferenced, user_name};
use crate::storage::{Change, Commit, Refusal, Requirement, Selection, Write};
use crate::{Scope, Storage};

/// The same keys, unique keys, index entries and links in several scopes know
/// nothing of each other, whatever their tenants are called.
///
/// Writes to [`Scope::Single`], too: under random names, which it removes when it
/// passes.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn scopes_do_not_touch(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let any = Space::new("scopes_do_not_touch", storage);
    let name = Uuid::new_v4().to_string();
    let tenants = ["a", "A", "a ", "a%", "á"].map(|end| format!("{name}{end}"));
    let scopes = tenants
        .iter()
        .map(|tenant| Scope::Tenant(tenant.parse().expect("a legal name for a tenant")))
        .chain([Scope::Single]);
    let spaces: Vec<Space> = scopes.map(|scope| any.within(scope)).collect();

    let draft = |n: usize| {
        Draft::of(&n.to_string())
            .unique(user_name(&name))
            .indexed(title(&name))
            .linked(member(&name))
    };
    let selections = || {
        [
            Selection::Unique(user_name(&name)),
            Selection::Indexed(title(&name)),
            Selection::Linked(vec![member(&name).key]),
            Selection::Linked(vec![member(&name).key, member("x").key]),
            ids(&[&name]),
        ]
    };
    let mut records = Vec::new();
    for (n, space) in spaces.iter().enumerate() {
        let key = space.key("User", &name);
        for space in &spaces[n..] {
            space
                .absent(
                    "a record that only other scopes have",
                    &space.key("User", &name),
                )
                .await?;
            for selection in selections() {
                space.selects("User", selection, &[]).await?;
            }
        }
        records.push(space.create(&key, draft(n)).await?);
    }

    // Written, read and deleted without a trace elsewhere.
    for n in 0..spaces.len() {
        let stamp = spaces[n].stamp();
        let key = records[n].key.clone();
        let version = records[n].stamp.version.clone();
        let change = Change::new(stamp.clone());
        spaces[n]
            .applied(Commit::of(Write::update(key, version, change)))
            .await?;
        records[n].stamp = stamp;
        all_read(&spaces, &records).await?;
    }
    while let Some(record) = records.pop() {
        let space = &spaces[records.len()];
        space
            .applied(Commit::of(Write::delete(record.key, record.stamp.version)))
            .await?;
        for selection in selections() {
            space.selects("User", selection, &[]).await?;
        }
        all_read(&spaces, &records).await?;
    }
    Ok(())
}

/// What a commit requires is judged by its own scope alone.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn requirements_stay_within_their_scope(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    const CHECK: &str = "requirements_stay_within_their_scope";
    let (one, other) = (Space::new(CHECK, storage), Space::new(CHECK, storage));
    let there = one.create(&one.key("User", "there"), Draft::of("")).await?;
    one.create(
        &one.key("Group", "g"),
        Draft::of("").linked(member("target")),
    )
    .await?;
    other
        .create(
            &other.key("Group", "g"),
            Draft::of("").linked(member("elsewhere")),
        )
        .await?;

    let create = || Draft::of("").create(&other.key("User", "new"), other.stamp());
    let requirement = Requirement::Exists(other.key("User", there.key.id().as_str()));
    let refusal = Refusal::RequirementFailed {
        requirement: requirement.clone(),
    };
    let commit = Commit::of(create()).requiring(requirement);
    other
        .refused(
            "a commit that requires a record of another scope",
            commit,
            refusal,
        )
        .await?;
    let lonely = unreferenced(other.key("User", "target"));
    other
        .applied(Commit::of(create()).requiring(lonely))
        .await?;
    one.reads("a record that another scope required", &there)
        .await
}

async fn all_read(spaces: &[Space], records: &[crate::storage::Stored]) -> Result<(), Failure> {
    for (space, record) in spaces.iter().zip(records) {
        space
            .reads("a record after writes in other scopes", record)
            .await?;
        let page = space
            .select(
                "User",
                Selection::Unique(user_name(record.key.id().as_str())),
            )
            .await?;
        space.same(
            "a page after writes in other scopes",
            &page.records,
            &vec![record.clone()],
        )?;
        // `Single` may have other records; a tenant of this check has not.
        if matches!(space.scope(), Scope::Tenant(_)) {
            for selection in [Selection::All, modified(None, None)] {
                let page = space.select("User", selection).await?;
                space.same("the total of one scope", &page.total, &1)?;
            }
        }
    }
    Ok(())
}
