use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::super::race::{in_turn, on_threads};
use super::super::{Config, Failure};
use super::space::{Draft, Space, title, u64_of};
use crate::Storage;
use crate::storage::{
    Commit, CommitOutcome, Query, Refusal, ResourceKey, Selection, Stored, Write,
};

/// A counter that several threads read, add one to and write, again when another
/// was faster, has counted every acknowledged increment.
///
/// Run three times: it is the best of the races at finding a store that compares
/// and writes in two steps, and misses one now and then.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn counter_on_threads_loses_nothing(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "counter_on_threads_loses_nothing";
    let (racers, increments) = (config.racers(), u64::from(config.increments()));
    for _ in 0..3 {
        let counter = Counter::new(&Space::new(CHECK, storage)).await?;
        let racing = counter.clone();
        let most = u64_of(racers) * increments;
        on_threads(CHECK, racers, move |_| {
            let counter = racing.clone();
            async move { counter.add(increments, most).await }
        })
        .await?;
        counter.is(most).await?;
    }
    Ok(())
}

/// The same with increments that one task drives in turn, so that they meet at
/// every suspension point of the store.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn counter_in_turn_loses_nothing(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "counter_in_turn_loses_nothing";
    let (racers, increments) = (config.racers(), u64::from(config.increments().min(20)));
    let counter = Counter::new(&Space::new(CHECK, storage)).await?;
    let most = u64_of(racers) * increments;
    in_turn(CHECK, (0..racers).map(|_| counter.add(increments, most))).await?;
    counter.is(most).await
}

/// While commits move an amount between two records and let a third come and go,
/// every page shows the same sum, and as many records as its total says.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn pages_show_one_state(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "pages_show_one_state";
    let racers = config.racers();
    let transfers = Transfers::new(&Space::new(CHECK, storage)).await?;
    in_turn(
        CHECK,
        (0..racers).map(|n| transfers.run_or_look(n == 0, 20)),
    )
    .await?;

    let transfers = Transfers::new(&Space::new(CHECK, storage)).await?;
    let turns = config.rounds().saturating_mul(10);
    let writing = Arc::new(AtomicBool::new(true));
    on_threads(CHECK, racers, move |n| {
        let (transfers, writing) = (transfers.clone(), Arc::clone(&writing));
        async move {
            if n == 0 {
                let _done = Done(writing);
                return transfers.run_or_look(true, turns).await;
            }
            while writing.load(Ordering::SeqCst) {
                transfers.look().await?;
                std::thread::yield_now();
            }
            Ok(())
        }
    })
    .await?;
    Ok(())
}

/// Who reads after a commit was acknowledged, on whichever thread, sees it or a
/// later one.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn reads_are_current(storage: &Arc<dyn Storage>, config: &Config) -> Result<(), Failure> {
    const CHECK: &str = "reads_are_current";
    let space = Space::new(CHECK, storage);
    let counter = Counter::new(&space).await?;
    let turns = config.rounds().saturating_mul(10);
    let (writing, acknowledged) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
    on_threads(CHECK, config.racers(), move |n| {
        let counter = counter.clone();
        let (writing, acknowledged) = (Arc::clone(&writing), Arc::clone(&acknowledged));
        async move {
            if n == 0 {
                let _done = Done(writing);
                for turn in 1..=u64::from(turns) {
                    counter.add(1, 0).await?;
                    acknowledged.store(turn, Ordering::SeqCst);
                    counter.is(turn).await?;
                    give_way(turn);
                }
                return Ok(());
            }
            while writing.load(Ordering::SeqCst) {
                counter
                    .at_least(acknowledged.load(Ordering::SeqCst))
                    .await?;
            }
            Ok(())
        }
    })
    .await?;
    Ok(())
}

/// Lets the readers of a race look after every few turns of its writer: where
/// there are fewer cores than racers, all turns might pass before their first look.
fn give_way(turn: u64) {
    if turn.is_multiple_of(8) {
        std::thread::yield_now();
    }
}

