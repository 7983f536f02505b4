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
//!   [`PatchPath`] the target of one operation of a PATCH. They know no schema;
//!   [`ResourceType::resolve_path`] finds out where a path leads.
//! - [`ResourceType::compile`] makes a [`Matcher`] for whole resources, and
//!   [`Attribute::compile_value_filter`] a [`ValueMatcher`] for the values of one attribute.
//!   [`Matcher::conjuncts`] tells a store what it can look up in an index.
//! - [`ResourceType::sort_key`] makes a [`Sorter`] (§3.4.2.3), and [`ResourceType::project`]
//!   shows what a [`Projection`] wants (§3.4.2.5).
//!
//! [`ResourceType::resolve_path`]: crate::schema::ResourceType::resolve_path
//! [`ResourceType::compile`]: crate::schema::ResourceType::compile
//! [`Attribute::compile_value_filter`]: crate::schema::Attribute::compile_value_filter
//! [`ResourceType::sort_key`]: crate::schema::ResourceType::sort_key
//! [`ResourceType::project`]: crate::schema::ResourceType::project
//!
//! What comes from clients is bounded: [`MAX_LENGTH`], [`MAX_DEPTH`], [`MAX_TERMS`]. Time and
//! memory are linear in the length of the text.

mod comparand;
mod compile;
mod compile_error;
mod condition;
mod conjunct;
mod cursor;
mod error;
mod expression;
mod matcher;
mod modified;
mod node;
mod number;
mod operator;
mod parse;
mod patch_path;
mod path;
mod place;
mod print;
mod projection;
mod relation;
mod sort;
mod sort_value;
mod target;
mod text;
mod value_matcher;

pub use comparand::Comparand;
pub use compile_error::{CompileError, CompileErrorKind};
pub use conjunct::{Conjunct, Equality};
pub use error::{FilterError, FilterErrorKind};
pub use expression::{Filter, Terms};
pub use matcher::Matcher;
pub use operator::CompareOp;
pub use patch_path::PatchPath;
pub use path::AttributePath;
pub use projection::{Projection, Projector};
pub use sort::Sorter;
pub use sort_value::SortValue;
pub use target::PathTarget;
pub use value_matcher::ValueMatcher;

/// How long a filter or a path may be, in octets.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How deep parentheses and brackets may stand within each other.
pub const MAX_DEPTH: usize = 32;

/// How many comparisons and presence tests a filter may have.
pub const MAX_TERMS: usize = 4096;
