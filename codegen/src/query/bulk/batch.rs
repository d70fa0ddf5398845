//! `:batch`: INSERT, UPDATE and DELETE of one row, joined with a slice of rows.
//!
//! ```sql
//! INSERT INTO tags (name) VALUES ($1)       INSERT INTO tags (name) SELECT xact_batch.xact_name
//!                                           FROM (SELECT unnest($1::text[]) AS xact_name) AS xact_batch
//! DELETE FROM tags WHERE name = $1          DELETE FROM tags USING (SELECT unnest($1::text[]) AS xact_name) AS xact_batch
//!                                           WHERE name = xact_batch.xact_name
//! ```
//! A statement that only reads becomes a subquery: see `select`. Its rows, and those that UPDATE and DELETE return, have the number of
//! their element. RETURNING of an INSERT sees the inserted row alone, and Postgres promises no order of its rows.
//!
//! Each parameter becomes a column of the slice. In clauses that cannot refer to that column, a parameter is an error: in WITH, and
//! in the ON CONFLICT and RETURNING of an INSERT.

use super::BulkValue;
use super::clauses::Clauses;
use super::columns::{self, SLICE, SliceColumn};
use super::from;
use super::select::{self, ELEMENT};
use crate::query::analysis::Typed;
use crate::query::{TypeCatalog, WireSql};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::ops::Range;

/// A statement rewritten for a slice.
pub(super) struct Rewritten {
    /// The statement for the slice.
    pub(super) sql: WireSql,
    /// The values that it takes of each element.
    pub(super) values: Vec<BulkValue>,
    /// A query that Postgres refuses to group if the statement would aggregate the slice.
    pub(super) ungrouped: Option<String>,
    /// Whether the number of the element is one more column of the result.
    pub(super) numbered: bool,
}

/// The statement for the slice.
pub(super) fn rewrite_batch(typed: &Typed, catalog: &TypeCatalog) -> Result<Rewritten, Diagnostic> {
    let columns = columns::columns_of_slice(typed, catalog)?;
    let sent = &typed.query.sql;
    let mut batch = Batch {
        typed,
        clauses: &Clauses::of(&sent.text),
        columns: &columns,
        edits: Vec::new(),
        ungrouped: None,
        numbered: false,
    };
    batch.edit_statement()?;
    let mut edits = batch.edits;
    // In the order of the text, insertions before the replacement that begins at the same place: `with_edits` needs it so.
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let taken = columns.iter().map(|column| column.taken);
    Ok(Rewritten {
        sql: sent.with_edits(&edits),
        values: taken.collect(),
        ungrouped: batch.ungrouped,
        numbered: batch.numbered,
    })
}

/// The alias of the rows of an INSERT … SELECT.
pub(super) const ROW: &str = "xact_row";

struct Batch<'b> {
    typed: &'b Typed,
    clauses: &'b Clauses<'b>,
    columns: &'b [SliceColumn],
    edits: Vec<(Range<usize>, String)>,
    ungrouped: Option<String>,
    numbered: bool,
}

/// The clauses behind the relations of an UPDATE or DELETE.
const TAIL: &[&str] = &["WHERE", "RETURNING"];

