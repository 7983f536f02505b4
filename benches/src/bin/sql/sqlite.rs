use std::env;
use std::fs;
use std::process::Command;
use std::time::Duration;

use scim_benches::children::output;
use scim_benches::report::{Rounds, head, ratio, row};
use tokio::runtime::Runtime;

use crate::users::{fill, provider, shared_out, update_rate};

const TIME: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// What `clients` clients write in a second and a new file.
pub(crate) fn write(clients: usize) -> f64 {
    let folder = tempfile::tempdir().expect("there is room for a file");
    let url = format!("sqlite:{}", folder.path().join("scim.db").display());
    Runtime::new().expect("there are threads").block_on(async {
        let provider = provider(&url).await;
        let mut own = shared_out(fill(&provider, clients * 4).await, clients);
        update_rate(&provider, &mut own, TIME).await
    })
}

/// One client and 32, alternately; then 32 under `strace`, which counts.
pub(crate) fn measure() {
    let this = env::current_exe().expect("the system knows what it runs");
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        for clients in [1, 32] {
            rounds.add(&clients.to_string(), write(clients));
        }
    }
    let (one, many) = (rounds.greatest("1"), rounds.greatest("32"));

    let folder = tempfile::tempdir().expect("there is room for a file");
    let counts = folder.path().join("counts");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-c", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(&counts)
        .arg(&this)
        .args(["write", "32"]);
    let rate: f64 = output(&mut strace)
        .trim()
        .parse()
        .expect("it prints a rate");
    let counts = fs::read_to_string(&counts).expect("strace writes it");
    let calls = |line: &str| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let name = *fields.last()?;
        let is_sync = matches!(name, "fsync" | "fdatasync");
        is_sync.then(|| fields[3].parse::<f64>().expect("a number of calls"))
    };
    let syncs: f64 = counts.lines().filter_map(calls).sum();
    let writes = rate * TIME.as_secs_f64();

    head(&[
        "SQLite, conditional updates",
        "value",
        "beside",
        "value",
        "ratio",
    ]);
    row(&[
        "32 clients".to_owned(),
        format!("{many:.0}/s"),
        "one client".to_owned(),
        format!("{one:.0}/s"),
        ratio(many, one),
    ]);
    row(&[
        "syncs of the disk, 32 clients, those of filling and closing too".to_owned(),
        format!("{syncs:.0}"),
        "acknowledged writes".to_owned(),
        format!("{writes:.0}"),
        ratio(syncs, writes),
    ]);
}
