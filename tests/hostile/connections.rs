//! Connections that are used again.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::victim::{PATIENCE, Victim};

/// A body that is on its way when the answer comes is read, or the answer says that the connection
/// ends (RFC 9112 §9.6): a client that was told nothing sends its next request into a closed one.
#[test]
fn an_answer_before_the_body_leaves_the_connection_or_says_that_it_ends() {
    let victim = Victim::start();
    for (method, target) in [
        ("PUT", "/Me"),
        ("PUT", "/Schemas"),
        ("POST", "/nowhere"),
        ("PUT", "/Users/nobody"),
        ("PATCH", "/Users/nobody"),
        ("DELETE", "/Users/nobody"),
    ] {
        let mut connection = Connection::of(&victim);
        connection.write(&format!(
            "{method} /scim/v2{target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n"
        ));
        // A server that waits for the body does well; it is not waited for any longer.
        let early = connection.answer(Duration::from_millis(100));
        connection.write("{}");
        let first = early
            .or_else(|| connection.answer(PATIENCE))
            .expect("an answer");
        if first
            .to_ascii_lowercase()
            .contains("\r\nconnection: close\r\n")
        {
            continue;
        }
        connection
            .write("GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let second = connection.answer(PATIENCE).unwrap_or_default();
        assert!(
            second.starts_with("HTTP/1.1 200 "),
            "{second:?} after {method} {target} and {first:?}"
        );
    }
    victim.survives();
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn of(victim: &Victim) -> Self {
        let stream = TcpStream::connect_timeout(&victim.address, PATIENCE).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// A connection that has been closed takes nothing.
    fn write(&mut self, text: &str) {
        let _ = self.0.get_mut().write_all(text.as_bytes());
    }

    /// The head of the next answer, unless there is none in this time, or none any more.
    fn answer(&mut self, within: Duration) -> Option<String> {
        self.0.get_ref().set_read_timeout(Some(within)).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            match self.0.read_line(&mut head) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error)
                    if head.is_empty()
                        && matches!(
                            error.kind(),
                            io::ErrorKind::WouldBlock
                                | io::ErrorKind::TimedOut
                                | io::ErrorKind::ConnectionReset
                        ) =>
                {
                    return None;
                }
                Err(error) => panic!("{error} after {head:?}"),
            }
        }
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        Some(head)
    }
}
