use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

/// Where log lines go to be written by a thread of their own: who reads the log may stall, and
/// nobody who logs may wait for that. Lines beyond those that may wait are lost, and counted.
#[derive(Debug)]
pub(crate) struct Lines {
    queue: Sender<Message>,
    counts: Arc<Counts>,
    capacity: usize,
}

/// What waits is written before this is gone, if it is taken in within a second.
#[derive(Debug)]
#[must_use = "dropping it waits for the lines written so far, not for later ones"]
pub struct Logging(Sender<Message>);

#[derive(Debug)]
enum Message {
    Line(Vec<u8>),
    /// All before is to be written; then the answer comes.
    Flush(Sender<()>),
}

#[derive(Debug, Default)]
struct Counts {
    waiting: AtomicUsize,
    lost: AtomicU64,
}

/// Starts the thread that writes to `sink`. At most `capacity` lines wait for it. Once it gets on
/// again it tells `report` how many lines have been lost in all.
///
/// # Errors
///
/// The operating system's, if there can be no thread.
pub(super) fn start<W, F>(sink: W, capacity: usize, report: F) -> io::Result<(Lines, Logging)>
where
    W: Write + Send + 'static,
    F: Fn(u64) + Send + 'static,
{
    let (queue, messages) = mpsc::channel();
    let counts = Arc::new(Counts::default());
    let lines = Lines {
        queue: queue.clone(),
        counts: Arc::clone(&counts),
        capacity,
    };
    thread::Builder::new()
        .name("log".into())
        .spawn(move || write_all(sink, &messages, &counts, report))?;
    Ok((lines, Logging(queue)))
}

fn write_all<W, F>(mut sink: W, messages: &Receiver<Message>, counts: &Counts, report: F)
where
    W: Write,
    F: Fn(u64),
{
    let mut reported = 0;
    for message in messages {
        match message {
            // There is nobody left to tell that the log cannot be written.
            Message::Line(line) => drop(sink.write_all(&line)),
            Message::Flush(done) => {
                let _ = sink.flush();
                // Fails if it was waited for long enough.
                let _ = done.send(());
                continue;
            }
        }
        counts.waiting.fetch_sub(1, Ordering::Relaxed);
        let lost = counts.lost.load(Ordering::Relaxed);
        if lost != reported {
            reported = lost;
            report(lost);
        }
    }
}

impl Lines {
    fn put(&self, line: &[u8]) {
        let one_more = |waiting| (waiting < self.capacity).then_some(waiting + 1);
        let place =
            self.counts
                .waiting
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        // The second fails only if the thread has panicked.
        if place.is_err() || self.queue.send(Message::Line(line.to_vec())).is_err() {
            self.counts.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Write for &Lines {
    /// Takes `line`, a whole one, as the layers of `tracing-subscriber` write them.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        let (done, written) = mpsc::channel();
        // Fails only if the thread has panicked; then nothing more gets written.
        if self.0.send(Message::Flush(done)).is_ok() {
            let _ = written.recv_timeout(LONGEST_FLUSH);
        }
    }
}

const LONGEST_FLUSH: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    /// A sink that takes nothing in before it is opened, by dropping the other end.
    struct Stalled {
        opened: Receiver<()>,
        written: Sender<String>,
    }

    impl Write for Stalled {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            let _ = self.opened.recv();
            let text = String::from_utf8_lossy(octets).into_owned();
            self.written.send(text).map_err(io::Error::other)?;
            Ok(octets.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_logs_does_not_wait_and_what_is_lost_is_counted() {
        let (open, opened) = mpsc::channel();
        let (written, shown) = mpsc::channel();
        let (report, reports) = mpsc::channel();
        let sink = Stalled { opened, written };
        let report = move |lost| report.send(lost).unwrap();
        let (lines, logging) = start(sink, 2, report).unwrap();
        for line in ["a", "b", "c", "d", "e"] {
            (&lines).write_all(line.as_bytes()).unwrap();
        }
        drop(open);
        drop(logging);
        drop(lines);
        assert_eq!(shown.iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(reports.iter().collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_sink_that_fails_stops_nothing() {
        struct Broken;
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let (lines, logging) = start(Broken, 1, |_| {}).unwrap();
        (&lines).write_all(b"a").unwrap();
        drop(logging);
        (&lines).write_all(b"b").unwrap();
        assert_eq!(lines.counts.lost.load(Ordering::Relaxed), 0);
    }
}
