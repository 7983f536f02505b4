//! The stores in databases: what many clients share on SQLite, what the provider adds to PostgreSQL's own `pgbench`, and
//! whether a hundred times as many users make anything slower. Needs the servers of Debian's packages `postgresql` and
//! `mariadb-server`, and `strace`.

mod growth;
mod pgbench;
mod sqlite;
mod users;

use std::env;

fn main() {
    let mut arguments = env::args().skip(1);
    match arguments.next().as_deref() {
        // This program again, under `strace`.
        Some("write") => {
            let mut number = || arguments.next().and_then(|text| text.parse().ok());
            let clients = number().expect("a number of clients");
            println!("{}", sqlite::write(clients));
        }
        _ => {
            sqlite::measure();
            pgbench::measure();
            growth::measure();
        }
    }
}
