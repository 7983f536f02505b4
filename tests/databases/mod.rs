//! Real database servers for tests: in folders of their own, on free ports of the loopback address,
//! durable as by default, and gone with the test process.
//!
//! Where the programs are missing, tests are left out and say so, unless
//! `SCIM_TEST_DATABASES=required` is set: see [`or_left_out`].

mod galera;
mod installed;
mod mariadb;
mod mysqld;
mod postgres;
mod store;

pub use galera::Galera;
pub use installed::{NotInstalled, or_left_out};
pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use store::Store;

/// Who connects to the databases. What is in the password has a meaning in URLs.
const USER: &str = "scim";
const PASSWORD: &str = "p@ss:w/rd?#%41";
/// The password as URLs have it.
const PASSWORD_IN_URL: &str = "p%40ss%3Aw%2Frd%3F%23%2541";
