use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use scim_tests::databases::{Postgres, or_left_out};
use scim_tests::{Scimd, until};

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

/// What the other test kills, as a process of its own.
#[test]
#[ignore = "waits until it is killed, by the other test here"]
fn servers_until_killed() {
    let postgres = Postgres::start().unwrap();
    let scimd = Scimd::start(SCIMD, &["--store", "memory"]);
    let (folder, address) = (postgres.folder().display(), scimd.address());
    writeln!(io::stderr(), "started {folder} {address}").unwrap();
    let _ = io::stdin().read(&mut [0]);
    // Neither is dropped; a test that ends would.
    std::mem::forget((postgres, scimd));
}

fn are_gone_after(end: impl FnOnce(&mut std::process::Child)) {
    if or_left_out(Postgres::shared()).is_none() {
        return;
    }
    let name = concat!(module_path!(), "::servers_until_killed");
    let (_, name) = name.split_once("::").unwrap();
    let mut tests = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stderr = BufReader::new(tests.stderr.take().unwrap());
    stderr.read_line(&mut line).unwrap();
    let parts: Vec<_> = line.split_whitespace().collect();
    let ["started", folder, address] = parts[..] else {
        panic!("{line:?}");
    };
    let folder = Path::new(folder);
    let address: SocketAddr = address.parse().unwrap();
    let id = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let id = id.lines().next().unwrap();
    assert!(TcpStream::connect(address).is_ok());

    end(&mut tests);
    tests.wait().unwrap();
    until("the servers are gone", || {
        let gone = !Path::new("/proc").join(id).exists() && TcpStream::connect(address).is_err();
        (gone && !folder.exists()).then_some(())
    });
}

#[test]
fn servers_are_gone_when_the_tests_are_killed() {
    are_gone_after(|tests| tests.kill().unwrap());
}

#[test]
fn servers_are_gone_when_nobody_drops_them() {
    are_gone_after(|tests| drop(tests.stdin.take()));
}
