//! INSERT, UPDATE, DELETE and MERGE, with RETURNING.

use super::expression::Class;
use super::kinds::Kind;
use super::select::have_own_names;
use super::world::{Assignable, Relation};
use super::writer::{Sight, Writer};

type Columns = Vec<(String, Kind)>;

impl Writer<'_> {
    /// A statement that writes; the columns are those of RETURNING.
    pub(super) fn modification(&mut self) -> (String, Columns) {
        let table = self.target();
        self.sights.push(Sight::default());
        let written = match self.rng.u8(..10) {
            0..4 => self.insert(&table),
            4..7 => self.update(&table),
            7 => self.delete(&table),
            _ if self.world.version >= 150_000 => self.merge(&table),
            _ => self.update(&table),
        };
        self.sights.pop();
        written
    }

    /// The table to write to, more often than not one that the statement wrote to before.
    fn target(&mut self) -> Relation {
        let all = &self.world.relations;
        let favourite = &all[self.favourite];
        if self.percent(60) && !favourite.assignable.is_empty() {
            return favourite.clone();
        }
        let some: Vec<_> = all
            .iter()
            .filter(|relation| !relation.assignable.is_empty())
            .collect();
        some[self.rng.usize(..some.len())].clone()
    }

    /// A value for a column: rarely one that the column refuses.
    fn value(&mut self, column: &Assignable) -> String {
        let kind = column.kind;
        match self.rng.u8(..20) {
            0 if !column.required => "DEFAULT".to_owned(),
            1 | 2 if !column.required => "NULL".to_owned(),
            _ if self.wants_parameter() => self.parameter(""),
            3..10 => self.expression(kind),
            _ => kind.value(&mut self.rng).to_owned(),
        }
    }

    /// Some of the columns, and all that need a value.
    fn columns(&mut self, table: &Relation) -> Vec<Assignable> {
        let all = table.assignable.iter();
        let some = all.filter(|column| column.required || self.percent(60));
        let mut columns: Vec<Assignable> = some.cloned().collect();
        if columns.is_empty() {
            columns.push(table.assignable[0].clone());
        }
        columns
    }

    pub(super) fn insert(&mut self, table: &Relation) -> (String, Columns) {
        let columns = self.columns(table);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let source = self.insert_source(&columns);
        let alias = self.name("s");
        let names = match source.as_str() {
            "DEFAULT VALUES" => String::new(),
            _ => format!("({}) ", names.join(", ")),
        };
        let mut text = format!("INSERT INTO {} AS {alias} {names}{source}", table.name);
        self.see(table, &alias);
        if self.percent(50) {
            text += &self.on_conflict(table);
        }
        self.returning(text)
    }

    fn insert_source(&mut self, columns: &[Assignable]) -> String {
        let rows = match self.rng.u8(..10) {
            0..6 => 1,
            6 => 2,
            7 => return "DEFAULT VALUES".to_owned(),
            _ => {
                let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
                return self.query(Some(&kinds)).0;
            }
        };
        let rows: Vec<String> = (0..rows)
            .map(|_| {
                let values: Vec<String> = columns.iter().map(|column| self.value(column)).collect();
                format!("({})", values.join(", "))
            })
            .collect();
        format!("VALUES {}", rows.join(", "))
    }

    fn on_conflict(&mut self, table: &Relation) -> String {
        let targets: Vec<&str> = table.conflicts.iter().map(String::as_str).collect();
        if targets.is_empty() || self.percent(20) {
            return " ON CONFLICT DO NOTHING".to_owned();
        }
        let target = self.one(&targets).to_owned();
        if self.percent(15) {
            return format!(" ON CONFLICT {target} DO NOTHING");
        }
        self.see(table, "excluded");
        let set = self.set(table);
        let filter = if self.percent(40) {
            format!(" WHERE {}", self.expression(Kind::Bool))
        } else {
            String::new()
        };
        self.sight().sources.pop();
        format!(" ON CONFLICT {target} DO UPDATE SET {set}{filter}")
    }

    /// The assignments of SET, some of which swap columns.
    fn set(&mut self, table: &Relation) -> String {
        let mut columns = table.assignable.clone();
        self.rng.shuffle(&mut columns);
        columns.truncate(self.rng.usize(1..=3));
        let mut set = Vec::new();
        let mut columns = columns.into_iter();
        while let Some(first) = columns.next() {
            if self.percent(20)
                && let Some(second) = columns.next()
            {
                let (query, _) = self.query(Some(&[first.kind, second.kind]));
                set.push(format!("({}, {}) = ({query})", first.name, second.name));
                continue;
            }
            let value = if self.percent(50) {
                self.old_value(&first)
            } else {
                None
            };
            let value = value.unwrap_or_else(|| self.value(&first));
            set.push(format!("{} = {value}", first.name));
        }
        set.join(", ")
    }

    /// Another column of the same kind, as it was before: often one that is assigned to as well.
    fn old_value(&mut self, column: &Assignable) -> Option<String> {
        let mut sources = self.sight().sources.clone();
        for source in &mut sources {
            source
                .columns
                .retain(|(name, kind)| *kind == column.kind && *name != column.name);
        }
        sources.retain(|source| !source.columns.is_empty());
        let source = sources.get(self.rng.usize(..sources.len().max(1)))?;
        let (name, _) = &source.columns[self.rng.usize(..source.columns.len())];
        Some(source.column(name))
    }

    pub(super) fn update(&mut self, table: &Relation) -> (String, Columns) {
        let alias = self.name("s");
        let from = if self.percent(45) {
            format!(" FROM {}", self.from())
        } else {
            String::new()
        };
        self.see(table, &alias);
        // Expressions prefer the columns of the written row.
        self.sight().sources.rotate_right(1);
        let set = self.set(table);
        let filter = self.row_filter();
        let only = if self.percent(5) { "ONLY " } else { "" };
        let text = format!(
            "UPDATE {only}{} AS {alias} SET {set}{from}{filter}",
            table.name
        );
        self.returning(text)
    }

    pub(super) fn delete(&mut self, table: &Relation) -> (String, Columns) {
        let alias = self.name("s");
        let using = if self.percent(45) {
            format!(" USING {}", self.from())
        } else {
            String::new()
        };
        self.see(table, &alias);
        self.sight().sources.rotate_right(1);
        let filter = self.row_filter();
        let text = format!("DELETE FROM {} AS {alias}{using}{filter}", table.name);
        self.returning(text)
    }

    /// A WHERE, which the tool asks of every statement that changes rows.
    fn row_filter(&mut self) -> String {
        match self.filter() {
            none if none.is_empty() && self.parameter_share > 3 => {
                let id = self.sight().sources[0].column("id");
                format!(" WHERE {id} = {}", self.parameter(""))
            }
            none if none.is_empty() => " WHERE true".to_owned(),
            filter => filter,
        }
    }

    fn merge(&mut self, table: &Relation) -> (String, Columns) {
        let source = self.item();
        let source = if source.contains(" JOIN ") || source.starts_with("ROWS") {
            self.sight().sources.truncate(0);
            let relation = self.relation();
            let alias = self.name("s");
            self.see(&relation, &alias);
            format!("{} AS {alias}", relation.name)
        } else {
            source
        };
        let sources = self.sight().sources.len();
        let alias = self.name("s");
        self.see(table, &alias);
        let condition = self.comparison("JOIN", sources);
        let mut text = format!(
            "MERGE INTO {} AS {alias} USING {source} ON {condition}",
            table.name
        );
        for _ in 0..self.rng.usize(1..4) {
            text += &self.merge_action(table);
        }
        if self.world.version < 170_000 {
            return (text, Vec::new());
        }
        self.sight().sources.rotate_right(1);
        self.returning(text)
    }

    fn merge_action(&mut self, table: &Relation) -> String {
        let by_source = self.world.version >= 170_000 && self.percent(25);
        let matched = self.percent(60);
        let when = match (matched, by_source) {
            (true, _) => "WHEN MATCHED",
            (false, true) => "WHEN NOT MATCHED BY SOURCE",
            (false, false) => "WHEN NOT MATCHED",
        };
        // The action cannot refer to columns of the other side.
        let hidden = match (matched, by_source) {
            (true, _) => Vec::new(),
            (false, true) => {
                let own = self.sight().sources.pop();
                let hidden = std::mem::take(&mut self.sight().sources);
                self.sight().sources.extend(own);
                hidden
            }
            (false, false) => self.sight().sources.pop().into_iter().collect(),
        };
        let and = if self.percent(40) {
            format!(" AND {}", self.expression(Kind::Bool))
        } else {
            String::new()
        };
        let action = match self.rng.u8(..6) {
            0 => "DO NOTHING".to_owned(),
            1 if matched || by_source => "DELETE".to_owned(),
            _ if matched || by_source => format!("UPDATE SET {}", self.set(table)),
            _ => {
                let columns = self.columns(table);
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                let names = names.join(", ");
                let values: Vec<String> = columns.iter().map(|column| self.value(column)).collect();
                format!("INSERT ({names}) VALUES ({})", values.join(", "))
            }
        };
        if by_source && !matched {
            self.sight().sources.splice(0..0, hidden);
        } else {
            self.sight().sources.extend(hidden);
        }
        format!(" {when}{and} THEN {action}")
    }

    /// RETURNING, more often than not.
    fn returning(&mut self, text: String) -> (String, Columns) {
        let own = self.sight().sources.clone();
        let (targets, columns) = match self.rng.u8(..10) {
            0 => return (text, Vec::new()),
            1 | 2 if have_own_names(&own) => {
                let columns = own.iter().flat_map(|source| source.columns.clone());
                (vec!["*".to_owned()], columns.collect())
            }
            3..8 => self.returned_columns(),
            8 if self.world.version >= 180_000 => self.returned_versions(),
            _ => self.targets(None, &[Class::Plain]),
        };
        (format!("{text} RETURNING {}", targets.join(", ")), columns)
    }

    /// Columns as they are: of the row that was written more often than of those it was joined with.
    fn returned_columns(&mut self) -> (Vec<String>, Columns) {
        let mut targets = Vec::new();
        let mut columns = Vec::new();
        for _ in 0..self.rng.usize(1..6) {
            let column = if self.percent(65) {
                self.written_column()
            } else {
                self.column(None)
            };
            if let Some((column, kind)) = column {
                let name = self.name("c");
                targets.push(format!("{column} AS {name}"));
                columns.push((name, kind));
            }
        }
        if targets.is_empty() {
            return self.targets(None, &[Class::Plain]);
        }
        (targets, columns)
    }

    /// A column of the row that is written, which is the first in sight.
    fn written_column(&mut self) -> Option<(String, Kind)> {
        let source = self.sight().sources.first().cloned()?;
        let index = self.rng.usize(..source.columns.len());
        let (name, kind) = &source.columns[index];
        Some((source.column(name), *kind))
    }

    /// `old.x` and `new.x`.
    fn returned_versions(&mut self) -> (Vec<String>, Columns) {
        let (mut targets, columns) = self.returned_columns();
        for target in &mut targets {
            if let Some((_, column)) = target.split_once('.') {
                let version = self.one(&["old", "new"]);
                *target = format!("{version}.{column}");
            }
        }
        (targets, columns)
    }
}
