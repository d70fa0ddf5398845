//! A query whose parts can be left out: its pieces as data, and the text of a variant joined from them.
//!
//! Given: choices, a bit for each. Gives: the arguments of a call of that variant. Every byte of the text is `'static`, and
//! every variant follows from conditions that the generator has checked; no text of a caller is ever in it.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use crate::query::Query;

/// A piece of a statement, and the parameter behind it.
///
/// ```
/// use xact::generated::Piece;
///
/// let piece = Piece { text: " AND city = ", parameter: Some(1), when: &[0b1] };
/// assert!(piece.is_sent(0b11));
/// assert!(!piece.is_sent(0b10));
/// ```
#[derive(Debug)]
pub struct Piece {
    /// The text before the parameter.
    pub text: &'static str,
    /// The index of the parameter, counted from 0, if one follows.
    pub parameter: Option<u16>,
    /// Sets of choices as bit masks; it is sent where one of them was made in full.
    pub when: &'static [u64],
}

impl Piece {
    /// A piece of text, the parameter behind it, and when it is sent.
    ///
    /// ```
    /// use xact::generated::Piece;
    ///
    /// assert!(Piece::new(" ORDER BY id", None, &[0]).is_sent(0));
    /// ```
    pub const fn new(text: &'static str, parameter: Option<u16>, when: &'static [u64]) -> Self {
        Self {
            text,
            parameter,
            when,
        }
    }

    /// Whether a variant has it.
    pub fn is_sent(&self, choices: u64) -> bool {
        contains_set(self.when, choices)
    }
}

/// Whether one of the sets was chosen in full.
fn contains_set(sets: &[u64], choices: u64) -> bool {
    sets.iter().any(|set| choices & set == *set)
}

/// One query of a generated module that has parts or orders.
///
/// ```
/// use xact::generated::{Piece, Query, ShapedQuery};
///
/// static SEARCH: ShapedQuery = ShapedQuery::new(
///     Query {
///         name: "search",
///         file: "queries/users.sql",
///         sql: "SELECT name FROM users WHERE city = $1",
///         parameters: &[25],
///         columns: &[25],
///         names: "name",
///     },
///     &[
///         Piece { text: "SELECT name FROM users", parameter: None, when: &[0] },
///         Piece { text: " WHERE city = ", parameter: Some(0), when: &[1] },
///     ],
///     &[0],
/// );
/// let city = Some("Lisbon");
/// let arguments = SEARCH.choose().part(0, city.is_some()).arguments().push(city);
/// # let _ = arguments;
/// ```
#[derive(Debug)]
pub struct ShapedQuery {
    query: Query,
    pieces: &'static [Piece],
    /// Where there is something to do, as in [`Piece::when`].
    required: &'static [u64],
    recent: Mutex<Vec<Recent>>,
}

/// A variant that was called lately.
#[derive(Debug)]
struct Recent {
    choices: u64,
    text: Arc<VariantText>,
}

/// The text of a variant.
#[derive(Debug)]
pub(crate) struct VariantText {
    pub(crate) choices: u64,
    pub(crate) sql: Arc<str>,
    /// Whether it has each parameter of the query.
    pub(crate) parameters: Box<[bool]>,
}

impl ShapedQuery {
    /// How many variants of a query are kept prepared: each takes memory of the server on every connection. Applications call few
    /// of the variants often; any other is sent as a statement that is forgotten once it has run.
    pub const KEPT: usize = 16;

    /// A query of these pieces; of a variant in which `required` does not hold there is nothing to do.
    pub const fn new(query: Query, pieces: &'static [Piece], required: &'static [u64]) -> Self {
        Self {
            query,
            pieces,
            required,
            recent: Mutex::new(Vec::new()),
        }
    }

    /// The choice of a variant, so far without a part.
    pub fn choose(&'static self) -> Choice {
        Choice {
            shaped: self,
            choices: 0,
        }
    }

