//! Which rows there are: users, their memberships, and at least two rows in every other table of each tenant.

use super::World;
use super::insert::{NoRow, Stay, Texts, Unfilled, insert_row};
use super::order::sort_tables;
use super::values::{Mark, Value};
use crate::prove::tenants::{KeyId, TableId, Tenants};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use std::collections::BTreeMap;

/// A row that was inserted.
#[derive(Clone, Debug)]
pub(in crate::prove) struct FilledRow {
    pub(in crate::prove) table: TableId,
    pub(in crate::prove) world: World,
    pub(in crate::prove) texts: Texts,
    pub(in crate::prove) person: Person,
}

/// The part that a user plays, and a row with a foreign key to that user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::prove) enum Person {
    /// A member with rows.
    Usual,
    /// A member without rows of their own, so that an attack can insert a row that would be unique.
    Spare,
    Inactive,
}

/// A valid row that is not inserted: the attacks insert it.
#[derive(Clone, Debug)]
pub(in crate::prove) struct Spare {
    pub(in crate::prove) table: TableId,
    pub(in crate::prove) world: World,
    pub(in crate::prove) written: Vec<(String, Value)>,
}

/// Everything that was inserted.
#[derive(Debug, Default)]
pub(in crate::prove) struct Filled {
    pub(in crate::prove) rows: Vec<FilledRow>,
    pub(in crate::prove) spares: Vec<Spare>,
    pub(in crate::prove) unfilled: Vec<Unfilled>,
    /// The statements, in order.
    pub(in crate::prove) script: Vec<String>,
    /// The values of keys that no table has.
    values: BTreeMap<(World, KeyId), Vec<String>>,
    last_number: u32,
}

/// The rows that no tenant owns: reference rows, users of both tenants and of none, and a tenant without users.
pub(in crate::prove) async fn fill_shared(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    filled: &mut Filled,
) -> Result<(), sqlx::Error> {
    let mut filler = Filler {
        connection,
        tenants,
        filled,
    };
    for table in sort_tables(tenants) {
        if tenants.is_reference(table) {
            filler.fill_reference(table).await?;
        } else if tenants.has_free_users() && tenants.user_table() == Some(table) {
            for (world, person) in [
                (World::Both, Person::Usual),
                (World::Both, Person::Spare),
                (World::Outside, Person::Usual),
            ] {
                filler.add_row(table, world, 0, person).await?;
            }
        } else if tenants.tenant_table() == Some(table) {
            filler
                .add_row(table, World::Outside, 0, Person::Usual)
                .await?;
        }
    }
    Ok(())
}

/// The rows of one tenant.
pub(in crate::prove) async fn fill_tenant(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    world: World,
    filled: &mut Filled,
) -> Result<(), sqlx::Error> {
    let mut filler = Filler {
        connection,
        tenants,
        filled,
    };
    let order = sort_tables(tenants);
    for table in order.iter().filter(|table| !tenants.is_reference(**table)) {
        filler.fill_table(*table, world).await?;
    }
    for table in order {
        if !tenants.is_reference(table) {
            filler.find_spares(table, world).await?;
        }
    }
    Ok(())
}

impl Tenants<'_> {
    fn tenant_table(&self) -> Option<TableId> {
        let place = self.keys[self.tenant].place.as_ref();
        place.map(|(table, _)| *table)
    }
}

impl Filled {
    /// The tables without rows, with the reason and the SQL for a seed file.
    pub(in crate::prove) fn describe_unfilled(
        &self,
        tenants: &Tenants<'_>,
    ) -> Vec<(String, String, String)> {
        let described = self.unfilled.iter().map(|unfilled| {
            let table = tenants.tables[unfilled.table].sql().to_owned();
            (table, unfilled.reason.clone(), unfilled.sql.clone())
        });
        described.collect()
    }

    /// The rows of a table that a row of this tenant may refer to.
    pub(in crate::prove) fn rows_in(&self, table: TableId, world: World) -> Vec<&FilledRow> {
        let own = |row: &&FilledRow| {
            row.table == table
                && (row.world == world || matches!(row.world, World::Both | World::Shared))
        };
        self.rows.iter().filter(own).collect()
    }

