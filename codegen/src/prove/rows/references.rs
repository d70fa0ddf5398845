//! The columns of a row whose values other rows decide: foreign keys, and keys without one.

use super::World;
use super::fill::{FilledRow, Filler, Person, count_mark};
use super::insert::Texts;
use crate::prove::tenants::{KeyId, Link, TableId};

/// Which rows a row refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowChoice {
    /// The place of the row to refer to among those of its tenant.
    pub(super) turn: usize,
    pub(super) person: Person,
    pub(super) purpose: Purpose,
}

/// Whether a row is to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Row,
    Spare,
}

/// A turn in which each foreign key refers to another row than in the others: a table that joins two has every pair
/// of the same turn already.
pub(super) const CROSSED: usize = usize::MAX;

impl Filler<'_, '_> {
    /// The columns whose values other rows decide.
    pub(super) fn fix_columns(
        &mut self,
        table: TableId,
        world: World,
        choice: RowChoice,
    ) -> Result<Texts, String> {
        let tenants = self.tenants;
        let mut fixed = Texts::new();
        if tenants.user_table() == Some(table) {
            let inactive = tenants.inactive.iter().filter_map(|(name, value)| {
                let column = tenants.tables[table].table.column(name)?;
                let is_empty = !column.not_null && column.default.is_none();
                match choice.person {
                    Person::Inactive => Some((name.clone(), Some(value.clone()))),
                    // A time such as `blocked_at` has no value for active users.
                    _ => is_empty.then(|| (name.clone(), None)),
                }
            });
            fixed.extend(inactive);
        }
        for (column, key) in &tenants.tables[table].values {
            let values = self.list_key_values(world, *key);
            let value = values.get(choice.turn % values.len().max(1)).cloned();
            fixed.insert(column.clone(), value);
        }
        for (index, link) in tenants.tables[table].links.iter().enumerate() {
            let turn = if choice.turn == CROSSED {
                index
            } else {
                choice.turn
            };
            self.fix_link(table, world, RowChoice { turn, ..choice }, link, &mut fixed)?;
        }
        Ok(fixed)
    }

    fn list_key_values(&mut self, world: World, key: KeyId) -> Vec<String> {
        let found = self.filled.key_values(self.tenants, world, key);
        if !found.is_empty() || self.tenants.keys[key].place.is_some() {
            return found;
        }
        let count = if key == self.tenants.tenant { 1 } else { 2 };
        let base = self.tenants.keys[key]
            .type_oid
            .and_then(|oid| self.tenants.types.base(oid));
        let name = base.map_or("text", |base| base.name.as_str());
        let values: Vec<String> = (0..count)
            .map(|_| {
                let mark = count_mark(world, &mut self.filled.last_number);
                match name {
                    "uuid" => mark.uuid,
                    "int4" | "int8" | "numeric" => mark.number,
                    _ => mark.token,
                }
            })
            .collect();
        self.filled.values.insert((world, key), values.clone());
        values
    }

    /// The columns of a foreign key, from a row of the same tenant that agrees with the columns fixed so far.
    fn fix_link(
        &self,
        table: TableId,
        world: World,
        choice: RowChoice,
        link: &Link,
        fixed: &mut Texts,
    ) -> Result<(), String> {
        let tenants = self.tenants;
        let pairs = || link.columns.iter().zip(&link.target_columns);
        let agrees = |row: &&FilledRow| {
            pairs().all(|(own, target)| {
                fixed
                    .get(own)
                    .is_none_or(|text| row.texts.get(target) == Some(text))
            })
        };
        let mut rows: Vec<&FilledRow> = self
            .filled
            .rows_in(link.target, world)
            .into_iter()
            .filter(agrees)
            .collect();
        if tenants.membership != Some(table) {
            let wanted = |row: &&FilledRow| {
                (row.person == Person::Spare) == (choice.person == Person::Spare)
            };
            let preferred: Vec<&FilledRow> = rows.iter().copied().filter(wanted).collect();
            if !preferred.is_empty() {
                rows = preferred;
            }
        } else if choice.purpose == Purpose::Spare && tenants.user_table() == Some(link.target) {
            // Every user of the tenant is a member already.
            let all = self.filled.rows.iter().filter(agrees);
            rows = all
                .filter(|row| row.table == link.target && row.world == World::Outside)
                .collect();
        }
        let Some(row) = rows.get(choice.turn % rows.len().max(1)) else {
            let columns = || {
                link.columns
                    .iter()
                    .filter_map(|name| tenants.tables[table].table.column(name))
            };
            if columns().any(|column| !column.not_null && !fixed.contains_key(&column.name)) {
                let free = columns().filter(|column| !column.not_null);
                fixed.extend(free.map(|column| (column.name.clone(), None)));
                return Ok(());
            }
            return Err(format!(
                "there is no row of `{}` to refer to",
                tenants.tables[link.target].sql()
            ));
        };
        for (own, target) in pairs() {
            let text = row.texts.get(target).cloned().flatten();
            fixed.entry(own.clone()).or_insert(text);
        }
        Ok(())
    }
}
