//! What a client can do about somebody who was faster.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};

use scim_ops::{MergeConflict, MergeConflicts, MergeRule, MergeRules, Resolution, ThreeWay, merge};
use serde_json::Value;

use crate::client::{Client, Refused, Seen, User};

const ATTEMPTS: u32 = 8;

/// Reads, changes and writes, until nobody comes between: for changes that can be said of any
/// state.
pub(crate) async fn reapply(
    client: &Client,
    path: &str,
    change: impl Fn(&mut User),
) -> Result<Seen, Refused> {
    for _ in 0..ATTEMPTS {
        let Seen { etag, mut user, .. } = client.get(path).await?;
        change(&mut user);
        match client.put(path, Some(&etag), &user).await {
            Err(Refused::Stale) => {}
            done => return done,
        }
    }
    Err(Refused::Away)
}

/// What came of a merge.
#[derive(Debug)]
pub(crate) enum Merged {
    Written(Seen),
    /// These don't go together; nothing was written.
    Conflicts(MergeConflicts),
}

/// Writes what was made of `base`, merged by `rules` with what others have made of it.
pub(crate) async fn merge_locally(
    client: &Client,
    base: &Seen,
    mine: &User,
    rules: &MergeRules,
) -> Result<Merged, Refused> {
    let (mut etag, mut data) = (base.etag.clone(), mine.clone());
    for _ in 0..ATTEMPTS {
        match client.put(&base.path, Some(&etag), &data).await {
            Ok(written) => return Ok(Merged::Written(written)),
            Err(Refused::Stale) => {}
            Err(refused) => return Err(refused),
        }
        let theirs = client.get(&base.path).await?;
        let three = ThreeWay {
            base: &base.user,
            local: mine,
            remote: &theirs.user,
        };
        data = match merge(client.users(), three, rules) {
            Ok(merged) => merged,
            Err(conflicts) => return Ok(Merged::Conflicts(conflicts)),
        };
        etag = theirs.etag;
    }
    Err(Refused::Away)
}

/// The same, asking a person about what does not go together.
pub(crate) async fn ask(
    client: &Client,
    base: &Seen,
    mine: &User,
    person: &mut (impl BufRead + Send),
    screen: &mut (impl Write + Send),
) -> Result<Seen, Box<dyn std::error::Error>> {
    let mut rules = MergeRules::default();
    for _ in 0..ATTEMPTS {
        let merged = merge_locally(client, base, mine, &rules).await;
        match merged.map_err(|refused| format!("{refused:?}"))? {
            Merged::Written(written) => return Ok(written),
            Merged::Conflicts(conflicts) => {
                let answers = answers(&conflicts, person, screen)?;
                rules = MergeRules::new(MergeRule::ask(move |conflict: &MergeConflict| {
                    let answer = answers.get(conflict.path());
                    answer.cloned().unwrap_or(Resolution::Conflict)
                }));
            }
        }
    }
    Err("others were faster each time".into())
}

/// Shows each conflict as a difference, and reads whose value it should be.
fn answers(
    conflicts: &MergeConflicts,
    person: &mut impl BufRead,
    screen: &mut impl Write,
) -> io::Result<HashMap<String, Resolution>> {
    let mut answers = HashMap::new();
    for conflict in conflicts {
        writeln!(screen, "  {}", conflict.path())?;
        for (sign, value) in [
            ("  was", conflict.base()),
            ("- theirs", conflict.remote()),
            ("+ yours", conflict.local()),
        ] {
            let value = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
            writeln!(screen, "    {sign:<8}  {value}")?;
        }
        write!(screen, "    [y]ours or [t]heirs? ")?;
        screen.flush()?;
        let mut answer = String::new();
        person.read_line(&mut answer)?;
        let resolution = match answer.trim() {
            "y" => Resolution::Local,
            "t" => Resolution::Remote,
            _ => Resolution::Conflict,
        };
        writeln!(screen, "{}", answer.trim())?;
        answers.insert(conflict.path().to_owned(), resolution);
    }
    Ok(answers)
}
