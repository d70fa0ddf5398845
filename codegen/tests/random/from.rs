//! FROM: tables, views, subqueries, functions and VALUES, joined in every way.

use super::kinds::Kind;
use super::world::Relation;
use super::writer::{Source, Writer};

impl Writer<'_> {
    /// FROM with some relations, which come into sight.
    pub(super) fn from(&mut self) -> String {
        let mut items = vec![self.item()];
        while items.len() < 3 && self.percent(15) {
            items.push(self.item());
        }
        items.join(", ")
    }

    /// One element of the list: a relation, or a tree of joins.
    pub(super) fn item(&mut self) -> String {
        self.sight().item = self.sight().sources.len();
        let mut item = self.source();
        while self.percent(40) && self.burn() {
            item = self.join(&item);
        }
        item
    }

    /// A join of the relations so far with one more.
    fn join(&mut self, left: &str) -> String {
        let before = self.sight().sources.len();
        let right = if self.percent(20) && self.burn() {
            let item = std::mem::replace(&mut self.sight().item, before);
            let inner = self.source();
            let joined = self.join(&inner);
            self.sight().item = item;
            format!("({joined})")
        } else {
            self.source()
        };
        let kind = self.one(&[
            "JOIN",
            "JOIN",
            "LEFT JOIN",
            "LEFT JOIN",
            "RIGHT JOIN",
            "FULL JOIN",
        ]);
        match self.rng.u8(..10) {
            0 => format!("{left} CROSS JOIN {right}"),
            1 if self.merges(before) => format!("{left} {kind} {right} USING (id)"),
            2 => format!("{left} NATURAL {kind} {right}"),
            _ => format!("{left} {kind} {right} ON {}", self.condition(kind, before)),
        }
    }

    /// Whether both sides can be joined by their `id`, which only one relation of each has.
    fn merges(&mut self, before: usize) -> bool {
        let (left, right) = self.sight().sources.split_at(before);
        let named = |sources: &[Source]| {
            let all = sources.iter().flat_map(|source| &source.columns);
            all.filter(|(name, _)| name == "id").count()
        };
        named(left) == 1 && named(right) == 1
    }

    /// The condition of a join, which names only the joined relations.
    fn condition(&mut self, kind: &str, before: usize) -> String {
        let item = self.sight().item;
        let hidden: Vec<Source> = self.sight().sources.drain(..item).collect();
        let condition = self.comparison(kind, before - item);
        self.sight().sources.splice(0..0, hidden);
        condition
    }

    /// A condition between the new relation and the others; FULL JOIN needs an equality alone.
    pub(super) fn comparison(&mut self, kind: &str, before: usize) -> String {
        let equality = self.equality(before);
        if kind == "FULL JOIN" {
            return equality.unwrap_or_else(|| "true".to_owned());
        }
        match equality {
            Some(equality) if self.percent(60) => equality,
            Some(equality) if self.percent(60) => {
                format!("{equality} AND {}", self.expression(Kind::Bool))
            }
            _ => self.expression(Kind::Bool),
        }
    }

    fn equality(&mut self, before: usize) -> Option<String> {
        let sources = self.sight().sources.clone();
        let kind = if self.percent(80) {
            Kind::Int
        } else {
            Kind::Text
        };
        let (left, right) = sources.split_at(before);
        let left = self.column_of(left, kind)?;
        let right = self.column_of(right, kind)?;
        Some(format!("{left} = {right}"))
    }

    fn column_of(&mut self, sources: &[Source], kind: Kind) -> Option<String> {
        let columns: Vec<String> = sources
            .iter()
            .flat_map(|source| {
                let fitting = source.columns.iter().filter(|(_, own)| *own == kind);
                fitting.map(|(name, _)| source.column(name))
            })
            .collect();
        let index = self.rng.usize(..columns.len().max(1));
        columns.get(index).cloned()
    }

    /// One relation, under a new name, in sight from here on.
    fn source(&mut self) -> String {
        let (text, columns) = match self.rng.u8(..20) {
            0 | 1 if self.burn() => {
                let lateral = self.percent(60);
                self.derived(lateral)
            }
            2 if self.burn() => self.values(),
            3 | 4 if self.burn() => self.function_in_from(),
            5 if self.burn() => self.elements(),
            _ => {
                let relation = self.relation();
                let only = if self.percent(5) { "ONLY " } else { "" };
                (format!("{only}{}", relation.name), relation.columns)
            }
        };
        let alias = self.name("s");
        let written = match text.strip_suffix(" AS") {
            Some(text) => {
                let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                format!("{text} AS {alias}({})", names.join(", "))
            }
            None => format!("{text} AS {alias}"),
        };
        self.sight().sources.push(Source { alias, columns });
        written
    }

    /// A subquery, which sees the relations before it if it is LATERAL.
    fn derived(&mut self, lateral: bool) -> (String, Vec<(String, Kind)>) {
        let hidden = if lateral { None } else { self.sights.pop() };
        let (query, columns) = self.query(None);
        self.sights.extend(hidden);
        let word = if lateral { "LATERAL " } else { "" };
        (format!("{word}({query})"), columns)
    }

    fn values(&mut self) -> (String, Vec<(String, Kind)>) {
        let kinds = [Kind::Int, Kind::any(&mut self.rng)];
        let rows: Vec<String> = (0..self.rng.usize(1..4))
            .map(|_| {
                let row = kinds.map(|kind| self.leaf_of_values(kind));
                format!("({})", row.join(", "))
            })
            .collect();
        let columns = kinds.iter().enumerate();
        let columns = columns.map(|(index, kind)| (format!("v{index}"), *kind));
        (
            format!("(VALUES {}) AS", rows.join(", ")),
            columns.collect(),
        )
    }

    fn leaf_of_values(&mut self, kind: Kind) -> String {
        if self.wants_parameter() {
            self.parameter(kind.sql_type())
        } else if self.percent(25) {
            format!("NULL::{}", kind.sql_type())
        } else {
            kind.literal(&mut self.rng)
        }
    }

    fn function_in_from(&mut self) -> (String, Vec<(String, Kind)>) {
        let functions = &self.world.functions;
        if functions.is_empty() {
            return self.values();
        }
        let function = &functions[self.rng.usize(..functions.len())];
        let call = self.call_of(function);
        let mut columns = function.columns.clone();
        match self.rng.u8(..4) {
            0 => {
                columns.push(("ordinality".to_owned(), Kind::Int));
                (format!("{call} WITH ORDINALITY AS"), columns)
            }
            1 => {
                columns.push(("g".to_owned(), Kind::Int));
                (
                    format!("ROWS FROM ({call}, generate_series(1, 2)) AS"),
                    columns,
                )
            }
            _ => (format!("{call} AS"), columns),
        }
    }

    fn elements(&mut self) -> (String, Vec<(String, Kind)>) {
        let column = |name: &str, kind| (name.to_owned(), kind);
        match self.rng.u8(..3) {
            0 => {
                let array = self.expression(Kind::Ints);
                let columns = vec![column("u", Kind::Int), column("o", Kind::Int)];
                (format!("unnest({array}) WITH ORDINALITY AS"), columns)
            }
            1 => {
                let arrays = [self.expression(Kind::Ints), self.expression(Kind::Texts)];
                let columns = vec![column("u", Kind::Int), column("t", Kind::Text)];
                (format!("unnest({}) AS", arrays.join(", ")), columns)
            }
            _ => {
                let json = self.expression(Kind::Json);
                let columns = vec![column("k", Kind::Text), column("j", Kind::Json)];
                (format!("jsonb_each({json}) AS"), columns)
            }
        }
    }

    pub(super) fn sight(&mut self) -> &mut super::writer::Sight {
        self.sights.last_mut().unwrap()
    }

    /// A relation by its name, in sight under an alias.
    pub(super) fn see(&mut self, relation: &Relation, alias: &str) {
        let columns = relation.columns.clone();
        let alias = alias.to_owned();
        self.sight().sources.push(Source { alias, columns });
    }
}
