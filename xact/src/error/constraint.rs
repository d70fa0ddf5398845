//! Constraints by name: the enum that a generated module has of them.

use super::Error;

/// Every constraint and unique index of a database: the trait of a generated `Constraint`.
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// enum Constraint {
///     UsersEmailKey,
/// }
///
/// impl xact::Constraint for Constraint {
///     const ALL: &'static [Self] = &[Self::UsersEmailKey];
///     fn names(self) -> xact::ConstraintNames {
///         match self {
///             Self::UsersEmailKey => ("public", "users", "users_email_key"),
///         }
///     }
/// }
///
/// fn answer(error: &xact::Error) -> &'static str {
///     match error.constraint() {
///         Some(Constraint::UsersEmailKey) => "this address is taken",
///         None => "please try again later",
///     }
/// }
/// # let _ = answer;
/// ```
pub trait Constraint: Copy + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// How Postgres names it.
    fn names(self) -> ConstraintNames;
}

/// The schema, the table, and the constraint or index, without quotes.
pub type ConstraintNames = (&'static str, &'static str, &'static str);

impl Error {
    /// The constraint or unique index that was violated, if it is one that the module was generated with.
    ///
    /// [`is_unique_violation`](Self::is_unique_violation) and its like tell the kind of violation; a constraint that
    /// is not in the module still has a [name](Self::constraint_name).
    pub fn constraint<C: Constraint>(&self) -> Option<C> {
        let found = (self.schema()?, self.table()?, self.constraint_name()?);
        let mut all = C::ALL.iter().copied();
        all.find(|constraint| constraint.names() == found)
    }
}