/// Tells the readers of a race that its writer is done, even if by a panic.
struct Done(Arc<AtomicBool>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// A record whose document is a number.
#[derive(Clone)]
struct Counter {
    space: Space,
    key: ResourceKey,
}

impl Counter {
    async fn new(space: &Space) -> Result<Self, Failure> {
        let key = space.key("Counter", "c");
        space.create(&key, number(0)).await?;
        Ok(Self {
            space: space.clone(),
            key,
        })
    }

    async fn read(&self) -> Result<(Stored, u64), Failure> {
        let record = self.space.get(&self.key).await?;
        let record = record.ok_or_else(|| self.space.failure("the counter is gone"))?;
        let count = number_of(&self.space, &record)?;
        Ok((record, count))
    }

    /// Adds one so many times; gives up after `most` refusals of one increment,
    /// since each means that another came through.
    async fn add(&self, increments: u64, most: u64) -> Result<(), Failure> {
        for _ in 0..increments {
            let mut refusals = 0;
            loop {
                let (record, count) = self.read().await?;
                let change = number(count + 1).change(self.space.stamp());
                let write = Write::update(self.key.clone(), record.stamp.version, change);
                match self.space.commit(Commit::of(write)).await? {
                    CommitOutcome::Applied => break,
                    CommitOutcome::Refused(Refusal::Mismatch { .. }) if refusals < most => {
                        refusals += 1;
                    }
                    outcome @ CommitOutcome::Refused(_) => {
                        let detail =
                            format!("after {refusals} refusals of an increment: {outcome:?}");
                        return Err(self.space.failure(detail));
                    }
                }
            }
        }
        Ok(())
    }

    async fn is(&self, acknowledged: u64) -> Result<(), Failure> {
        let (_, counted) = self.read().await?;
        self.space.same(
            "increments counted, of those acknowledged",
            &counted,
            &acknowledged,
        )
    }

    async fn at_least(&self, floor: u64) -> Result<(), Failure> {
        let (_, read) = self.read().await?;
        let page = self.space.select("Counter", Selection::All).await?;
        let paged = match page.records.as_slice() {
            [record] => number_of(&self.space, record)?,
            records => return Err(self.space.failure(format!("not one counter: {records:?}"))),
        };
        self.space.holds(
            &format!("read {read} and {paged} on a page after {floor} was acknowledged"),
            read >= floor && paged >= read,
        )
    }
}

/// Records `a` and `z`, between which an amount moves, and those between them.
#[derive(Clone)]
struct Transfers {
    space: Space,
}

impl Transfers {
    const BETWEEN: [&str; 6] = ["b", "c", "d", "w", "x", "y"];
    const SUM: u64 = 1_000;

    async fn new(space: &Space) -> Result<Self, Failure> {
        space
            .create(
                &space.key("Account", "a"),
                number(Self::SUM).indexed(title("t")),
            )
            .await?;
        space
            .create(&space.key("Account", "z"), number(0).indexed(title("t")))
            .await?;
        for id in Self::BETWEEN {
            space
                .create(&space.key("Account", id), number(0).indexed(title("t")))
                .await?;
        }
        Ok(Self {
            space: space.clone(),
        })
    }

    async fn run_or_look(&self, run: bool, turns: u32) -> Result<(), Failure> {
        if run {
            return self.run(turns).await;
        }
        for _ in 0..turns {
            self.look().await?;
        }
        Ok(())
    }

    async fn run(&self, turns: u32) -> Result<(), Failure> {
        let [a, z, guest] = ["a", "z", "m"].map(|id| self.space.key("Account", id));
        let mut versions = [self.version(&a).await?, self.version(&z).await?];
        let mut guest_version = None;
        for turn in 0..turns {
            // To and fro, so that no amount runs dry.
            let amount = if turn % 2 == 0 {
                [Self::SUM - 7, 7]
            } else {
                [Self::SUM, 0]
            };
            let stamps = [self.space.stamp(), self.space.stamp()];
            let next = stamps.clone().map(|stamp| stamp.version);
            let mut commit = Commit {
                writes: Vec::new(),
                requirements: Vec::new(),
                retention: None,
            };
            for (n, (key, stamp)) in [&a, &z].into_iter().zip(stamps).enumerate() {
                let change = number(amount[n]).indexed(title("t")).change(stamp);
                commit
                    .writes
                    .push(Write::update(key.clone(), versions[n].clone(), change));
            }
            commit.writes.push(match guest_version.take() {
                Some(version) => Write::delete(guest.clone(), version),
                None => {
                    let stamp = self.space.stamp();
                    guest_version = Some(stamp.version.clone());
                    number(0).indexed(title("t")).create(&guest, stamp)
                }
            });
            self.space.applied(commit).await?;
            versions = next;
            give_way(turn.into());
        }
        Ok(())
    }

    async fn version(&self, key: &ResourceKey) -> Result<scim_version::ScimVersion, Failure> {
        let record = self.space.get(key).await?;
        let record = record.ok_or_else(|| self.space.failure(format!("{key} is gone")))?;
        Ok(record.stamp.version)
    }

    async fn look(&self) -> Result<(), Failure> {
        for selection in [Selection::All, Selection::Indexed(title("t"))] {
            let query = Query::new(self.space.scope().clone(), "Account", 100);
            let page = self.space.page(&query.selecting(selection)).await?;
            self.space.same(
                "records of a page, by its total",
                &u64_of(page.records.len()),
                &page.total,
            )?;
            let mut sum = 0;
            for record in &page.records {
                sum += number_of(&self.space, record)?;
            }
            self.space.same("the sum on a page", &sum, &Self::SUM)?;
        }
        Ok(())
    }
}

fn number(number: u64) -> Draft {
    Draft::of_document(format!(r#"{{"number":{number}}}"#))
}

fn number_of(space: &Space, record: &Stored) -> Result<u64, Failure> {
    serde_json::from_slice::<serde_json::Value>(&record.document)
        .ok()
        .and_then(|document| document["number"].as_u64())
        .ok_or_else(|| space.failure("a document is not what was written"))
}
