//! The quick start of the front page, as it stands there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const README: &str = include_str!("../../../README.md");
const ANNOUNCED: &str = "http://127.0.0.1:8080/scim/v2";

/// A `scimd` that ends with its test.
struct Server {
    process: Child,
    _folder: TempDir,
    base_url: String,
}

impl Server {
    fn start() -> Self {
        // Where it keeps its users, by default.
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_scimd"))
            .current_dir(&folder)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base_url = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self {
            process,
            _folder: folder,
            base_url,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The shell block behind the comment that names this file.
fn quick_start() -> &'static str {
    let (_, behind) = README.split_once("<!-- quick start").expect("the comment");
    let (_, block) = behind.split_once("```sh\n").expect("the block");
    block.split_once("```").expect("its end").0
}

/// What `curl -i` shows of one answer.
struct Answer<'a> {
    status: &'a str,
    header: &'a str,
    body: &'a str,
}

impl<'a> Answer<'a> {
    fn parse(text: &'a str) -> Self {
        let (header, body) = text
            .split_once("\r\n\r\n")
            .expect("a header ends in an empty line");
        let status = header.get(..3).expect("a status code");
        // The shell function sets the answers apart.
        let body = body.trim_end();
        Self {
            status,
            header,
            body,
        }
    }

    fn etag(&self) -> &'a str {
        let mut fields = self.header.lines().filter_map(|line| line.split_once(':'));
        let etag = fields.find(|(name, _)| name.eq_ignore_ascii_case("etag"));
        etag.expect("an ETag").1.trim()
    }

    fn json(&self) -> Value {
        serde_json::from_str(self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

#[test]
fn the_quick_start_shows_what_it_says() {
    if Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: there is no curl");
        return;
    }
    let server = Server::start();
    let script = quick_start();
    assert!(script.contains(ANNOUNCED));
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .arg("-c")
        .arg(script.replace(ANNOUNCED, &server.base_url))
        .current_dir(folder.path())
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), output.stderr);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&stderr)
    );

    let answers: Vec<_> = stdout
        .split("HTTP/1.1 ")
        .skip(1)
        .map(Answer::parse)
        .collect();
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, ["201", "200", "304", "200", "412"], "{stdout}");

    let [created, read, not_modified, replaced, failed] = answers.as_slice() else {
        unreachable!("there are five statuses")
    };
    for answer in [created, read, replaced] {
        assert_eq!(answer.json()["meta"]["version"], answer.etag());
    }
    assert_eq!(read.json(), created.json());
    assert_eq!(
        (not_modified.etag(), not_modified.body),
        (created.etag(), "")
    );
    assert_ne!(replaced.etag(), created.etag());
    assert_eq!(failed.etag(), replaced.etag(), "the version that there is");
    let detail = failed.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.contains(created.etag()) && detail.contains(replaced.etag()),
        "{detail}"
    );
    assert_eq!(replaced.json()["displayName"], "Babs");
}
