//! Pages of a collection.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::yield_now;

use super::subject::random_name;
use super::{Config, Failure, Subject, race};
use crate::ListQuery;

pub(super) async fn pages_cover_all_in_order(subject: &Subject) -> Result<(), Failure> {
    const ALL: usize = 7;
    let mut created = Vec::new();
    for n in 0..ALL {
        created.push(subject.create(&random_name(), &n.to_string()).await?);
    }
    let listed = subject.list_all().await?;
    subject.ensure(created.iter().all(|one| listed.contains(one)), || {
        "the list shows something else than what was created".into()
    })?;
    if !subject.sample.is_tenanted() {
        // Others may have left resources in the one tenant there is.
        return Ok(());
    }
    let whole = subject.list(&ListQuery::new()).await?;
    subject.equal("totalResults", whole.total, 7)?;
    subject.equal("resources on one page", whole.items.len(), ALL)?;
    for item in &whole.items {
        let read = subject.read(&subject.id(item)?).await?;
        subject.ensure(read == *item, || {
            "the list shows something else than a read".into()
        })?;
    }
    let mut paged = Vec::new();
    for start in [1, 4, 7, 8, u64::MAX] {
        let page = subject
            .list(&ListQuery::new().with_start_index(start).with_count(3))
            .await?;
        subject.equal("totalResults of a page", page.total, 7)?;
        subject.equal("startIndex of a page", page.start_index, Some(start))?;
        paged.extend(page.items);
    }
    subject.ensure(paged == whole.items, || {
        "pages don't add up to the whole".into()
    })?;
    let none = subject.list(&ListQuery::new().with_count(0)).await?;
    subject.equal(
        "totalResults of count=0",
        (none.total, none.items.len()),
        (7, 0),
    )
}

/// How many times the baton is passed in a round of the configuration: pages that are assembled
/// in two reads differ from one state only if a write falls between the two.
const PASSES: u32 = 20;

/// A writer creates the next resource before it deletes the last: at every moment at
/// least one of its own is there, and at most two.
pub(super) async fn page_is_one_state(subject: &Subject, config: &Config) -> Result<(), Failure> {
    if !subject.sample.is_tenanted() {
        return Ok(());
    }
    subject.create(&random_name(), "baton").await?;
    let racer = |passes: u32| {
        let (subject, done) = (subject.clone(), Arc::new(AtomicBool::new(false)));
        move |n: usize| {
            let (subject, done) = (subject.clone(), Arc::clone(&done));
            async move {
                if n == 0 {
                    let passed = pass_the_baton(&subject, passes).await;
                    done.store(true, Ordering::SeqCst);
                    return passed;
                }
                while !done.load(Ordering::SeqCst) {
                    one_or_two_are_there(&subject).await?;
                    yield_now().await;
                }
                Ok(())
            }
        }
    };
    let passes = config.rounds().saturating_mul(PASSES);
    race::on_threads(subject.check(), 3, racer(passes)).await?;
    // Whoever suspends between two reads meets the writer within a few steps.
    race::in_turn(subject.check(), (0..3).map(racer(config.rounds()))).await?;
    Ok(())
}

async fn pass_the_baton(subject: &Subject, passes: u32) -> Result<(), Failure> {
    for _ in 0..passes {
        let before = subject.list(&ListQuery::new()).await?;
        subject.create(&random_name(), "baton").await?;
        yield_now().await;
        for last in before.items {
            let deleted = subject.delete(&subject.id(&last)?, last.version()).await?;
            subject.ensure(deleted.is_success(), || {
                "the only writer lost a race".into()
            })?;
        }
        yield_now().await;
    }
    Ok(())
}

async fn one_or_two_are_there(subject: &Subject) -> Result<(), Failure> {
    let page = subject.list(&ListQuery::new()).await?;
    let ids = page
        .items
        .iter()
        .map(|item| subject.id(item))
        .collect::<Result<HashSet<_>, _>>()?;
    subject.equal("different resources on a page", ids.len(), page.items.len())?;
    let items = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    subject.equal(
        "resources on the only page, by its totalResults",
        items,
        page.total,
    )?;
    subject.ensure((1..=2).contains(&items), || {
        format!("a page shows {items} of the one or two resources that are there at any moment")
    })
}
