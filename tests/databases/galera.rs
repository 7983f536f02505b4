use std::path::{Path, PathBuf};

use super::installed::{NotInstalled, file, program};
use super::mysqld::{Mysqld, Programs};
use crate::processes::free_port;

/// How many nodes there are: as few as can lose one and still be more than half.
const NODES: usize = 3;

/// What a node says when it has all that the others have.
const STATE: &str = "SHOW STATUS LIKE 'wsrep_local_state_comment'";
const SYNCED: &str = "wsrep_local_state_comment\tSynced";

/// A Galera cluster of three MariaDB servers, each of which takes writes.
#[derive(Debug)]
pub struct Galera {
    nodes: Vec<Mysqld>,
}

impl Galera {
    /// A new cluster, with durability as MariaDB has it by default.
    ///
    /// # Errors
    ///
    /// [`NotInstalled`].
    ///
    /// # Panics
    ///
    /// If it does not start, as all methods do when something fails.
    pub fn start() -> Result<Self, NotInstalled> {
        let programs = Programs::find()?;
        let library = library()?;
        // New nodes get their data by these.
        program("wsrep_sst_rsync", "mariadb-server", &[])?;
        program("rsync", "rsync", &[])?;
        let ports: Vec<Ports> = (0..NODES).map(|_| Ports::free()).collect();
        let addresses: Vec<_> = ports
            .iter()
            .map(|ports| format!("127.0.0.1:{}", ports.group))
            .collect();
        let nodes = ports.iter().map(|ports| {
            let settings = ports.settings(&library, &addresses);
            Mysqld::new(programs.clone(), settings)
        });
        let cluster = Self {
            nodes: nodes.collect(),
        };
        let (first, others) = cluster.nodes.split_first().expect("there are three");
        first.install();
        first.start(&["wsrep-new-cluster".to_owned()], STATE, SYNCED);
        first.admit_user();
        for node in others {
            node.start(&[], STATE, SYNCED);
        }
        Ok(cluster)
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The URLs of the database `name`, new and empty, at each node.
    pub fn database(&self, name: &str) -> Vec<String> {
        self.sql(0, "mysql", &format!("CREATE DATABASE {name}"));
        self.nodes.iter().map(|node| node.url(name)).collect()
    }

    /// What the program `mariadb` prints for statements at a database of a node.
    pub fn sql(&self, node: usize, database: &str, statements: &str) -> String {
        self.nodes[node].sql(database, statements)
    }

    /// `kill -9` for one node.
    pub fn kill(&self, node: usize) {
        self.nodes[node].kill();
    }

    /// Starts a node again, and waits until it has all that the others have; at least one has to
    /// belong to a majority.
    ///
    /// # Panics
    ///
    /// If it runs.
    pub fn restart(&self, node: usize) {
        let node = &self.nodes[node];
        // What a killed one has is known from the database itself only; with it the node asks for
        // what it lacks and not for everything.
        let log = node.log_of("--wsrep-recover");
        let position = log
            .lines()
            .rev()
            .find_map(|line| line.split_once("Recovered position:"));
        let (_, position) = position.expect("it tells its position");
        node.start(
            &[format!("wsrep-start-position={}", position.trim())],
            STATE,
            SYNCED,
        );
    }

    /// Makes a node that lost the others the beginning of a new majority, which they can join.
    pub fn found_again(&self, node: usize) {
        let found = "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'";
        self.sql(node, "information_schema", found);
    }

    /// What a node has logged.
    pub fn log(&self, node: usize) -> String {
        self.nodes[node].log()
    }
}

/// What a node listens on, beside the port for clients.
struct Ports {
    group: u16,
    incremental: u16,
    snapshot: u16,
}

impl Ports {
    fn free() -> Self {
        Self {
            group: free_port(),
            incremental: free_port(),
            snapshot: free_port(),
        }
    }

    fn settings(&self, library: &Path, addresses: &[String]) -> Vec<String> {
        let Self {
            group,
            incremental,
            snapshot,
        } = self;
        let options = [
            format!("base_host=127.0.0.1;base_port={group}"),
            format!("gmcast.listen_addr=tcp://127.0.0.1:{group}"),
            format!("ist.recv_addr=127.0.0.1:{incremental}"),
            format!("ist.recv_bind=127.0.0.1:{incremental}"),
            "gcache.size=64M".to_owned(),
        ];
        vec![
            "binlog-format=ROW".to_owned(),
            "innodb-autoinc-lock-mode=2".to_owned(),
            "wsrep-on=ON".to_owned(),
            format!("wsrep-provider={}", library.display()),
            format!("wsrep-provider-options={}", options.join(";")),
            "wsrep-cluster-name=scim-tests".to_owned(),
            format!("wsrep-cluster-address=gcomm://{}", addresses.join(",")),
            format!("wsrep-node-name=node-{group}"),
            format!("wsrep-node-address=127.0.0.1:{group}"),
            "wsrep-sst-method=rsync".to_owned(),
            format!("wsrep-sst-receive-address=127.0.0.1:{snapshot}"),
        ]
    }
}

/// The part of Galera that the server loads.
fn library() -> Result<PathBuf, NotInstalled> {
    let (name, package) = ("libgalera_smm.so", "galera-4");
    let folders = [
        "/usr/lib/galera",
        "/usr/lib64/galera-4",
        "/usr/lib64/galera",
    ];
    let mut found = folders
        .iter()
        .map(|folder| file(name, package, &Path::new(folder).join(name)));
    found
        .find(Result::is_ok)
        .unwrap_or_else(|| file(name, package, Path::new(name)))
}
