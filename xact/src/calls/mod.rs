//! The calls that generated methods return, one type per cardinality. Each does nothing until it is awaited.
//!
//! The part that is generic over the row type only collects rows; everything that talks to the server is in `execution` and `fetch`.

mod borrowed_rows;
mod copy_rows;
mod execute;
mod many;
mod many_of_each;
mod one;
mod optional;
mod stream;

pub use self::borrowed_rows::BorrowedRows;
pub use self::copy_rows::CopyRows;
pub use self::execute::Execute;
pub use self::many::{Many, ManyFuture};
pub use self::many_of_each::ManyOfEach;
pub use self::one::{One, OneFuture};
pub use self::optional::{Optional, OptionalFuture};
pub use self::stream::RowStream;

use futures_core::future::BoxFuture;

use crate::error::{Cause, During, Error};
use crate::fetch::Sink;
use crate::query::Query;
use crate::row::{Read, Row};

/// The future of a call without rows of a type of its own. It is `Send`.
pub type CallFuture<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// The row of a query that may give one; a second row is an error.
struct OnlyRow<'s, R> {
    found: &'s mut Option<R>,
    read: Read<R>,
}

impl<R: Send> Sink for OnlyRow<'_, R> {
    #[expect(
        clippy::redundant_pattern_matching,
        reason = "`is_some` is one more function for each type"
    )]
    fn take(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if let Some(_) = self.found {
            return Err(row.one_too_many());
        }
        // Here and in the futures `match` in place of `?`, which without optimisations is a function for each type of rows.
        match (self.read)(row) {
            Ok(row) => {
                *self.found = Some(row);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

#[cold]
fn not_found(query: &'static Query) -> Error {
    Error::new(During::Query(query.into()), Cause::NotFound)
}
