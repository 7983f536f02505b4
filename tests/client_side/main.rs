//! The example `client_side_resolution`, as a program of its own, against the server as a program of
//! its own: what it prints is what the page on conflicts promises of clients.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::io::Write;
use std::process::{Command, Stdio};

use scim_tests::Scimd;
use scim_tests::databases::Store;

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");
const EXAMPLE: &str = env!("CARGO_BIN_EXE_client-side-resolution-under-test");

/// What the example prints, and how it ended, if the person answers so.
fn shown(scimd: &Scimd, answers: &str) -> (String, String, Option<i32>) {
    let mut example = Command::new(EXAMPLE)
        .arg(scimd.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Two lines fit into the pipe, whether it reads them or not.
    let mut stdin = example.stdin.take().unwrap();
    stdin.write_all(answers.as_bytes()).unwrap();
    drop(stdin);
    let ended = example.wait_with_output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    (text(ended.stdout), text(ended.stderr), ended.status.code())
}

#[test]
fn each_pattern_is_shown_against_the_server() {
    let store = Store::of_environment();
    // One that takes no change without a version, so that none of the patterns works around that.
    let scimd = Scimd::start(SCIMD, &["--store", store.url(), "--require-version"]);
    for (answers, [nick_name, title]) in
        [("y\nt\n", ["Barb", "Driver"]), ("t\ny\n", ["B.", "Lead"])]
    {
        let (stdout, stderr, code) = shown(&scimd, answers);
        let [of_nick_name, of_title] = [&answers[..1], &answers[2..3]];
        let expected = format!(
            r#"409: the name is taken, so that nobody is there twice
applied again: nickName "Babs", locale "en-US"
merged here: title "Tour Guide", displayName "Barbara Jensen"
both have changed:
  nickName
      was     "Babs"
    - theirs  "B."
    + yours   "Barb"
    [y]ours or [t]heirs? {of_nick_name}
  title
      was     "Tour Guide"
    - theirs  "Driver"
    + yours   "Lead"
    [y]ours or [t]heirs? {of_title}
as you said: title "{title}", nickName "{nick_name}"
"#
        );
        assert_eq!((&*stdout, &*stderr, code), (&*expected, "", Some(0)));
    }
    // And it wrote what it said.
    let found = scimd.client().get("/Users?filter=title%20eq%20%22Lead%22");
    assert_eq!(found.json()["totalResults"], 1);
}
