use std::fmt::Display;
use std::io::{self, Write};

use scim_ops::version::ScimVersion;

/// What a reader is told, with short labels for versions.
pub(crate) struct Journal<'a> {
    out: &'a mut (dyn Write + Send),
    versions: Vec<ScimVersion>,
}

impl<'a> Journal<'a> {
    /// A journal that is printed to `out`.
    pub(crate) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        let versions = Vec::new();
        Self { out, versions }
    }

    /// Begins a scenario, in which versions are counted from one.
    pub(crate) fn scene(&mut self, title: &str) -> io::Result<()> {
        if !self.versions.is_empty() {
            writeln!(self.out)?;
        }
        self.versions.clear();
        writeln!(self.out, "== {title} ==")
    }

    /// Tells one thing.
    pub(crate) fn say(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// The label of `version`, such as `v2 [kJ3d0a…]`: the next one if it is new here.
    pub(crate) fn label(&mut self, version: &ScimVersion) -> String {
        let known = self.versions.iter().position(|known| known == version);
        let index = known.unwrap_or_else(|| {
            self.versions.push(version.clone());
            self.versions.len() - 1
        });
        let start: String = version.as_str().chars().take(6).collect();
        format!("v{} [{start}…]", index + 1)
    }
}
