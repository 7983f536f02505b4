//! Names of which there must not be two.

use std::collections::HashMap;

use serde_json::Value;

use super::subject::random_name;
use super::{Config, Failure, Subject, race};
use crate::{ListQuery, ProviderError, ProviderErrorKind};

pub(super) async fn taken_name_is_refused(subject: &Subject) -> Result<(), Failure> {
    let (name, other) = (random_name(), random_name());
    let first = subject.create(&name, "first").await?;
    for taken in [name.clone(), name.to_uppercase()] {
        let created = subject
            .try_create(subject.sample.document(&taken, "second"))
            .await;
        if won(subject, created)?.is_some() {
            return subject.fail(format!("{taken} was created beside {name}"));
        }
    }
    let second = subject.create(&other, "second").await?;
    let id = subject.id(&second)?;
    let renamed = subject
        .try_update(
            &id,
            subject.sample.document(&name, "second"),
            second.version(),
        )
        .await;
    if won(subject, renamed)?.is_some() {
        return subject.fail(format!("{other} was renamed to {name}, which is taken"));
    }
    subject.ensure(subject.read(&id).await? == second, || {
        "a refused rename left something behind".into()
    })?;
    // A name is free again with its resource.
    let deleted = subject
        .delete(&subject.id(&first)?, first.version())
        .await?;
    subject.ensure(deleted.is_success(), || {
        "the first could not be deleted".into()
    })?;
    subject.create(&name, "third").await?;
    Ok(())
}

/// How many names are raced for in one go: threads that have just started meet less often than
/// those that are under way.
const NAMES: usize = 8;

pub(super) async fn racing_creates_have_one_winner(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    for round in 0..config.rounds() {
        let names: Vec<String> = (0..NAMES).map(|_| random_name()).collect();
        let create = {
            let subject = subject.clone();
            move |n: usize| {
                let (subject, names) = (subject.clone(), names.clone());
                async move {
                    let mut won_names = [false; NAMES];
                    for (name, won_name) in names.iter().zip(&mut won_names) {
                        let data = subject.sample.document(name, &format!("racer {n}"));
                        *won_name = won(&subject, subject.try_create(data).await)?.is_some();
                    }
                    Ok(won_names)
                }
            }
        };
        let results = race(subject, config, round, create).await?;
        for name in 0..NAMES {
            let winners = results.iter().filter(|won_names| won_names[name]).count();
            subject.equal("creates of one name that were acknowledged", winners, 1)?;
        }
    }
    Ok(())
}

pub(super) async fn racing_renames_have_one_winner(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    for round in 0..config.rounds() {
        let name = random_name();
        let mut targets = Vec::new();
        for n in 0..config.racers() {
            targets.push(
                subject
                    .create(&random_name(), &format!("racer {n}"))
                    .await?,
            );
        }
        let rename = {
            let subject = subject.clone();
            move |n: usize| {
                let (subject, name, target) = (subject.clone(), name.clone(), targets[n].clone());
                async move {
                    let id = subject.id(&target)?;
                    let data = subject.sample.document(&name, &format!("racer {n}"));
                    won(
                        &subject,
                        subject.try_update(&id, data, target.version()).await,
                    )
                }
            }
        };
        let results = race(subject, config, round, rename).await?;
        let winners = results.iter().flatten().count();
        subject.equal("renames to one name that were acknowledged", winners, 1)?;
    }
    Ok(())
}

/// Racers create, rename and delete under few names; whatever came of it, no name is
/// there twice.
pub(super) async fn name_stays_free_of_duplicates(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    let names: Vec<String> = (0..3).map(|_| random_name()).collect();
    for round in 0..config.rounds() {
        let churn = {
            let (subject, names) = (subject.clone(), names.clone());
            move |n: usize| {
                let (subject, names) = (subject.clone(), names.clone());
                async move {
                    let name = |k: usize| &names[(n + k) % names.len()];
                    let created = subject
                        .try_create(subject.sample.document(name(0), "x"))
                        .await;
                    let Some(created) = won(&subject, created)? else {
                        return Ok(());
                    };
                    let id = subject.id(&created)?;
                    let data = subject.sample.document(name(1), "y");
                    let renamed = subject.try_update(&id, data, created.version()).await;
                    let renamed = won(&subject, renamed)?.and_then(|result| result.into_success());
                    let version = renamed.as_ref().unwrap_or(&created).version();
                    // Every second one stays, for the others to meet.
                    if n.is_multiple_of(2) {
                        let _ = subject.delete(&id, version).await?;
                    }
                    Ok(())
                }
            }
        };
        race(subject, config, round, churn).await?;
        let page = subject.list(&ListQuery::new()).await?;
        let unique = subject.sample.unique().expect("checked by run_all");
        let mut holders = HashMap::<String, usize>::new();
        for resource in &page.items {
            let name = resource
                .resource()
                .attribute(unique)
                .and_then(Value::as_str);
            *holders
                .entry(name.unwrap_or_default().to_lowercase())
                .or_default() += 1;
        }
        if let Some((name, count)) = holders.iter().find(|(_, count)| **count > 1) {
            return subject.fail(format!("{count} resources have the name {name}"));
        }
        for resource in page.items {
            let _ = subject
                .delete(&subject.id(&resource)?, resource.version())
                .await?;
        }
    }
    Ok(())
}

/// On threads and in turn: each finds what the other misses.
async fn race<T, F, Fut>(
    subject: &Subject,
    config: &Config,
    round: u32,
    racer: F,
) -> Result<Vec<T>, Failure>
where
    T: Send + 'static,
    F: Fn(usize) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Failure>>,
{
    if round.is_multiple_of(2) {
        race::on_threads(subject.check(), config.racers(), racer).await
    } else {
        race::in_turn(subject.check(), (0..config.racers()).map(racer)).await
    }
}

/// What was written, or `None` if the name was taken.
pub(super) fn won<T>(
    subject: &Subject,
    result: Result<T, ProviderError>,
) -> Result<Option<T>, Failure> {
    match result {
        Ok(written) => Ok(Some(written)),
        Err(error) if error.kind() == ProviderErrorKind::Duplicate => Ok(None),
        Err(error) => Err(subject.broken("a write under a taken name", &error)),
    }
}