    /// The values of a key for a tenant; those of the usual users first.
    pub(in crate::prove) fn key_values(
        &self,
        tenants: &Tenants<'_>,
        world: World,
        key: KeyId,
    ) -> Vec<String> {
        match &tenants.keys[key].place {
            Some((table, column)) => {
                let rows = self
                    .rows
                    .iter()
                    .filter(|row| row.table == *table && row.world == world);
                rows.filter_map(|row| row.texts.get(column)?.clone())
                    .collect()
            }
            None => self.values.get(&(world, key)).cloned().unwrap_or_default(),
        }
    }
}

struct Filler<'f, 's> {
    connection: &'f mut PgConnection,
    tenants: &'f Tenants<'s>,
    filled: &'f mut Filled,
}

impl Filler<'_, '_> {
    /// Rows of migrations are enough; else there are two.
    async fn fill_reference(&mut self, table: TableId) -> Result<(), sqlx::Error> {
        let found = &self.tenants.tables[table];
        let names: Vec<String> = found
            .table
            .columns
            .iter()
            .map(|column| format!("{}::pg_catalog.text", column.sql))
            .collect();
        let sql = format!("SELECT {} FROM {} LIMIT 6", names.join(", "), found.sql());
        let rows = sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .fetch_all(&mut *self.connection)
            .await?;
        for row in &rows {
            let columns = found.table.columns.iter().enumerate();
            let texts: Result<Texts, sqlx::Error> = columns
                .map(|(index, column)| Ok((column.name.clone(), row.try_get(index)?)))
                .collect();
            let (world, person, texts) = (World::Shared, Person::Usual, texts?);
            self.filled.rows.push(FilledRow {
                table,
                world,
                texts,
                person,
            });
        }
        if rows.is_empty() {
            for turn in 0..2 {
                self.add_row(table, World::Shared, turn, Person::Usual)
                    .await?;
            }
        }
        Ok(())
    }

    async fn fill_table(&mut self, table: TableId, world: World) -> Result<(), sqlx::Error> {
        let tenants = self.tenants;
        if tenants.user_table() == Some(table) {
            let mut people = vec![Person::Usual, Person::Usual, Person::Spare];
            if !tenants.inactive.is_empty() {
                people.push(Person::Inactive);
            }
            for (turn, person) in people.into_iter().enumerate() {
                self.add_row(table, world, turn, person).await?;
            }
            return Ok(());
        }
        if tenants.tenant_table() == Some(table) {
            return self.add_row(table, world, 0, Person::Usual).await;
        }
        if tenants.membership == Some(table)
            && let Some(users) = tenants.user_table()
        {
            let people: Vec<Person> = self
                .filled
                .rows_in(users, world)
                .iter()
                .map(|row| row.person)
                .collect();
            for (turn, person) in people.into_iter().enumerate() {
                self.add_row(table, world, turn, person).await?;
            }
            return Ok(());
        }
        for turn in 0..self.count_rows(table, world) {
            self.add_row(table, world, turn, Person::Usual).await?;
        }
        Ok(())
    }

    /// As many rows as the largest of the tables that it refers to has, so that each of their rows has one.
    fn count_rows(&self, table: TableId, world: World) -> usize {
        let links = self.tenants.tables[table].links.iter();
        let targets = links.filter(|link| !self.tenants.is_reference(link.target));
        let counts = targets.map(|link| {
            let rows = self.filled.rows_in(link.target, world).into_iter();
            rows.filter(|row| row.person != Person::Spare).count()
        });
        // More would cost time and show nothing new.
        counts.max().unwrap_or(2).clamp(2, 6)
    }

    async fn add_row(
        &mut self,
        table: TableId,
        world: World,
        turn: usize,
        person: Person,
    ) -> Result<(), sqlx::Error> {
        let fixed = match self.fix_columns(table, world, turn, person) {
            Ok(fixed) => fixed,
            Err(reason) => {
                self.report_unfilled(table, world, reason, String::new());
                return Ok(());
            }
        };
        let filled = &mut *self.filled;
        let mut next_mark = || count_mark(world, &mut filled.last_number);
        let inserted = insert_row(
            &mut *self.connection,
            self.tenants,
            table,
            &fixed,
            (&mut next_mark, Stay::Kept),
        );
        match inserted.await? {
            Ok(inserted) => {
                filled.script.push(inserted.sql);
                let texts = inserted.texts;
                filled.rows.push(FilledRow {
                    table,
                    world,
                    texts,
                    person,
                });
            }
            Err(NoRow::Duplicate) => {}
            Err(NoRow::Refused { reason, sql }) => self.report_unfilled(table, world, reason, sql),
        }
        Ok(())
    }

