//! An application that is there already: notes of its own, each with the number of its revision, and
//! a provider of users. Nothing here knows of HTTP, let alone of a framework.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use scim_http::ops::ScimOperationHandler;
use scim_http::provider::InMemoryProvider;
use scim_http::version::ScimVersion;
use scim_http::{BasePath, ConditionalRequest, Limits, Refused, ScimService};

/// Where SCIM is served.
pub(crate) const SCIM: &str = "/scim/v2";

pub(crate) type Scim = ScimService<InMemoryProvider>;

/// Users and groups over SCIM.
pub(crate) fn scim() -> Scim {
    ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
        .with_base_path(BasePath::parse(SCIM).expect("it is a path"))
        .with_limits(Limits::default().with_body(64 * 1024))
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
    /// The note `name`, if `request` may have it.
    pub(crate) fn read(
        &self,
        name: &str,
        request: &ConditionalRequest,
    ) -> Result<(String, ScimVersion), Refused> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (text, version) = request.check(notes.get(name).map(versioned))?;
        Ok((text.0.clone(), version))
    }

    /// Gives the note `name` another text, if `request` names the version that it has. Comparison and
    /// write are under one lock; over a database they are one statement.
    pub(crate) fn replace(
        &self,
        name: &str,
        request: ConditionalRequest,
        text: String,
    ) -> Result<(String, ScimVersion), Refused> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let request = request.requiring_version();
        request.check(notes.get(name).map(versioned))?;
        let note = notes.get_mut(name).ok_or(Refused::NotFound)?;
        if note.0 != text {
            *note = (text, note.1 + 1);
        }
        Ok((note.0.clone(), versioned(note).1))
    }
}

fn versioned(note: &(String, u64)) -> (&(String, u64), ScimVersion) {
    (note, ScimVersion::from_revision(note.1))
}
