//! The document that everything is measured on.

use std::sync::LazyLock;

use serde_json::Value;

static USER: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/user.json")).expect("data/user.json is JSON")
});

/// The enterprise user of RFC 7643 §8.3 without what a client does not send: about 1.7 kB without white space.
#[must_use]
pub fn user() -> Value {
    USER.clone()
}

/// The `number`-th of many users, which differ in `userName`, `externalId` and their first address.
#[must_use]
pub fn numbered_user(number: usize) -> Value {
    let mut user = user();
    user["userName"] = format!("bjensen-{number}@example.com").into();
    user["externalId"] = format!("{}", 700_000 + number).into();
    user["emails"][0]["value"] = format!("bjensen-{number}@example.org").into();
    user
}

/// A change that no write before has made: another title.
pub fn retitle(user: &mut Value, count: usize) {
    user["title"] = count.to_string().into();
}
