//! The operations of the provider in memory, with 1, 1,000 and 100,000 users in it.

use std::cell::RefCell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main,
    measurement::WallTime,
};
use scim_benches::document::{numbered_user, retitle};
use scim_benches::ours::Ours;
use scim_benches::shared::comparison::Subject;
use tokio::runtime::{Builder, Runtime};

fn operations(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    for users in [1, 1_000, 100_000] {
        let ours = Ours::default();
        let ids = runtime.block_on(ours.seed(users));
        // One in the middle, so that neither end of the maps is favoured.
        let at = Bench {
            runtime: &runtime,
            users,
            ours: &ours,
            id: &ids[users / 2],
        };
        at.get(&mut criterion.benchmark_group("get"));
        at.update(
            &mut criterion.benchmark_group("unconditional update"),
            false,
        );
        at.update(&mut criterion.benchmark_group("conditional update"), true);
        if users >= 100_000 {
            at.page(&mut criterion.benchmark_group("page of 100"));
        }
        at.create(&mut criterion.benchmark_group("create"));
    }
}

struct Bench<'a> {
    runtime: &'a Runtime,
    users: usize,
    ours: &'a Ours,
    id: &'a str,
}

impl Bench<'_> {
    fn get(&self, group: &mut BenchmarkGroup<'_, WallTime>) {
        group.bench_function(BenchmarkId::from_parameter(self.users), |b| {
            b.to_async(self.runtime).iter(|| self.ours.get(self.id));
        });
    }

    /// Every write changes something, and a conditional one names the version that the one before left.
    fn update(&self, group: &mut BenchmarkGroup<'_, WallTime>, conditional: bool) {
        let mut count = 0;
        let found = self.runtime.block_on(self.ours.get(self.id));
        let version = RefCell::new(found.version().clone());
        group.bench_function(BenchmarkId::from_parameter(self.users), |b| {
            b.to_async(self.runtime).iter_batched(
                || {
                    count += 1;
                    let mut user = numbered_user(self.users / 2);
                    retitle(&mut user, count);
                    user
                },
                async |user| {
                    if conditional {
                        let expected = version.borrow().clone();
                        let updated = self.ours.update(self.id, user, &expected).await;
                        version.replace(updated.expect("nobody else writes"));
                    } else {
                        black_box(self.ours.update_unconditionally(self.id, user).await);
                    }
                },
                BatchSize::SmallInput,
            );
        });
    }

    fn page(&self, group: &mut BenchmarkGroup<'_, WallTime>) {
        group.bench_function(BenchmarkId::from_parameter(self.users), |b| {
            b.to_async(self.runtime).iter(|| self.ours.page(100));
        });
    }

    /// What is created is deleted outside of the measured time, so that the number of users stays.
    fn create(&self, group: &mut BenchmarkGroup<'_, WallTime>) {
        let user = numbered_user(self.users);
        group.bench_function(BenchmarkId::from_parameter(self.users), |b| {
            b.to_async(self.runtime).iter_custom(async |times| {
                let mut elapsed = Duration::ZERO;
                for _ in 0..times {
                    let user = user.clone();
                    let start = Instant::now();
                    let created = self.ours.create(user).await;
                    elapsed += start.elapsed();
                    self.ours.delete(&created).await;
                }
                elapsed
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = operations
}
criterion_main!(benches);
