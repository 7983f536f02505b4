use crate::dialect::{Dialect, Statement};
use crate::row::Column;

/// A table, as it is copied: in the order of its keys, some rows at a time.
#[derive(Debug)]
pub(crate) struct Table {
    pub(super) name: &'static str,
    /// The columns of the primary key, all of octets.
    pub(super) key: &'static [&'static str],
    /// The other columns.
    pub(super) rest: &'static [(&'static str, Column)],
}

/// Every table there is.
pub(super) const TABLES: [Table; 4] = [
    Table {
        name: "scim_records",
        key: &["scope", "resource_type", "id"],
        rest: &[
            ("version", Column::Octets),
            ("created", Column::Integer),
            ("modified", Column::Integer),
            ("keys_digest", Column::Octets),
            ("document", Column::Octets),
            ("hidden", Column::Octets),
        ],
    },
    Table {
        name: "scim_unique_keys",
        key: &["scope", "name", "value"],
        rest: &[("resource_type", Column::Octets), ("id", Column::Octets)],
    },
    Table {
        name: "scim_index_entries",
        key: &["scope", "resource_type", "attribute", "value", "id"],
        rest: &[],
    },
    Table {
        name: "scim_links",
        key: &["scope", "resource_type", "id", "attribute", "target"],
        rest: &[("reference", Column::Octets), ("detail", Column::Octets)],
    },
];

impl Table {
    /// The columns, those of the key first.
    pub(super) fn columns(&self) -> Vec<Column> {
        let key = self.key.iter().map(|_| Column::Octets);
        key.chain(self.rest.iter().map(|(_, column)| *column))
            .collect()
    }

    fn names(&self) -> String {
        let rest = self.rest.iter().map(|(name, _)| *name);
        let names: Vec<_> = self.key.iter().copied().chain(rest).collect();
        names.join(", ")
    }

    /// How many rows there are.
    pub(super) fn count(&self, dialect: Dialect) -> Statement {
        dialect.statement(&format!("SELECT COUNT(*) FROM {}", self.name))
    }

    /// The key of the last row.
    pub(super) fn last(&self, dialect: Dialect) -> Statement {
        let order: Vec<_> = self.key.iter().map(|name| format!("{name} DESC")).collect();
        dialect.statement(&format!(
            "SELECT {} FROM {} ORDER BY {} LIMIT 1",
            self.key.join(", "),
            self.name,
            order.join(", ")
        ))
    }

    /// The rows behind the key that the first parameters give, as many as the one after them says.
    pub(super) fn after(&self, dialect: Dialect) -> Statement {
        let limit = self.key.len() + 1;
        dialect.statement(&format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT ${limit}",
            self.names(),
            self.name,
            self.behind(dialect),
            self.key.join(", ")
        ))
    }

    fn behind(&self, dialect: Dialect) -> String {
        let numbered: Vec<_> = self.key.iter().zip(1..).collect();
        match dialect {
            Dialect::Sqlite | Dialect::Postgres => {
                let parameters: Vec<_> = numbered.iter().map(|(_, n)| format!("${n}")).collect();
                format!("({}) > ({})", self.key.join(", "), parameters.join(", "))
            }
            // It looks up no rows by a comparison of several columns at once.
            Dialect::MySql => {
                let cases: Vec<_> = (0..numbered.len())
                    .map(|last| {
                        let terms: Vec<_> = numbered[..=last]
                            .iter()
                            .enumerate()
                            .map(|(place, (name, n))| {
                                let relation = if place == last { ">" } else { "=" };
                                format!("{name} {relation} ${n}")
                            })
                            .collect();
                        format!("({})", terms.join(" AND "))
                    })
                    .collect();
                format!("({})", cases.join(" OR "))
            }
        }
    }

    /// Adds one row.
    pub(super) fn insert(&self, dialect: Dialect) -> Statement {
        let parameters: Vec<_> = (1..=self.columns().len())
            .map(|n| format!("${n}"))
            .collect();
        dialect.statement(&format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.name,
            self.names(),
            parameters.join(", ")
        ))
    }
}
