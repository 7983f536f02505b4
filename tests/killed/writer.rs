use std::sync::atomic::Ordering;

use http::Method;
use scim_tests::{Answer, Client, Outcome};
use serde_json::{Value, json};

use crate::books::{self, Books, User};
use crate::load::Shared;
use crate::report::Report;

/// A client, and what it was told.
pub(crate) struct Writer<'a> {
    n: usize,
    turn: u64,
    client: Client,
    shared: &'a Shared,
    books: Books,
    report: Report,
}

/// What a write came to, as far as the answer says.
enum Write {
    Answered(Answer),
    /// Whether the new state may be there.
    Open {
        may_be_done: bool,
    },
}

impl<'a> Writer<'a> {
    pub(crate) fn new(n: usize, client: Client, shared: &'a Shared) -> Self {
        Self {
            n,
            turn: 0,
            client,
            shared,
            books: Books::default(),
            report: Report::default(),
        }
    }

    /// Writes until it is told to end; gives what it knows then, and what it saw.
    pub(crate) fn run(mut self) -> (Books, Report) {
        while !self.shared.ends.load(Ordering::SeqCst) {
            self.turn += 1;
            let (n, turn) = (self.n, self.turn);
            match fastrand::u8(..10) {
                0..=1 => self.create(&format!("user {n} {turn}")),
                2 => {
                    let k = self.shared.contested.fetch_add(1, Ordering::SeqCst) / 4;
                    self.create(&format!("contested {k}"));
                }
                3 => self.delete(),
                4..=5 => self.change_two(),
                _ => self.change(),
            }
        }
        (self.books, self.report)
    }

    fn create(&mut self, name: &str) {
        let document = User::document(name, "created");
        self.books.names.push(name.to_owned());
        match self.send(Method::POST, "/Users", None, Some(&document)) {
            Write::Answered(answer) if answer.status == 201 => {
                let user = User::shown(&answer);
                self.books
                    .users
                    .insert(books::location(&answer.json()), Some(user));
                self.acknowledged();
            }
            // Somebody else was first.
            Write::Answered(answer) => {
                let contested = name.starts_with("contested");
                assert!(answer.status == 409 && contested, "{answer:?}");
            }
            Write::Open { may_be_done } => {
                let Some(location) = books::find(&self.client, name) else {
                    return;
                };
                // A rival may have been first, who has it in his books.
                if name.starts_with("contested") {
                    return;
                }
                self.resolved(may_be_done, &format!("{name} was created"));
                let user = books::user(&self.client, &location);
                self.books.users.insert(location, user);
            }
        }
    }

    fn change(&mut self) {
        let Some((location, user)) = self.any() else {
            return;
        };
        let text = format!("changed {} {}", self.n, self.turn);
        let document = User::document(&user.name, &text);
        match self.send(Method::PUT, &location, Some(&user.etag), Some(&document)) {
            Write::Answered(answer) if answer.status == 200 => {
                self.books
                    .users
                    .insert(location, Some(User::shown(&answer)));
                self.acknowledged();
            }
            Write::Answered(answer) => self.contradicted(&location, &user, &answer),
            Write::Open { may_be_done } => {
                self.look(&[(location, user)], &[Some(text)], may_be_done);
            }
        }
    }

    fn delete(&mut self) {
        let Some((location, user)) = self.any() else {
            return;
        };
        match self.send(Method::DELETE, &location, Some(&user.etag), None) {
            Write::Answered(answer) if answer.status == 204 => {
                self.books.users.insert(location, None);
                self.acknowledged();
            }
            Write::Answered(answer) => self.contradicted(&location, &user, &answer),
            Write::Open { may_be_done } => self.look(&[(location, user)], &[None], may_be_done),
        }
    }

