use std::fs;

use clap::CommandFactory;
use scim_http::provider::Scope;

use super::*;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn config(args: &[&str]) -> Result<Config, ConfigError> {
    Config::from_args([&["scimd"], args].concat())
}

fn refused(args: &[&str]) -> ConfigError {
    config(args).expect_err("these options are to be refused")
}

#[test]
fn help_states_the_defaults_that_count() {
    let mut args = vec!["scimd".to_owned()];
    for arg in Args::command().get_arguments() {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let Some((_, rest)) = help.split_once("[default: ") else {
            continue;
        };
        let (default, _) = rest.split_once(']').unwrap();
        if !default.starts_with("as ") {
            args.push(format!("--{}={default}", arg.get_long().unwrap()));
        }
    }
    assert!(args.len() > 10, "{args:?}");
    let stated = Config::from_args(args).unwrap();
    assert_eq!(format!("{stated:?}"), format!("{:?}", config(&[]).unwrap()));
}

#[test]
fn the_readme_lists_the_options_of_help() {
    let mut table = "| option | variable | meaning |\n|---|---|---|\n".to_owned();
    for arg in Args::command().get_arguments() {
        let (long, variable) = (
            arg.get_long().unwrap(),
            arg.get_env().and_then(|name| name.to_str()),
        );
        let value = arg
            .get_value_names()
            .and_then(|names| names.first())
            .unwrap();
        let help = arg.get_help().unwrap();
        table.push_str(&format!(
            "| `--{long} {value}` | `{}` | {help} |\n",
            variable.unwrap()
        ));
    }
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&table), "README.md is to contain\n{table}");
}

#[test]
fn every_option_has_a_variable_of_its_name() {
    for arg in Args::command().get_arguments() {
        let variable = format!(
            "SCIMD_{}",
            arg.get_long().unwrap().to_uppercase().replace('-', "_")
        );
        assert_eq!(
            arg.get_env().and_then(|name| name.to_str()),
            Some(&*variable)
        );
    }
}

#[test]
fn every_option_but_the_file_itself_is_a_key_of_the_file() {
    let unknown = toml::from_str::<Settings>("no-such-key = 1").unwrap_err();
    for arg in Args::command().get_arguments() {
        let name = arg.get_long().unwrap();
        assert!(
            name == "config" || unknown.message().contains(&format!("`{name}`")),
            "{name}"
        );
    }
}

#[test]
fn the_command_line_counts_before_the_file_and_the_file_before_the_default() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, "max-page = 7\nmax-body = '2KiB'").unwrap();
    let config = config(&["--config", file.path().to_str().unwrap(), "--max-page", "8"]).unwrap();
    assert_eq!((config.limits.max_page(), config.limits.body()), (8, 2048));
    assert_eq!(config.listen, DEFAULT_LISTEN);
}

#[test]
fn without_a_token_only_loopback_is_listened_on() {
    for address in [
        "0.0.0.0:0",
        "[::]:0",
        "10.0.0.1:8080",
        "[::ffff:10.0.0.1]:1",
    ] {
        let error = refused(&["--listen", address]);
        assert!(matches!(error, ConfigError::OpenToAll { .. }), "{error:?}");
        for option in ["--token", "--read-only-token"] {
            assert!(config(&["--listen", address, option, TOKEN]).is_ok());
        }
    }
    for address in [
        "127.0.0.1:0",
        "127.1.2.3:0",
        "[::1]:0",
        "[::ffff:127.0.0.1]:0",
    ] {
        assert!(config(&["--listen", address]).is_ok(), "{address}");
    }
}

#[test]
fn one_tenant_and_several_exclude_each_other() {
    let tenant = format!("acme=x{TOKEN}");
    let error = refused(&["--read-only-token", TOKEN, "--tenant", &tenant]);
    assert!(matches!(error, ConfigError::TokensAndTenants), "{error:?}");
}

