use std::fs;

use crate::program::{Program, command, refused};

#[test]
fn one_line_says_where_it_listens_and_users_are_there() {
    let scimd = Program::start(&[]);
    assert_eq!(
        scimd.line,
        format!("listening on http://{}/scim/v2", scimd.address)
    );
    assert_ne!(scimd.address.port(), 0);

    let created = scimd.send("POST", "/scim/v2/Users", &[], r#"{"userName":"bjensen"}"#);
    assert_eq!(created.status, 201, "{created:?}");
    let user = created.json();
    assert_eq!(created.header("etag"), user["meta"]["version"].as_str());
    let path = format!("/scim/v2/Users/{}", user["id"].as_str().unwrap());
    assert_eq!(
        created.header("location"),
        Some(&*format!("http://localhost{path}"))
    );
    assert_eq!(scimd.send("GET", &path, &[], "").json(), user);
}

#[test]
fn base_path_and_base_url_are_those_given() {
    let scimd = Program::start(&["--base-path", "/", "--base-url", "https://id.example/x"]);
    assert_eq!(scimd.line, format!("listening on http://{}", scimd.address));
    let created = scimd.send(
        "POST",
        "/Users",
        &["host: localhost"],
        r#"{"userName":"a"}"#,
    );
    let location = created.header("location").unwrap();
    assert!(
        location.starts_with("https://id.example/x/Users/"),
        "{location}"
    );
}

#[test]
fn without_a_token_other_addresses_are_refused() {
    let (code, stdout, stderr) = refused(&["--listen", "0.0.0.0:0"]);
    assert_eq!((code, &*stdout), (Some(2), ""), "{stderr}");
    assert!(
        stderr.contains("without a token") && stderr.contains("0.0.0.0:0"),
        "{stderr}"
    );
}

#[test]
fn wrong_options_end_with_two_and_leave_stdout_alone() {
    for args in [
        &["--no-such-option"][..],
        &["--listen", "nowhere"],
        &["--store", "oracle://db"],
        &["--tls-cert", "cert.pem"],
        &["--config", "/does/not/exist.toml"],
        &["--token", "short"],
    ] {
        let (code, stdout, stderr) = refused(args);
        assert_eq!((code, &*stdout), (Some(2), ""), "{args:?}: {stderr}");
    }
}

#[test]
fn unknown_keys_of_the_file_are_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, "max-page = 7\nmax-pages = 7\n").unwrap();
    let (code, _, stderr) = refused(&["--config", file.path().to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("max-pages") && stderr.contains("line 2"),
        "{stderr}"
    );
}

#[test]
fn an_address_in_use_is_a_failure_and_no_wrong_option() {
    let first = Program::start(&[]);
    let (code, stdout, stderr) = refused(&["--listen", &first.address.to_string()]);
    assert_eq!((code, &*stdout), (Some(1), ""), "{stderr}");
    assert!(stderr.contains(&first.address.to_string()), "{stderr}");
}

#[test]
fn flags_count_before_variables_and_these_before_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(
        &file,
        "listen = '127.0.0.1:0'\nbase-path = '/file'\nmax-page = 1\n",
    )
    .unwrap();
    let mut command = command(&["--base-path", "/flag"]);
    command
        .env("SCIMD_CONFIG", file.path())
        .env("SCIMD_BASE_PATH", "/variable")
        .env("SCIMD_MAX_PAGE", "2");
    let scimd = Program::start_as(command);
    assert!(scimd.line.ends_with("/flag"), "{}", scimd.line);
    for name in ["a", "b", "c"] {
        let body = format!(r#"{{"userName":"{name}"}}"#);
        assert_eq!(scimd.send("POST", "/flag/Users", &[], &body).status, 201);
    }
    let page = scimd.send("GET", "/flag/Users", &[], "").json();
    assert_eq!(
        (page["itemsPerPage"].as_u64(), page["totalResults"].as_u64()),
        (Some(2), Some(3))
    );
}

