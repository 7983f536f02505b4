//! Counting instructions by valgrind's callgrind.
//!
//! A program runs itself under `valgrind`. Callgrind counts only inside `callgrind_counts` and writes a part of its
//! report after each `callgrind_reports` (one function can't have both, as it is configured by name). While things are
//! made ready its instrumentation is off, because it is ten times faster then.

use std::env;
use std::fs;
use std::hint::black_box;
use std::process::{self, Command, Stdio};

use crate::children::output;
use crate::report::Rounds;

/// Runs this program under callgrind and returns instructions by name, divided by `turns`; there, runs `measure` and
/// returns nothing.
///
/// # Panics
///
/// If valgrind is not there, or the program was given an argument of somebody else's.
pub fn run(turns: usize, measure: impl FnOnce()) -> Option<Rounds> {
    match env::args().nth(1).as_deref() {
        None => Some(under_valgrind(turns)),
        Some("under-valgrind") => {
            measure();
            None
        }
        Some(other) => panic!("there is no argument {other:?}"),
    }
}

/// Has callgrind look at what `act` does, but for [`count`] without counting.
///
/// # Panics
///
/// If the program does not run under it.
pub fn counting(act: impl FnOnce()) {
    instrumentation("on");
    act();
    instrumentation("off");
}

/// Counts the instructions of `operations` under `name`.
pub fn count(name: &str, operations: &mut dyn FnMut()) {
    println!("{name}");
    callgrind_reports(operations);
}

fn under_valgrind(turns: usize) -> Rounds {
    let file = env::temp_dir().join(format!("scim-benches-{}.callgrind", process::id()));
    let program = env::current_exe().expect("the system knows what it runs");
    let names = output(
        Command::new("valgrind")
            .args(["--tool=callgrind", "--quiet", "--combine-dumps=yes"])
            .args([
                "--toggle-collect=*callgrind_counts*",
                "--dump-after=*callgrind_reports*",
            ])
            .arg("--instr-atstart=no")
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(program)
            .arg("under-valgrind"),
    );
    let counts = fs::read_to_string(&file).expect("callgrind writes its report");
    fs::remove_file(&file).expect("it was there to read");
    // The last part is what came after the last call: nothing.
    let totals = counts
        .lines()
        .filter_map(|line| line.strip_prefix("totals: "));
    let turns = f64::from(u32::try_from(turns).expect("turns are few"));
    let mut result = Rounds::default();
    for (name, total) in names.lines().zip(totals) {
        let total: f64 = total.trim().parse().expect("totals are numbers");
        result.add(name, total / turns);
    }
    result
}

fn instrumentation(state: &str) {
    let mut control = Command::new("callgrind_control");
    control.args(["-i", state, &process::id().to_string()]);
    // It reports every step.
    let done = control.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(
        done.expect("valgrind brings it").success(),
        "{control:?} failed"
    );
}

/// Runs `operations` where callgrind counts, and has it report.
#[inline(never)]
fn callgrind_reports(operations: &mut dyn FnMut()) {
    callgrind_counts(operations);
    // Something after the call, so that it does not become a jump.
    black_box(());
}

#[inline(never)]
fn callgrind_counts(operations: &mut dyn FnMut()) {
    operations();
    black_box(());
}
