//! Run `scimd --store memory`, then
//! `cargo run --example client_side_resolution http://127.0.0.1:8080/scim/v2`.
//!
//! What can a client do when somebody else was faster? Make its change again, merge the two, or
//! ask a person.

mod client;
mod patterns;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io::{self, BufRead, Write};

use scim_ops::MergeRules;
use serde_json::{Value, json};

use self::client::{Client, Refused, Seen, User};
use self::patterns::{Merged, ask, merge_locally, reapply};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = std::env::args().nth(1);
    let base_url = base_url.unwrap_or_else(|| "http://127.0.0.1:8080/scim/v2".into());
    let name = format!("bjensen-{}", fastrand::u32(..));
    let (mut person, mut screen) = (io::BufReader::new(io::stdin()), io::stdout());
    show(&Client::new(base_url), &name, &mut person, &mut screen).await
}

/// Shows each pattern on a user of its own, whom this program also changes as somebody else.
async fn show(
    client: &Client,
    name: &str,
    person: &mut (impl BufRead + Send),
    screen: &mut (impl Write + Send),
) -> Result<(), Box<dyn Error>> {
    let new = object(json!({ "userName": name, "title": "Guide" }));
    let user = client.create(&new).await.map_err(told)?;
    if client.create(&new).await == Err(Refused::Taken) {
        writeln!(
            screen,
            "409: the name is taken, so that nobody is there twice"
        )?;
    }

    // Somebody else is faster; the change is made to what he left.
    somebody(client, &user.path, "nickName", "Babs").await?;
    let seen = reapply(client, &user.path, |user| {
        user.insert("locale".into(), "en-US".into());
    });
    let seen = seen.await.map_err(told)?;
    writeln!(
        screen,
        "applied again: {}",
        said(&seen, &["nickName", "locale"])
    )?;

    // A form that was opened, changed, and is sent late.
    let form = client.get(&user.path).await.map_err(told)?;
    let mut mine = form.user.clone();
    mine.insert("displayName".into(), "Barbara Jensen".into());
    somebody(client, &user.path, "title", "Tour Guide").await?;
    let rules = MergeRules::default();
    let merged = merge_locally(client, &form, &mine, &rules).await;
    match merged.map_err(told)? {
        Merged::Written(seen) => {
            writeln!(
                screen,
                "merged here: {}",
                said(&seen, &["title", "displayName"])
            )?;
        }
        Merged::Conflicts(conflicts) => writeln!(screen, "{conflicts}")?,
    }

    // Both have changed the same.
    let form = client.get(&user.path).await.map_err(told)?;
    let mut mine = form.user.clone();
    mine.insert("title".into(), "Lead".into());
    mine.insert("nickName".into(), "Barb".into());
    somebody(client, &user.path, "title", "Driver").await?;
    somebody(client, &user.path, "nickName", "B.").await?;
    writeln!(screen, "both have changed:")?;
    let seen = ask(client, &form, &mine, person, screen).await?;
    writeln!(
        screen,
        "as you said: {}",
        said(&seen, &["title", "nickName"])
    )?;
    Ok(())
}

async fn somebody(
    client: &Client,
    path: &str,
    name: &str,
    value: &str,
) -> Result<(), Box<dyn Error>> {
    let changed = reapply(client, path, |user| {
        user.insert(name.into(), value.into());
    });
    changed.await.map(drop).map_err(told)
}

fn said(seen: &Seen, names: &[&str]) -> String {
    let said = names.iter().map(|name| {
        let value = seen.user.get(*name).unwrap_or(&Value::Null);
        format!("{name} {value}")
    });
    said.collect::<Vec<_>>().join(", ")
}

fn object(value: Value) -> User {
    match value {
        Value::Object(members) => members,
        _ => User::new(),
    }
}

fn told(refused: Refused) -> Box<dyn Error> {
    format!("{refused:?}").into()
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.etag == other.etag
    }
}
