//! An application that is there already: notes of its own, each with the number of its revision, and
//! a provider of users. Nothing here knows of HTTP, let alone of a framework.

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use scim_http::ops::ScimOperationHandler;
use scim_http::provider::InMemoryProvider;
use scim_http::version::ScimVersion;
use scim_http::{BasePath, ConditionalRequest, Limits, Refused, ScimService};

/// Where SCIM is served.
pub(crate) const SCIM: &str = "/scim/v2";

/// No body may be longer.
pub(crate) const LIMIT: usize = 64 * 1024;

pub(crate) type Scim = ScimService<InMemoryProvider>;

/// Users and groups over SCIM.
pub(crate) fn scim() -> Scim {
    ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
        .with_base_path(BasePath::parse(SCIM).expect("it is a path"))
        .with_limits(
            Limits::default()
                .with_body(LIMIT)
                .with_precondition(4 * 1024),
        )
}

/// Where the example listens.
pub(crate) fn listener() -> io::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:3000")?;
    // As tokio wants it.
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Texts by name. Clones are the same notes.
#[derive(Clone)]
pub(crate) struct Notes(Arc<Mutex<BTreeMap<String, (String, u64)>>>);

impl Default for Notes {
    fn default() -> Self {
        let first = ("1".to_owned(), ("call Babs".to_owned(), 1));
        Self(Arc::new(Mutex::new(BTreeMap::from([first]))))
    }
}

impl Notes {
    /// The note `name`, after it got the `new` text if there is one, if `request` may have it so: to
    /// write, it has to name the version that the note has. Comparison and write are under one lock;
    /// over a database they are one statement.
    pub(crate) fn note(
        &self,
        name: &str,
        request: ConditionalRequest,
        new: Option<String>,
    ) -> Result<(String, ScimVersion), Refused> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = notes.get_mut(name).map(|note| {
            let version = ScimVersion::from_revision(note.1);
            (note, version)
        });
        let (note, _) = request.requiring_version().check(found)?;
        if let Some(text) = new
            && text != note.0
        {
            *note = (text, note.1 + 1);
        }
        Ok((note.0.clone(), ScimVersion::from_revision(note.1)))
    }
}
