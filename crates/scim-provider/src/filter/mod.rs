//! The filter language of RFC 7644 §3.4.2.2, and the paths of §3.5.2 and §3.10.
//!
//! ```
//! use scim_provider::filter::{CompareOp, Comparand, Filter};
//!
//! let filter: Filter = r#"userType EQ "Employee" and emails[type eq "work"]"#.parse()?;
//! let Filter::And(terms) = &filter else { panic!("two terms") };
//! let Filter::Compare(path, op, Comparand::String(value)) = &terms[0] else {
//!     panic!("a comparison")
//! };
//! assert_eq!((path.name(), *op, value.as_str()), ("userType", CompareOp::Eq, "Employee"));
//! assert_eq!(filter.to_string(), r#"userType eq "Employee" and emails[type eq "work"]"#);
//!
//! let error = "userName is \"bjensen\"".parse::<Filter>().unwrap_err();
//! assert_eq!(error.position(), 9);
//! # Ok::<(), scim_provider::filter::FilterError>(())
//! ```
//!
//! - [`Filter`] is what a client asked for, [`AttributePath`] an attribute in it,
//!   [`PatchPath`] the target of one operation of a PATCH.
//!
//! What comes from clients is bounded: [`MAX_LENGTH`], [`MAX_DEPTH`], [`MAX_TERMS`]. Time and
//! memory are linear in the length of the text.

mod comparand;
mod compile;
mod compile_error;
mod conjunct;
mod cursor;
mod error;
mod expression;
mod matcher;
mod node;
mod number;
mod operator;
mod parse;
mod patch_path;
mod path;
mod place;
mod print;
mod sort;
mod target;
mod test;
mod text;

pub use comparand::Comparand;
pub use compile_error::{CompileError, CompileErrorKind};
pub use conjunct::{Conjunct, Equality};
pub use error::{FilterError, FilterErrorKind};
pub use expression::{Filter, Terms};
pub use matcher::{Matcher, ValueMatcher};
pub use operator::CompareOp;
pub use patch_path::PatchPath;
pub use path::AttributePath;
pub use sort::{SortValue, Sorter};
pub use target::PathTarget;

/// How long a filter or a path may be, in octets.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How deep parentheses and brackets may stand within each other.
pub const MAX_DEPTH: usize = 32;

/// How many comparisons and presence tests a filter may have.
pub const MAX_TERMS: usize = 4096;
