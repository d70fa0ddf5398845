//! The call of a `:batch` query that reads: its rows for each element of the slice.

use super::CallFuture;
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::error::{Cause, During};
use crate::request::Request;
use crate::row::{Read, Row};

/// A query that gives any number of rows for each element of a slice; await it for a `Vec` of rows for each, in the order of the
/// slice. An element without rows has an empty one.
///
/// # Errors
/// Whatever Postgres reports, or a row that cannot be read.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # async fn example(books_of_years: xact::ManyOfEach<'_, String>) -> Result<(), xact::Error> {
/// for titles in books_of_years.await? {
///     println!("{}", titles.join(", "));
/// }
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct ManyOfEach<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    /// The number of elements.
    pub(crate) elements: usize,
    pub(crate) read: Read<R>,
}

impl<'a, R: Send + 'a> IntoFuture for ManyOfEach<'a, R> {
    type Output = Result<Vec<Vec<R>>, Error>;
    type IntoFuture = CallFuture<'a, Vec<Vec<R>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let query = self.arguments.query();
            // The number of the element, from 1, is the last column.
            let last = query.columns.len().saturating_sub(1);
            let mut rows: Vec<Vec<R>> = (0..self.elements).map(|_| Vec::new()).collect();
            let sink = &mut |row: &Row<'_>| {
                let number: i32 = row.get(last)?;
                let index = usize::try_from(number).unwrap_or(0).checked_sub(1);
                let of_element = index.and_then(|index| rows.get_mut(index));
                let of_element = of_element.ok_or_else(|| {
                    let problem = format!("a row of element {number}, which was not sent");
                    Error::new(During::Query(query.into()), Cause::Refused(problem))
                })?;
                of_element.push((self.read)(row)?);
                Ok(())
            };
            Request::query(self.connection, self.arguments)
                .each(query, sink)
                .await?;
            Ok(rows)
        })
    }
}
