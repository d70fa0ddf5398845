//! The arguments of one call: given Rust values one by one, or a slice of rows, gives the values of Bind.
//!
//! A value is encoded the moment it is pushed, so a call holds bytes and no borrow of the caller's values. Nothing here talks
//! to the server; a value that cannot be encoded surfaces when the call is awaited.

use std::sync::Arc;

use sqlx::encode::Encode;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgBindIterExt as _};
use sqlx::{Arguments as _, AssertSqlSafe, Postgres, SqlSafeStr as _, SqlStr, Type};

use crate::array::{Array, Lists};
use crate::declared::{Borrowed, Declared};
use crate::error::{Cause, During, Error};
use crate::query::Query;
use crate::shaped::{Choice, ShapedQuery, VariantText};

/// The arguments of one call, encoded.
///
/// ```
/// # static FIND: xact::generated::Query = xact::generated::Query {
/// #     name: "find", file: "queries/users.sql", sql: "SELECT $1 || $2::text", parameters: &[25, 20], columns: &[25], names: "" };
/// let arguments = FIND.arguments().push("Ada").push(36_i64);
/// # let _ = arguments;
/// ```
#[must_use = "arguments do nothing until they are given to a `Runner`"]
pub struct Arguments {
    query: &'static Query,
    values: PgArguments,
    pushed: usize,
    failure: Option<Error>,
    /// Whether they are those of a slice without rows.
    nothing: bool,
    /// The text that is sent, if the query has several; and whether it is kept prepared.
    variant: Option<(Arc<VariantText>, bool)>,
}

impl Query {
    /// Starts the arguments of one call of this query.
    ///
    /// ```
    /// # static PING: xact::generated::Query =
    /// #     xact::generated::Query { name: "ping", file: "queries/ping.sql", sql: "SELECT 1", parameters: &[], columns: &[23], names: "" };
    /// let arguments = PING.arguments();
    /// # let _ = arguments;
    /// ```
    pub fn arguments(&'static self) -> Arguments {
        Arguments::new(self)
    }
}

impl Choice {
    /// Starts the arguments of one call of the variant. Those of every parameter are pushed, in order; a value that the variant
    /// does not have is not sent.
    pub fn arguments(self) -> Arguments {
        let query = self.query();
        let arguments = Arguments::new(query);
        if let Some((text, is_kept)) = self.find_text() {
            return arguments.with_variant(text, is_kept);
        }
        let nothing = Error::new(During::Query(query.into()), Cause::NothingToSet);
        arguments.with_failure(nothing)
    }
}

impl Arguments {
    pub(crate) fn new(query: &'static Query) -> Self {
        let mut values = PgArguments::default();
        // Room for 28 bytes behind each length, as an id or a short text has. Surprise: what a buffer that grows costs is not the copy but
        // the next buffer, which `malloc` finds in none of its lists then.
        values.reserve(query.parameters.len(), query.parameters.len() * 32);
        Self {
            query,
            values,
            pushed: 0,
            failure: None,
            nothing: false,
            variant: None,
        }
    }

    /// For a variant of the query.
    pub(crate) fn with_variant(self, text: Arc<VariantText>, is_kept: bool) -> Self {
        Self {
            variant: Some((text, is_kept)),
            ..self
        }
    }

    /// For a call that fails before anything is sent.
    pub(crate) fn with_failure(self, failure: Error) -> Self {
        Self {
            failure: Some(failure),
            ..self
        }
    }

    /// Adds the value of the next parameter.
    ///
    /// The value travels under the type OID that [`Query::parameters`] declares for it, whatever type sqlx would choose.
    ///
    /// ```
    /// # static FIND: xact::generated::Query = xact::generated::Query {
    /// #     name: "find", file: "queries/users.sql", sql: "SELECT $1", parameters: &[25], columns: &[25], names: "" };
    /// let arguments = FIND.arguments().push(Some("Ada"));
    /// # let _ = arguments;
    /// ```
    pub fn push<'q, T: Encode<'q, Postgres>>(mut self, value: T) -> Self {
        self.add(&value);
        self
    }

