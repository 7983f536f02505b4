//! Instructions per operation with few and with many users, counted by valgrind's callgrind.
//!
//! The program runs itself under `valgrind`. Callgrind counts only inside [`callgrind_counts`] and writes a part of its
//! report after each [`callgrind_reports`] (one function can't have both, as it is configured by name). While users are
//! stored its instrumentation is off, because it is ten times faster then.

use std::array;
use std::env;
use std::fs;
use std::hint::black_box;
use std::process::{self, Command, Stdio};

use scim_benches::children::output;
use scim_benches::document::numbered_user;
use scim_benches::ours::Ours;
use scim_benches::report::{self, Rounds, head, ratio, row};
use scim_benches::shared::comparison::Subject;
use scim_ops::provider::{ConditionalProvider, ListQuery};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// How many users there are. A page of 100 is measured from 100 on.
const POPULATIONS: [usize; 4] = [1, 100, 1_000, 100_000];
/// How often each operation is done in one call of [`callgrind_counts`].
const TURNS: usize = 20;
const OPERATIONS: [&str; 7] = [
    "get",
    "get and print",
    "unconditional update",
    "conditional update",
    "create",
    "page of 100",
    "page of 100 in the middle",
];

fn main() {
    match env::args().nth(1).as_deref() {
        None => print(&under_valgrind()),
        Some("under-valgrind") => measure(),
        Some(other) => panic!("there is no argument {other:?}"),
    }
}

/// Runs this program under callgrind and returns instructions per operation, by operation and number of users.
fn under_valgrind() -> Rounds {
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
    let turns = f64::from(u32::try_from(TURNS).expect("turns are few"));
    let mut result = Rounds::default();
    for (name, total) in names.lines().zip(totals) {
        let total: f64 = total.trim().parse().expect("totals are numbers");
        result.add(name, total / turns);
    }
    result
}

fn print(counts: &Rounds) {
    let mut columns = vec!["instructions of one".to_owned()];
    columns.extend(POPULATIONS.map(report::users));
    columns.push("last ÷ first".into());
    head(&columns);
    for operation in OPERATIONS {
        let found = POPULATIONS.map(|users| counts.find(&name(operation, users)));
        let mut cells = vec![operation.to_owned()];
        cells.extend(found.map(|count| count.map_or("".into(), |count| format!("{count:.0}"))));
        let [first, .., last] = &*found.into_iter().flatten().collect::<Vec<f64>>() else {
            panic!("{operation} was counted less than twice");
        };
        cells.push(ratio(*last, *first));
        row(&cells);
    }
}

fn name(operation: &str, users: usize) -> String {
    format!("{operation} {users}")
}

/// Does every operation with every number of users, and prints their names in that order.
fn measure() {
    let runtime = Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    for users in POPULATIONS {
        let ours = Ours::default();
        let ids = runtime.block_on(ours.seed(users));
        let place = users / 2;
        instrumentation("on");
        Subjects {
            runtime: &runtime,
            users,
            ours: &ours,
            place,
            id: &ids[place],
        }
        .measure();
        instrumentation("off");
    }
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

struct Subjects<'a> {
    runtime: &'a Runtime,
    users: usize,
    ours: &'a Ours,
    place: usize,
    id: &'a str,
}

impl Subjects<'_> {
    fn measure(&self) {
        let Self { ours, id, .. } = self;
        let nothing = [(); TURNS];
        self.count("get", nothing, async |()| ours.get(id).await);
        self.count("get and print", nothing, async |()| {
            Ours::print(&ours.get(id).await)
        });

        let bare = async |data| ours.update_unconditionally(id, data).await;
        self.count("unconditional update", self.changes("a"), bare);
        let mut version = self.runtime.block_on(ours.get(id)).version().clone();
        self.count("conditional update", self.changes("b"), async |data| {
            version = ours
                .update(id, data, &version)
                .await
                .expect("nobody else writes");
        });

        if self.users >= 100 {
            self.count("page of 100", nothing, async |()| ours.page(100).await);
            let middle = u64::try_from(self.users / 2).expect("populations are small");
            let query = ListQuery::new().with_start_index(middle).with_count(100);
            let (provider, context) = (&ours.provider, &ours.context);
            self.count("page of 100 in the middle", nothing, async |()| {
                provider
                    .list_versioned_resources("User", &query, context)
                    .await
            });
        }
        // Last, for it leaves more users behind than there were.
        let new = array::from_fn(|turn| numbered_user(self.users + turn));
        self.count("create", new, async |user| ours.create(user).await);
    }

    /// As many versions of what the user says, none of which `salt` has said before.
    fn changes(&self, salt: &str) -> [Value; TURNS] {
        array::from_fn(|turn| {
            let mut user = numbered_user(self.place);
            user["title"] = format!("{salt}{turn}").into();
            user
        })
    }

    fn count<T, R>(
        &self,
        operation: &str,
        inputs: [T; TURNS],
        mut operate: impl AsyncFnMut(T) -> R,
    ) {
        println!("{}", name(operation, self.users));
        let mut inputs = inputs.into_iter();
        callgrind_reports(&mut || {
            self.runtime.block_on(async {
                for input in inputs.by_ref() {
                    black_box(operate(input).await);
                }
            });
        });
    }
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
