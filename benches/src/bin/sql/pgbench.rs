use std::fs;
use std::process::Command;
use std::time::Duration;

use scim_benches::children::output;
use scim_benches::report::{Rounds, head, ratio, row};
use scim_tests::databases::Postgres;
use tokio::runtime::Runtime;

use crate::users::{fill, provider, shared_out, update_rate};

const CONNECTIONS: usize = 16;
const USERS: usize = 1_600;
const ROUNDS: usize = 5;
const SECONDS: u64 = 3;

/// The select and the update of a conditional update through the provider, of a user of which only the number is known.
const SCRIPT: &str = r"
\set n random(1, 1600)
SELECT 0::bigint AS part, id, version, document, (SELECT t.target FROM scim_links t WHERE t.scope = ''::bytea AND t.target = convert_to((:n)::text, 'UTF8') LIMIT 1) AS target, hidden, created, modified, keys_digest FROM scim_records WHERE scope = ''::bytea AND resource_type = 'User'::bytea AND id = convert_to((:n)::text, 'UTF8') \gset r_
UPDATE scim_records SET version = sha256(:r_version), created = :r_created, modified = (:r_modified)::bigint + 1, keys_digest = :r_keys_digest, document = :r_document, hidden = NULL WHERE scope = ''::bytea AND resource_type = 'User'::bytea AND id = convert_to((:n)::text, 'UTF8') AND version = :r_version AND keys_digest = :r_keys_digest;
";

/// The provider and `pgbench` on one server, alternately, each with its own copy of the users.
pub(crate) fn measure() {
    let server = Postgres::start().expect("PostgreSQL is installed");
    let (ours, theirs) = (server.database(), server.database());
    let runtime = Runtime::new().expect("there are threads");
    let (provider, mut own) = runtime.block_on(async {
        let other = provider(&theirs).await;
        fill(&other, USERS).await;
        let provider = provider(&ours).await;
        let own = shared_out(fill(&provider, USERS).await, CONNECTIONS);
        (provider, own)
    });
    server.sql(
        &theirs,
        "UPDATE scim_records SET id = convert_to(place::text, 'UTF8') \
         FROM (SELECT id AS old, row_number() OVER () AS place FROM scim_records) n \
         WHERE id = n.old; VACUUM FULL ANALYZE scim_records;",
    );
    server.sql(&ours, "VACUUM FULL ANALYZE scim_records;");
    let folder = tempfile::tempdir().expect("there is room for a file");
    let script = folder.path().join("script.sql");
    fs::write(&script, SCRIPT).expect("there is room for a file");

    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let time = Duration::from_secs(SECONDS);
        let rate = runtime.block_on(update_rate(&provider, &mut own, time));
        rounds.add("ours", rate);
        let mut pgbench = Command::new("pgbench");
        pgbench
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .arg(format!("--client={CONNECTIONS}"))
            .arg(format!("--time={SECONDS}"))
            .arg("--file")
            .arg(&script)
            .arg(&theirs);
        rounds.add("pgbench", transactions(&output(&mut pgbench)));
    }
    let (ours, theirs) = (rounds.greatest("ours"), rounds.greatest("pgbench"));
    head(&[
        "PostgreSQL, 16 connections",
        "value",
        "beside",
        "value",
        "ratio",
    ]);
    row(&[
        "conditional updates through the provider".to_owned(),
        format!("{ours:.0}/s"),
        "the same select and update by pgbench".to_owned(),
        format!("{theirs:.0}/s"),
        ratio(ours, theirs),
    ]);
}

/// What `pgbench` says at its end: `tps = 1234.5 (without initial connection time)`.
fn transactions(said: &str) -> f64 {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number
        .and_then(|text| text.parse().ok())
        .expect("it says how many")
}
