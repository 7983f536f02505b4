use std::ffi::OsStr;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use rustix::process::geteuid;

use super::output;

/// Who a program runs as: database servers refuse to run as root.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User(Option<&'static str>);

impl User {
    /// The user `name`, if this process is root's; otherwise whoever it is already.
    pub(crate) fn unless_other_than_root(name: &'static str) -> Self {
        Self(geteuid().is_root().then_some(name))
    }

    /// `program`, run as this user.
    pub(crate) fn command(self, program: impl AsRef<OsStr>) -> Command {
        let Some(name) = self.0 else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={name}"))
            .arg(format!("--regid={name}"))
            .arg("--clear-groups")
            .arg("--")
            .arg(program);
        command
    }

    /// Makes `path` this user's.
    pub(crate) fn own(self, path: &Path) {
        let Some(name) = self.0 else { return };
        let id = |option| {
            let printed = output(Command::new("id").args([option, name]));
            printed.trim().parse().expect("ids are numbers")
        };
        chown(path, Some(id("-u")), Some(id("-g"))).expect("root may");
    }
}
