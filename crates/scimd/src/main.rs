//! The server; `scimd --help` names its options.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use scimd::{Args, Command, CommandError, Stopped};
use tokio::runtime::Runtime;

/// Wrong options, as of clap.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(command) = args.subcommand() {
        return carry_out(command);
    }
    let config = match args.load() {
        Ok(config) => config,
        Err(error) => return fail(&error, USAGE),
    };
    let logging = match scimd::init_logging(&config) {
        Ok(logging) => logging,
        Err(error) => return fail(&error, 1),
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, 1),
    };
    let stopped = runtime.block_on(scimd::run(&args, config));
    // What was to be finished is; nothing else is waited for.
    runtime.shutdown_background();
    drop(logging);
    match stopped {
        Ok(Stopped::Gracefully) => ExitCode::SUCCESS,
        Ok(Stopped::AtOnce) => ExitCode::FAILURE,
        Err(error) => fail(&error, 1),
    }
}

fn carry_out(command: &Command) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, 1),
    };
    let done = runtime.block_on(command.run());
    // A read of stdin that has begun can't be taken back, and is not waited for.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ CommandError::Config(_)) => fail(&error, USAGE),
        Err(error) => fail(&error, 1),
    }
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

fn fail(error: &dyn Error, code: u8) -> ExitCode {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    // Nobody has to read it, and `eprintln!` would panic if nobody can.
    let _ = writeln!(io::stderr(), "scimd: {text}");
    ExitCode::from(code)
}
