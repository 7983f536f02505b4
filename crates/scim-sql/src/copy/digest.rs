use scim_provider::storage::StorageError;
use scim_provider::version::ScimVersion;

use super::side::Rows;
use super::tables::Table;
use super::{BATCH, count};

/// What a table holds up to some row, in 256 bits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Digest {
    so_far: Option<ScimVersion>,
    rows: u64,
    last: Vec<Vec<u8>>,
}

impl Digest {
    /// That of no rows.
    pub(super) const fn new() -> Self {
        Self {
            so_far: None,
            rows: 0,
            last: Vec::new(),
        }
    }

    /// How many rows it is about.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes in some rows more; whether there were any.
    pub(super) async fn go_on(
        &mut self,
        rows: &dyn Rows,
        table: &Table,
    ) -> Result<bool, StorageError> {
        let next = rows.after(table, &self.last, BATCH).await?;
        let Some(end) = next.last() else {
            return Ok(false);
        };
        self.last = end.key(table);
        self.rows += count(next.len());
        let mut parts = Vec::new();
        parts.extend(
            self.so_far
                .iter()
                .map(|version| version.as_str().as_bytes().to_vec()),
        );
        for row in &next {
            row.push_parts(&mut parts);
        }
        self.so_far = Some(ScimVersion::from_parts(parts.iter().map(Vec::as_slice)));
        Ok(true)
    }
}
