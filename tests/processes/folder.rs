use std::path::Path;

use tempfile::TempDir;

use super::keeper::Keeper;

/// An empty folder, removed with this value and with this process.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// `name` tells a person who finds it what it is of.
    pub(crate) fn new(name: &str) -> Self {
        let folder = TempDir::with_prefix(format!("scim-{name}-")).expect("there is room");
        Keeper::of_this_process().folder(folder.path());
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}
