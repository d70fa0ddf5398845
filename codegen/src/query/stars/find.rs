//! Where a statement has a `*` that Postgres replaces by columns, found by its words.
//!
//! Given: a statement that Postgres accepted. Gives: its blocks that hold any. A block is a part with its own FROM: a SELECT,
//! at any depth, or the INSERT, UPDATE, DELETE or MERGE that a RETURNING belongs to. `count(*)` is none of these, nor is `t.*`
//! as an operand or argument, where it is the row itself.

use super::block::{Home, ListItem, Star, StarBlock, StarInsert};
use super::star::{self, Of};
use crate::sql::clauses::{AFTER_COLUMNS, SET_OPERATIONS, goes_on};
use crate::sql::lexer::{
    TokenKind, Word, find_closing, find_opening, outside, split_elements, words,
};
use std::ops::Range;

/// The blocks of a statement that have something to replace.
pub(super) fn blocks(sql: &str) -> Vec<StarBlock> {
    let words = &words(sql);
    let mut finder = StarFinder {
        sql,
        words,
        blocks: Vec::new(),
    };
    finder.level(0..words.len(), &Around::nothing());
    finder
        .blocks
        .retain(|block| block.ranges().next().is_some());
    finder.blocks
}

/// The context of the words of a pair of parentheses.
struct Around {
    /// The block that they are in.
    block: Option<usize>,
    /// The name that WITH gives them.
    cte: Option<String>,
    /// Whether they follow EXISTS.
    exists: bool,
}

impl Around {
    fn nothing() -> Self {
        Self {
            block: None,
            cte: None,
            exists: false,
        }
    }
}

/// The words outside of further parentheses, so far.
struct Level {
    range: Range<usize>,
    /// The block of the last SELECT, or of the statement.
    block: Option<usize>,
    /// The block of the statement that is not a SELECT.
    statement: Option<usize>,
    /// Whether a SELECT, VALUES or TABLE came before.
    select: bool,
    /// Whether the rows of VALUES follow.
    values: bool,
    /// Whether no column has a position that matters: EXISTS asks for rows alone.
    uncounted: bool,
}

/// What a subquery begins with.
const QUERIES: &[&str] = &["SELECT", "WITH", "VALUES", "TABLE"];

/// Words after which parentheses are a row, if they hold more than one value. After any other they are arguments or a list.
const BEFORE_ROWS: &[&str] = &[
    "SELECT",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "ON",
    "HAVING",
    "WHEN",
    "THEN",
    "ELSE",
    "CASE",
    "BY",
    "BETWEEN",
    "DISTINCT",
    "FROM",
    "RETURNING",
];

struct StarFinder<'f, 's> {
    sql: &'s str,
    words: &'f [Word<'s>],
    blocks: Vec<StarBlock>,
}

impl<'f, 's> StarFinder<'f, 's> {
    fn level(&mut self, range: Range<usize>, around: &Around) {
        let mut at = range.start;
        let mut level = Level {
            block: around.block,
            statement: None,
            select: false,
            values: false,
            // UNION in EXISTS compares rows, so its columns matter.
            uncounted: around.exists && !self.has_set_operation(range.clone()),
            range,
        };
        while at < level.range.end {
            if matches!(self.text(at), "(" | "[") {
                let close = self.closing(at, level.range.end);
                self.row(at, close, &level);
                let inside = Around {
                    block: level.block,
                    cte: self.cte_before(at),
                    exists: self.before(at, "EXISTS"),
                };
                self.level(at + 1..close, &inside);
                at = close;
            } else if self.words[at].kind == TokenKind::Word && !self.is_label(at) {
                self.keyword(at, &mut level, around);
            }
            at += 1;
        }
    }

    fn keyword(&mut self, at: usize, level: &mut Level, around: &Around) {
        let is = |keyword: &str| self.words[at].is(keyword);
        // The statement behind WITH follows the bracket of its last query.
        let begins = at == level.range.start || self.text(at - 1) == ")";
        let is_statement = ["INSERT", "UPDATE", "DELETE", "MERGE"]
            .iter()
            .any(|word| is(word));
        level.values = is("VALUES");
        if is("SELECT") {
            level.select = true;
            level.block = self.select(at, level);
        } else if is("TABLE") {
            level.select = true;
            self.table(at, level);
        } else if is("RETURNING") {
            level.block = level.statement;
            if let Some(block) = level.statement {
                self.blocks[block].items = self.items(self.after_names(at + 1)..level.range.end);
            }
        } else if is_statement && begins && !level.select && level.statement.is_none() {
            let home = around.cte.clone().map_or(Home::Statement, Home::Cte);
            level.statement = Some(self.open(home));
            level.block = level.statement;
            self.insert(at, level.statement);
        } else if is("INSERT") && self.before(at, "THEN") {
            self.merge_insert(at, level.statement);
        // SET of ON CONFLICT belongs to the INSERT again, not to its SELECT.
        } else if is("UPDATE") && self.before(at, "DO") {
            level.block = level.statement;
        } else if is("VALUES") {
            level.select = true;
        }
    }

