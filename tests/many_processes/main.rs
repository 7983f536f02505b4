//! Several `scimd` processes over one database: what one acknowledges, all have; of rivals that
//! name one version one wins, whichever process they ask.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod counter;
mod creates;
mod fleet;
mod galera;
mod members;

use counter::Counter;
use fleet::Fleet;
use members::Club;
use scim_tests::databases::{Galera, MariaDb, Postgres, or_left_out};

/// What a fleet that nobody disturbs has to do, with so many increments of each client.
fn nothing_is_lost(fleet: &Fleet, increments: u64) {
    let count = Counter::new(fleet).count(increments);
    println!("{count}");
    assert_eq!(count.unknown, 0);
    println!("{}", Club::new(fleet).grow());
    let races = creates::race_for_names(fleet);
    println!("{races}");
    races.are_all_won();
}

#[test]
fn nothing_is_lost_over_postgresql() {
    if let Some(postgres) = or_left_out(Postgres::shared()) {
        let database = postgres.database();
        nothing_is_lost(&Fleet::of(&[&database, &database, &database]), 500);
    }
}

#[test]
fn nothing_is_lost_over_mariadb() {
    if let Some(mariadb) = or_left_out(MariaDb::shared()) {
        let database = mariadb.database();
        nothing_is_lost(&Fleet::of(&[&database, &database, &database]), 500);
    }
}

/// Each node commits by itself, and only at the end are two of them found to have changed one row.
/// On a machine that does much else a node may miss the others for a while, and say so.
#[test]
fn nothing_is_lost_over_galera() {
    let Some(galera) = or_left_out(Galera::start()) else {
        return;
    };
    let fleet = galera::fleet_of(&galera);
    println!("{}", Counter::new(&fleet).count(100));
    println!("{}", Club::new(&fleet).grow());
    println!("{}", creates::race_for_names(&fleet));
}

/// Refusals of the database's own have to be tried again where it is strict.
#[test]
fn nothing_is_lost_over_postgresql_that_is_serializable() {
    if let Some(postgres) = or_left_out(Postgres::shared()) {
        let settings = [("default_transaction_isolation", "serializable")];
        let database = postgres.database_with(&settings);
        nothing_is_lost(&Fleet::of(&[&database, &database, &database]), 50);
    }
}
