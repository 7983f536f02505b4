//! Pages by cursor. A provider may refuse to go by them, but not skip or repeat a resource.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::yield_now;

use super::subject::random_name;
use super::{Config, Failure, Subject, race};
use crate::{ListQuery, ProviderErrorKind};

/// How many resources stand still.
const STANDING: usize = 7;

/// A provider that gives the same page for ever is found out by a resource that comes twice; this
/// is for one that goes on with empty pages.
const MAX_PAGES: usize = 10_000;

pub(super) async fn cursors_lead_to_every_resource(subject: &Subject) -> Result<(), Failure> {
    if !goes_by_cursors(subject).await? {
        return Ok(());
    }
    let standing = stand(subject).await?;
    for count in [1, 3, 1000] {
        let mut walk = Walk::new(subject, count);
        while walk.next_page().await?.is_some() {}
        walk.has_seen(&standing)?;
    }

    // What has been read goes, also the resource that a cursor stands behind.
    let mut walk = Walk::new(subject, 2);
    while let Some(page) = walk.next_page().await? {
        for id in page.iter().filter(|id| standing.contains(*id)) {
            gone(subject, id).await?;
        }
    }
    walk.has_seen(&standing)?;

    // Some of what has not been read goes, and something else comes.
    let mut left = stand(subject).await?;
    let mut walk = Walk::new(subject, 2);
    while walk.next_page().await?.is_some() {
        let ahead = left.iter().find(|id| !walk.seen.contains(*id)).cloned();
        if let Some(id) = ahead.filter(|_| left.len() > 2) {
            gone(subject, &id).await?;
            left.remove(&id);
        }
        subject.create(&random_name(), "new").await?;
    }
    walk.has_seen(&left)?;

    let garbled = ["x", "~", "AAAA"].map(|text| text.parse().ok());
    for cursor in garbled {
        match subject
            .try_list(&ListQuery::new().with_cursor(cursor))
            .await
        {
            Err(error) if error.kind() == ProviderErrorKind::InvalidCursor => {}
            Err(error) => return Err(subject.broken("a page behind a garbled cursor", &error)),
            Ok(_) => return subject.fail("a cursor that nobody gave leads somewhere"),
        }
    }
    Ok(())
}

/// How many resources come before each that stands still, and go while the pages are read.
const PASSING: usize = 3;

/// Resources that stand still are seen once, while those around them go.
pub(super) async fn cursors_hold_while_others_write(
    subject: &Subject,
    config: &Config,
) -> Result<(), Failure> {
    if !goes_by_cursors(subject).await? {
        return Ok(());
    }
    for round in 0..config.rounds() {
        let crowd = Arc::new(Crowd::gather(subject).await?);
        let racer = {
            let (subject, crowd) = (subject.clone(), Arc::clone(&crowd));
            move |n: usize| {
                let (subject, crowd) = (subject.clone(), Arc::clone(&crowd));
                async move {
                    match n {
                        0 => crowd.read(&subject).await,
                        _ => crowd.disperse(&subject).await,
                    }
                }
            }
        };
        // Whoever suspends while a page is read meets the other within a few steps; whoever
        // does not, meets it on a thread of its own.
        if round % 2 == 0 {
            race::on_threads(subject.check(), 2, racer).await?;
        } else {
            race::in_turn(subject.check(), (0..2).map(racer)).await?;
        }
        crowd.clear(subject).await?;
    }
    Ok(())
}

struct Crowd {
    standing: HashSet<String>,
    /// In the order in which they came.
    passing: Mutex<VecDeque<String>>,
    /// How many pages were read; [`Crowd::READ`] at the end.
    pages: AtomicUsize,
}

impl Crowd {
    const READ: usize = usize::MAX;

    async fn gather(subject: &Subject) -> Result<Self, Failure> {
        let (mut standing, mut passing) = (HashSet::new(), VecDeque::new());
        for n in 0..STANDING * (PASSING + 1) {
            let created = subject.create(&random_name(), &n.to_string()).await?;
            let id = subject.id(&created)?;
            if n % (PASSING + 1) == PASSING {
                standing.insert(id);
            } else {
                passing.push_back(id);
            }
        }
        Ok(Self {
            standing,
            passing: Mutex::new(passing),
            pages: AtomicUsize::new(0),
        })
    }

