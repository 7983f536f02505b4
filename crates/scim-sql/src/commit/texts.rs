use super::former;
use crate::dialect::{Dialect, Lock, Statement};

/// The statements of which commits are made. `$1`, `$2` and `$3` are always scope, type and id.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    /// Gives the version and the digest of the keys.
    pub(super) lock_to_update: Statement,
    /// Gives times and document beside them.
    pub(super) lock_to_keep: Statement,
    /// Gives beside them whether a former version is kept.
    pub(super) lock_to_delete: Statement,
    /// The whole of an update that leaves keys and links alone, with its condition.
    pub(super) replace: Statement,
    pub(super) update_content: Statement,
    pub(super) update_stamp: Statement,
    pub(super) insert_record: Statement,
    pub(super) delete_record: Statement,
    pub(super) delete_unique_keys: Statement,
    pub(super) delete_entries: Statement,
    pub(super) delete_links: Statement,
    pub(super) insert_unique_keys: Statement,
    pub(super) insert_entries: Statement,
    pub(super) insert_links: Statement,
    pub(super) remove_links: Statement,
    /// Keeps records of a type from being deleted: `$1`, `$2`, and a table of ids.
    pub(super) hold: Hold,
    pub(super) links_to: Statement,
    /// Those links of a record that a table names.
    pub(super) links_of: Statement,
    pub(super) holder: Statement,
    pub(super) former: former::Texts,
}

/// How records are kept from being deleted.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    /// Writes to each, where a lock would not reach the other nodes of a cluster.
    pub(super) write: Option<Statement>,
    /// Tells which there are, and locks them where that does.
    pub(super) read: Statement,
}

pub(super) const RECORD: &str = "scope = $1 AND resource_type = $2 AND id = $3";

