//! Writers that meet.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use scim_version::{ConditionalResult, ScimVersion};

use super::subject::{outcome, random_name};
use super::{Config, Failure, Subject, race};

/// How many times the counter is run: each run catches a provider that checks and
/// writes in two steps without suspending between them with high probability only.
const COUNTER_RUNS: usize = 3;

pub(super) async fn counter_on_threads(subject: &Subject, config: &Config) -> Result<(), Failure> {
    for _ in 0..COUNTER_RUNS {
        let counter = Counter::create(subject).await?;
        let (increments, racing) = (config.increments(), counter.clone());
        let racer = move |_| {
            let counter = racing.clone();
            async move { counter.increment(increments).await }
        };
        race::on_threads(subject.check(), config.racers(), racer).await?;
        counter
            .has_counted(u64::from(increments), config.racers())
            .await?;
    }
    Ok(())
}

pub(super) async fn counter_in_turn(subject: &Subject, config: &Config) -> Result<(), Failure> {
    let counter = Counter::create(subject).await?;
    // Writers that suspend at the same places always meet, so that a few are enough.
    let increments = config.increments().min(20);
    let racers = (0..config.racers()).map(|_| counter.increment(increments));
    race::in_turn(subject.check(), racers).await?;
    counter
        .has_counted(u64::from(increments), config.racers())
        .await
}

/// A number in a resource, that writers read, add one to, and write.
#[derive(Clone)]
struct Counter {
    subject: Subject,
    name: String,
    id: String,
}

impl Counter {
    async fn create(subject: &Subject) -> Result<Self, Failure> {
        let name = random_name();
        let id = subject.id(&subject.create(&name, "0").await?)?;
        Ok(Self {
            subject: subject.clone(),
            name,
            id,
        })
    }

    /// Adds one, `times` times, each until it is acknowledged.
    async fn increment(&self, times: u32) -> Result<(), Failure> {
        let subject = &self.subject;
        for _ in 0..times {
            loop {
                let current = subject.read(&self.id).await?;
                let count: u64 = self.count(&subject.text(&current)?)?;
                let data = subject
                    .sample
                    .document(&self.name, &(count + 1).to_string());
                match subject.update(&self.id, data, current.version()).await? {
                    ConditionalResult::Success(_) => break,
                    // Somebody else got through, so this ends.
                    ConditionalResult::VersionMismatch(_) => {}
                    ConditionalResult::NotFound => return subject.fail("the counter is gone"),
                }
            }
        }
        Ok(())
    }

    async fn has_counted(&self, increments: u64, racers: usize) -> Result<(), Failure> {
        let read = self.subject.read(&self.id).await?;
        let counted = self.count(&self.subject.text(&read)?)?;
        let acknowledged = increments.saturating_mul(u64::try_from(racers).unwrap_or(u64::MAX));
        self.subject.ensure(counted == acknowledged, || {
            format!("{acknowledged} increments were acknowledged, {counted} counted")
        })
    }

    fn count(&self, text: &str) -> Result<u64, Failure> {
        text.parse()
            .map_err(|_| self.subject.failure(format!("{text:?} was never written")))
    }
}

pub(super) async fn one_version_has_one_winner(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    for round in 0..config.rounds() {
        let name = random_name();
        let created = subject.create(&name, "start").await?;
        let (id, version) = (subject.id(&created)?, created.version().clone());
        let write = {
            let (subject, id) = (subject.clone(), id.clone());
            move |n: usize| {
                let (subject, name, id) = (subject.clone(), name.clone(), id.clone());
                let version = version.clone();
                async move {
                    let data = subject.sample.document(&name, &format!("writer {n}"));
                    let won = subject.update(&id, data, &version).await?;
                    Ok(won.into_success())
                }
            }
        };
        // Both ways of meeting, in turn: each finds what the other misses.
        let results = if round % 2 == 0 {
            race::on_threads(subject.check(), config.racers(), write).await?
        } else {
            race::in_turn(subject.check(), (0..config.racers()).map(write)).await?
        };
        let winners: Vec<_> = results.into_iter().flatten().collect();
        let [winner] = winners.as_slice() else {
            return subject.fail(format!(
                "{} writers of one version were told that they won",
                winners.len()
            ));
        };
        subject.ensure(subject.read(&id).await? == *winner, || {
            "what is stored is not what the winner wrote".into()
        })?;
    }
    Ok(())
}

