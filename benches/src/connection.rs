//! An HTTP/1.1 connection that stays open: as little client as can be, so that the server is what is measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A connection to a server, one request after another.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    base_path: String,
}

/// What was answered.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The content.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects to the server whose resources are at `base_url` (`http://HOST/PATH`).
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn open(base_url: &str) -> Self {
        let (host, path) = base_url
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .expect("servers announce http://HOST/PATH");
        let stream = TcpStream::connect(host).expect("the server listens");
        stream.set_nodelay(true).expect("TCP has this option");
        Self {
            stream: BufReader::new(stream),
            host: host.to_owned(),
            base_path: format!("/{path}"),
        }
    }

    /// Sends `body` to `path` below the base URL, with `headers` (each line with its end).
    ///
    /// # Panics
    ///
    /// If the server does not answer in HTTP with a length.
    pub fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let Self {
            stream,
            host,
            base_path,
        } = self;
        let request = format!(
            "{method} {base_path}{path} HTTP/1.1\r\nHost: {host}\r\n{headers}\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sent = stream.get_mut().write_all(request.as_bytes());
        sent.expect("the server reads");
        let mut line = String::new();
        let mut next = |line: &mut String| {
            line.clear();
            let read = stream.read_line(line).expect("a head is text");
            assert!(read > 0, "the server closed the connection");
        };
        next(&mut line);
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let mut length = 0;
        loop {
            next(&mut line);
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().expect("a length is a number");
            }
        }
        let mut body = vec![0; length];
        stream
            .read_exact(&mut body)
            .expect("the whole answer arrives");
        Answer {
            status: status.expect("an answer begins with its status"),
            body,
        }
    }
}
