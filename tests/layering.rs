//! Each layer depends only on the one below.

use std::process::Command;

/// What is asked of each crate, stands in the script, which `.ci/run` runs as well.
#[test]
fn each_layer_depends_only_on_the_one_below() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/layering");
    let output = Command::new(script)
        .output()
        .expect("the script can be run");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{stdout}{stderr}");
    assert_eq!(
        stdout.trim_end(),
        "each layer depends only on the one below"
    );
}
