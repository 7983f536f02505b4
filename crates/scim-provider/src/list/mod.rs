//! Lists: which resources, in what order, from where on, and the pages that come of it.

mod arrangement;
mod criteria;
mod cursor;
mod page;
mod page_of;
mod position;
mod query;

pub(crate) use arrangement::{Arrangement, Beginning, Entry};
pub(crate) use criteria::Criteria;
pub use cursor::{Cursor, CursorError};
pub use page::Page;
pub use query::{ListQuery, ListStart, SortOrder};