impl Texts {
    pub(super) fn new(dialect: Dialect) -> Self {
        let statement = |sql: String| dialect.statement(&sql);
        let lock = |more: &str, lock| {
            let lock = dialect.lock(lock);
            statement(format!(
                "SELECT version, keys_digest{more} FROM scim_records WHERE {RECORD}{lock}"
            ))
        };
        let has_past =
            format!("(SELECT COUNT(*) FROM (SELECT 1 FROM scim_formers WHERE {RECORD} LIMIT 1) f)");
        let update = |condition: &str| {
            statement(format!(
                "UPDATE scim_records SET version = $4, created = $5, modified = $6, \
                 keys_digest = $7, document = $8, hidden = $9 WHERE {RECORD}{condition}"
            ))
        };
        let delete = |table: &str| statement(format!("DELETE FROM {table} WHERE {RECORD}"));
        let or_nothing = dialect.or_nothing();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|column| dialect.field(column));
        Self {
            lock_to_update: lock("", Lock::Update),
            lock_to_keep: lock(", document, created, modified", Lock::Update),
            lock_to_delete: lock(&format!(", {has_past}"), Lock::Delete),
            replace: update(" AND version = $10 AND keys_digest = $7"),
            update_content: update(""),
            update_stamp: statement(format!(
                "UPDATE scim_records SET version = $4, created = $5, modified = $6 WHERE {RECORD}"
            )),
            insert_record: statement(format!(
                "INSERT INTO scim_records (scope, resource_type, id, version, created, modified, \
                 keys_digest, document, hidden) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9){or_nothing}"
            )),
            delete_record: delete("scim_records"),
            delete_unique_keys: delete("scim_unique_keys"),
            delete_entries: delete("scim_index_entries"),
            delete_links: delete("scim_links"),
            insert_unique_keys: statement(format!(
                "INSERT INTO scim_unique_keys (scope, name, value, resource_type, id) \
                 SELECT $1, {a}, {b}, $2, $3 FROM {} k WHERE true{or_nothing}",
                dialect.table(4, &["a", "b"])
            )),
            insert_entries: statement(format!(
                "INSERT INTO scim_index_entries (scope, resource_type, attribute, value, id) \
                 SELECT $1, $2, {a}, {b}, $3 FROM {} k",
                dialect.table(4, &["a", "b"])
            )),
            insert_links: statement(format!(
                "INSERT INTO scim_links \
                 (scope, resource_type, id, attribute, target, reference, detail) \
                 SELECT $1, $2, $3, {a}, {b}, {c}, {d} FROM {} k WHERE true{}",
                dialect.table(4, &["a", "b", "c", "d"]),
                dialect.or_replace(
                    &["scope", "resource_type", "id", "attribute", "target"],
                    &["reference", "detail"],
                )
            )),
            remove_links: statement(remove_links(dialect)),
            hold: Hold {
                write: hold_by_writing(dialect).map(statement),
                read: statement(hold_by_reading(dialect)),
            },
            links_to: statement(
                "SELECT target FROM scim_links \
                 WHERE scope = $1 AND target = $2 AND (reference IS NULL OR reference = $3) LIMIT 1"
                    .to_owned(),
            ),
            links_of: statement(format!(
                "SELECT l.attribute, l.target, l.detail, l.reference FROM {} k {} scim_links l \
                 ON l.scope = $1 AND l.resource_type = $2 AND l.id = $3 \
                 AND l.attribute = {a} AND l.target = {b}",
                dialect.table(4, &["a", "b"]),
                dialect.join()
            )),
            holder: statement(
                "SELECT resource_type, id FROM scim_unique_keys \
                 WHERE scope = $1 AND name = $2 AND value = $3"
                    .to_owned(),
            ),
            former: former::Texts::new(dialect),
        }
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Texts {
    /// All of them, each once.
    pub(super) fn all(&self) -> impl Iterator<Item = &Statement> {
        let Self {
            lock_to_update,
            lock_to_keep,
            lock_to_delete,
            replace,
            update_content,
            update_stamp,
            insert_record,
            delete_record,
            delete_unique_keys,
            delete_entries,
            delete_links,
            insert_unique_keys,
            insert_entries,
            insert_links,
            remove_links,
            hold,
            links_to,
            links_of,
            holder,
            former,
        } = self;
        let Hold { write, read } = hold;
        let some = [
            lock_to_update,
            lock_to_keep,
            lock_to_delete,
            replace,
            update_content,
            update_stamp,
            insert_record,
            delete_record,
            delete_unique_keys,
            delete_entries,
            delete_links,
            insert_unique_keys,
            insert_entries,
            insert_links,
            remove_links,
            read,
            links_to,
            links_of,
            holder,
        ];
        some.into_iter().chain(write).chain(former.all())
    }
}

/// Removes the links of a record that a table names; looks up each of them.
fn remove_links(dialect: Dialect) -> String {
    let table = dialect.table(4, &["a", "b"]);
    let named = format!(
        "l.scope = $1 AND l.resource_type = $2 AND l.id = $3 \
         AND l.attribute = {} AND l.target = {}",
        dialect.field("a"),
        dialect.field("b")
    );
    match dialect {
        Dialect::Sqlite => format!(
            "DELETE FROM scim_links WHERE {RECORD} \
             AND (attribute, target) IN (SELECT a, b FROM {table})"
        ),
        Dialect::Postgres => format!("DELETE FROM scim_links l USING {table} k WHERE {named}"),
        Dialect::MySql => {
            format!("DELETE l FROM {table} k STRAIGHT_JOIN scim_links l ON {named}")
        }
    }
}

fn hold_by_reading(dialect: Dialect) -> String {
    let lock = match dialect {
        // In the order of the ids, so that two who hold the same records wait for each other once.
        Dialect::Postgres => " ORDER BY r.id FOR KEY SHARE OF r",
        Dialect::Sqlite | Dialect::MySql => "",
    };
    format!(
        "SELECT r.id FROM {} k {} scim_records r{} \
         ON r.scope = $1 AND r.resource_type = $2 AND r.id = {}{lock}",
        dialect.table(3, &["a"]),
        dialect.join(),
        dialect.by_key(),
        dialect.field("a")
    )
}

fn hold_by_writing(dialect: Dialect) -> Option<String> {
    (dialect == Dialect::MySql).then(|| {
        format!(
            "UPDATE {} k STRAIGHT_JOIN scim_records r{} \
             ON r.scope = $1 AND r.resource_type = $2 AND r.id = {} \
             SET r.required = r.required + 1",
            dialect.table(3, &["a"]),
            dialect.by_key(),
            dialect.field("a")
        )
    })
}