#[test]
fn help_shows_no_secret_of_the_environment() {
    let secret = "s3cret".repeat(10);
    let output = command(&["--help"])
        .env("SCIMD_TOKEN", &secret)
        .env("SCIMD_READ_ONLY_TOKEN", &secret)
        .env("SCIMD_TENANT", &secret)
        .env("SCIMD_TENANT_READ_ONLY", &secret)
        .env("SCIMD_STORE", &secret)
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(
        help.contains("--tenant-read-only") && !help.contains("s3cret"),
        "{help}"
    );
}

#[test]
fn probes_need_neither_token_nor_base_path() {
    let scimd = Program::start(&["--token", &"t".repeat(32)]);
    assert_eq!(scimd.send("GET", "/scim/v2/Users", &[], "").status, 401);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(scimd.send("GET", path, &[], "").status, 200, "{path}");
        assert_eq!(scimd.send("POST", path, &[], "").status, 405, "{path}");
    }
}

#[test]
fn a_version_is_required_where_the_configuration_says_so() {
    let scimd = Program::start(&["--require-version"]);
    let created = scimd.send("POST", "/scim/v2/Users", &[], r#"{"userName":"a"}"#);
    let path = format!("/scim/v2/Users/{}", created.json()["id"].as_str().unwrap());
    assert_eq!(scimd.send("DELETE", &path, &[], "").status, 428);
    let named = format!("if-match: {}", created.header("etag").unwrap());
    assert_eq!(scimd.send("DELETE", &path, &[&named], "").status, 204);
}

#[test]
fn the_service_provider_config_shows_the_options() {
    let scimd = Program::start(&[
        "--token",
        &"t".repeat(32),
        "--open-discovery",
        "--documentation-uri=https://example.com/help",
        "--default-page=7",
        "--max-page=70",
    ]);
    let config = scimd.send("GET", "/scim/v2/ServiceProviderConfig", &[], "");
    assert_eq!(config.status, 200);
    let config = config.json();
    assert_eq!(config["documentationUri"], "https://example.com/help");
    assert_eq!(config["pagination"]["defaultPageSize"], 7);
    assert_eq!(config["pagination"]["maxPageSize"], 70);
    assert_eq!(
        config["authenticationSchemes"][0]["type"],
        "oauthbearertoken"
    );
    assert_eq!(scimd.send("GET", "/scim/v2/Users", &[], "").status, 401);

    let closed = Program::start(&["--token", &"t".repeat(32)]);
    let config = closed.send("GET", "/scim/v2/ServiceProviderConfig", &[], "");
    assert_eq!(config.status, 401);
}

#[test]
fn attributes_that_no_schema_has_are_refused_or_ignored() {
    let user = r#"{"userName":"a","shoeSize":44}"#;
    let strict = Program::start(&[]);
    assert_eq!(strict.send("POST", "/scim/v2/Users", &[], user).status, 400);
    let lenient = Program::start(&["--unknown-attributes=ignore"]);
    let created = lenient.send("POST", "/scim/v2/Users", &[], user);
    assert_eq!(created.status, 201);
    assert!(created.json().get("shoeSize").is_none());
}

#[test]
fn leniency_with_members_and_patches_is_an_option() {
    let patch = |operation: &str| {
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#
        )
    };
    let work = patch(r#"{"op":"replace","path":"emails[type eq \"work\"].value","value":"a@b.c"}"#);
    let none = patch(r#"{"op":"add","path":"members","value":[{"value":"none"}]}"#);
    for (args, expected) in [
        (&[][..], [400, 400]),
        (
            &["--unknown-members=leave-out", "--patch-creates-missing"],
            [200, 200],
        ),
    ] {
        let scimd = Program::start(args);
        let create = |path: &str, body: &str| {
            let created = scimd.send("POST", path, &[], body);
            assert_eq!(created.status, 201, "{created:?}");
            format!("{path}/{}", created.json()["id"].as_str().unwrap())
        };
        let user = create("/scim/v2/Users", r#"{"userName":"a"}"#);
        let group = create("/scim/v2/Groups", r#"{"displayName":"a"}"#);
        let answers = [(user, &work), (group, &none)]
            .map(|(path, body)| scimd.send("PATCH", &path, &[], body));
        assert_eq!(answers.each_ref().map(|answer| answer.status), expected);
        if args.len() == 2 {
            assert_eq!(answers[0].json()["emails"][0]["value"], "a@b.c");
            assert!(answers[1].json().get("members").is_none());
        }
    }
}

#[test]
fn limits_are_those_of_the_options() {
    let scimd = Program::start(&[
        "--max-filter=20",
        "--max-scan=1",
        "--max-bulk=2",
        "--max-answer=10",
    ]);
    let config = scimd.send("GET", "/scim/v2/ServiceProviderConfig", &[], "");
    assert_eq!(config.json()["bulk"]["maxOperations"], 2);
    let mut path = String::new();
    for name in ["a", "b"] {
        let body = format!(r#"{{"userName":"{name}"}}"#);
        let created = scimd.send("POST", "/scim/v2/Users", &[], &body);
        path = format!("/scim/v2/Users/{}", created.json()["id"].as_str().unwrap());
    }
    let error = |filter: &str| {
        let target = format!("/scim/v2/Users?filter={filter}");
        scimd.send("GET", &target, &[], "").json()["scimType"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(error("userName%20eq%20%22a%22"), None);
    assert_eq!(error("title%20co%20%22a%22").as_deref(), Some("tooMany"));
    assert_eq!(
        error("userName%20eq%20%22aaaaaaaaaa%22").as_deref(),
        Some("invalidFilter")
    );
    let patch = r#"{"Operations":[{"op":"add","path":"title","value":"x"}]}"#;
    let patched = scimd.send("PATCH", &path, &[], patch);
    assert_eq!((patched.status, patched.body.len()), (204, 0));
    assert!(patched.header("etag").is_some());
}

#[test]
fn resource_types_of_a_file_are_served() {
    let (_, rest) = include_str!("../../README.md")
        .split_once("### Resource types of your own")
        .unwrap();
    let json = rest
        .split("```")
        .nth(1)
        .unwrap()
        .strip_prefix("json")
        .unwrap();
    let of_readme = tempfile::NamedTempFile::new().unwrap();
    fs::write(&of_readme, json).unwrap();
    let doors = tempfile::NamedTempFile::new().unwrap();
    let json = r#"[{"name":"Door","endpoint":"/Doors","schema":"urn:x:door"},
        {"id":"urn:x:door","attributes":[{"name":"side","canonicalValues":["left"]}]}]"#;
    fs::write(&doors, json).unwrap();
    let files = [&of_readme, &doors].map(|file| format!("--schemas={}", file.path().display()));
    let scimd = Program::start(&[&files[0], &files[1], "--canonical-values=restrict"]);

    let types = scimd.send("GET", "/scim/v2/ResourceTypes", &[], "").json();
    assert_eq!(types["totalResults"], 3);
    let post = |path: &str, body: &str| scimd.send("POST", path, &[], body).status;
    assert_eq!(post("/scim/v2/Doors", r#"{"side":"left"}"#), 201);
    assert_eq!(post("/scim/v2/Doors", r#"{"side":"top"}"#), 400);
    let user = |name: &str| {
        format!(
            r#"{{"userName":"{name}","urn:example:params:scim:schemas:badge":{{"badgeNumber":"7"}}}}"#
        )
    };
    assert_eq!(post("/scim/v2/Users", &user("a")), 201);
    assert_eq!(post("/scim/v2/Users", &user("b")), 409);

    fs::write(&doors, "[{}]").unwrap();
    let (code, stdout, stderr) = refused(&[&files[1]]);
    assert_eq!((code, &*stdout), (Some(2), ""));
    assert!(
        stderr.contains(&*doors.path().to_string_lossy()),
        "{stderr}"
    );
}