#[test]
fn tokens_of_all_four_kinds_are_known() {
    let (read, other) = (format!("r{TOKEN}"), format!("o{TOKEN}"));
    let single = config(&[
        "--token",
        TOKEN,
        "--token",
        &other,
        "--read-only-token",
        &read,
    ])
    .unwrap();
    assert_eq!(single.tokens.len(), 3);
    assert_eq!(single.tokens.grant(&other).unwrap().scope(), &Scope::Single);
    assert!(!single.tokens.grant(&read).unwrap().may_write());

    let (write, read_only) = (format!("acme={TOKEN},beta={other}"), format!("acme={read}"));
    let several = config(&["--tenant", &write, "--tenant-read-only", &read_only]).unwrap();
    assert_eq!(several.tokens.len(), 3);
    assert_eq!(
        several.tokens.grant(&read).unwrap().scope(),
        &Scope::Tenant("acme".parse().unwrap())
    );
}

#[test]
fn a_refused_token_is_named_by_its_place_only() {
    let error = refused(&["--token", TOKEN, "--token", "s3cret"]);
    assert!(
        matches!(
            error,
            ConfigError::Token {
                option: "token",
                position: 2,
                ..
            }
        ),
        "{error:?}"
    );
    for args in [
        &["--token=s3cret"][..],
        &["--tenant=s3cret"],
        &["--token", TOKEN, "--tenant=a=s3cret"],
        &["--store=s3cret"],
    ] {
        let error = refused(args);
        assert!(
            !format!("{error} {error:?}").contains("s3cret"),
            "{error:?}"
        );
    }
}

#[test]
fn no_token_shows_in_debug() {
    let args = Args::try_parse_from(["scimd", "--token", TOKEN]).unwrap();
    let config = args.load().unwrap();
    assert!(!format!("{args:?} {config:?}").contains(TOKEN));
}

#[test]
fn a_certificate_and_its_key_need_each_other() {
    let error = refused(&["--tls-cert", "a"]);
    assert!(
        matches!(error, ConfigError::TlsHalf { missing: "tls-key" }),
        "{error:?}"
    );
    let error = refused(&["--tls-key", "a"]);
    assert!(
        matches!(
            error,
            ConfigError::TlsHalf {
                missing: "tls-cert"
            }
        ),
        "{error:?}"
    );
    let error = refused(&["--tls-cert", "/none", "--tls-key", "/none"]);
    assert!(matches!(error, ConfigError::Tls(_)), "{error:?}");
}

#[test]
fn limits_that_let_nothing_through_are_refused() {
    for (option, value) in [
        ("max-header-size", "8191"),
        ("max-header-size", "17MiB"),
        ("header-timeout", "0"),
        ("request-timeout", "0ms"),
    ] {
        let error = refused(&[&format!("--{option}={value}")]);
        assert!(
            matches!(error, ConfigError::Limit { option: named, .. } if named == option),
            "{error:?}"
        );
    }
    for arg in [
        "--max-page=0",
        "--max-headers=0",
        "--max-connections=0",
        "--max-body=x",
        "--listen=localhost",
    ] {
        let error = refused(&[arg]);
        assert!(matches!(error, ConfigError::Arguments(_)), "{error:?}");
    }
}

#[test]
fn a_log_filter_lets_something_through_or_says_off() {
    let error = refused(&["--log-filter="]);
    assert!(matches!(error, ConfigError::Arguments(_)), "{error:?}");
    for filter in ["off", "warn", "scimd=debug"] {
        assert!(config(&["--log-filter", filter]).is_ok(), "{filter}");
    }
}

#[test]
fn a_flag_may_be_turned_off_again() {
    for (arg, required) in [("--require-version", true), ("--require-version=no", false)] {
        assert_eq!(config(&[arg]).unwrap().require_version, required);
    }
}

#[test]
fn only_stores_that_there_are_can_be_chosen() {
    assert!(config(&["--store", "memory"]).is_ok());
    assert!(config(&["--store", "sqlite:scimd.db"]).is_ok());
    let error = refused(&["--store", "oracle://db"]);
    assert!(matches!(error, ConfigError::Store(_)), "{error:?}");
}

#[test]
fn the_file_shown_in_the_readme_can_be_used() {
    let (_, rest) = include_str!("../../README.md")
        .split_once("```toml\n")
        .unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let config = Config::new(toml::from_str(text).unwrap()).unwrap();
    assert_eq!(config.tokens.len(), 2);
}
