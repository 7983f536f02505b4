//! Results of several rounds, and how they are printed.

use std::collections::BTreeMap;

use crate::stopwatch::median;

/// Values by name, one for each round.
#[derive(Debug, Default)]
pub struct Rounds(BTreeMap<String, Vec<f64>>);

impl Rounds {
    /// Adds a value.
    pub fn add(&mut self, name: &str, value: f64) {
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    /// Adds the lines `name<TAB>value` of one round.
    ///
    /// # Panics
    ///
    /// If a line is not one.
    pub fn add_lines(&mut self, lines: &str) {
        for line in lines.lines() {
            let (name, value) = line.split_once('\t').expect("a result is `name<TAB>value`");
            self.add(name, value.parse().expect("a result is a number"));
        }
    }

    /// The median of the rounds, if there was one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<f64> {
        self.0.get(name).cloned().map(median)
    }

    /// The least of the rounds: what a program takes when nobody disturbs it, on a machine that is shared.
    ///
    /// # Panics
    ///
    /// If there is no value of that name.
    #[must_use]
    pub fn least(&self, name: &str) -> f64 {
        let rounds = self.0.get(name).into_iter().flatten();
        let least = rounds.copied().min_by(f64::total_cmp);
        least.unwrap_or_else(|| panic!("nothing measured {name}"))
    }

    /// The greatest of the rounds: [`least`](Self::least), for rates.
    ///
    /// # Panics
    ///
    /// If there is no value of that name.
    #[must_use]
    pub fn greatest(&self, name: &str) -> f64 {
        let rounds = self.0.get(name).into_iter().flatten();
        let greatest = rounds.copied().max_by(f64::total_cmp);
        greatest.unwrap_or_else(|| panic!("nothing measured {name}"))
    }

    /// The median of the rounds.
    ///
    /// # Panics
    ///
    /// If there is no value of that name.
    #[must_use]
    pub fn median(&self, name: &str) -> f64 {
        self.find(name)
            .unwrap_or_else(|| panic!("nothing measured {name}"))
    }
}

/// Prints the head of a table with these columns, the first of which holds names.
pub fn head<S: AsRef<str>>(columns: &[S]) {
    row(columns);
    println!("|---|{}", "---:|".repeat(columns.len() - 1));
}

/// Prints a row of a table.
pub fn row<S: AsRef<str>>(cells: &[S]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    println!("| {} |", cells.join(" | "));
}

/// A number of users, for readers.
#[must_use]
pub fn users(count: usize) -> String {
    match count {
        1 => "1 user".into(),
        ..1_000 => format!("{count} users"),
        _ => format!("{},{:03} users", count / 1_000, count % 1_000),
    }
}

/// Nanoseconds in a unit for readers.
#[must_use]
pub fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.1} µs", ns / 1e3),
        ns if ns < 1e9 => format!("{:.1} ms", ns / 1e6),
        ns => format!("{:.1} s", ns / 1e9),
    }
}

/// A ratio, with as many digits as it deserves.
#[must_use]
pub fn ratio(of: f64, to: f64) -> String {
    match of / to {
        0.0 => "0".into(),
        ratio if ratio < 0.001 => format!("1 ÷ {:.0}", to / of),
        ratio if ratio < 0.1 => format!("{ratio:.4}"),
        ratio => format!("{ratio:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let shown = [1, 100, 1_000, 100_000].map(users);
        assert_eq!(
            shown,
            ["1 user", "100 users", "1,000 users", "100,000 users"]
        );
    }

    #[test]
    fn the_median_is_over_the_rounds_of_a_name() {
        let mut rounds = Rounds::default();
        rounds.add_lines("get\t1\nupdate\t5");
        rounds.add_lines("get\t9\nupdate\t5");
        rounds.add_lines("get\t2\nupdate\t5");
        assert_eq!(rounds.median("get").to_bits(), 2f64.to_bits());
    }
}
