use std::collections::HashMap;

/// System calls that have returned.
#[derive(Debug)]
pub(crate) struct Calls(Vec<Call>);

#[derive(Debug, Clone)]
struct Call {
    name: String,
    /// What stands between the parentheses.
    args: String,
    succeeded: bool,
    /// Which lines tell of its beginning and its end.
    begun: usize,
    ended: usize,
}

impl Calls {
    /// From lines of `strace --follow-forks --output`. A call that another thread's was seen during
    /// stands in two lines.
    pub(crate) fn parse(lines: &[String]) -> Self {
        let mut unfinished = HashMap::new();
        let calls = lines.iter().enumerate().filter_map(|(n, line)| {
            let (process, rest) = line.split_once(' ')?;
            let rest = rest.trim_start();
            if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
                unfinished.insert(process, (n, begun.trim_end()));
                return None;
            }
            let (begun, whole) = match rest.strip_prefix("<... ") {
                Some(resumed) => {
                    let (_, end) = resumed.split_once("resumed>")?;
                    let (begun, beginning) = unfinished.remove(process)?;
                    (begun, format!("{beginning}{end}"))
                }
                None => (n, rest.to_owned()),
            };
            let (name, rest) = whole.split_once('(')?;
            let (args, result) = rest.rsplit_once(" = ")?;
            Some(Call {
                name: name.to_owned(),
                args: args.trim_end().trim_end_matches(')').to_owned(),
                succeeded: !result.starts_with('-'),
                begun,
                ended: n,
            })
        });
        Self(calls.collect())
    }

    /// Whether something was written to a file with `file` in its path, and the file synced after
    /// that and before the client was answered. Prints the three.
    pub(crate) fn show_a_sync_before_the_answer(&self, file: &str) -> bool {
        let is_of_file = |call: &Call| {
            let descriptor = call.args.split(['"', ',']).next();
            descriptor.is_some_and(|descriptor| descriptor.contains(file))
        };
        let answer = self.find(0, |call| call.args.contains("\"HTTP/1.1 200 "));
        let written = self.find(0, |call| call.name.contains("write") && is_of_file(call));
        let synced = written.and_then(|written| {
            self.find(written.ended, |call| {
                call.name.ends_with("sync") && is_of_file(call)
            })
        });
        for Call {
            name,
            args,
            begun,
            ended,
            ..
        } in [written, synced, answer].into_iter().flatten()
        {
            println!("{begun}-{ended}: {name}({args})");
        }
        matches!((synced, answer), (Some(synced), Some(answer)) if synced.ended < answer.begun)
    }

    /// The first successful call that began at this line or later and is one of those.
    fn find(&self, begin: usize, is_one: impl Fn(&Call) -> bool) -> Option<&Call> {
        let from = |call: &&Call| call.begun >= begin && call.succeeded && is_one(call);
        self.0.iter().filter(from).min_by_key(|call| call.begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITE: &str = "1 pwrite64(9</x/scimd.db-wal>, \"...\", 24, 0) = 24";
    const SYNC: &str = "2 fdatasync(9</x/scimd.db-wal>) = 0";
    const ANSWER: &str = "3 writev(7<socket:[1]>, [{iov_base=\"HTTP/1.1 200 OK\\r\\n\"}], 1) = 90";

    fn shown(lines: &[&str]) -> bool {
        let lines: Vec<_> = lines.iter().map(|&line| line.to_owned()).collect();
        Calls::parse(&lines).show_a_sync_before_the_answer("scimd.db-wal")
    }

    #[test]
    fn a_sync_counts_between_the_write_and_the_answer() {
        assert!(shown(&[WRITE, SYNC, ANSWER]));
        assert!(!shown(&[SYNC, WRITE, ANSWER]));
        assert!(!shown(&[WRITE, ANSWER, SYNC]));
        assert!(!shown(&[WRITE, ANSWER]));
        assert!(!shown(&[WRITE, &SYNC.replace("= 0", "= -1 EIO"), ANSWER]));
        assert!(!shown(&[WRITE, &SYNC.replace("-wal", ""), ANSWER]));
    }

    #[test]
    fn a_sync_counts_by_its_end() {
        let begun = "2 fdatasync(9</x/scimd.db-wal> <unfinished ...>";
        let ended = "2 <... fdatasync resumed>) = 0";
        assert!(shown(&[WRITE, begun, ended, ANSWER]));
        assert!(!shown(&[WRITE, begun, ANSWER, ended]));
    }
}