impl Batch<'_> {
    fn edit_statement(&mut self) -> Result<(), Diagnostic> {
        // Without a parameter there is no array whose length says how often the statement runs.
        if self.columns.is_empty() {
            let message = "a batch takes a slice of parameters, but the statement has none";
            let has_rows = !self.typed.columns.is_empty();
            let help = if has_rows {
                "use `:many`"
            } else {
                "use `:exec`"
            };
            return Err(self.error_at_name("batch-form", message, help));
        }
        let verbs = [
            "INSERT", "UPDATE", "DELETE", "MERGE", "SELECT", "VALUES", "TABLE",
        ];
        // The first of these outside of brackets is the statement's own: those in WITH are inside of brackets.
        let Some(verb) = self.clauses.find(0, &verbs) else {
            return Err(self.not_for_rows());
        };
        self.refuse_own_names()?;
        self.refuse_writes_in_with(verb)?;
        let seen = if self.clauses.is(verb, "INSERT") {
            self.edit_insert(verb)?
        } else if self.clauses.is(verb, "UPDATE") {
            // The search begins behind SET: a FROM before it could only be a name.
            self.join_slice(verb, "SET", "FROM")?;
            verb..self.clauses.len()
        } else if self.clauses.is(verb, "DELETE") {
            self.join_slice(verb, "FROM", "USING")?;
            verb..self.clauses.len()
        // MERGE has no place for the slice but its USING, which is a relation of its own.
        } else if self.clauses.is(verb, "MERGE") {
            return Err(self.not_for_rows());
        } else {
            self.wrap_statement();
            0..self.clauses.len()
        };
        self.replace_parameters(&seen)
    }

    /// A statement that only reads: the rows of each element.
    fn wrap_statement(&mut self) {
        let (before, after) = select::wrap_statement(self.typed, &self.numbered_slice());
        self.insert_text(0, before);
        self.insert_text(self.typed.query.sql.text.len(), after);
        self.numbered = true;
    }

    /// The source of an INSERT; gives the tokens that see the slice.
    fn edit_insert(&mut self, verb: usize) -> Result<Range<usize>, Diagnostic> {
        let clauses = self.clauses;
        let source = clauses.find(verb, &["VALUES", "SELECT", "WITH", "TABLE"]);
        // `INSERT … DEFAULT VALUES` has the word VALUES and no values.
        let Some(source) = source.filter(|source| !clauses.is(source - 1, "DEFAULT")) else {
            return Err(self.not_for_rows());
        };
        if clauses.is(source, "VALUES") {
            return self.edit_values(source);
        }
        let end = self.end_of_source(source);
        let before = format!(
            "SELECT {ROW}.*\nFROM {}\nCROSS JOIN LATERAL (",
            self.slice_sql()
        );
        // LATERAL: the query runs once for each element, so that its aggregates and LIMIT are those
        // of one element.
        self.insert_text(clauses.start(source), before);
        self.insert_text(clauses.end(end - 1), format!(") AS {ROW}"));
        Ok(source..end)
    }

    /// `VALUES (…)` becomes `SELECT … FROM` the slice.
    fn edit_values(&mut self, values: usize) -> Result<Range<usize>, Diagnostic> {
        let clauses = self.clauses;
        let open = values + 1;
        let Some(close) = clauses.closing(open).filter(|_| clauses.text(open) == "(") else {
            return Err(self.not_for_rows());
        };
        if clauses.text(close + 1) == "," {
            let message = "a batch inserts each element as one row, but VALUES has more";
            return Err(self.error_at_name("batch-form", message, "write one row, of one element"));
        }
        // DEFAULT is grammar of VALUES in INSERT, and no expression of a SELECT list.
        if let Some(default) = (open..close).find(|&index| clauses.is(index, "DEFAULT")) {
            let message = "a batch cannot insert DEFAULT";
            let help = "leave the column out";
            let diagnostic = Diagnostic::error("batch-form", self.span_of(default), message);
            return Err(diagnostic.help(help));
        }
        let select = clauses.start(values)..clauses.start(open + 1);
        self.edits.push((select, "SELECT ".to_owned()));
        self.edits
            .push((clauses.range(close), format!("\nFROM {}", self.slice_sql())));
        self.ungrouped = self.ungrouped_values(open, close);
        Ok(open..close)
    }

    /// The values of an INSERT as a query of their own that also selects the slice, if one of them is a subquery with a
    /// parameter in it: an aggregate over parameters alone, `(SELECT count(:name) FROM tags)`, would be one of the whole
    /// slice, because it belongs to the query whose columns it takes (chapter "Aggregate Expressions").
    fn ungrouped_values(&self, open: usize, close: usize) -> Option<String> {
        let clauses = self.clauses;
        let mut parameters = clauses.parameters();
        parameters.find(|(index, _)| {
            // Deeper than a function's arguments; whether the brackets are a subquery, Postgres
            // says when it prepares the result.
            (open..close).contains(index) && clauses.depth(*index) > clauses.depth(open) + 1
        })?;
        let sent = &self.typed.query.sql;
        let mut edits = vec![(0..clauses.start(open + 1), "SELECT ".to_owned())];
        for (index, number) in clauses
            .parameters()
            .filter(|(at, _)| (open..close).contains(at))
        {
            let column = self.columns.get(number - 1)?;
            edits.push((clauses.range(index), column.value.clone()));
        }
        // With columns of the slice beside it, Postgres refuses the aggregate by its own rule, so
        // none has to be written here.
        let end = format!(", {SLICE}.*\nFROM {}", self.slice_sql());
        edits.push((clauses.start(close)..sent.text.len(), end));
        Some(sent.with_edits(&edits).text)
    }

    /// Where the query of an INSERT … SELECT ends: at ON CONFLICT, RETURNING, or the end.
    fn end_of_source(&self, source: usize) -> usize {
        let clauses = self.clauses;
        (source..clauses.len())
            .find(|&index| {
                let conflict = clauses.is(index, "ON") && clauses.is(index + 1, "CONFLICT");
                clauses.is_outside(index) && (conflict || clauses.is(index, "RETURNING"))
            })
            .unwrap_or(clauses.len())
    }

    /// Joins an UPDATE or DELETE with the slice, in its FROM or USING clause.
    fn join_slice(&mut self, verb: usize, after: &str, word: &str) -> Result<(), Diagnostic> {
        let clauses = self.clauses;
        let after = clauses.find(verb, &[after]).unwrap_or(verb);
        // Without a condition every element would change every row.
        if clauses.find(after, &["WHERE"]).is_none() {
            let message = "no condition matches the elements of the batch with rows";
            return Err(self.error_at_name("batch-form", message, "add WHERE"));
        }
        let slice = self.slice_of_rows(after);
        let joined = (after + 1..clauses.len()).find(|&index| {
            let is_clause = clauses.is(index, word) && clauses.is_outside(index);
            // IS DISTINCT FROM is an operator.
            is_clause && !clauses.is(index - 1, "DISTINCT")
        });
        if let Some(joined) = joined {
            let end = clauses.find(joined, TAIL).unwrap_or(clauses.len());
            let first = joined + 1;
            let comma = from::would_regroup(clauses, first..end);
            // CROSS JOIN where possible: ON of a following join can see the slice then, and behind
            // a comma it cannot.
            let join = if comma { ", " } else { " CROSS JOIN " };
            self.insert_text(clauses.start(first), format!("{slice}{join}"));
            // Only those with a parameter: LATERAL would forbid some plans, and changes nothing for
            // the rest.
            for subquery in from::subqueries_with_parameters(clauses, first..end) {
                self.insert_text(clauses.start(subquery), "LATERAL ".to_owned());
            }
        } else {
            let tail = clauses.find(after, TAIL).unwrap_or(clauses.len());
            self.insert_text(clauses.start(tail), format!("{word} {slice}\n"));
        }
        Ok(())
    }

    /// The slice of an UPDATE or DELETE. RETURNING sees the relations of FROM and USING, so it can give the number of the element that
    /// each row was joined with.
    fn slice_of_rows(&mut self, after: usize) -> String {
        if self.clauses.find(after, &["RETURNING"]).is_none() {
            return self.slice_sql();
        }
        // Behind the last word, which a comment may follow.
        let end = self.clauses.end(self.clauses.len() - 1);
        self.insert_text(end, format!(", {SLICE}.{ELEMENT}"));
        self.numbered = true;
        self.numbered_slice()
    }

    /// The slice and its rows are called by names that the statement must not have for something else.
    fn refuse_own_names(&self) -> Result<(), Diagnostic> {
        let clauses = self.clauses;
        let is_own = |index: &usize| clauses.is(*index, SLICE) || clauses.is(*index, ROW);
        match (0..clauses.len()).find(is_own) {
            None => Ok(()),
            Some(index) => {
                let message = format!(
                    "`{}` is a name that the batch itself uses",
                    clauses.text(index)
                );
                let diagnostic = Diagnostic::error("batch-form", self.span_of(index), message);
                Err(diagnostic.help("use another name"))
            }
        }
    }

    /// A statement in WITH runs once for the batch, and not once for each element.
    fn refuse_writes_in_with(&self, verb: usize) -> Result<(), Diagnostic> {
        let clauses = self.clauses;
        let writes = ["INSERT", "UPDATE", "DELETE", "MERGE"];
        let written = (1..verb).find(|&index| {
            // At depth 1, behind an opening bracket: the body of a WITH query, not a column called
            // like a keyword.
            let begins = clauses.text(index - 1) == "(" && clauses.depth(index) == 1;
            begins && writes.iter().any(|word| clauses.is(index, word))
        });
        match written {
            None => Ok(()),
            Some(index) => {
                let message =
                    "this statement would run once for the batch, not once for each element";
                let diagnostic = Diagnostic::error("batch-form", self.span_of(index), message);
                Err(diagnostic.help("make it a query of its own"))
            }
        }
    }

    fn replace_parameters(&mut self, seen: &Range<usize>) -> Result<(), Diagnostic> {
        for (index, number) in self.clauses.parameters() {
            // A parameter beyond the tokens that see the slice has no element to take its value
            // from.
            if !seen.contains(&index) {
                return Err(self.of_no_row(index, number));
            }
            if let Some(column) = self.columns.get(number - 1) {
                let range = self.clauses.range(index);
                self.edits.push((range, column.value.clone()));
            }
        }
        Ok(())
    }

    /// `(SELECT unnest($1::text[]) AS xact_name, …) AS xact_batch`
    ///
    /// In FROM, `unnest` of an array of composites would give a column for each of their fields.
    fn slice_sql(&self) -> String {
        format!("(SELECT {}) AS {SLICE}", self.unnested().join(", "))
    }

    /// The slice with the number of each element.
    fn numbered_slice(&self) -> String {
        let mut columns = self.unnested();
        let mut arrays = self.columns.iter().flat_map(|column| &column.arrays);
        columns.extend(
            // Any array will do: the runtime sends all arrays of a slice with the same length.
            arrays
                .next()
                .map(|(array, _)| select::number_elements(array)),
        );
        format!("(SELECT {}) AS {SLICE}", columns.join(", "))
    }

    fn unnested(&self) -> Vec<String> {
        let arrays = self.columns.iter().flat_map(|column| &column.arrays);
        let columns = arrays.map(|(array, name)| format!("unnest({array}) AS {name}"));
        columns.collect()
    }

    fn insert_text(&mut self, at: usize, text: String) {
        self.edits.push((at..at, text));
    }

    /// The location of a word of the wire SQL in the query file.
    fn span_of(&self, index: usize) -> Span {
        let query = &self.typed.query;
        query.token_at(query.sql.source_of(self.clauses.start(index)))
    }

    fn error_at_name(&self, code: &'static str, message: &str, help: &str) -> Diagnostic {
        Diagnostic::error(code, self.typed.query.name_span.clone(), message).help(help)
    }

    fn not_for_rows(&self) -> Diagnostic {
        let message = "`:batch` is for `SELECT`, `INSERT … VALUES (…)`, `INSERT … SELECT`, `UPDATE` and `DELETE`";
        let help = "for anything else, pass arrays: `= ANY(:ids)`, or `FROM unnest(:ids, :names)`";
        self.error_at_name("batch-form", message, help)
    }

    /// The error of a parameter in a clause that cannot refer to the slice.
    fn of_no_row(&self, index: usize, number: usize) -> Diagnostic {
        let parameter = self.typed.parameters.get(number - 1);
        let name = parameter.map_or("", |parameter| &parameter.name);
        let message = format!("this clause cannot refer to `{name}`, a column of the batch");
        let help = if self
            .clauses
            .find(0, &["INSERT"])
            .is_some_and(|verb| verb < index)
        {
            "in ON CONFLICT, `excluded.…` is the row that was not inserted"
        } else {
            "move the query of WITH into a subquery of the statement"
        };
        Diagnostic::error("batch-parameter", self.span_of(index), message).help(help)
    }
}
