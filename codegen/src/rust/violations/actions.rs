//! The action of a foreign key on the rows that refer to a changed one.

use super::change::RowChange;
use crate::query::analysis::ChangeKind;
use crate::schema::model::{Constraint, Table};
use crate::sql::lexer::words;
use std::collections::BTreeSet;

/// The action of a foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// NO ACTION or RESTRICT.
    Refuse,
    RowChange(RowChange),
}

impl Action {
    /// Reads the action on a change of a referenced row from the text of `pg_get_constraintdef`, which leaves out NO ACTION.
    pub(super) fn read(key: &Constraint, table: &Table, cause: ChangeKind) -> Self {
        let event = cause.keyword();
        let words = words(&key.definition);
        let event = words
            .windows(2)
            .position(|pair| pair[0].is("ON") && pair[1].is(event) && pair[0].depth == 0);
        let Some(action) = event.map(|event| &words[event + 2..]) else {
            return Self::Refuse;
        };
        let is = |index: usize, keyword| action.get(index).is_some_and(|word| word.is(keyword));
        let columns: BTreeSet<i16> = key.columns.iter().map(|position| position.0).collect();
        if is(0, "CASCADE") {
            return Self::RowChange(match cause {
                ChangeKind::Delete => RowChange::delete(),
                _ => cascade_update(key, columns),
            });
        }
        if !is(0, "SET") {
            return Self::Refuse;
        }
        // SET NULL (a, b) names some of the columns, since Postgres 15.
        let named = action
            .iter()
            .skip(2)
            .take_while(|word| word.depth > 0 || word.text == "(");
        let named: BTreeSet<i16> = named
            .filter_map(|word| table.column(&word.name()?))
            .map(|column| column.number.0)
            .collect();
        let columns = if named.is_empty() { columns } else { named };
        let is_null = |number: &&i16| {
            let column = table.column_at(**number);
            is(1, "NULL") || column.is_some_and(|column| column.default.is_none())
        };
        let nulls = columns.iter().filter(is_null).copied().collect();
        Self::RowChange(RowChange::update(columns, nulls))
    }
}

/// The new values are those of the row that is referred to, so the key itself is satisfied, unless it is MATCH FULL and some of
/// them are NULL.
fn cascade_update(key: &Constraint, columns: BTreeSet<i16>) -> RowChange {
    let mut change = RowChange::update(columns, BTreeSet::new());
    change.satisfied = (!key.definition.contains(" MATCH FULL")).then(|| key.name.clone());
    change
}

#[cfg(test)]
mod tests {
    use super::{Action, ChangeKind, RowChange};
    use crate::schema::model::{Column, Constraint, Number, Table};
    use std::collections::BTreeSet;

    fn read(definition: &str, cause: ChangeKind) -> Action {
        let column = |number, name: &str| Column {
            number: Number(number),
            name: name.to_owned(),
            ..Column::default()
        };
        let table = Table {
            columns: vec![column(1, "a"), column(2, "b")],
            ..Table::default()
        };
        let key = Constraint {
            definition: definition.to_owned(),
            columns: vec![Number(1), Number(2)],
            ..Constraint::default()
        };
        Action::read(&key, &table, cause)
    }

    #[test]
    fn an_action_is_read_from_the_definition() {
        let key = "FOREIGN KEY (a, b) REFERENCES t(a, b) ON UPDATE CASCADE ON DELETE SET NULL (b)";
        let Action::RowChange(updated) = read(key, ChangeKind::Update) else {
            panic!("CASCADE updates");
        };
        assert_eq!(updated.columns, BTreeSet::from([1, 2]));
        let only = BTreeSet::from([2]);
        let null = Action::RowChange(RowChange::update(only.clone(), only));
        assert_eq!(read(key, ChangeKind::Delete), null);
        let key = "FOREIGN KEY (a, b) REFERENCES t(a, b) ON DELETE CASCADE";
        assert_eq!(read(key, ChangeKind::Update), Action::Refuse);
        assert_eq!(
            read(key, ChangeKind::Delete),
            Action::RowChange(RowChange::delete())
        );
        let key = "FOREIGN KEY (a, b) REFERENCES t(a, b) ON DELETE RESTRICT";
        assert_eq!(read(key, ChangeKind::Delete), Action::Refuse);
    }
}
