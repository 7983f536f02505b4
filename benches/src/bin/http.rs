//! `scimd` over HTTP from memory beside bare axum, under wrk, alternately in one run. The best of the rounds counts, for
//! the reason that `own` gives.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{self, Command};
use std::time::Duration;

use scim_benches::children::{Server, build, package, sibling};
use scim_benches::document::{numbered_user, user};
use scim_benches::report::{Rounds, head, ratio, row, time};
use scim_benches::wrk::{Load, load};

const ROUNDS: usize = 15;
const DURATION: Duration = Duration::from_secs(1);

fn main() {
    build(&["--package", "scimd"]);
    build(&["--package", "scim-benches", "--bin", "axum_bare"]);
    let scimd = Server::start(
        Command::new(sibling("scimd"))
            .args(["--listen", "127.0.0.1:0", "--store", "memory"])
            .args([
                // One line for each request would be measured, too.
                "--log-filter",
                "warn",
            ]),
    );
    let axum = Server::start(&mut Command::new(sibling("axum_bare")));
    let servers = [("scimd", &scimd), ("axum", &axum)];

    let mut template = user();
    template["userName"] = "__NUMBER__@example.com".into();
    template["title"] = "__TITLE__".into();
    let file = std::env::temp_dir().join(format!("scim-benches-{}.json", process::id()));
    fs::write(&file, template.to_string())
        .expect("the system's folder for temporary files is writable");
    let [file_name, script] = [file, package().join("wrk/put.lua")]
        .map(|path| path.to_str().expect("paths here are text").to_owned());

    let mut rounds = Rounds::default();
    let mut measure = |request: &str, (name, server): (&str, &Server), run: &dyn Fn() -> Load| {
        let before = server.processor_seconds();
        let load = run();
        let seconds = server.processor_seconds() - before;
        rounds.add(&format!("{request} {name} rate"), load.rate);
        rounds.add(
            &format!("{request} {name} cpu"),
            seconds / load.requests * 1e9,
        );
    };
    let users = servers.map(|(_, server)| create(server.url()));
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for (server, user) in servers.into_iter().zip(&users) {
            measure("GET", server, &|| load(user, 2, DURATION, &[]));
        }
        for server in servers {
            let arguments = [&*script, &file_name, &format!("round-{round}")];
            measure("PUT", server, &|| {
                load(server.1.url(), 16, DURATION, &arguments)
            });
        }
    }
    fs::remove_file(&file_name).expect("it was written above");

    head(&["requests", "scimd", "bare axum", "scimd ÷ axum"]);
    for (label, name) in [("GET", "GET"), ("conditional PUT", "PUT")] {
        let [scimd, axum] =
            servers.map(|(server, _)| rounds.greatest(&format!("{name} {server} rate")));
        row(&[
            label.into(),
            format!("{scimd:.0}/s"),
            format!("{axum:.0}/s"),
            ratio(scimd, axum),
        ]);
        // The load has the same processors to run on; this is the server's part alone.
        let [scimd, axum] =
            servers.map(|(server, _)| rounds.least(&format!("{name} {server} cpu")));
        row(&[
            format!("{label}, processor time of the server"),
            time(scimd),
            time(axum),
            ratio(scimd, axum),
        ]);
    }
}

/// Creates a user and returns its URL.
fn create(base_url: &str) -> String {
    let (host, path) = base_url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("both servers announce http://HOST/PATH");
    let user = numbered_user(0).to_string();
    let mut stream = TcpStream::connect(host).expect("the server listens");
    let head = format!(
        "POST /{path}/Users HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n",
        user.len()
    );
    stream
        .write_all((head + &user).as_bytes())
        .expect("the server reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("the server answers");
    let location = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim())
    });
    let location = location.unwrap_or_else(|| panic!("a user was not created:\n{answer}"));
    match location.strip_prefix('/') {
        Some(path) => format!("http://{host}/{path}"),
        None => location.to_owned(),
    }
}
