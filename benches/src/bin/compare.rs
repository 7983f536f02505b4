//! Ours beside scim-server 0.5.3: the same operations on the same documents, alternately in one run. The
//! best of the rounds counts, for the reason that `own` gives.

use std::process::Command;

use scim_benches::children::{build, output, package, sibling};
use scim_benches::report::{self, Rounds, head, ratio, row, time};
use scim_benches::shared::comparison::POPULATIONS;

const ROUNDS: usize = 3;

fn main() {
    let (reference, target) = (package().join("reference"), sibling("reference"));
    let manifest = reference.join("Cargo.toml");
    let [manifest, target_dir] =
        [&manifest, &target].map(|path| path.to_str().expect("the checkout's path is text"));
    build(&["--package", "scim-benches", "--bin", "ours"]);
    build(&[
        "--locked",
        "--manifest-path",
        manifest,
        "--target-dir",
        target_dir,
    ]);
    let programs = [
        sibling("ours"),
        target.join("release/scim-benches-reference"),
    ];

    let [mut ours, mut theirs] = [Rounds::default(), Rounds::default()];
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for (program, rounds) in programs.iter().zip([&mut ours, &mut theirs]) {
            rounds.add_lines(&output(&mut Command::new(program)));
        }
    }

    head(&["operation", "ours", "scim-server 0.5.3", "ours ÷ theirs"]);
    let line =
        |label: &str, pick: fn(&Rounds, &str) -> f64, name: &str, unit: fn(f64) -> String| {
            let (a, b) = (pick(&ours, name), pick(&theirs, name));
            row(&[label.to_owned(), unit(a), unit(b), ratio(a, b)]);
        };
    line("version of a parsed user", Rounds::least, "version", time);
    for operation in ["get", "get and print", "update"] {
        for users in POPULATIONS {
            let name = format!("{operation} {users}");
            let kind = if operation == "update" {
                "conditional "
            } else {
                ""
            };
            line(
                &format!("{kind}{operation}, {}", report::users(users)),
                Rounds::least,
                &name,
                time,
            );
        }
    }
    line("page of 100 out of 100,000", Rounds::least, "page", time);
    line("memory per user", Rounds::median, "memory", |octets| {
        format!("{octets:.0} B")
    });
    // One that is lost in one of the rounds is lost.
    line(
        "increments lost of 4,000",
        Rounds::greatest,
        "lost",
        |count| format!("{count:.0}"),
    );
}
