use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// The shell that clears up after this process.
static KEEPER: LazyLock<Mutex<Keeper>> = LazyLock::new(|| Mutex::new(Keeper::start()));

/// It gets our end of its input, which the kernel closes when this process is gone.
#[derive(Debug)]
pub(super) struct Keeper {
    input: ChildStdin,
    answers: BufReader<ChildStdout>,
    _shell: Child,
}

impl Keeper {
    pub(super) fn of_this_process() -> MutexGuard<'static, Self> {
        // What a panicking test left half said is a line of its own.
        KEEPER.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start() -> Self {
        let mut shell = Command::new("sh")
            .args(["-c", include_str!("keeper.sh"), "keeper"])
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        Self {
            input: shell.stdin.take().expect("it is piped"),
            answers: BufReader::new(shell.stdout.take().expect("it is piped")),
            _shell: shell,
        }
    }

    /// `path` is removed at the end.
    pub(super) fn folder(&mut self, path: &Path) {
        let path = path.to_str().expect("folders for files have plain names");
        assert!(!path.contains('\n'), "{path:?} would be two lines");
        self.say(&format!("folder {path}"));
    }

    /// The process gets `signal` at the end, and is killed if that does not end it.
    pub(super) fn started(&mut self, id: u32, signal: &str) {
        self.say(&format!("started {id} {signal}"));
    }

    /// The process is no more, and its id may be another's.
    pub(super) fn ended(&mut self, id: u32) {
        self.say(&format!("ended {id}"));
    }

    /// Kills the process and all that it started, and waits until none of them runs.
    pub(super) fn kill(&mut self, id: u32) {
        self.say(&format!("kill {id}"));
        let mut answer = String::new();
        let read = self.answers.read_line(&mut answer);
        read.expect("the shell that clears up answers");
        assert_eq!(answer, "killed\n");
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("the shell that clears up listens");
    }
}
