use super::super::texts::RECORD;
use crate::dialect::{Dialect, Lock, Statement};

/// The statements about what is kept. `$1` is always the scope, and `$2` and `$3`, if it is about a
/// record, type and id.
#[derive(Debug, Clone)]
pub(in crate::commit) struct Texts {
    /// How much is kept in the scope; locks all of it.
    pub(super) totals: Statement,
    pub(super) begin_totals: Statement,
    pub(super) set_totals: Statement,
    /// Of the last that is kept of a record: to which version it leads, its place, and how much those
    /// take that one more would leave beyond the `$4` last.
    pub(super) newest: Statement,
    /// How much is kept of a record.
    pub(super) octets: Statement,
    pub(super) insert: Statement,
    pub(super) forget: Statement,
    pub(super) forget_up_to: Statement,
    /// Some of the oldest in the scope.
    pub(super) oldest: Statement,
    pub(super) drop_up_to: Statement,
}

impl Texts {
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(in crate::commit) const fn all(&self) -> [&Statement; 10] {
        let Self {
            totals,
            begin_totals,
            set_totals,
            newest,
            octets,
            insert,
            forget,
            forget_up_to,
            oldest,
            drop_up_to,
        } = self;
        [
            totals,
            begin_totals,
            set_totals,
            newest,
            octets,
            insert,
            forget,
            forget_up_to,
            oldest,
            drop_up_to,
        ]
    }

    pub(in crate::commit) fn new(dialect: Dialect) -> Self {
        let statement = |sql: String| dialect.statement(&sql);
        let delete = |of: &str| statement(format!("DELETE FROM scim_formers WHERE {of}"));
        let (lock, or_nothing) = (dialect.lock(Lock::Update), dialect.or_nothing());
        let octets = dialect.sum("octets");
        Self {
            totals: statement(format!(
                "SELECT octets, turns FROM scim_former_totals WHERE scope = $1{lock}"
            )),
            begin_totals: statement(format!(
                "INSERT INTO scim_former_totals (scope, octets, turns) VALUES ($1, 0, 0){or_nothing}"
            )),
            set_totals: statement(
                "UPDATE scim_former_totals SET octets = $2, turns = $3 WHERE scope = $1".to_owned(),
            ),
            newest: statement(format!(
                "SELECT n.next_version, n.nth, \
                 (SELECT {octets} FROM scim_formers WHERE {RECORD} AND nth <= n.nth + 1 - $4) \
                 FROM (SELECT next_version, nth FROM scim_formers WHERE {RECORD} \
                 ORDER BY nth DESC LIMIT 1) n"
            )),
            octets: statement(format!("SELECT {octets} FROM scim_formers WHERE {RECORD}")),
            insert: statement(
                "INSERT INTO scim_formers (scope, resource_type, id, nth, turn, version, \
                 next_version, created, modified, replaced, octets, document, links) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                    .to_owned(),
            ),
            forget: delete(RECORD),
            forget_up_to: delete(&format!("{RECORD} AND nth <= $4")),
            oldest: statement(
                "SELECT turn, octets, replaced FROM scim_formers \
                 WHERE scope = $1 ORDER BY turn LIMIT 16"
                    .to_owned(),
            ),
            drop_up_to: delete("scope = $1 AND turn <= $2"),
        }
    }
}
