use std::io::{self, Write};
use std::sync::Arc;

use scim_http::provider::InMemoryStorage;

use super::description;
use crate::auth::Bearers;
use crate::command::CommandError;
use crate::config::DescribeArgs;
use crate::service;

/// Prints what a server with these options would serve as `/openapi.json`. No store is opened.
///
/// # Errors
///
/// [`CommandError`] if the options are wrong, or nobody takes what is printed.
pub(crate) fn print(args: &DescribeArgs) -> Result<(), CommandError> {
    let config = args.load()?;
    let handler = service::handler(&config, InMemoryStorage::default(), Arc::default());
    let bearers = Arc::new(Bearers::new(Arc::clone(&config.tokens)));
    let service = service::of(&config, handler, bearers);
    let document = description(&service, &config).document();
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{document:#}")
        .and_then(|()| stdout.flush())
        .map_err(CommandError::Print)
}
