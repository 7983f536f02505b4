use http::Method;
use scim_tests::{Answer, Client, Outcome, Scimd, until};
use serde_json::Value;

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

/// How many clients there are at once.
pub(crate) const CLIENTS: usize = 8;

/// Processes that keep the same resources.
pub(crate) struct Fleet {
    scimds: Vec<Scimd>,
}

impl Fleet {
    /// A `scimd` for each URL of a store, all started at once.
    pub(crate) fn of(stores: &[&str]) -> Self {
        let start = |store: &str| Scimd::start(SCIMD, &["--store", store, "--log-filter", "warn"]);
        let scimds = std::thread::scope(|scope| {
            let started: Vec<_> = stores
                .iter()
                .map(|store| scope.spawn(move || start(store)))
                .collect();
            started
                .into_iter()
                .map(|scimd| scimd.join().unwrap())
                .collect()
        });
        Self { scimds }
    }

    pub(crate) fn scimd(&self, n: usize) -> &Scimd {
        &self.scimds[n]
    }

    /// A client that asks a different process with each request, beginning with the `n`-th.
    pub(crate) fn client(&self, n: usize) -> Roaming {
        Roaming {
            clients: self.scimds.iter().map(Scimd::client).collect(),
            next: n,
        }
    }
}

/// A client of all processes of a fleet in turn.
pub(crate) struct Roaming {
    clients: Vec<Client>,
    next: usize,
}

impl Roaming {
    /// Sends a request to the next process.
    pub(crate) fn send(
        &mut self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        json: Option<&Value>,
    ) -> Outcome {
        let client = &self.clients[self.next % self.clients.len()];
        self.next += 1;
        Outcome::of(client, method, target, headers, json)
    }

    /// Reads `target` where it can be read.
    pub(crate) fn get(&mut self, target: &str) -> Answer {
        until("some process serves", || {
            match self.send(Method::GET, target, &[], None) {
                Outcome::Answered(answer) => Some(answer),
                Outcome::NotDone | Outcome::Unknown => None,
            }
        })
    }

    /// Creates a resource while nothing is out of order.
    pub(crate) fn create(&mut self, endpoint: &str, json: &Value) -> Value {
        match self.send(Method::POST, endpoint, &[], Some(json)) {
            Outcome::Answered(answer) if answer.status == 201 => answer.json(),
            other => panic!("{other:?}"),
        }
    }
}
