//! A recorder that keeps what it is given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

type Kept = Arc<Mutex<BTreeMap<String, Vec<f64>>>>;

#[derive(Default)]
pub(crate) struct Recorded {
    kept: Kept,
}

struct One {
    name: String,
    kept: Kept,
}

impl Recorded {
    /// All that was recorded, by `name{label=value,…}`: of counters the steps, of histograms the
    /// values.
    pub(crate) fn all(&self) -> BTreeMap<String, Vec<f64>> {
        self.kept.lock().unwrap().clone()
    }

    fn one(&self, key: &Key) -> Arc<One> {
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        Arc::new(One {
            name: format!("{}{{{}}}", key.name(), labels.join(",")),
            kept: self.kept.clone(),
        })
    }
}

impl One {
    fn keep(&self, value: f64) {
        let mut kept = self.kept.lock().unwrap();
        kept.entry(self.name.clone()).or_default().push(value);
    }
}

impl CounterFn for One {
    fn increment(&self, value: u64) {
        self.keep(value as f64);
    }

    fn absolute(&self, _: u64) {
        unreachable!("counters here are counted")
    }
}

impl HistogramFn for One {
    fn record(&self, value: f64) {
        self.keep(value);
    }
}

impl Recorder for Recorded {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        unreachable!("there are no gauges")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}
