//! Several `scimd` processes over one database: what one acknowledges, all have; of rivals that
//! name one version one wins, whichever process they ask.
//!
//! `cargo test -p scim-tests --test many_processes none_of_4000 -- --ignored --nocapture` counts
//! further than a run of all tests does.

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

/// How often each client increments where all tests are run: of eight that contend, a loss in a
/// hundred would hardly stay hidden.
const INCREMENTS: u64 = 125;

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

fn nothing_is_lost_over_a_postgresql(increments: u64) {
    if let Some(postgres) = or_left_out(Postgres::shared()) {
        let database = postgres.database();
        nothing_is_lost(&Fleet::of(&[&database, &database, &database]), increments);
    }
}

fn nothing_is_lost_over_a_mariadb(increments: u64) {
    if let Some(mariadb) = or_left_out(MariaDb::shared()) {
        let database = mariadb.database();
        nothing_is_lost(&Fleet::of(&[&database, &database, &database]), increments);
    }
}

#[test]
fn nothing_is_lost_over_postgresql() {
    nothing_is_lost_over_a_postgresql(INCREMENTS);
}

#[test]
fn nothing_is_lost_over_mariadb() {
    nothing_is_lost_over_a_mariadb(INCREMENTS);
}

#[test]
#[ignore = "takes minutes"]
fn none_of_4000_is_lost_over_postgresql() {
    nothing_is_lost_over_a_postgresql(500);
}

#[test]
#[ignore = "takes minutes"]
fn none_of_4000_is_lost_over_mariadb() {
    nothing_is_lost_over_a_mariadb(500);
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