    fn open(&mut self, home: Home) -> usize {
        self.blocks.push(StarBlock {
            home,
            items: Vec::new(),
            rows: Vec::new(),
            inserts: Vec::new(),
        });
        self.blocks.len() - 1
    }

    /// The block of a SELECT; none for SELECT INTO, which makes a table of its own.
    fn select(&mut self, at: usize, level: &Level) -> Option<usize> {
        let list = self.after_distinct(at + 1)..level.range.end;
        let end = self.outside(list.clone()).find(|&at| self.ends_list(at));
        let list = list.start..end.unwrap_or(list.end);
        let home = match end {
            // The table that it creates has the columns as they are then, and no row is read by
            // position.
            Some(end) if self.words[end].is("INTO") => return None,
            Some(end) if self.words[end].is("FROM") => Home::From(self.words[end].range.end),
            _ => Home::NoFrom(self.words[list.end - 1].range.end),
        };
        let block = self.open(home);
        if !level.uncounted {
            self.blocks[block].items = self.items(list);
        }
        Some(block)
    }

    /// The index after `DISTINCT`, `DISTINCT ON (…)` or `ALL`.
    fn after_distinct(&self, at: usize) -> usize {
        if self.is(at, "DISTINCT") && self.is(at + 1, "ON") {
            self.closing(at + 2, self.words.len()) + 1
        } else {
            at + usize::from(self.is(at, "DISTINCT") || self.is(at, "ALL"))
        }
    }

    /// The index after `WITH (OLD AS o, NEW AS n)` of RETURNING (18).
    fn after_names(&self, at: usize) -> usize {
        if self.is(at, "WITH") {
            self.closing(at + 1, self.words.len()) + 1
        } else {
            at
        }
    }

    fn ends_list(&self, at: usize) -> bool {
        let goes_on = at > 0 && goes_on(self.text(at - 1), self.text(at));
        // The list of a RETURNING ends where another clause of its statement begins.
        let mut ends = AFTER_COLUMNS.iter().chain(&["ON", "RETURNING"]);
        !goes_on && !self.is_label(at) && ends.any(|word| self.is(at, word))
    }

    /// `TABLE name` is `SELECT * FROM name`.
    fn table(&mut self, at: usize, level: &Level) {
        if level.uncounted {
            return;
        }
        let range = self.words[at].range.clone();
        let block = self.open(Home::Table(range.clone()));
        self.blocks[block].items = vec![ListItem::Star(Star { range, of: Of::All })];
    }

    /// `INSERT INTO table` without `(columns)`.
    fn insert(&mut self, at: usize, block: Option<usize>) {
        if !(self.is(at, "INSERT") && self.is(at + 1, "INTO")) {
            return;
        }
        // Behind INSERT, INTO and the first part of the name.
        let mut next = at + 3;
        while self.text(next) == "." {
            next += 2;
        }
        if self.is(next, "AS") {
            next += 2;
        }
        // `INSERT INTO t (SELECT …)` has a bracket and no list.
        let has_columns = self.text(next) == "(" && !self.is_query(next + 1);
        if !has_columns && !self.is(next, "DEFAULT") {
            self.add_insert(next, None, block);
        }
    }

    /// `THEN INSERT` without `(columns)`.
    fn merge_insert(&mut self, at: usize, block: Option<usize>) {
        let next = at + 1;
        let values = if self.is(next, "OVERRIDING") {
            // OVERRIDING SYSTEM VALUE, or USER.
            next + 3
        } else {
            next
        };
        if self.is(values, "VALUES") {
            let close = self.closing(values + 1, self.words.len());
            let items = self.items(values + 2..close);
            self.add_insert(next, Some(items), block);
        }
    }

    fn add_insert(&mut self, next: usize, values: Option<Vec<ListItem>>, block: Option<usize>) {
        if let Some(block) = block {
            let at = self.words[next - 1].range.end;
            self.blocks[block].inserts.push(StarInsert { at, values });
        }
    }

