//! The wire SQL of pages: the query as a subquery, the columns of its key, and the end of each statement.

use super::layout::{Layout, OrderElement};
use super::operators::SortOperators;
use super::seek::{SeekDirection, SeekKey, write_condition};
use super::{Page, PageKey, Seek, refuse};
use crate::query::analysis::{PageOrder, Uniqueness};
use crate::query::bulk::unbounded;
use crate::query::{DescribedQuery, Finished, TypeCatalog, TypeKind, WireSql};
use crate::report::diagnostic::Diagnostic;
use crate::sql::identifier::write_identifier;
use crate::sql::lexer::{TokenKind, words};
use std::collections::HashMap;
use std::ops::Range;

/// The alias of the query in the statements of its pages.
pub(super) const ALIAS: &str = "xact_page";

/// Everything that the statements are written from.
pub(super) struct PageWriter<'q> {
    query: &'q Finished,
    layout: &'q Layout,
    order: &'q PageOrder,
    operators: &'q HashMap<u32, SortOperators>,
    keys: Vec<KeySource>,
    numbers: Numbers,
}

/// The numbers of the parameters that the statements add.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    pub(super) limit: usize,
    /// That of the cursor's first value; the others follow.
    pub(super) first_key: usize,
    /// Whether a value that is NULL, and so no parameter, keeps its number.
    pub(super) has_gaps: bool,
}

/// The column of the subquery that a key is.
#[derive(Clone, Debug)]
pub(super) struct KeySource {
    /// Its name, as SQL writes it.
    name: String,
    /// Its column in the result, from 0.
    pub(super) column: usize,
    /// The expression, if it is a column that only the page selects.
    hidden: Option<Range<usize>>,
}

impl<'q> PageWriter<'q> {
    /// Those of a query whose text has no parts. A diagnostic if a key cannot be a column of the subquery.
    pub(super) fn new(
        query: &'q Finished,
        layout: &'q Layout,
        order: &'q PageOrder,
        operators: &'q HashMap<u32, SortOperators>,
    ) -> Result<Self, Diagnostic> {
        let own = query.parameters.len() - usize::from(layout.limit.is_some());
        let numbers = Numbers {
            limit: own + 1,
            first_key: own + 2,
            has_gaps: false,
        };
        Self::with_numbers(query, (layout, order), operators, (numbers, 0))
    }

    /// With these numbers, and so many hidden columns before its own.
    pub(super) fn with_numbers(
        query: &'q Finished,
        (layout, order): (&'q Layout, &'q PageOrder),
        operators: &'q HashMap<u32, SortOperators>,
        (numbers, mut hidden): (Numbers, usize),
    ) -> Result<Self, Diagnostic> {
        let mut writer = Self {
            query,
            layout,
            order,
            operators,
            keys: Vec::new(),
            numbers,
        };
        for (key, written) in order.keys.iter().zip(&layout.order) {
            let selected = key.column.and_then(|column| writer.column_name(column));
            let source = if let (Some(column), Some(name)) = (key.column, selected) {
                KeySource {
                    name,
                    column,
                    hidden: None,
                }
            } else {
                writer.refuse_hidden(written)?;
                // Numbered across all orders, because all of them are columns of the same subquery.
                hidden += 1;
                KeySource {
                    name: format!("xact_key_{hidden}"),
                    column: query.columns.len() + hidden - 1,
                    hidden: Some(written.expression.clone()),
                }
            };
            writer.keys.push(source);
        }
        Ok(writer)
    }

    /// The name of a column of the result, if no other column has it.
    fn column_name(&self, column: usize) -> Option<String> {
        let label = &self.query.columns.get(column)?.label;
        let mut same = self
            .query
            .columns
            .iter()
            .filter(|other| other.label == *label);
        // Of two columns with one name, a reference from outside would be ambiguous.
        (same.next().is_some() && same.next().is_none()).then(|| write_identifier(label))
    }

    /// A key that is not selected is added to the columns of the main SELECT; a number would be a constant there.
    fn refuse_hidden(&self, written: &OrderElement) -> Result<(), Diagnostic> {
        let text = &self.query.query.sql.text[written.expression.clone()];
        // `ORDER BY 2` means the second column, but `2` in the select list is the number.
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        if self.layout.columns_end.is_none() || is_number {
            return Err(refuse::not_selected(self.query, written));
        }
        Ok(())
    }

    /// The columns that only the page selects: `, lower(title) AS xact_key_1`.
    pub(super) fn hidden_columns(&self) -> String {
        let hidden = self.keys.iter().filter_map(|key| {
            let expression = self.renumbered(key.hidden.clone()?);
            Some(format!(", {expression} AS {}", key.name))
        });
        hidden.collect()
    }

    /// How many they are.
    pub(super) fn count_hidden(&self) -> usize {
        let mut keys = self.keys.iter();
        keys.by_ref().filter(|key| key.hidden.is_some()).count()
    }

