//! The calls that generated methods return, one type per cardinality. Each does nothing until it is awaited.
//!
//! The part that is generic over the row type only collects rows; everything that talks to the server is in `fetch`.

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
pub use self::many::Many;
pub use self::many_of_each::ManyOfEach;
pub use self::one::One;
pub use self::optional::Optional;
pub use self::stream::RowStream;

use futures_core::future::BoxFuture;

use crate::error::Error;
use crate::row::{Read, Row};

/// The future of a call. It is `Send`.
pub type CallFuture<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// Keeps the row of a query that may give one; a second row is an error.
fn keep_only<R>(found: &mut Option<R>, read: Read<R>, row: &Row<'_>) -> Result<(), Error> {
    if found.is_some() {
        return Err(row.one_too_many());
    }
    // Here and in the calls `match` in place of `?`, which without optimisations is two functions for each type of rows.
    match read(row) {
        Ok(row) => *found = Some(row),
        Err(error) => return Err(error),
    }
    Ok(())
}