    /// Finds `t.*` in a row constructor or a row of VALUES.
    fn row(&mut self, open: usize, close: usize, level: &Level) {
        let inside = open + 1..close;
        let mut own = self.outside(inside.clone());
        let Some(block) = level.block.filter(|_| !own.any(|at| self.is(at, "SELECT"))) else {
            return;
        };
        let elements = self.elements(inside);
        if !self.is_row(open, elements.len(), level) {
            return;
        }
        let stars = elements.iter().filter_map(|words| {
            let of = star::read(self.sql, words)?;
            Some(Star {
                range: span(words)?,
                of,
            })
        });
        let stars: Vec<Star> = stars.collect();
        self.blocks[block].rows.extend(stars);
    }

    fn is_row(&self, open: usize, elements: usize, level: &Level) -> bool {
        let Some(before) = open.checked_sub(1).map(|at| &self.words[at]) else {
            return elements > 1;
        };
        // `ROW(t.*)` and a row of VALUES are expanded even with a single element.
        if before.is("ROW") || level.values {
            return true;
        }
        let two_before = |word: &str| open > 1 && self.words[open - 2].is(word);
        let is_list =
            (before.is("BY") && two_before("GROUP")) || (before.is("ON") && two_before("DISTINCT"));
        let may_be = match before.kind {
            TokenKind::Word => BEFORE_ROWS.iter().any(|word| before.is(word)) && !is_list,
            // `(t.*, 1) = (…)` compares rows.
            TokenKind::Operator => true,
            _ => matches!(before.text, "(" | "[" | ","),
        };
        self.text(open) == "(" && may_be && elements > 1
    }

    /// The name of `name (columns) AS NOT MATERIALIZED (`, whose last word is at `open`.
    fn cte_before(&self, open: usize) -> Option<String> {
        let mut at = open.checked_sub(1)?;
        // Backwards from the bracket, so the words come in reverse.
        for word in ["MATERIALIZED", "NOT"] {
            at = if self.is(at, word) {
                at.checked_sub(1)?
            } else {
                at
            };
        }
        at = if self.is(at, "AS") {
            at.checked_sub(1)?
        } else {
            return None;
        };
        if self.text(at) == ")" {
            at = find_opening(self.words, at)?.checked_sub(1)?;
        }
        self.words[at].name()
    }

    fn items(&self, list: Range<usize>) -> Vec<ListItem> {
        let elements = self.elements(list).into_iter();
        let items = elements.map(|words| {
            let star = star::read_item(self.sql, words).zip(span(words));
            star.map_or(ListItem::Value, |(of, range)| {
                ListItem::Star(Star { range, of })
            })
        });
        items.collect()
    }

    /// The parts that commas separate.
    fn elements(&self, list: Range<usize>) -> Vec<&'f [Word<'s>]> {
        self.words.get(list).map(split_elements).unwrap_or_default()
    }

    /// The indexes of the words outside of further brackets.
    fn outside(&self, range: Range<usize>) -> impl Iterator<Item = usize> + use<'f, 's> {
        outside(self.words, range)
    }

    fn has_set_operation(&self, range: Range<usize>) -> bool {
        self.outside(range)
            .any(|at| SET_OPERATIONS.iter().any(|word| self.is(at, word)))
    }

    fn is_query(&self, at: usize) -> bool {
        self.text(at) == "(" || QUERIES.iter().any(|word| self.is(at, word))
    }

    /// Whether a word is a name whatever keyword it is: after a dot, and after AS.
    fn is_label(&self, at: usize) -> bool {
        at > 0 && (self.text(at - 1) == "." || self.before(at, "AS"))
    }

    fn before(&self, at: usize, keyword: &str) -> bool {
        at > 0 && self.is(at - 1, keyword)
    }

    fn is(&self, at: usize, keyword: &str) -> bool {
        self.words.get(at).is_some_and(|word| word.is(keyword))
    }

    fn text(&self, at: usize) -> &'s str {
        self.words.get(at).map_or("", |word| word.text)
    }

    /// The bracket that closes the one at `open`, or the end.
    fn closing(&self, open: usize, end: usize) -> usize {
        find_closing(&self.words[..end], open).unwrap_or(end)
    }
}

fn span(words: &[Word<'_>]) -> Option<Range<usize>> {
    Some(words.first()?.range.start..words.last()?.range.end)
}