    /// Not generic, so that it is compiled once and not for each type.
    fn add(&mut self, value: &dyn Encode<'_, Postgres>) {
        // A value too many is sent with OID 0, so that Postgres reports it, with the name of the query, and nothing panics.
        let oid = self.query.parameters.get(self.pushed).copied().unwrap_or(0);
        self.pushed += 1;
        let place = self.pushed - 1;
        // A parameter of parts that are left out has no place in this text.
        if let Some((text, _)) = &self.variant
            && !text.parameters.get(place).copied().unwrap_or(false)
        {
            return;
        }
        if let Err(source) = self.values.add(Declared::with_oid(Borrowed(value), oid)) {
            self.keep_failure(source);
        }
    }

    /// Adds an array whose elements have the type with this OID, whatever type sqlx would choose: a `String` may be the
    /// element of a `varchar[]`.
    ///
    /// ```
    /// # static FIND: xact::generated::Query = xact::generated::Query {
    /// #     name: "find", file: "queries/users.sql", sql: "SELECT $1", parameters: &[1015], columns: &[1015], names: "" };
    /// let arguments = FIND.arguments().push_array(1043, ["Ada", "Grace"].as_slice());
    /// # let _ = arguments;
    /// ```
    pub fn push_array<'a, T>(self, element: u32, values: impl Into<Option<&'a [T]>>) -> Self
    where
        T: Encode<'a, Postgres> + 'a,
    {
        self.push(Array::of(values, element))
    }

    /// Adds an array with one value of each row; if there are no rows, nothing is sent.
    ///
    /// `element` is the OID of the values' type, or 0 for one that the project made itself, which sqlx knows by its name.
    ///
    /// ```
    /// # static ADD: xact::generated::Query = xact::generated::Query {
    /// #     name: "add", file: "queries/users.sql", sql: "INSERT INTO users (name, age) SELECT * FROM unnest($1, $2)",
    /// #     parameters: &[1009, 1007], columns: &[], names: "" };
    /// struct User {
    ///     name: String,
    ///     age: Option<i32>,
    /// }
    ///
    /// let users = [User { name: "Ada".to_owned(), age: None }];
    /// let arguments = ADD.arguments().push_each(25, &users, |user| &user.name).push_each(23, &users, |user| user.age);
    /// # let _ = arguments;
    /// ```
    pub fn push_each<'r, R, T>(
        mut self,
        element: u32,
        rows: &'r [R],
        value: impl Fn(&'r R) -> T,
    ) -> Self
    where
        T: Encode<'r, Postgres> + Type<Postgres>,
    {
        self.nothing = rows.is_empty();
        let values = rows
            .iter()
            .map(|row| Declared::of_element(value(row), element));
        self.push(values.bind_iter())
    }

    /// Adds an array with one value of each row, also if there are none, or NULL if there is no list of rows: a column of a list
    /// of rows.
    ///
    /// `element` is the OID of the values' type, or 0 for one that the project made itself.
    ///
    /// ```
    /// # static FIND: xact::generated::Query = xact::generated::Query {
    /// #     name: "find", file: "queries/users.sql",
    /// #     sql: "SELECT id FROM users WHERE (name, age) IN (SELECT a, b FROM unnest($1, $2) AS l (a, b))",
    /// #     parameters: &[1009, 1007], columns: &[20], names: "" };
    /// let pairs = [("Ada", 36), ("Grace", 85)];
    /// let arguments = FIND.arguments().push_part(25, pairs.as_slice(), |row| &row.0).push_part(23, pairs.as_slice(), |row| &row.1);
    /// # let _ = arguments;
    /// ```
    pub fn push_part<'r, R, T>(
        self,
        element: u32,
        rows: impl Into<Option<&'r [R]>>,
        value: impl Fn(&'r R) -> &'r T,
    ) -> Self
    where
        R: 'r,
        T: Encode<'r, Postgres> + Type<Postgres> + 'r,
        &'r T: Encode<'r, Postgres> + Type<Postgres>,
    {
        let rows: &'r [R] = rows.into().unwrap_or_default();
        // sqlx takes the type of the elements from the first of them, so an array without any has to be sent by its OID.
        if rows.is_empty() {
            return match element {
                0 => self.push([].as_slice() as &[&T]),
                element => self.push_array(element, [].as_slice() as &[&T]),
            };
        }
        let values = rows
            .iter()
            .map(|row| Declared::of_element(value(row), element));
        self.push(values.bind_iter())
    }

    /// Says whether they are those of a slice without rows, for which nothing is sent.
    pub(crate) fn marked_nothing(self, nothing: bool) -> Self {
        Self { nothing, ..self }
    }

    #[cold]
    fn keep_failure(&mut self, source: BoxDynError) {
        let cause = Cause::Encode {
            parameter: self.pushed,
            source,
        };
        // The first value that fails is the one worth reading about.
        self.failure
            .get_or_insert_with(|| Error::new(During::Query(self.query.into()), cause));
    }

    /// The same values for another statement, whose first parameters are those of this one.
    pub(crate) fn for_statement(self, query: &'static Query) -> Self {
        Self { query, ..self }
    }

    /// The same values for another variant of a query with parts, which has the same of the parameters pushed so far.
    pub(crate) fn for_variant(
        self,
        shaped: &'static ShapedQuery,
        change: impl FnOnce(u64) -> u64,
    ) -> Self {
        let (text, is_kept) = shaped.find_text(change(self.choices()));
        self.with_variant(text, is_kept)
    }

    /// Leaves out the parameters before this one, counted from 0, which the variant does not have.
    pub(crate) fn skip_to(self, pushed: usize) -> Self {
        Self { pushed, ..self }
    }

    /// A copy for another statement; a value that could not be encoded is the error of the original alone.
    pub(crate) fn copy(&self) -> Self {
        Self {
            query: self.query,
            values: self.values.clone(),
            pushed: self.pushed,
            failure: None,
            nothing: self.nothing,
            variant: self.variant.clone(),
        }
    }

    /// How many values are sent so far.
    pub(crate) fn pushed(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn query(&self) -> &'static Query {
        self.query
    }

    /// The text that is sent, and whether the statement is kept prepared.
    pub(crate) fn statement(&self) -> (SqlStr, bool) {
        match &self.variant {
            None => (self.query.sql.into_sql_str(), true),
            Some((text, is_kept)) => (
                AssertSqlSafe(Arc::clone(&text.sql)).into_sql_str(),
                *is_kept,
            ),
        }
    }

    /// The choices of the variant, as bits.
    pub(crate) fn choices(&self) -> u64 {
        self.variant.as_ref().map_or(0, |(text, _)| text.choices)
    }

    /// Whether its text is not that of the query.
    pub(crate) fn is_variant(&self) -> bool {
        self.variant.is_some()
    }

    /// Adds an array of each row, as three arrays: the beginnings and the ends of each row's part, and one array of all
    /// elements. If there are no rows, nothing is sent.
    ///
    /// `element` is the OID of the elements' type, or 0 for one that the project made itself.
    ///
    /// ```
    /// # static TAG: xact::generated::Query = xact::generated::Query {
    /// #     name: "tag", file: "queries/users.sql",
    /// #     sql: "INSERT INTO users (tags) SELECT ($3)[a:b] FROM unnest($1, $2) AS s(a, b)",
    /// #     parameters: &[1007, 1007, 1009], columns: &[], names: "" };
    /// let users = [Some(vec!["a", "b"]), None];
    /// let arguments = TAG.arguments().push_lists(25, &users, |tags| tags.as_deref());
    /// # let _ = arguments;
    /// ```
    pub fn push_lists<'r, R, T, L>(
        mut self,
        element: u32,
        rows: &'r [R],
        list: impl Fn(&'r R) -> L,
    ) -> Self
    where
        T: Encode<'r, Postgres> + Type<Postgres> + 'r,
        L: Into<Option<&'r [T]>>,
    {
        self.nothing = rows.is_empty();
        let lists = Lists::of(rows.iter().map(|row| list(row).into()));
        let bounds = self.push(lists.from.as_slice()).push(lists.to.as_slice());
        // sqlx takes the type of the elements from the first of them, so an array without any has to be sent by its OID.
        let mut all = lists.all.into_iter().peekable();
        if all.peek().is_none() {
            return match element {
                0 => bounds.push([].as_slice() as &[T]),
                element => bounds.push_array(element, [].as_slice() as &[T]),
            };
        }
        bounds.push(
            all.map(|value| Declared::of_element(value, element))
                .bind_iter(),
        )
    }

    /// Whether the query has no rows to run with. A value that cannot be encoded is reported even then.
    pub(crate) fn is_nothing(&self) -> bool {
        self.nothing && self.failure.is_none()
    }

    pub(crate) fn finish(self) -> Result<PgArguments, Error> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.values),
        }
    }
}
