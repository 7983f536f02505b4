//! The stores in databases: what many clients share on SQLite, what the provider adds to PostgreSQL's own `pgbench`, and
//! whether a hundred times as many users make anything slower. Needs the servers of Debian's packages `postgresql` and
//! `mariadb-server`, and `strace`.

mod growth;
mod pgbench;
mod sqlite;
mod users;

use std::env;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // This program again, under `strace`.
        ["write", clients] => {
            println!(
                "{}",
                sqlite::write(clients.parse().expect("a number of clients"))
            );
        }
        [] => {
            sqlite::measure();
            pgbench::measure();
            growth::measure();
        }
        ["sqlite"] => sqlite::measure(),
        ["pgbench"] => pgbench::measure(),
        ["growth"] => growth::measure(),
        ["growth", "sqlite"] => growth::sqlite(),
        ["growth", "postgres"] => growth::postgres(),
        ["growth", "mariadb"] => growth::mariadb(),
        _ => panic!(
            "sqlite, pgbench, growth (of sqlite, postgres, mariadb, or of all), or nothing for all"
        ),
    }
}