    fn report_unfilled(&mut self, table: TableId, world: World, reason: String, sql: String) {
        let has_rows = self
            .filled
            .rows
            .iter()
            .any(|row| row.table == table && row.world == world);
        let known = self
            .filled
            .unfilled
            .iter()
            .any(|unfilled| unfilled.table == table);
        if !has_rows && !known && world != World::Outside {
            self.filled.unfilled.push(Unfilled { table, reason, sql });
        }
    }

    /// Rows that are valid and not inserted: one for each member without rows.
    async fn find_spares(&mut self, table: TableId, world: World) -> Result<(), sqlx::Error> {
        let found = self.filled.spares.len();
        // The last attempt is in a tenant that has no rows, for tables with one row for each tenant.
        for (place, turn) in [(world, 0), (world, 1), (World::Outside, 0)] {
            if place == World::Outside && (self.filled.spares.len() > found || world == World::A) {
                continue;
            }
            let Ok(fixed) = self.fix_columns(table, place, turn, Person::Spare) else {
                continue;
            };
            let filled = &mut *self.filled;
            let mut next_mark = || count_mark(world, &mut filled.last_number);
            let inserted = insert_row(
                &mut *self.connection,
                self.tenants,
                table,
                &fixed,
                (&mut next_mark, Stay::Undone),
            );
            if let Ok(inserted) = inserted.await? {
                let written = inserted.written;
                filled.spares.push(Spare {
                    table,
                    world,
                    written,
                });
            }
        }
        Ok(())
    }

    /// The columns whose values other rows decide.
    fn fix_columns(
        &mut self,
        table: TableId,
        world: World,
        turn: usize,
        person: Person,
    ) -> Result<Texts, String> {
        let tenants = self.tenants;
        let mut fixed = Texts::new();
        if person == Person::Inactive && tenants.user_table() == Some(table) {
            let inactive = tenants.inactive.iter();
            fixed.extend(inactive.map(|(column, value)| (column.clone(), Some(value.clone()))));
        }
        for (column, key) in &tenants.tables[table].values {
            let values = self.list_key_values(world, *key);
            let value = values.get(turn % values.len().max(1)).cloned();
            fixed.insert(column.clone(), value);
        }
        for link in &tenants.tables[table].links {
            self.fix_link(table, world, (turn, person), link, &mut fixed)?;
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
        (turn, person): (usize, Person),
        link: &crate::prove::tenants::Link,
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
        let is_membership = tenants.membership == Some(table);
        if is_membership
            && person == Person::Spare
            && turn < 2
            && self.has_all_members(table, world)
        {
            // Every user of the tenant is a member already.
            rows = self
                .filled
                .rows
                .iter()
                .filter(|row| row.table == link.target && row.world == World::Outside)
                .filter(agrees)
                .chain(rows)
                .collect();
            rows.sort_by_key(|row| {
                tenants.tenant_table() == Some(link.target) && row.world == World::Outside
            });
        } else if !is_membership {
            let wanted =
                |row: &&FilledRow| (row.person == Person::Spare) == (person == Person::Spare);
            let preferred: Vec<&FilledRow> = rows.iter().copied().filter(wanted).collect();
            if !preferred.is_empty() {
                rows = preferred;
            }
        }
        let Some(row) = rows.get(turn % rows.len().max(1)) else {
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

    fn has_all_members(&self, table: TableId, world: World) -> bool {
        self.filled
            .rows
            .iter()
            .any(|row| row.table == table && row.world == world)
    }
}

/// A mark that no value has yet.
fn count_mark(world: World, last: &mut u32) -> Mark {
    *last += 1;
    Mark::of(world.letter(), *last)
}
