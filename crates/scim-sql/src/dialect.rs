use std::sync::Arc;

/// Which SQL a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    expect(dead_code, reason = "each engine makes its own, and some are left out")
)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

/// How long a row stays locked against whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Against others that change it.
    Update,
    /// Also against those that require it to exist.
    Delete,
}

impl Dialect {
    /// A statement of which `$1`, `$2`, … are the parameters.
    pub(crate) fn statement(self, sql: &str) -> Statement {
        match self {
            // They know parameters by number.
            Self::Sqlite | Self::Postgres => Statement {
                sql: sql.into(),
                order: None,
            },
            Self::MySql => Statement::by_order(sql),
        }
    }

    /// No octets.
    pub(crate) const fn empty(self) -> &'static str {
        match self {
            Self::Sqlite | Self::MySql => "x''",
            Self::Postgres => "''::bytea",
        }
    }

    /// A number of 64 bits.
    pub(crate) const fn integer(self, value: u8) -> Integer {
        Integer {
            dialect: self,
            value,
        }
    }

    /// The sum of a column of numbers of 64 bits, which is such a number; zero if there are no rows.
    pub(crate) fn sum(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("COALESCE(SUM({column}), 0)"),
            Self::Postgres => format!("COALESCE(SUM({column}), 0)::bigint"),
            Self::MySql => format!("CAST(COALESCE(SUM({column}), 0) AS SIGNED)"),
        }
    }

    /// A table of which parameter `$n` is the text (see [`Table`](crate::table::Table)). What stands
    /// in its columns says [`field`](Self::field).
    pub(crate) fn table(self, parameter: u8, columns: &[&str]) -> String {
        let each = |place: &dyn Fn(usize, &&str) -> String| {
            let columns = columns.iter().enumerate();
            let each = columns.map(|(n, column)| place(n, column));
            each.collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Sqlite => format!(
                "(SELECT {} FROM json_each(${parameter}))",
                each(&|n, column| format!("unhex(value ->> {n}) AS {column}"))
            ),
            Self::Postgres => format!(
                "(SELECT {} FROM json_array_elements(CAST(${parameter} AS json)) AS j(value))",
                each(&|n, column| format!("decode(value ->> {n}, 'hex') AS {column}"))
            ),
            // Statements that write don't look into a table that is derived from it.
            Self::MySql => format!(
                "JSON_TABLE(${parameter}, '$[*]' COLUMNS ({}))",
                each(&|n, column| format!("{column} LONGTEXT PATH '$[{n}]'"))
            ),
        }
    }

    /// The octets in a column of such a table, which is called `k`.
    pub(crate) fn field(self, column: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("k.{column}"),
            Self::MySql => format!("UNHEX(k.{column})"),
        }
    }

    /// Says after `scim_records` and its alias that it is to be looked up by its key, which MariaDB
    /// does not do while the table is small, and then goes on with.
    pub(crate) const fn by_key(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "",
            Self::MySql => " FORCE INDEX (PRIMARY)",
        }
    }

    /// Says after `scim_records` by which index its records are to be counted: MariaDB would do so by
    /// its primary key, and read all documents on the way.
    pub(crate) const fn index_to_count(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "",
            Self::MySql => " FORCE INDEX (scim_records_modified)",
        }
    }

    /// Joins a table of few rows, on the left, with one of many, so that the few are looked up.
    pub(crate) const fn join(self) -> &'static str {
        match self {
            Self::Sqlite => "CROSS JOIN",
            Self::Postgres => "JOIN",
            Self::MySql => "STRAIGHT_JOIN",
        }
    }

    /// Joins two tables of few rows, each row of one with each of the other, before a third.
    pub(crate) const fn cross(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "CROSS JOIN",
            Self::MySql => "STRAIGHT_JOIN",
        }
    }

    /// What comes after a `SELECT` that locks.
    pub(crate) const fn lock(self, lock: Lock) -> &'static str {
        match (self, lock) {
            // There is one writer.
            (Self::Sqlite, _) => "",
            (Self::Postgres, Lock::Update) => " FOR NO KEY UPDATE",
            (Self::Postgres, Lock::Delete) | (Self::MySql, _) => " FOR UPDATE",
        }
    }

    /// What comes after an `INSERT` that is to do nothing where the key is there already.
    pub(crate) const fn or_nothing(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => " ON CONFLICT DO NOTHING",
            // It fails, which undoes the statement and not the transaction.
            Self::MySql => "",
        }
    }

    /// What comes after an `INSERT` that is to give a row that is there already these columns.
    pub(crate) fn or_replace(self, key: &[&str], columns: &[&str]) -> String {
        let assign = |value: fn(&str) -> String| {
            let each = columns
                .iter()
                .map(|column| format!("{column} = {}", value(column)));
            each.collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Sqlite | Self::Postgres => format!(
                " ON CONFLICT ({}) DO UPDATE SET {}",
                key.join(", "),
                assign(|column| format!("excluded.{column}"))
            ),
            Self::MySql => format!(
                " ON DUPLICATE KEY UPDATE {}",
                assign(|column| format!("VALUES({column})"))
            ),
        }
    }
}

/// A number of 64 bits, as a literal.
pub(crate) struct Integer {
    dialect: Dialect,
    value: u8,
}

impl std::fmt::Display for Integer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.dialect {
            Dialect::Sqlite | Dialect::MySql => write!(f, "{}", self.value),
            Dialect::Postgres => write!(f, "{}::bigint", self.value),
        }
    }
}

/// A statement as its server wants it.
///
/// Its text is made of this crate's own words only: whatever a client has a say in is a
/// parameter.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) sql: Arc<str>,
    /// Which parameter stands where, if the server knows them by their order only.
    pub(crate) order: Option<Vec<usize>>,
}

impl Statement {
    fn by_order(numbered: &str) -> Self {
        let mut sql = String::with_capacity(numbered.len());
        let mut order = Vec::new();
        let mut parts = numbered.split('$');
        sql.extend(parts.next());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            match part[..digits].parse::<usize>() {
                Ok(number) => {
                    order.push(number - 1);
                    sql.push('?');
                }
                // A JSON path.
                Err(_) => sql.push('$'),
            }
            sql.push_str(&part[digits..]);
        }
        Self {
            sql: sql.into(),
            order: Some(order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_by_order_are_repeated_and_paths_are_none() {
        let statement = Statement::by_order("a = $2 AND b = $1 AND c = $2 AND d = '$[*]' OR $10");
        assert_eq!(
            &*statement.sql,
            "a = ? AND b = ? AND c = ? AND d = '$[*]' OR ?"
        );
        assert_eq!(statement.order, Some(vec![1, 0, 1, 9]));
    }
}
