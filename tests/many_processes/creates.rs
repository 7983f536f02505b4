use std::fmt;

use http::Method;
use scim_tests::{Outcome, rounds};
use serde_json::{Value, json};

use crate::fleet::{CLIENTS, Fleet};

const ROUNDS: usize = 30;

/// What became of the races.
#[derive(Debug, Default)]
pub(crate) struct Races {
    /// How many somebody won and was told so.
    won: usize,
    /// How many requests nobody was told the outcome of.
    unknown: usize,
    not_done: usize,
}

impl fmt::Display for Races {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "racing creates: one winner in each of {} of {ROUNDS} rounds and two in none, {} requests of unknown outcome, {} not done",
            self.won, self.unknown, self.not_done
        )
    }
}

/// In each of thirty rounds eight clients create a user of the same name, at one process each. At
/// most one of them is acknowledged, and one user has the name afterwards, at each process.
pub(crate) fn race_for_names(fleet: &Fleet) -> Races {
    let raced = rounds(ROUNDS, CLIENTS, |round, n| {
        let name = format!("racer {round}");
        // In other letters, which are the same to a userName.
        let name = if n % 2 == 0 {
            name
        } else {
            name.to_uppercase()
        };
        let user = json!({ "userName": name });
        fleet
            .client(n)
            .send(Method::POST, "/Users", &[], Some(&user))
    });
    let mut races = Races::default();
    for (round, outcomes) in raced.iter().enumerate() {
        let filter = format!("/Users?filter=userName%20eq%20%22racer%20{round}%22");
        let found = [0, 1, 2].map(|n| {
            let found = fleet.client(n).get(&filter).json();
            found["Resources"].as_array().cloned().unwrap_or_default()
        });
        races.judge(outcomes, &found);
    }
    races
}

impl Races {
    /// One race, by what the racers were told and what each process has.
    fn judge(&mut self, outcomes: &[Outcome], found: &[Vec<Value>]) {
        let (mut created, mut refused, mut unknown) = (Vec::new(), 0, 0);
        for outcome in outcomes {
            match outcome {
                Outcome::Answered(answer) if answer.status == 201 => {
                    created.push(answer.json()["id"].clone());
                }
                Outcome::Answered(answer) => {
                    assert_eq!(answer.status, 409, "{answer:?}");
                    refused += 1;
                }
                Outcome::NotDone => self.not_done += 1,
                Outcome::Unknown => unknown += 1,
            }
        }
        for found in found {
            let found: Vec<_> = found.iter().map(|user| user["id"].clone()).collect();
            assert!(found.len() <= 1, "{found:?}");
            if unknown == 0 || !created.is_empty() {
                assert_eq!(found, created);
            }
            assert!(
                refused == 0 || found.len() == 1,
                "nobody has it, and it was refused"
            );
        }
        self.won += created.len();
        self.unknown += unknown;
    }

    /// Nobody disturbed them.
    pub(crate) fn are_all_won(&self) {
        assert_eq!((self.won, self.unknown, self.not_done), (ROUNDS, 0, 0));
    }
}
