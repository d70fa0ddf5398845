//! SELECT: plain, grouped, with windows, set operations, WITH, and by a key.

use super::expression::Class;
use super::kinds::Kind;
use super::world::Relation;
use super::writer::{Sight, Source, Writer};

type Columns = Vec<(String, Kind)>;

impl Writer<'_> {
    /// A query with columns of these kinds, or of any.
    pub(super) fn query(&mut self, kinds: Option<&[Kind]>) -> (String, Columns) {
        if self.percent(12) && self.burn() {
            return self.set_operation(kinds);
        }
        self.select(kinds)
    }

    /// A query of one column.
    pub(super) fn subquery(&mut self, kind: Kind) -> String {
        self.burn();
        self.query(Some(&[kind])).0
    }

    fn set_operation(&mut self, kinds: Option<&[Kind]>) -> (String, Columns) {
        let (left, columns) = self.select(kinds);
        let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
        let (right, _) = self.select(Some(&kinds));
        let words = [
            "UNION",
            "UNION ALL",
            "INTERSECT",
            "INTERSECT ALL",
            "EXCEPT",
            "EXCEPT ALL",
        ];
        let word = self.one(&words);
        let limit = if self.percent(10) { " LIMIT 1" } else { "" };
        (format!("({left}) {word} ({right}){limit}"), columns)
    }

    fn select(&mut self, kinds: Option<&[Kind]>) -> (String, Columns) {
        self.sights.push(Sight::default());
        let written = self.select_in_sight(kinds);
        self.sights.pop();
        written
    }

    fn select_in_sight(&mut self, kinds: Option<&[Kind]>) -> (String, Columns) {
        let from = if self.percent(92) {
            self.from()
        } else {
            String::new()
        };
        let filter = self.filter();
        if self.percent(20) {
            return self.grouped(kinds, &from, &filter);
        }
        let (distinct, order) = self.distinct();
        let (targets, columns) = match kinds {
            None if self.percent(25) && !from.is_empty() => self.stars(),
            kinds => self.targets(
                kinds,
                &[Class::Plain, Class::Plain, Class::Plain, Class::Window],
            ),
        };
        let targets = targets.join(", ");
        let from = clause("FROM", &from);
        let tail = self.tail(order);
        (
            format!("SELECT {distinct}{targets}{from}{filter}{tail}"),
            columns,
        )
    }

    /// WHERE, or nothing.
    pub(super) fn filter(&mut self) -> String {
        if self.percent(25)
            && let Some(key) = self.key()
        {
            return format!(" WHERE {key}");
        }
        if self.percent(45) {
            format!(" WHERE {}", self.expression(Kind::Bool))
        } else {
            String::new()
        }
    }

    /// Each key column of a table in sight equals something.
    fn key(&mut self) -> Option<String> {
        let sources = self.sight().sources.clone();
        let source = sources.get(self.rng.usize(..sources.len().max(1)))?;
        let names: Vec<&(String, Kind)> = source.columns.iter().take(2).collect();
        let count = self.rng.usize(1..=2);
        let equalities: Vec<String> = names
            .into_iter()
            .take(count)
            .map(|(name, kind)| {
                let value = if self.wants_parameter() {
                    self.parameter(kind.sql_type())
                } else if self.percent(50) {
                    kind.literal(&mut self.rng)
                } else {
                    self.leaf(*kind)
                };
                format!("{} = {value}", source.column(name))
            })
            .collect();
        Some(equalities.join(" AND "))
    }

    fn distinct(&mut self) -> (String, Option<String>) {
        match self.rng.u8(..20) {
            0 | 1 => ("DISTINCT ".to_owned(), None),
            2 => match self.column(Some(Kind::Int)) {
                Some((column, _)) => (format!("DISTINCT ON ({column}) "), Some(column)),
                None => (String::new(), None),
            },
            _ => (String::new(), None),
        }
    }

    /// ORDER BY, LIMIT, OFFSET, FOR UPDATE.
    fn tail(&mut self, order: Option<String>) -> String {
        let mut tail = String::new();
        if let Some(order) = order {
            tail = format!(" ORDER BY {order}");
        } else if self.percent(15) {
            tail += " ORDER BY 1";
        }
        match self.rng.u8(..25) {
            0 | 1 => tail += " LIMIT 1",
            2 => tail += " FETCH FIRST 1 ROW ONLY",
            3 if self.wants_parameter() => {
                tail += " LIMIT ";
                tail += &self.parameter("");
            }
            4 => tail += " OFFSET 1",
            5 => tail += " LIMIT 1 OFFSET 0",
            6 => tail += " FOR UPDATE",
            7 if !tail.is_empty() => tail += " FETCH FIRST 1 ROW WITH TIES",
            _ => {}
        }
        tail
    }

    /// `*`, `s.*`, and columns beside them.
    fn stars(&mut self) -> (Vec<String>, Columns) {
        let sources = self.sight().sources.clone();
        if self.percent(70) && have_own_names(&sources) {
            let columns = sources.iter().flat_map(|source| source.columns.clone());
            return (vec!["*".to_owned()], columns.collect());
        }
        let source = &sources[self.rng.usize(..sources.len())];
        let mut columns = source.columns.clone();
        let mut targets = vec![format!("{}.*", source.alias)];
        if self.percent(40) {
            let (more, kinds) = self.targets(None, &[Class::Plain]);
            targets.extend(more);
            columns.extend(kinds);
        }
        (targets, columns)
    }

    /// Expressions with names.
    pub(super) fn targets(
        &mut self,
        kinds: Option<&[Kind]>,
        classes: &[Class],
    ) -> (Vec<String>, Columns) {
        let kinds = match kinds {
            Some(kinds) => kinds.to_vec(),
            None => (0..self.rng.usize(1..5))
                .map(|_| Kind::any(&mut self.rng))
                .collect(),
        };
        let mut targets = Vec::new();
        let mut columns = Vec::new();
        for kind in kinds {
            let set = classes.contains(&Class::Window) && self.percent(3);
            let class = if set {
                Class::Set
            } else {
                classes[self.rng.usize(..classes.len())]
            };
            let expression = if class == Class::Plain || !self.burn() {
                self.expression(kind)
            } else {
                self.made(class, kind)
            };
            let name = self.name("c");
            targets.push(format!("{expression} AS {name}"));
            columns.push((name, kind));
        }
        (targets, columns)
    }

    /// A query with aggregates, of one group or of many.
    fn grouped(&mut self, kinds: Option<&[Kind]>, from: &str, filter: &str) -> (String, Columns) {
        let keys: Columns = (0..self.rng.usize(..3))
            .filter_map(|_| self.column(None))
            .collect();
        let kinds: Vec<Kind> = match kinds {
            Some(kinds) => kinds.to_vec(),
            None => (0..self.rng.usize(1..4))
                .map(|_| Kind::any(&mut self.rng))
                .collect(),
        };
        let mut targets = Vec::new();
        let mut columns = Vec::new();
        for kind in kinds {
            let expression = if self.percent(60) {
                self.made(Class::Aggregate, kind)
            } else {
                self.of_groups(&keys, kind)
            };
            let name = self.name("c");
            targets.push(format!("{expression} AS {name}"));
            columns.push((name, kind));
        }
        let from = clause("FROM", from);
        let group = self.group_by(&keys);
        let having = match self.rng.u8(..8) {
            0 => " HAVING count(*) > 1".to_owned(),
            1 => format!(" HAVING {}", self.of_groups(&keys, Kind::Bool)),
            _ => String::new(),
        };
        (
            format!("SELECT {}{from}{filter}{group}{having}", targets.join(", ")),
            columns,
        )
    }

    /// An expression that sees nothing but the columns that the rows are grouped by.
    fn of_groups(&mut self, keys: &Columns, kind: Kind) -> String {
        self.sight().grouped = Some(keys.clone());
        let expression = self.expression(kind);
        self.sight().grouped = None;
        expression
    }

    fn group_by(&mut self, keys: &Columns) -> String {
        let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            return self.one(&["", "", "", " GROUP BY ()"]).to_owned();
        }
        let all = names.join(", ");
        match self.rng.u8(..8) {
            0 => format!(" GROUP BY ROLLUP ({all})"),
            1 => format!(" GROUP BY CUBE ({all})"),
            2 => format!(" GROUP BY GROUPING SETS (({all}), ({}))", names[0]),
            3 => format!(" GROUP BY GROUPING SETS (({all}), ())"),
            _ => format!(" GROUP BY {all}"),
        }
    }

    /// A query that likes to give one row: by a key, by LIMIT, by an aggregate.
    pub(super) fn single_row(&mut self, kind: Kind) -> String {
        self.burn();
        self.sights.push(Sight::default());
        let relation = self.relation();
        let alias = self.name("s");
        self.see(&relation, &alias);
        let key = self.key().unwrap_or_else(|| "true".to_owned());
        let value = if self.percent(30) {
            self.made(Class::Aggregate, kind)
        } else {
            self.expression(kind)
        };
        self.sights.pop();
        format!(
            "SELECT {value} FROM {} AS {alias} WHERE {key}",
            relation.name
        )
    }

    /// WITH RECURSIVE that ends: its first column counts.
    pub(super) fn recursive(&mut self) -> (String, Relation) {
        let kind = Kind::any(&mut self.rng);
        let name = self.name("w");
        let columns = vec![("n".to_owned(), Kind::Int), ("v".to_owned(), kind)];
        let relation = Relation::named(&name, columns);
        self.sights.push(Sight::default());
        let first = self.expression(kind);
        let alias = self.name("s");
        self.see(&relation, &alias);
        let joined = if self.percent(40) {
            let other = self.relation();
            let other_alias = self.name("s");
            self.see(&other, &other_alias);
            format!(
                " LEFT JOIN {} AS {other_alias} ON {}",
                other.name,
                self.expression(Kind::Bool)
            )
        } else {
            String::new()
        };
        let next = self.expression(kind);
        self.sights.pop();
        let text = format!(
            "{name}(n, v) AS (SELECT 0, {first} UNION SELECT {alias}.n + 1, {next} FROM {name} AS {alias}{joined} WHERE {alias}.n < 2)"
        );
        (text, relation)
    }
}

/// Whether no two columns have the same name, which the rows of a query have to have.
pub(super) fn have_own_names(sources: &[Source]) -> bool {
    let columns = sources.iter().flat_map(|source| &source.columns);
    let mut names: Vec<&String> = columns.map(|(name, _)| name).collect();
    names.sort();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// A clause, or nothing.
fn clause(word: &str, inside: &str) -> String {
    if inside.is_empty() {
        String::new()
    } else {
        format!(" {word} {inside}")
    }
}
