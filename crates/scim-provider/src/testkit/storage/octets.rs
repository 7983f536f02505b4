use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, ids, u64_of};
use crate::Storage;
use crate::storage::{
    Change, Commit, IndexEntry, Link, LinkKey, Query, Selection, UniqueKey, Write,
};

/// Texts that differ, though not for every collation, pattern or escape.
const TEXTS: [&str; 32] = [
    "a",
    "A",
    "a ",
    " a",
    "aa",
    "ä",
    "a\u{308}",
    "ａ",
    "ß",
    "ss",
    "ẞ",
    "i",
    "I",
    "ı",
    "İ",
    "'",
    "''",
    "\"",
    "\\",
    "\\\\",
    "%",
    "_",
    "a%",
    "a_",
    "$1",
    "?",
    ":a",
    "; --",
    "NULL",
    "\u{feff}a",
    "\u{1f600}",
    "\u{10ffff}",
];

/// Keys, values, documents and links are read octet by octet as they were
/// written.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn octets_come_back_unchanged(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    const CHECK: &str = "octets_come_back_unchanged";
    let long = "x".repeat(255);
    for text in TEXTS.into_iter().chain([long.as_str()]) {
        // By itself, so that nothing like it is in its way.
        let space = Space::new(CHECK, storage);
        let stored = space.create(&space.key(text, text), hostile(text)).await?;
        let found = space.get(&stored.key).await?;
        // Debug of a document is long; that of the text will do.
        let what = format!("a record with {text:?} everywhere");
        space.holds(&format!("{what} changed"), found.as_ref() == Some(&stored))?;
        for selection in selections(text) {
            let page = space.select(text, selection).await?;
            space.holds(
                &format!("{what} changed on a page"),
                page.records == [stored.clone()],
            )?;
        }
    }

    // Canonical JSON that a store might be tempted to read as something else.
    let space = Space::new(CHECK, storage);
    let huge = format!(r#"{{"huge":"{}"}}"#, "0123456789abcdef".repeat(65_536));
    let documents = [
        r#"{}"#,
        r#"{"a":18446744073709551615,"b":1e+300,"c":0.1,"d":9007199254740993}"#,
        r#"{"a":"\u0000\u001f\"\\","b":"\\u0000"}"#,
        r#"{"":{"":[[],{},null,true]}}"#,
        r#"{"\ud83d":"a lone surrogate"}"#,
        huge.as_str(),
    ];
    for (n, document) in documents.into_iter().enumerate() {
        let key = space.key("Document", &n.to_string());
        let stored = space.create(&key, Draft::of_document(document)).await?;
        let same = space.get(&key).await?.is_some_and(|found| found == stored);
        space.holds(
            &format!("document {n} of {} octets changed", document.len()),
            same,
        )?;
        // Once more as an update of what is there.
        let draft = Draft::of_document(documents[documents.len() - 1 - n]);
        let stamp = space.stamp();
        let wanted = draft.stored(&key, &stamp);
        let change = draft.change(stamp);
        space
            .applied(Commit::of(Write::update(
                key.clone(),
                stored.stamp.version,
                change,
            )))
            .await?;
        let same = space.get(&key).await?.is_some_and(|found| found == wanted);
        space.holds(&format!("document {n} changed by an update"), same)?;
    }
    Ok(())
}

/// Records whose keys and values differ in a single octet are different records.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn octets_tell_records_apart(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("octets_tell_records_apart", storage);
    let mut records = Vec::new();
    for text in TEXTS {
        records.push(
            space
                .create(&space.key("User", text), hostile(text))
                .await?,
        );
    }
    for record in &records {
        let id = record.key.id().as_str();
        space
            .reads("a record among others that are like it", record)
            .await?;
        for selection in selections(id) {
            space.selects("User", selection, &[id]).await?;
        }
    }
    // The same for the names of types, rules and attributes.
    for text in TEXTS {
        let draft = Draft::of(text)
            .unique(UniqueKey::new(text, "one"))
            .indexed(IndexEntry::new(text, "one"))
            .linked(Link::new(LinkKey::new(text, "one"), None, *b"{}"));
        space
            .create(&space.key(&format!("T{text}"), "one"), draft)
            .await?;
    }
    for text in TEXTS {
        let kind = format!("T{text}");
        for selection in [
            Selection::All,
            Selection::Unique(UniqueKey::new(text, "one")),
            Selection::Indexed(IndexEntry::new(text, "one")),
            Selection::Linked(vec![LinkKey::new(text, "one")]),
        ] {
            space.selects(&kind, selection, &["one"]).await?;
        }
    }

    // What happens to one happens to none of the others.
    let mut left = records;
    while let Some(record) = left.pop() {
        let stamp = space.stamp();
        let change = Change::new(stamp.clone());
        let update = Write::update(record.key.clone(), record.stamp.version, change);
        space.applied(Commit::of(update)).await?;
        space
            .applied(Commit::of(Write::delete(record.key, stamp.version)))
            .await?;
        let page = space
            .page(&Query::new(space.scope().clone(), "User", 100))
            .await?;
        let mut wanted = left.clone();
        wanted.sort_by(|a, b| a.key.id().cmp(b.key.id()));
        space.same("the records beside a deleted one", &page.records, &wanted)?;
        space.same(
            "the total beside a deleted one",
            &page.total,
            &u64_of(left.len()),
        )?;
    }
    Ok(())
}

/// A record with `text` wherever a text can stand.
fn hostile(text: &str) -> Draft {
    let detail = serde_json::json!({ "display": text }).to_string();
    let link = Link::new(
        LinkKey::new("members", text),
        Some(text.into()),
        detail.as_bytes(),
    );
    Draft::of(text)
        .unique(UniqueKey::new("User:userName", text))
        .indexed(IndexEntry::new("title", text))
        .linked(link)
}

fn selections(text: &str) -> [Selection; 4] {
    [
        ids(&[text]),
        Selection::Unique(UniqueKey::new("User:userName", text)),
        Selection::Indexed(IndexEntry::new("title", text)),
        Selection::Linked(vec![LinkKey::new("members", text)]),
    ]
}
