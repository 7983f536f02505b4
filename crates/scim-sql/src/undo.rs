use std::collections::BTreeMap;
use std::sync::Arc;

use scim_provider::storage::{Link, LinkKey};

use crate::fault::Fault;
use crate::row::text;

/// What makes the links of a version of those of the version after it, so that of a large group no
/// more is kept than what changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Undo {
    /// Links that came with the version after it.
    pub(crate) came: Vec<LinkKey>,
    /// Links that went, or said something else.
    pub(crate) went: Vec<Link>,
}

const CAME: u8 = 0;
const WENT: u8 = 1;
const WENT_WITHOUT_REFERENCE: u8 = 2;

impl Undo {
    /// What becomes of `before`, those of a record's links that a change names, by that change.
    pub(crate) fn of(before: BTreeMap<LinkKey, Link>, added: &[Link]) -> Self {
        let added = added.iter().map(|link| &link.key);
        let came = added.filter(|key| !before.contains_key(key)).cloned();
        Self {
            came: came.collect(),
            went: before.into_values().collect(),
        }
    }

    /// Makes the links before of those after.
    pub(crate) fn apply(self, links: &mut BTreeMap<LinkKey, Link>) {
        for key in &self.came {
            links.remove(key);
        }
        let went = self.went.into_iter();
        links.extend(went.map(|link| (link.key.clone(), link)));
    }

    /// As it is stored; nothing if no link changed.
    pub(crate) fn into_octets(self) -> Option<Vec<u8>> {
        let mut octets = Vec::new();
        for key in &self.came {
            octets.push(CAME);
            push(&mut octets, key.attribute.as_bytes());
            push(&mut octets, key.target.as_bytes());
        }
        for link in &self.went {
            octets.push(match link.reference {
                Some(_) => WENT,
                None => WENT_WITHOUT_REFERENCE,
            });
            push(&mut octets, link.key.attribute.as_bytes());
            push(&mut octets, link.key.target.as_bytes());
            push(&mut octets, &link.detail);
            if let Some(reference) = &link.reference {
                push(&mut octets, reference.as_bytes());
            }
        }
        (!octets.is_empty()).then_some(octets)
    }

    /// What [`into_octets`](Self::into_octets) made.
    pub(crate) fn from_octets(octets: &[u8]) -> Result<Self, Fault> {
        let mut undo = Self::default();
        let mut rest = octets;
        while let Some((kind, parts)) = rest.split_first() {
            rest = parts;
            let key = LinkKey::new(text_of(&mut rest)?, text_of(&mut rest)?);
            let link = match *kind {
                CAME => {
                    undo.came.push(key);
                    continue;
                }
                WENT => {
                    let detail = part(&mut rest)?;
                    Link::new(key, Some(text_of(&mut rest)?), detail)
                }
                WENT_WITHOUT_REFERENCE => Link::new(key, None, part(&mut rest)?),
                _ => return Err(unreadable()),
            };
            undo.went.push(link);
        }
        Ok(undo)
    }
}

/// A part with its length before it.
fn push(octets: &mut Vec<u8>, part: &[u8]) {
    let length = u64::try_from(part.len()).expect("a length has 64 bits");
    octets.extend_from_slice(&length.to_be_bytes());
    octets.extend_from_slice(part);
}

/// Takes the next part.
fn part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Fault> {
    let (length, parts) = rest.split_first_chunk().ok_or_else(unreadable)?;
    let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| unreadable())?;
    let (part, parts) = parts.split_at_checked(length).ok_or_else(unreadable)?;
    *rest = parts;
    Ok(part)
}

fn text_of(rest: &mut &[u8]) -> Result<Arc<str>, Fault> {
    text(part(rest)?.to_vec())
}

fn unreadable() -> Fault {
    Fault::unreadable("the links of a former version are not what was stored")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(target: &str, reference: Option<&str>, detail: &[u8]) -> Link {
        let key = LinkKey::new("members", target);
        Link::new(key, reference.map(Into::into), detail)
    }

    fn map(links: &[Link]) -> BTreeMap<LinkKey, Link> {
        let links = links.iter().map(|link| (link.key.clone(), link.clone()));
        links.collect()
    }

    #[test]
    fn what_was_stored_is_read_and_leads_back() {
        let stays = link("stays", None, b"{}");
        let before = [
            link("a", Some("Users/a"), b"{\"display\":\"A\"}"),
            link("b", None, b"\xff\x00"),
            stays.clone(),
        ];
        let after = [
            link("b", Some("Users/b"), b""),
            link("c", None, b"{}"),
            stays,
        ];
        let undo = || Undo::of(map(&before[..2]), &after[..2]);
        assert_eq!(undo().came, [LinkKey::new("members", "c")]);
        let octets = undo().into_octets().expect("links change");
        let read = Undo::from_octets(&octets).expect("it was just made");
        assert_eq!(read, undo());
        let mut links = map(&after);
        read.apply(&mut links);
        assert_eq!(links, map(&before));
    }

    #[test]
    fn no_change_takes_nothing() {
        assert_eq!(Undo::of(BTreeMap::new(), &[]).into_octets(), None);
        let read = Undo::from_octets(&[]).expect("nothing is readable");
        assert_eq!(read, Undo::default());
    }

    #[test]
    fn what_was_cut_off_is_no_change() {
        let undo = Undo::of(map(&[link("a", Some("Users/a"), b"{}")]), &[]);
        let octets = undo.into_octets().expect("a link went");
        for length in 1..octets.len() {
            assert!(Undo::from_octets(&octets[..length]).is_err(), "{length}");
        }
        assert!(Undo::from_octets(&[9]).is_err());
        let endless = [&[CAME][..], &[0xff; 8]].concat();
        assert!(Undo::from_octets(&endless).is_err());
    }
}