    async fn read(&self, subject: &Subject) -> Result<(), Failure> {
        let mut walk = Walk::new(subject, 2);
        let read = loop {
            match walk.next_page().await {
                Ok(Some(_)) => self.pages.fetch_add(1, Ordering::SeqCst),
                Ok(None) => break walk.has_seen(&self.standing),
                Err(failure) => break Err(failure),
            };
            yield_now().await;
        };
        self.pages.store(Self::READ, Ordering::SeqCst);
        read
    }

    /// Deletes one while each page is read.
    async fn disperse(&self, subject: &Subject) -> Result<(), Failure> {
        let mut pages = 0;
        while let Some(id) = self.next_passing() {
            while self.pages.load(Ordering::SeqCst) == pages {
                yield_now().await;
            }
            pages = self.pages.load(Ordering::SeqCst);
            if pages == Self::READ {
                return gone(subject, &id).await;
            }
            gone(subject, &id).await?;
        }
        Ok(())
    }

    async fn clear(&self, subject: &Subject) -> Result<(), Failure> {
        while let Some(id) = self.next_passing() {
            gone(subject, &id).await?;
        }
        for id in &self.standing {
            gone(subject, id).await?;
        }
        Ok(())
    }

    fn next_passing(&self) -> Option<String> {
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        passing.pop_front()
    }
}

/// Deletes the resource, which nobody else does.
async fn gone(subject: &Subject, id: &str) -> Result<(), Failure> {
    let current = subject.read(id).await?;
    let deleted = subject.delete(id, current.version()).await?;
    subject.ensure(deleted.is_success(), || {
        "the only writer lost a race".into()
    })
}

async fn stand(subject: &Subject) -> Result<HashSet<String>, Failure> {
    let mut standing = HashSet::new();
    for n in 0..STANDING {
        let created = subject.create(&random_name(), &n.to_string()).await?;
        standing.insert(subject.id(&created)?);
    }
    Ok(standing)
}

/// Whether there is something to check. Where others may have left resources in the one tenant
/// there is, pages may be too many to go through.
async fn goes_by_cursors(subject: &Subject) -> Result<bool, Failure> {
    if !subject.sample.is_tenanted() {
        return Ok(false);
    }
    match subject.try_list(&ListQuery::new().with_cursor(None)).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ProviderErrorKind::Unsupported => Ok(false),
        Err(error) => Err(subject.broken("a page that is to have a cursor", &error)),
    }
}

/// From page to page.
struct Walk<'a> {
    subject: &'a Subject,
    count: u32,
    pages: usize,
    seen: HashSet<String>,
    /// `None` behind the last page.
    next: Option<ListQuery>,
}

impl<'a> Walk<'a> {
    fn new(subject: &'a Subject, count: u32) -> Self {
        Self {
            subject,
            count,
            pages: 0,
            seen: HashSet::new(),
            next: Some(ListQuery::new().with_count(count).with_cursor(None)),
        }
    }

    /// The ids on the next page, if there is one.
    async fn next_page(&mut self) -> Result<Option<Vec<String>>, Failure> {
        let subject = self.subject;
        let Some(query) = self.next.take() else {
            return Ok(None);
        };
        self.pages += 1;
        subject.ensure(self.pages <= MAX_PAGES, || {
            format!("there is no last page among {MAX_PAGES}")
        })?;
        let page = subject.list(&query).await?;
        let ids = page.items.iter().map(|item| subject.id(item));
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        for id in &ids {
            subject.ensure(self.seen.insert(id.clone()), || {
                format!("{id} is on two pages")
            })?;
        }
        let (length, count) = (u32::try_from(ids.len()).unwrap_or(u32::MAX), self.count);
        subject.ensure(length <= count, || {
            format!("a page has {length} resources where {count} were wanted")
        })?;
        let next = page.next_cursor;
        self.next = next.map(|next| ListQuery::new().with_count(count).with_cursor(Some(next)));
        Ok(Some(ids))
    }

    fn has_seen(&self, standing: &HashSet<String>) -> Result<(), Failure> {
        self.subject.ensure(standing.is_subset(&self.seen), || {
            let missing = standing.difference(&self.seen).count();
            format!("{missing} resources that were there all the time are on no page")
        })
    }
}
