//! Constraints by name: the enum that a generated module has of them.

use super::Error;

/// Every constraint and unique index of a database: the trait of a generated `Constraint`.
///
/// ```
/// xact::generated::constraints! {
///     pub enum Constraint {
///         UsersEmailKey = ("public", "users", "users_email_key"),
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

    /// How Postgres names it where a row of a partition or a child table violates it.
    fn names_of_copies(self) -> &'static [ConstraintNames] {
        &[]
    }
}

/// The schema, the table, and the constraint or index, without quotes.
pub type ConstraintNames = (&'static str, &'static str, &'static str);

/// Makes an enum of constraints, each with its names.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_constraints {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $names:tt $(| $copy:tt)*,)* }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }
        impl $crate::generated::Constraint for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            fn names(self) -> $crate::generated::ConstraintNames {
                match self { $(Self::$variant => $names),* }
            }
            fn names_of_copies(self) -> &'static [$crate::generated::ConstraintNames] {
                match self { $(Self::$variant => &[$($copy),*]),* }
            }
        }
    };
}

impl Error {
    /// The constraint or unique index that was violated, if it is one that the module was generated with.
    ///
    /// [`is_unique_violation`](Self::is_unique_violation) and its like tell the kind of violation; a constraint that
    /// is not in the module still has a [name](Self::constraint_name).
    pub fn constraint<C: Constraint>(&self) -> Option<C> {
        let found = (self.schema()?, self.table()?, self.constraint_name()?);
        let mut all = C::ALL.iter().copied();
        all.find(|constraint| {
            constraint.names() == found || constraint.names_of_copies().contains(&found)
        })
    }
}
