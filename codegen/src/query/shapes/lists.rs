//! When each token of a statement is sent: parts are left out, and the connectors, keywords and brackets around them follow.
//!
//! Given: the tokens and the parts. Gives: a condition for each token. A connector is sent if its element is, and one before it
//! in the list; a keyword such as WHERE if an element of its list is; brackets around conditions if one of these is. A part that
//! is not made of whole elements, joins or clauses is refused, and so is one among AND and OR without brackets, where a
//! connector less would change which conditions belong together.

use super::cells::{Bracket, Cell, Solid, build_cells};
use super::clauses::{
    self, Clause, Separator, find_connectors, find_joins, find_verb, is_query, split_clauses,
};
use super::condition::Condition;
use super::parts::Part;
use crate::report::diagnostic::Diagnostic;
use std::collections::HashMap;
use std::ops::Range;

/// The conditions of all tokens, and the places that other alternatives need.
pub(super) struct Lists {
    /// When each solid token is sent.
    pub(super) when: Vec<Condition>,
    /// When the statement has something to do: an UPDATE without an assignment is none.
    pub(super) required: Condition,
    /// The expressions of the outermost ORDER BY, as solid tokens.
    pub(super) order: Option<Range<usize>>,
}

/// Finds the condition of each token.
pub(super) fn connect_parts(solids: &[Solid], parts: &[Part]) -> Result<Lists, Diagnostic> {
    let mut when = vec![Condition::always(); solids.len()];
    let cells = build_cells(solids);
    let in_solids = |part: &Part| {
        let start = solids.partition_point(|solid| solid.raw < part.tokens.start);
        let end = solids.partition_point(|solid| solid.raw < part.tokens.end);
        if part.is_line && start == 0 {
            clauses::last_list(&cells, end).unwrap_or(start)..end
        } else {
            start..end
        }
    };
    let ranges: Vec<Range<usize>> = parts.iter().map(in_solids).collect();
    for (part, range) in parts.iter().zip(&ranges) {
        for token in &mut when[range.clone()] {
            *token = token.and(&part.when);
        }
    }
    let mut walk = Walk {
        lists: Lists {
            when,
            required: Condition::always(),
            order: None,
        },
        begins: HashMap::new(),
        ends: HashMap::new(),
        levels: 0,
        connecting: vec![false; solids.len()],
        parts,
        ranges: &ranges,
    };
    walk.walk_level(&cells, is_query(&cells), 0..solids.len(), true)?;
    for (part, range) in parts.iter().zip(&ranges) {
        walk.check_part(part, range)?;
    }
    Ok(walk.lists)
}

struct Walk<'p> {
    lists: Lists,
    /// The places between tokens where a part may begin, with the level that they are in.
    begins: HashMap<usize, usize>,
    /// The same where one may end.
    ends: HashMap<usize, usize>,
    levels: usize,
    /// The tokens that connect, and belong to no element.
    connecting: Vec<bool>,
    parts: &'p [Part],
    ranges: &'p [Range<usize>],
}

