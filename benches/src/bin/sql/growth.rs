use std::collections::BTreeMap;
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
/// The same for those that count users, which take longer the more there are.
const COUNTING_TURNS: usize = 5;

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
    sqlite();
    postgres();
    mariadb();
}

pub(crate) fn sqlite() {
    let files = [Store::sqlite(), Store::sqlite()];
    let urls = files.each_ref().map(|file| file.url().to_owned());
    measure_on("SQLite", urls, |_| {});
}

pub(crate) fn postgres() {
    let server = Postgres::start().expect("PostgreSQL is installed");
    let databases = [server.database(), server.database()];
    measure_on("PostgreSQL", databases, |url| {
        server.sql(url, "VACUUM ANALYZE");
    });
}

pub(crate) fn mariadb() {
    let server = MariaDb::start().expect("MariaDB is installed");
    let databases = [server.database(), server.database()];
    measure_on("MariaDB", databases, |url| {
        let tables = "scim_records, scim_unique_keys, scim_index_entries, scim_links";
        server.sql(url, &format!("ANALYZE TABLE {tables}"));
    });
}

fn measure_on(name: &str, urls: [String; 2], analyze: impl Fn(&str)) {
    let runtime = Runtime::new().expect("there are threads");
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
        let mut means = BTreeMap::new();
        for operation in operations {
            let counts = [TOTAL, PAGE, CURSOR].contains(&operation);
            let turns = if counts { COUNTING_TURNS } else { TURNS };
            for sized in &mut sized {
                let start = Instant::now();
                for turn in 0..turns {
                    runtime.block_on(sized.once(operation, round * turns + turn));
                }
                let mean = start.elapsed().as_secs_f64() * 1e6 / turns as f64;
                rounds.add(&format!("{operation} {}", sized.size), mean);
                means.insert((operation, sized.size), mean);
            }
        }
        for (operation, size) in [PAGE, CURSOR]
            .into_iter()
            .flat_map(|page| SIZES.map(|size| (page, size)))
        {
            let rest = means[&(operation, size)] - means[&(TOTAL, size)];
            rounds.add(&format!("{} {size}", less_total(operation)), rest);
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
    // Counting takes as long as there are users; what it is done for should not. The median, since
    // the least of differences would be what disturbed the total most.
    for operation in [PAGE, CURSOR].map(less_total) {
        let rest = SIZES.map(|size| rounds.median(&format!("{operation} {size}")));
        print(&operation, rest);
    }
}

fn less_total(operation: &str) -> String {
    format!("{operation}, less that of the total")
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
