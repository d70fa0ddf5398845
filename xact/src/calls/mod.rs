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

use crate::error::{Cause, During, Error};
use crate::query::Query;
use crate::request::Request;
use crate::row::Read;

/// The future of a call. It is `Send`.
pub type CallFuture<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// The row of a query that may give one; a second row is an error.
async fn at_most_one<R: Send>(
    request: &mut Request<'_>,
    query: &'static Query,
    read: Read<R>,
) -> Result<Option<R>, Error> {
    let mut found = None;
    let sink = &mut |row: &crate::row::Row<'_>| match found {
        None => {
            found = Some(read(row)?);
            Ok(())
        }
        Some(_) => Err(Error::new(During::Query(query.into()), Cause::TooManyRows)),
    };
    request.each(query, sink).await?;
    Ok(found)
}