pub(super) async fn update_or_delete(subject: &Subject, config: &Config) -> Result<(), Failure> {
    let racers = 2.max(config.racers() / 2);
    // Who deletes comes first, between and last by turns: in turn, the order decides who meets.
    let deleters = (0..racers).cycle();
    for (round, deleter) in (0..config.rounds()).zip(deleters) {
        let name = random_name();
        let created = subject.create(&name, "start").await?;
        let (id, version) = (subject.id(&created)?, created.version().clone());
        let write = {
            let (subject, id) = (subject.clone(), id.clone());
            move |n: usize| {
                let (subject, name) = (subject.clone(), name.clone());
                let (id, version): (String, ScimVersion) = (id.clone(), version.clone());
                async move {
                    if n == deleter {
                        return Ok(subject.delete(&id, &version).await?.is_success());
                    }
                    let data = subject.sample.document(&name, &format!("writer {n}"));
                    let result = subject.update(&id, data, &version).await?;
                    Ok(result.is_success())
                }
            }
        };
        let acknowledged = if round % 2 == 0 {
            race::on_threads(subject.check(), racers, write).await?
        } else {
            race::in_turn(subject.check(), (0..racers).map(write)).await?
        };
        let winners = acknowledged.iter().filter(|won| **won).count();
        subject.equal(
            "winners among an update and a delete of one version",
            winners,
            1,
        )?;
        let there = subject.get(&id).await?.is_some();
        subject.equal(
            "whether it is there after the race",
            there,
            !acknowledged[deleter],
        )?;
        if !there {
            let data = subject.sample.document(&random_name(), "back");
            let back = subject.update(&id, data, created.version()).await?;
            subject.ensure(back.is_not_found(), || {
                format!("update after a delete: {}", outcome(&back))
            })?;
        }
    }
    Ok(())
}

/// How many resources are deleted in one go: threads that have just started meet less often
/// than those that are under way.
const DELETES: usize = 32;

/// Who is told that a delete succeeded has deleted: of several deletes of one version, one.
pub(super) async fn one_delete_has_one_winner(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    for round in 0..config.rounds() {
        let mut targets = Vec::with_capacity(DELETES);
        for _ in 0..DELETES {
            let created = subject.create(&random_name(), "start").await?;
            targets.push((subject.id(&created)?, created.version().clone()));
        }
        let delete = {
            let (subject, targets) = (subject.clone(), targets.clone());
            move |_| {
                let (subject, targets) = (subject.clone(), targets.clone());
                async move {
                    let mut won = [false; DELETES];
                    for ((id, version), won) in targets.iter().zip(&mut won) {
                        *won = match subject.delete(id, version).await? {
                            ConditionalResult::Success(()) => true,
                            ConditionalResult::NotFound => false,
                            mismatch @ ConditionalResult::VersionMismatch(_) => {
                                return subject.fail(format!(
                                    "nobody updates, but a delete met another version: {}",
                                    outcome(&mismatch)
                                ));
                            }
                        };
                    }
                    Ok(won)
                }
            }
        };
        let acknowledged = if round % 2 == 0 {
            race::in_turn(subject.check(), (0..config.racers()).map(delete)).await?
        } else {
            race::on_threads(subject.check(), config.racers(), delete).await?
        };
        for (target, (id, _)) in targets.iter().enumerate() {
            let winners = acknowledged.iter().filter(|won| won[target]).count();
            subject.equal("deletes of one version that were acknowledged", winners, 1)?;
            subject.ensure(subject.get(id).await?.is_none(), || {
                "it is still read".into()
            })?;
        }
    }
    Ok(())
}

/// A resource is deleted under the hands of writers who never pause: most of them are between
/// reading and writing then, and none may bring it back.
pub(super) async fn delete_among_updates_is_final(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    let racers = 2.max(config.racers() / 2);
    for _ in 0..config.rounds() {
        let name = random_name();
        let id = subject.id(&subject.create(&name, "start").await?)?;
        let deleted = Arc::new(AtomicBool::new(false));
        let write = {
            let (subject, id) = (subject.clone(), id.clone());
            move |n: usize| {
                let (subject, name, id) = (subject.clone(), name.clone(), id.clone());
                let deleted = Arc::clone(&deleted);
                async move {
                    if n == 0 {
                        let result = delete_the_current(&subject, &id).await;
                        deleted.store(true, Ordering::SeqCst);
                        return result;
                    }
                    for turn in 0_u64.. {
                        let current = subject.get(&id).await?;
                        let Some(current) = current else { break };
                        let data = subject
                            .sample
                            .document(&name, &format!("writer {n}.{turn}"));
                        let _ = subject.update(&id, data, current.version()).await?;
                        if deleted.load(Ordering::SeqCst) {
                            break;
                        }
                    }
                    Ok(())
                }
            }
        };
        race::on_threads(subject.check(), racers, write).await?;
        subject.ensure(subject.get(&id).await?.is_none(), || {
            "an update brought a deleted resource back".into()
        })?;
    }
    Ok(())
}

/// Reads and deletes until that is acknowledged.
async fn delete_the_current(subject: &Subject, id: &str) -> Result<(), Failure> {
    loop {
        let current = subject.read(id).await?;
        match subject.delete(id, current.version()).await? {
            ConditionalResult::Success(()) => return Ok(()),
            // Somebody else got through, so this ends.
            ConditionalResult::VersionMismatch(_) => {}
            ConditionalResult::NotFound => return subject.fail("nobody else deletes it"),
        }
    }
}
