//! The server that is ill-treated, and a client that sends what it is told, octet by octet.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// No wait is longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What a server may have had in memory at the most, in KiB: an idle one has some 20 MiB, and a body
/// of 1 MiB may become a tree of many times that, but one of 20 MB is never kept.
const BOUND: u64 = 128 * 1024;

/// A `scimd` with the default options, and a user in it.
pub(crate) struct Victim {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Where the user is, below the base path.
    pub(crate) user: String,
}

impl Victim {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scimd-under-test"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SCIMD_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--store", "memory"])
            .args(["--log-filter", "off"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let authority = line.split('/').nth(2).expect("a URL in the line");
        let mut victim = Self {
            child,
            address: authority.parse().unwrap(),
            user: String::new(),
        };
        let created = victim.post("/Users", br#"{ "userName": "bjensen" }"#);
        assert_eq!(created.status, 201, "{created:?}");
        let id = created.json()["id"].as_str().unwrap().to_owned();
        victim.user = format!("/Users/{id}");
        victim
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], b"")
    }

    pub(crate) fn post(&self, target: &str, body: &[u8]) -> Answer {
        self.send("POST", target, &[], body)
    }

    /// A request of one connection, with a `Content-Length` if it has content.
    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = head(method, target, headers);
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.exchange(&[head.as_bytes(), body])
    }

    /// The same without a length, in chunks of 64 KiB.
    pub(crate) fn send_chunked(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        let mut request = head(method, target, &[]).into_bytes();
        request.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
        for chunk in body.chunks(64 << 10) {
            request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            request.extend_from_slice(chunk);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"0\r\n\r\n");
        self.exchange(&[&request])
    }

    /// Writes while it reads: an answer may come before all is written, and no more be taken in.
    fn exchange(&self, parts: &[&[u8]]) -> Answer {
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let mut writer = stream.try_clone().unwrap();
        let octets = thread::scope(|scope| {
            scope.spawn(move || {
                for part in parts {
                    if writer.write_all(part).is_err() {
                        return;
                    }
                }
            });
            let mut octets = Vec::new();
            match stream.read_to_end(&mut octets) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
                Err(error) => panic!("no end of the answer: {error}"),
            }
            octets
        });
        Answer::parse(&octets)
    }

    /// It serves, the user is what it was, and its memory never passed the bound.
    pub(crate) fn survives(&self) {
        let user = self.get(&self.user);
        assert_eq!(user.status, 200, "{user:?}");
        assert_eq!(user.json()["userName"], "bjensen");
        let list = self.get("/Users");
        assert_eq!(
            (list.status, &list.json()["totalResults"]),
            (200, &json!(1))
        );

        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let most = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| rest.trim().strip_suffix(" kB"))
            .expect("Linux tells how much it was");
        let most: u64 = most.trim().parse().unwrap();
        assert!(most <= BOUND, "{most} KiB in memory");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Fails if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!(
        "{method} /scim/v2{target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/scim+json\r\n"
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    fn parse(octets: &[u8]) -> Self {
        let text = String::from_utf8_lossy(octets);
        let status = text
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(|status| status.parse().ok());
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        Self {
            status: status.unwrap_or_else(|| panic!("no answer but {text:?}")),
            body: body.to_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// It refuses, with this status and in SCIM's form, and says so in few words.
    pub(crate) fn refuses(&self, status: u16) {
        assert_eq!(self.status, status, "{self:.400?}");
        let error = self.json();
        assert_eq!(
            error["schemas"],
            json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
        );
        assert_eq!(error["status"], status.to_string());
        assert!(
            self.body.len() < 2_000,
            "{} octets of error",
            self.body.len()
        );
    }

    /// The same with this `scimType`.
    pub(crate) fn refuses_as(&self, status: u16, scim_type: &str) {
        self.refuses(status);
        assert_eq!(self.json()["scimType"], scim_type, "{self:?}");
    }
}