impl Walk<'_> {
    /// Walks one level; gives when a condition of it is sent, if it is nothing but conditions.
    fn walk_level(
        &mut self,
        cells: &[Cell],
        is_query: bool,
        solids: Range<usize>,
        is_outermost: bool,
    ) -> Result<Option<Condition>, Diagnostic> {
        let level = self.levels;
        self.levels += 1;
        let mut inner: HashMap<usize, Condition> = HashMap::new();
        for cell in cells {
            let Some(group) = &cell.group else { continue };
            let inside = cell.solids.start + 1..cell.solids.end - 1;
            let found = if group.bracket == Bracket::Case {
                self.walk_opaque(&group.cells)?;
                None
            } else {
                let query = clauses::is_query(&group.cells);
                self.walk_level(&group.cells, query, inside, false)?
            };
            if let (Bracket::Round, Some(any)) = (group.bracket, found) {
                inner.insert(cell.solids.start, any);
            }
        }
        self.begins.insert(solids.start, level);
        self.ends.insert(solids.end, level);
        let clauses = split_clauses(cells, is_query);
        for clause in &clauses {
            self.walk_clause(cells, clause, level, &inner)?;
        }
        if is_outermost {
            self.note_outermost(cells, &clauses);
        }
        Ok(match clauses.as_slice() {
            [only] if only.opener.is_empty() && only.separator == Separator::Logic => {
                Some(self.any_of(cells, only, &inner))
            }
            _ => None,
        })
    }

    /// Inside CASE nothing can be left out; inside brackets in it something can.
    fn walk_opaque(&mut self, cells: &[Cell]) -> Result<(), Diagnostic> {
        for cell in cells {
            let Some(group) = &cell.group else { continue };
            if group.bracket == Bracket::Case {
                self.walk_opaque(&group.cells)?;
            } else {
                let inside = cell.solids.start + 1..cell.solids.end - 1;
                self.walk_level(&group.cells, is_query(&group.cells), inside, false)?;
            }
        }
        Ok(())
    }

    fn walk_clause(
        &mut self,
        cells: &[Cell],
        clause: &Clause,
        level: usize,
        inner: &HashMap<usize, Condition>,
    ) -> Result<(), Diagnostic> {
        let opener = solids_of(cells, &clause.opener);
        if let Some(opener) = &opener {
            self.begins.insert(opener.start, level);
            self.ends.insert(opener.start, level);
            self.begins.insert(opener.end, level);
            self.connecting[opener.clone()].fill(true);
        }
        let body = &cells[clause.body.clone()];
        if clause.separator == Separator::From {
            self.walk_joins(body, level, inner)?;
        }
        let any = self.walk_list(body, clause.separator, level, inner)?;
        if let Some(opener) = opener
            // WHERE without a condition would be a syntax error, so the keyword is sent with any of
            // its elements.
            && clause.vanishes
        {
            self.lists.when[opener].fill(any);
        }
        Ok(())
    }

    /// Connects the elements of a list; gives when one of them is sent.
    fn walk_list(
        &mut self,
        cells: &[Cell],
        separator: Separator,
        level: usize,
        inner: &HashMap<usize, Condition>,
    ) -> Result<Condition, Diagnostic> {
        let connectors = find_connectors(cells, separator);
        self.refuse_mixed(cells, &connectors, separator)?;
        // A row of VALUES keeps its brackets, whatever is left in them.
        let none = HashMap::new();
        let inner = if separator == Separator::Logic {
            inner
        } else {
            &none
        };
        let mut any = Condition::never();
        for (number, element) in split_elements(cells, &connectors).into_iter().enumerate() {
            let when = self.condition_of(element, inner);
            if let [cell] = element
                && inner.contains_key(&cell.solids.start)
            {
                self.lists.when[cell.solids.start] = when.clone();
                self.lists.when[cell.solids.end - 1] = when.clone();
            }
            if let Some(connector) = number
                .checked_sub(1)
                .map(|before| &cells[connectors[before]])
            {
                let at = connector.solids.start;
                self.connecting[at] = true;
                // A connector needs an element on both sides: this one, and any of those before.
                self.lists.when[at] = when.and(&any);
                // A part may begin with the connector or behind it: `AND b` or `b AND`.
                for place in [at, at + 1] {
                    self.begins.insert(place, level);
                    self.ends.insert(place, level);
                }
            }
            any = any.or(&when);
        }
        Ok(any)
    }

    /// The condition of an element: that of its first token, and, if it is brackets around conditions, of one of these.
    fn condition_of(&self, element: &[Cell], inner: &HashMap<usize, Condition>) -> Condition {
        let Some(first) = element.first() else {
            // Postgres reports the missing element, in every variant.
            return Condition::always();
        };
        let own = self.lists.when[first.solids.start].clone();
        match element {
            [cell] => inner
                .get(&cell.solids.start)
                // Brackets around conditions are empty if none of these is sent.
                .map_or(own.clone(), |any| own.and(any)),
            _ => own,
        }
    }

    fn any_of(
        &self,
        cells: &[Cell],
        clause: &Clause,
        inner: &HashMap<usize, Condition>,
    ) -> Condition {
        let body = &cells[clause.body.clone()];
        let connectors = find_connectors(body, clause.separator);
        let elements = split_elements(body, &connectors).into_iter();
        let conditions = elements.map(|element| self.condition_of(element, inner));
        conditions.fold(Condition::never(), |any, one| any.or(&one))
    }

    /// The joins of FROM, and the conditions of each.
    fn walk_joins(
        &mut self,
        cells: &[Cell],
        level: usize,
        inner: &HashMap<usize, Condition>,
    ) -> Result<(), Diagnostic> {
        let commas = find_connectors(cells, Separator::From);
        for element in split_elements(cells, &commas) {
            let joins = find_joins(element);
            for join in &joins {
                let at = element[*join].solids.start;
                self.begins.insert(at, level);
                self.ends.insert(at, level);
            }
            for (at, cell) in element.iter().enumerate() {
                if !cell.is("ON") {
                    continue;
                }
                // In `a JOIN b JOIN c ON x ON y` the condition of the inner join ends at the next
                // ON.
                let later = joins.iter().copied().chain(next_on(element, at));
                let end = later.filter(|end| *end > at).min().unwrap_or(element.len());
                let any = self.walk_list(&element[at + 1..end], Separator::Logic, level, inner)?;
                self.begins.insert(cell.solids.end, level);
                self.connecting[cell.solids.start] = true;
                self.lists.when[cell.solids.start] = any;
            }
        }
        Ok(())
    }

    /// `a OR b AND c` without `b` could be `a OR c` or `a AND c`.
    fn refuse_mixed(
        &self,
        cells: &[Cell],
        connectors: &[usize],
        separator: Separator,
    ) -> Result<(), Diagnostic> {
        let has = |word: &str| connectors.iter().any(|at| cells[*at].is(word));
        if separator != Separator::Logic || !(has("AND") && has("OR")) {
            return Ok(());
        }
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            return Ok(());
        };
        let whole = first.solids.start..last.solids.end;
        let is_among = |range: &Range<usize>| {
            let inside = range.start < whole.end && whole.start < range.end;
            let covers = range.start <= whole.start && whole.end <= range.end;
            inside && !covers && cells.iter().any(|cell| covers_cell(range, cell))
        };
        let mut among = self.parts.iter().zip(self.ranges);
        match among.find(|(_, range)| is_among(range)) {
            None => Ok(()),
            Some((part, _)) => {
                let message = "this part is among conditions joined by AND and by OR";
                let help = "write brackets around those joined by OR: `AND (a OR b)`";
                Err(Diagnostic::error("part-form", part.span.clone(), message).help(help))
            }
        }
    }

    /// A part has to be made of whole elements, joins or clauses.
    fn check_part(&self, part: &Part, range: &Range<usize>) -> Result<(), Diagnostic> {
        let begins = self.begins.get(&range.start);
        let ends = self.ends.get(&range.end);
        // The same level at both ends: a part that begins in one bracket and ends in another is no
        // piece of the tree.
        let is_whole = begins.is_some() && begins == ends;
        if !is_whole {
            let message = "this part cannot be left out alone";
            let help = "a part is one or more whole conditions, joins, clauses, assignments or elements of a list; \
                write it on lines of its own";
            return Err(Diagnostic::error("part-form", part.span.clone(), message).help(help));
        }
        if self.connecting[range.clone()]
            .iter()
            .all(|connects| *connects)
        {
            let message = "there is nothing but a connector in this part";
            let help = "write the condition on the same line";
            return Err(Diagnostic::error("part-form", part.span.clone(), message).help(help));
        }
        Ok(())
    }

    /// Remembers the assignments and the order of the whole statement.
    fn note_outermost(&mut self, cells: &[Cell], clauses: &[Clause]) {
        let find = |word: &str| {
            let mut clauses = clauses.iter();
            clauses.find(|clause| {
                let opener = cells[clause.opener.clone()].first();
                opener.is_some_and(|opener| opener.is(word))
            })
        };
        if find_verb(cells) == Some("UPDATE")
            && let Some(set) = find("SET")
        {
            self.lists.required = self.lists.when[cells[set.opener.start].solids.start].clone();
        }
        if let Some(order) = find("ORDER") {
            self.lists.order = solids_of(cells, &order.body);
        }
    }
}

fn covers_cell(range: &Range<usize>, cell: &Cell) -> bool {
    range.start <= cell.solids.start && cell.solids.end <= range.end
}

fn next_on(cells: &[Cell], at: usize) -> Option<usize> {
    (at + 1..cells.len()).find(|&next| cells[next].is("ON"))
}

/// The tokens of a range of cells.
fn solids_of(cells: &[Cell], range: &Range<usize>) -> Option<Range<usize>> {
    let inside = &cells[range.clone()];
    Some(inside.first()?.solids.start..inside.last()?.solids.end)
}

/// The cells between the connectors.
fn split_elements<'c>(cells: &'c [Cell], connectors: &[usize]) -> Vec<&'c [Cell]> {
    let mut elements = Vec::new();
    let mut from = 0;
    for connector in connectors {
        elements.push(&cells[from..*connector]);
        from = connector + 1;
    }
    elements.push(&cells[from..]);
    elements
}
