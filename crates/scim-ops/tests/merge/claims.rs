//! What each edit is about, so that two edits are known to be about different things.

use crate::edits::{Edit, Level, identity};

/// Names of what an edit is about; to be about something is to be about all within it.
pub(crate) fn claims(edit: &Edit) -> Vec<String> {
    let one = |list: &str, item: &serde_json::Value| {
        let known = identity(list).iter().map(|part| item.get(part).cloned());
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            format!("{list}/{item}/")
        } else {
            format!("{list}/{known:?}/")
        }
    };
    match edit {
        Edit::Set(Level::Core, name, _) | Edit::Unset(Level::Core, name) => {
            vec![format!("{name}/")]
        }
        Edit::Set(Level::More, name, _) | Edit::Unset(Level::More, name) => {
            vec![format!("more/{name}/")]
        }
        Edit::UnsetMore => vec!["more/".into()],
        Edit::SetPart(name, part, _) => vec![format!("{name}/{part}/")],
        Edit::Add(list, item) => {
            let mut claims = vec![one(list, item)];
            if item.get("primary").is_some() {
                claims.push(format!("{list}/primary/"));
            }
            claims
        }
        Edit::Remove(list, item) => vec![one(list, item)],
        Edit::SetIn(list, item, part, _) => vec![format!("{}{part}/", one(list, item))],
        Edit::Choose(list, item) => {
            vec![
                format!("{list}/primary/"),
                format!("{}primary/", one(list, item)),
            ]
        }
    }
}

/// Whether something is claimed by both.
pub(crate) fn meet(a: &[String], b: &[String]) -> bool {
    a.iter()
        .any(|a| b.iter().any(|b| a.starts_with(b) || b.starts_with(a)))
}

/// Those of `edits` that apply to `document` and are about different things.
pub(crate) fn disjoint(edits: Vec<Edit>, document: &crate::support::Document) -> Vec<Edit> {
    let mut kept: Vec<(Edit, Vec<String>)> = Vec::new();
    for edit in edits {
        let claimed = claims(&edit);
        let is_free = kept.iter().all(|(_, other)| !meet(&claimed, other));
        if is_free && edit.applies_to(document) {
            kept.push((edit, claimed));
        }
    }
    kept.into_iter().map(|(edit, _)| edit).collect()
}
