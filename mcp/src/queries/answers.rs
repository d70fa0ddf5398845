//! The rows of a call → its answer: JSON, and the sentences that say that a result was cut or why there is none.

use super::KnownQuery;
use super::postgres_text::print_values;
use super::run::{Cut, Fetched, measure_row};
use crate::answer::ToolError;
use crate::limits::Limits;
use crate::scope::AgentScope;
use crate::values::{Cell, Decoder, RawRow};
use serde_json::{Value, json};
use xact::{Cursor, Xact};

/// Writes the answers of calls of one query.
#[derive(Clone, Copy)]
pub(super) struct AnswerWriter<'q> {
    pub(super) query: &'q KnownQuery,
    pub(super) limits: Limits,
}

/// Lists of rows, and the rest of an answer.
struct Decoded {
    lists: Vec<Vec<Cell>>,
    rest: Rest,
}

enum Rest {
    Affected(u64),
    Row,
    Cut(Option<Cut>),
    Page(Option<Cursor>, Option<Cursor>),
    Each,
}

impl AnswerWriter<'_> {
    /// The answer. Values that JSON does not know are printed in this transaction.
    pub(super) async fn write_answer(
        self,
        xact: &mut Xact<AgentScope>,
        fetched: Fetched,
    ) -> Result<Value, ToolError> {
        let mut decoder = Decoder::default();
        let Decoded { lists, rest } = self.decode(fetched, &mut decoder)?;
        // In the same transaction, because the settings of the session decide how values are
        // printed.
        let printed = print_values(xact, &decoder.foreign).await;
        let texts = printed.map_err(|error| self.describe_error(&error))?;
        let lists = lists.into_iter().map(|list| {
            let rows = list.into_iter();
            rows.map(|row| row.into_json(&texts)).collect()
        });
        Ok(self.arrange(lists.collect(), rest))
    }

    fn decode(self, fetched: Fetched, decoder: &mut Decoder) -> Result<Decoded, ToolError> {
        // Before the rows are decoded, which takes several times their memory.
        self.refuse_too_large(&fetched)?;
        let layout = &self.query.layout;
        let mut decode = |rows: &[RawRow]| -> Result<Vec<Cell>, ToolError> {
            let rows = rows.iter();
            rows.map(|row| layout.decode(row, decoder)).collect()
        };
        let (lists, rest) = match fetched {
            Fetched::Affected(rows) => (Vec::new(), Rest::Affected(rows)),
            Fetched::Row(row) => (vec![decode(row.as_slice())?], Rest::Row),
            Fetched::Rows(rows, cut) => (vec![decode(&rows)?], Rest::Cut(cut)),
            Fetched::Page(page) => {
                let rows = decode(&page.rows)?;
                (vec![rows], Rest::Page(page.next, page.previous))
            }
            Fetched::RowsOfEach(each) => {
                let lists = each.iter().map(|rows| decode(rows));
                (lists.collect::<Result<_, _>>()?, Rest::Each)
            }
        };
        Ok(Decoded { lists, rest })
    }

    /// A result of which not even the first row fits.
    fn refuse_too_large(self, fetched: &Fetched) -> Result<(), ToolError> {
        let exceeds = |rows: &mut dyn Iterator<Item = &RawRow>| {
            rows.map(measure_row).sum::<usize>() > self.limits.bytes
        };
        let is_too_large = match fetched {
            Fetched::Row(row) => exceeds(&mut row.iter()),
            Fetched::RowsOfEach(each) => exceeds(&mut each.iter().flatten()),
            // Of a statement that wrote, the caller has to learn that it did.
            Fetched::Rows(rows, Some(Cut::Bytes)) => rows.is_empty() && !self.query.may_write,
            _ => false,
        };
        if is_too_large {
            return Err(self.too_large());
        }
        Ok(())
    }

    /// The error of a row that does not fit.
    pub(super) fn too_large(self) -> ToolError {
        ToolError::new(format!(
            "one row has more than {} bytes: use a tool whose rows are smaller, or ask for the server to be started with a larger \
             --max-bytes",
            self.limits.bytes
        ))
    }

    fn arrange(self, mut lists: Vec<Vec<Value>>, rest: Rest) -> Value {
        if matches!(rest, Rest::Each) {
            return json!({"rows_of_each": lists});
        }
        let mut rows = lists.pop().unwrap_or_default();
        match rest {
            Rest::Affected(count) => json!({"affected": count}),
            Rest::Row => json!({"row": rows.pop()}),
            // Lists of each element were answered above.
            Rest::Cut(None) | Rest::Each => json!({"rows": rows}),
            Rest::Cut(Some(cut)) => {
                let note = self.describe_cut(rows.len(), cut);
                json!({"rows": rows, "cut": note})
            }
            Rest::Page(next, previous) => {
                let mut page = json!({"rows": rows});
                if let Some(cursor) = next {
                    page["next"] = cursor.to_string().into();
                }
                if let Some(cursor) = previous {
                    page["previous"] = cursor.to_string().into();
                }
                page
            }
        }
    }

    fn describe_cut(self, shown: usize, cut: Cut) -> String {
        let limit = match cut {
            Cut::Rows => format!("{} rows", self.limits.rows),
            Cut::Bytes => format!("{} bytes", self.limits.bytes),
        };
        if self.query.may_write {
            return format!(
                "the statement ran to its end, and these are the first {shown} of its rows: a result has at most {limit}"
            );
        }
        format!(
            "these are the first {shown} rows, and there are more: a result has at most {limit}. Pass arguments that select fewer \
             rows, or use a tool that takes `limit` and `after`"
        )
    }

    /// The text of an error of the runtime, which has no values, with the help that a model needs.
    pub(super) fn describe_error(self, error: &xact::Error) -> ToolError {
        let help = if error.is_read_only() {
            let name = self.query.name;
            format!("; the server was started without `--allow-writes {name}`")
        } else if error.is_canceled() {
            let seconds = self.limits.timeout.as_secs_f64();
            format!(
                "; a statement may run for {seconds} s (--timeout, and `statement-timeout` of the scope)"
            )
        } else if error.is_invalid_cursor() {
            "; pass `next` or `previous` of a result of this tool, with the same order".to_owned()
        } else {
            String::new()
        };
        ToolError::new(format!("{error}{help}"))
    }
}