    /// The changes of the text up to ORDER BY, but for the outer SELECT: numbers of parameters, and hidden columns.
    fn edits(&self) -> Vec<(Range<usize>, String)> {
        let text = &self.query.query.sql.text[..self.layout.body_end];
        let mut edits: Vec<_> = self.renumber(0, text).collect();
        if let Some(end) = self.layout.columns_end {
            edits.push((end..end, self.hidden_columns()));
        }
        edits.retain(|(range, text)| !range.is_empty() || !text.is_empty());
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        edits
    }

    /// LIMIT is no parameter of the query any more, so those behind it move up.
    fn renumber(
        &self,
        start: usize,
        text: &str,
    ) -> impl Iterator<Item = (Range<usize>, String)> + use<'_> {
        let limit = self.layout.limit.unwrap_or(usize::MAX);
        let numbered = words(text).into_iter().filter_map(move |word| {
            let number = word.text.get(1..)?.parse::<usize>().ok()?;
            let moves = word.kind == TokenKind::Positional && number > limit;
            let range = start + word.range.start..start + word.range.end;
            moves.then(|| (range, format!("${}", number - 1)))
        });
        numbered.collect::<Vec<_>>().into_iter()
    }

    fn renumbered(&self, range: Range<usize>) -> String {
        let text = &self.query.query.sql.text;
        let edits = self.renumber(range.start, &text[range.clone()]);
        apply(text, range.clone(), edits)
    }

    fn select() -> String {
        format!("SELECT {ALIAS}.*")
    }

    /// The end of the statement of the first page, or of the last.
    pub(super) fn plain_end(&self, direction: SeekDirection) -> String {
        self.end(&self.seek_keys(&[], None), direction, None)
    }

    /// The first page, whose columns give the types of the keys.
    pub(super) fn first_page(&self) -> WireSql {
        self.with_end(&self.plain_end(SeekDirection::Forward))
    }

    /// A whole statement, whose positions lead back to the query file.
    pub(super) fn with_end(&self, end: &str) -> WireSql {
        let sql = &self.query.query.sql;
        let main = self.layout.main;
        let before = format!("{}\nFROM (\n", Self::select());
        let after = format!("\n) AS {ALIAS}{end}");
        let mut edits = self.edits();
        // The numbers in WITH come before the outer SELECT.
        let at = edits.partition_point(|(range, _)| range.end <= main);
        edits.insert(at, (main..main, before));
        edits.push((self.layout.body_end..sql.text.len(), after));
        sql.with_edits(&edits)
    }

    /// The keys as a condition and ORDER BY take them. `values` has the number of the parameter of each that is not NULL.
    fn seek_keys(&self, values: &[Option<usize>], types: Option<&[String]>) -> Vec<SeekKey> {
        let keys = self.keys.iter().zip(&self.order.keys).enumerate();
        let keys = keys.map(|(index, (source, key))| {
            let number = values.get(index).copied().flatten();
            let type_name = types.and_then(|types| types.get(index));
            let value = number.zip(type_name);
            SeekKey {
                column: format!("{ALIAS}.{}", source.name),
                // The cast gives the parameter the key's type; alone it would be inferred from the
                // operator, which may accept several.
                value: value.map(|(number, type_name)| format!("${number}::{type_name}")),
                nullable: key.nullable,
                nulls_first: key.nulls_first,
                operators: self
                    .operators
                    .get(&key.operator)
                    .cloned()
                    .unwrap_or_default(),
            }
        });
        keys.collect()
    }

    /// WHERE, ORDER BY and LIMIT.
    fn end(&self, keys: &[SeekKey], direction: SeekDirection, condition: Option<&str>) -> String {
        let filter = condition.map(|condition| format!("\nWHERE {condition}"));
        let order: Vec<String> = keys.iter().map(|key| key.sort_element(direction)).collect();
        format!(
            "{}\nORDER BY {}\nLIMIT ${}",
            filter.unwrap_or_default(),
            order.join(", "),
            self.numbers.limit
        )
    }

    /// The end of the statement after or before a cursor in which these of the nullable keys are NULL, as bits.
    pub(super) fn seek(&self, nulls: usize, direction: SeekDirection, types: &[String]) -> Seek {
        let (mut bit, mut next) = (1, self.numbers.first_key);
        let mut values = Vec::new();
        for key in &self.order.keys {
            let is_null = key.nullable && nulls & bit != 0;
            bit <<= usize::from(key.nullable);
            values.push((!is_null).then_some(next));
            // Postgres refuses a statement whose parameters leave a number unused without a type,
            // so gaps are closed where the text is of one variant.
            next += usize::from(!is_null || self.numbers.has_gaps);
        }
        let keys = self.seek_keys(&values, Some(types));
        let condition = write_condition(&keys, direction);
        let given = values.iter().enumerate();
        Seek {
            sql: self.end(&keys, direction, Some(&condition)),
            keys: given
                .filter_map(|(index, value)| value.map(|_| index))
                .collect(),
        }
    }

    /// The keys with their types, and the types as SQL writes them. `first` is the first page as Postgres describes it.
    pub(super) fn type_keys(
        &self,
        first: &DescribedQuery,
        catalog: &TypeCatalog,
    ) -> Result<(Vec<PageKey>, Vec<String>), Diagnostic> {
        let text = &self.query.query.sql.text;
        let (mut keys, mut types) = (Vec::new(), Vec::new());
        for (index, source) in self.keys.iter().enumerate() {
            let written = &self.layout.order[index];
            let type_oid = first
                .columns
                .get(source.column)
                .map(|column| column.type_oid);
            let found = type_oid.and_then(|oid| catalog.get(oid));
            let Some(found) = found else {
                return Err(refuse::not_selected(self.query, written));
            };
            if is_anonymous(found.oid, catalog) {
                return Err(refuse::anonymous_row(self.query, written));
            }
            types.push(unbounded(found).to_owned());
            keys.push(PageKey {
                written: text[written.whole.clone()].to_owned(),
                column: source.column,
                type_oid: found.oid,
                nullable: self.order.keys[index].nullable,
            });
        }
        Ok((keys, types))
    }

    /// All statements. `first` is the first page as Postgres describes it.
    pub(super) fn write_page(
        &self,
        first: &DescribedQuery,
        catalog: &TypeCatalog,
    ) -> Result<Page, Diagnostic> {
        let text = &self.query.query.sql.text;
        let (keys, types) = self.type_keys(first, catalog)?;
        // NULL is compared in another way than a value, so each pattern of NULLs in a cursor has a
        // statement of its own.
        let nullable = keys.iter().filter(|key| key.nullable).count();
        let seeks = |direction| {
            let each = (0..1 << nullable).map(|nulls| self.seek(nulls, direction, &types));
            each.collect::<Vec<Seek>>()
        };
        let Uniqueness::Proved(evidence) = &self.order.uniqueness else {
            return Err(refuse::other_columns(self.query));
        };
        let edits = self.edits();
        let main = self.layout.main;
        let body = apply(text, main..self.layout.body_end, edits.iter().cloned());
        Ok(Page {
            with: apply(text, 0..main, edits.iter().cloned()),
            select: Self::select(),
            count: "SELECT count(*)".to_owned(),
            rows: format!("\nFROM (\n{body}\n) AS {ALIAS}"),
            first: self.plain_end(SeekDirection::Forward),
            last: self.plain_end(SeekDirection::Backward),
            after: seeks(SeekDirection::Forward),
            before: seeks(SeekDirection::Backward),
            columns: first.columns.clone(),
            evidence: evidence.clone(),
            fingerprint: self.fingerprint(&self.query.query.sql.text, &types),
            keys,
        })
    }

    /// Everything that gives the values of a cursor their meaning: the name of the query, its words, and how its keys are
    /// sorted. Blanks and comments change nothing.
    pub(super) fn fingerprint(&self, text: &str, types: &[String]) -> u64 {
        let query = &self.query.query;
        let words = words(text);
        let words: Vec<&str> = words.iter().map(|word| word.text).collect();
        let keys = self.order.keys.iter().zip(types).map(|(key, type_name)| {
            let descending = self
                .operators
                .get(&key.operator)
                .map(|found| found.descending);
            format!(
                "{type_name} {descending:?} {} {}",
                key.nullable, key.nulls_first
            )
        });
        let keys: Vec<String> = keys.collect();
        let all = [query.name.as_str(), &words.join(" "), &keys.join(", ")].join("\n");
        // The same hash as the runtime's, which compares it with that of a cursor.
        xact::generated::content_hash(all.as_bytes())
    }
}

/// Whether it is `record` or an array of it, which Postgres sends but does not read ("input of anonymous composite types is not
/// implemented").
fn is_anonymous(oid: u32, catalog: &TypeCatalog) -> bool {
    let base = catalog.base(oid).map(|base| &base.kind);
    match base {
        Some(TypeKind::Array(element)) => is_anonymous(*element, catalog),
        kind => kind == Some(&TypeKind::Pseudo),
    }
}

/// A piece of a text with the changes that are in it.
fn apply(
    text: &str,
    range: Range<usize>,
    edits: impl Iterator<Item = (Range<usize>, String)>,
) -> String {
    let mut edited = String::new();
    let mut at = range.start;
    for (place, new) in edits {
        if place.start < range.start || place.end > range.end {
            continue;
        }
        edited.push_str(&text[at..place.start]);
        edited.push_str(&new);
        at = place.end;
    }
    edited.push_str(&text[at..range.end]);
    edited
}