    /// Changes two users in a bulk of all or nothing.
    fn change_two(&mut self) {
        let (Some(one), Some(other)) = (self.any(), self.any()) else {
            return;
        };
        if one.0 == other.0 {
            return;
        }
        let both = [one, other];
        let text = format!("bulk {} {}", self.n, self.turn);
        let operations = both.each_ref().map(|(location, user)| {
            json!({
                "method": "PUT", "path": location, "version": user.etag,
                "data": User::document(&user.name, &text),
            })
        });
        let bulk = json!({
            "schemas": [
                "urn:ietf:params:scim:api:messages:2.0:BulkRequest",
                "urn:x-scim:versioned:2.0:AtomicBulk",
            ],
            "Operations": operations,
        });
        match self.send(Method::POST, "/Bulk", None, Some(&bulk)) {
            Write::Answered(answer) if answer.status == 200 => {
                let results = answer.json()["Operations"].clone();
                for (n, (location, user)) in both.into_iter().enumerate() {
                    let etag = results[n]["version"].as_str().unwrap().to_owned();
                    let text = text.clone();
                    self.books
                        .users
                        .insert(location, Some(User { text, etag, ..user }));
                }
                self.acknowledged();
            }
            Write::Answered(answer) => {
                for (location, user) in &both {
                    self.contradicted(location, user, &answer);
                }
            }
            Write::Open { may_be_done } => {
                self.look(&both, &[Some(text.clone()), Some(text)], may_be_done);
            }
        }
    }

    /// A user that is there.
    fn any(&self) -> Option<(String, User)> {
        let there: Vec<_> = self
            .books
            .users
            .iter()
            .filter(|(_, user)| user.is_some())
            .collect();
        let (location, user) = fastrand::choice(there)?;
        Some((location.clone(), user.clone()?))
    }

    fn send(
        &mut self,
        method: Method,
        target: &str,
        etag: Option<&str>,
        json: Option<&Value>,
    ) -> Write {
        let if_match = etag.map(|etag| ("if-match", etag));
        match Outcome::of(&self.client, method, target, if_match.as_slice(), json) {
            Outcome::Answered(answer) => Write::Answered(answer),
            Outcome::NotDone => {
                self.report.not_done += 1;
                Write::Open { may_be_done: false }
            }
            Outcome::Unknown => {
                self.report.unknown += 1;
                Write::Open { may_be_done: true }
            }
        }
    }

    fn acknowledged(&mut self) {
        self.report.acknowledged += 1;
        self.shared.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    /// Something is there that was not acknowledged.
    fn resolved(&mut self, may_be_done: bool, what: &str) {
        if may_be_done {
            self.report.done += 1;
        } else {
            self.lost(format!(
                "{what}, though it was said that nothing was changed"
            ));
        }
    }

    /// Looks which of two states users are in: all in the one that was acknowledged, or all in the
    /// one that was asked for, with these texts, or gone.
    fn look(&mut self, users: &[(String, User)], wanted: &[Option<String>], may_be_done: bool) {
        let found: Vec<_> = users
            .iter()
            .map(|(location, _)| books::user(&self.client, location))
            .collect();
        let is_old = found
            .iter()
            .zip(users)
            .all(|(found, (_, user))| found.as_ref() == Some(user));
        let texts = found
            .iter()
            .map(|user| user.as_ref().map(|user| user.text.clone()));
        let is_new = texts.eq(wanted.iter().cloned());
        if is_new && !is_old {
            self.resolved(may_be_done, &format!("{wanted:?} was written"));
        } else if !is_old {
            self.lost(format!(
                "{users:?} were acknowledged, {wanted:?} asked for, {found:?} are there"
            ));
        }
        for ((location, _), found) in users.iter().zip(found) {
            self.books.users.insert(location.clone(), found);
        }
    }

    /// What was acknowledged is refused as if it were not there.
    fn contradicted(&mut self, location: &str, user: &User, answer: &Answer) {
        let found = books::user(&self.client, location);
        self.lost(format!(
            "{user:?} was acknowledged, {found:?} is there: {answer:?}"
        ));
        self.books.users.insert(location.to_owned(), found);
    }

    fn lost(&mut self, what: String) {
        self.report.lost.push(what);
    }
}
