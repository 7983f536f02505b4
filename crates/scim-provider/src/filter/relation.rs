use std::cmp::Ordering;

use super::{CompareOp, CompileErrorKind};

/// How two values compare whose type has an order and no parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Relation {
    /// What `op` means for such a type.
    pub(super) const fn of(op: CompareOp) -> Result<Self, CompileErrorKind> {
        Ok(match op {
            CompareOp::Eq => Self::Equal,
            CompareOp::Ne => Self::NotEqual,
            CompareOp::Gt => Self::Greater,
            CompareOp::Ge => Self::GreaterOrEqual,
            CompareOp::Lt => Self::Less,
            CompareOp::Le => Self::LessOrEqual,
            CompareOp::Co | CompareOp::Sw | CompareOp::Ew => {
                return Err(CompileErrorKind::WrongOperator);
            }
        })
    }

    /// Whether a value holds it that is so ordered to the other one.
    pub(super) const fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}