    pub(crate) fn query(&'static self) -> &'static Query {
        &self.query
    }

    /// Whether a variant has something to do.
    fn has_effect(&self, choices: u64) -> bool {
        contains_set(self.required, choices)
    }

    /// The text of a variant, and whether it was called lately, so that it is worth being prepared.
    pub(crate) fn find_text(&self, choices: u64) -> (Arc<VariantText>, bool) {
        // Nothing that holds the lock can leave it half done.
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let found = recent.iter().position(|recent| recent.choices == choices);
        let known = found.is_some();
        let used = match found {
            Some(place) => recent.remove(place),
            None => Recent {
                choices,
                text: Arc::new(self.write_text(choices)),
            },
        };
        let text = Arc::clone(&used.text);
        recent.insert(0, used);
        // The least recently used text is dropped, which bounds the statements that a connection
        // keeps prepared.
        recent.truncate(Self::KEPT);
        (text, known)
    }

    /// Joins the pieces of a variant. Its parameters are numbered in order without a gap, because Postgres cannot infer the type
    /// of a number that is not in the text.
    fn write_text(&self, choices: u64) -> VariantText {
        let sent = || self.pieces.iter().filter(|piece| piece.is_sent(choices));
        let mut parameters = vec![false; self.query.parameters.len()];
        for parameter in sent().filter_map(|piece| piece.parameter) {
            if let Some(used) = parameters.get_mut(usize::from(parameter)) {
                *used = true;
            }
        }
        let mut sql = String::with_capacity(self.query.sql.len() + 16);
        for piece in sent() {
            sql.push_str(piece.text);
            if let Some(parameter) = piece.parameter {
                let before = parameters.iter().take(usize::from(parameter));
                // Numbered without a gap, as the tool prepared the variant.
                let number = before.filter(|used| **used).count() + 1;
                write!(sql, "${number}").expect("a String takes all that is written");
            }
        }
        VariantText {
            choices,
            sql: sql.into(),
            parameters: parameters.into(),
        }
    }
}

/// The choice of a variant.
#[derive(Clone, Copy, Debug)]
#[must_use = "a choice does nothing until its arguments are given to a `Runner`"]
pub struct Choice {
    shaped: &'static ShapedQuery,
    choices: u64,
}

impl Choice {
    /// The parts of this switch, if `on`.
    pub fn part(self, bit: u32, on: bool) -> Self {
        let choices = self.choices | u64::from(on) << bit;
        Self { choices, ..self }
    }

    /// One alternative of a group whose first has the bit `first`.
    pub fn take(self, first: u32, index: u32) -> Self {
        self.part(first + index, true)
    }

    /// The text of the variant.
    ///
    /// ```
    /// # use xact::generated::{Piece, Query, ShapedQuery};
    /// # static SEARCH: ShapedQuery = ShapedQuery::new(
    /// #     Query { name: "search", file: "queries/users.sql", sql: "", parameters: &[25, 25], columns: &[25], names: "name" },
    /// #     &[
    /// #         Piece { text: "SELECT name FROM users", parameter: None, when: &[0] },
    /// #         Piece { text: " WHERE", parameter: None, when: &[1, 2] },
    /// #         Piece { text: " city = ", parameter: Some(0), when: &[1] },
    /// #         Piece { text: " AND", parameter: None, when: &[3] },
    /// #         Piece { text: " job = ", parameter: Some(1), when: &[2] },
    /// #     ],
    /// #     &[0],
    /// # );
    /// let sql = SEARCH.choose().part(0, false).part(1, true).sql();
    /// assert_eq!(&*sql, "SELECT name FROM users WHERE job = $1");
    /// ```
    pub fn sql(self) -> Arc<str> {
        Arc::clone(&self.shaped.find_text(self.choices).0.sql)
    }

    pub(crate) fn query(self) -> &'static Query {
        self.shaped.query()
    }

    /// The text of the variant, and whether it is kept prepared; none if there is nothing to do.
    pub(crate) fn find_text(self) -> Option<(Arc<VariantText>, bool)> {
        let has_effect = self.shaped.has_effect(self.choices);
        has_effect.then(|| self.shaped.find_text(self.choices))
    }
}
