use std::time::Instant;

use scim_benches::report::{Rounds, head, ratio, row};
use scim_provider::filter::Filter;
use scim_provider::{ConditionalProvider, ListQuery, ResourceProvider};
use scim_tests::databases::{MariaDb, Postgres, Store};
use tokio::runtime::Runtime;

use crate::users::{Own, Provider, changed, context, fill, provider};

const SIZES: [usize; 2] = [1_000, 100_000];
const ROUNDS: usize = 40;
/// How many operations a round is the mean of.
const TURNS: usize = 25;

const TOTAL: &str = "total of all";
const PAGE: &str = "page of 100";
const CURSOR: &str = "page of 100 by cursor";

/// A database with so many users.
struct Sized {
    size: usize,
    provider: Provider,
    own: Own,
}

/// Each hot operation beside 1,000 and beside 100,000 users, alternately.
pub(crate) fn measure() {
    let runtime = Runtime::new().expect("there are threads");
    let files = [Store::sqlite(), Store::sqlite()];
    measure_on(
        &runtime,
        "SQLite",
        files.each_ref().map(|file| file.url().to_owned()),
        |_| {},
    );
    let postgres = Postgres::start().expect("PostgreSQL is installed");
    let databases = [postgres.database(), postgres.database()];
    measure_on(&runtime, "PostgreSQL", databases, |url| {
        postgres.sql(url, "VACUUM ANALYZE");
    });
    let mariadb = MariaDb::start().expect("MariaDB is installed");
    let databases = [mariadb.database(), mariadb.database()];
    measure_on(&runtime, "MariaDB", databases, |url| {
        let tables = "scim_records, scim_unique_keys, scim_index_entries, scim_links";
        mariadb.sql(url, &format!("ANALYZE TABLE {tables}"));
    });
}

fn measure_on(runtime: &Runtime, name: &str, urls: [String; 2], analyze: impl Fn(&str)) {
    let mut sized: Vec<_> = SIZES
        .into_iter()
        .zip(&urls)
        .map(|(size, url)| {
            let (provider, own) = runtime.block_on(async {
                let provider = provider(url).await;
                let own = fill(&provider, size).await;
                (provider, own)
            });
            analyze(url);
            Sized {
                size,
                provider,
                own,
            }
        })
        .collect();
    let operations = [
        "get",
        "conditional update",
        "filter by userName",
        "filter by emails.value",
        TOTAL,
        PAGE,
        CURSOR,
    ];
    let mut rounds = Rounds::default();
    for round in 0..ROUNDS {
        for operation in operations {
            for sized in &mut sized {
                let start = Instant::now();
                for turn in 0..TURNS {
                    runtime.block_on(sized.once(operation, round * TURNS + turn));
                }
                let mean = start.elapsed().as_secs_f64() * 1e6 / TURNS as f64;
                rounds.add(&format!("{operation} {}", sized.size), mean);
            }
        }
    }
    head(&[name, "1,000 users", "100,000 users", "ratio"]);
    let least = |operation: &str| SIZES.map(|size| rounds.least(&format!("{operation} {size}")));
    let print = |operation: &str, [small, large]: [f64; 2]| {
        row(&[
            operation.to_owned(),
            format!("{small:.0} µs"),
            format!("{large:.0} µs"),
            ratio(large, small),
        ]);
    };
    for operation in operations {
        print(operation, least(operation));
    }
    // Counting takes as long as there are users; what it is done for should not.
    let total = least(TOTAL);
    for operation in [PAGE, CURSOR] {
        let [small, large] = least(operation);
        let rest = [small - total[0], large - total[1]];
        print(&format!("{operation}, less that of the total"), rest);
    }
}

impl Sized {
    async fn once(&mut self, operation: &str, turn: usize) {
        let place = turn * 7_919 % self.own.len();
        let context = context();
        let (number, id, version) = &mut self.own[place];
        match operation {
            "get" => {
                let found = self.provider.get_versioned_resource("User", id, &context);
                found
                    .await
                    .expect("the database is there")
                    .expect("so is the user");
            }
            "conditional update" => {
                let data = changed(*number, turn);
                let updated = self
                    .provider
                    .conditional_update("User", id, data, version, &context);
                let updated = updated.await.expect("the database is there");
                *version = updated
                    .into_success()
                    .expect("nobody else writes")
                    .version()
                    .clone();
            }
            _ => {
                let filter = |text: String| {
                    let filter: Filter = text.parse().expect("it is a filter");
                    ListQuery::default().with_filter(filter)
                };
                let query = match operation {
                    "filter by userName" => {
                        filter(format!(r#"userName eq "bjensen-{number}@example.com""#))
                    }
                    "filter by emails.value" => {
                        filter(format!(r#"emails.value eq "bjensen-{number}@example.org""#))
                    }
                    TOTAL => ListQuery::default().with_count(0),
                    PAGE => ListQuery::default().with_count(100),
                    _ => ListQuery::default().with_count(100).with_cursor(None),
                };
                let page = self.provider.list_resources("User", &query, &context);
                page.await.expect("the database is there");
            }
        }
    }
}
