//! Which rows there are: users, their memberships, and at least two rows in every other table of each tenant.

use super::World;
use super::insert::{NoRow, Samples, Stay, Texts, Unfilled, insert_row};
use super::order::sort_tables;
use super::references::{CROSSED, Purpose, RowChoice};
use super::values::{InsertValue, Mark};
use crate::prove::tenants::{KeyId, TableId, Tenants};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use std::collections::{BTreeMap, BTreeSet};

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
    pub(in crate::prove) written: Vec<(String, InsertValue)>,
}

/// Everything that was inserted.
#[derive(Debug, Default)]
pub(in crate::prove) struct Filled {
    pub(in crate::prove) rows: Vec<FilledRow>,
    pub(in crate::prove) spares: Vec<Spare>,
    pub(in crate::prove) unfilled: Vec<Unfilled>,
    /// The tables that cannot be read, because their rows are elsewhere.
    pub(super) unreachable: BTreeSet<TableId>,
    /// The statements, in order.
    pub(in crate::prove) script: Vec<String>,
    /// The values of keys that no table has.
    pub(super) values: BTreeMap<(World, KeyId), Vec<String>>,
    pub(super) last_number: u32,
    samples: Samples,
}

/// The rows that no tenant owns: reference rows, users of both tenants and of none, and a tenant without users.
pub(in crate::prove) async fn fill_shared(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    filled: &mut Filled,
) -> Result<(), sqlx::Error> {
    let mut writer = Filler {
        connection,
        tenants,
        filled,
    };
    let order = list_reachable(tenants, writer.filled);
    for table in order {
        if tenants.is_reference(table) {
            writer.fill_reference(table).await?;
        } else if tenants.has_free_users() && tenants.user_table() == Some(table) {
            for (world, person) in [
                (World::Both, Person::Usual),
                (World::Both, Person::Spare),
                (World::Outside, Person::Usual),
            ] {
                writer.add_row(table, world, 0, person).await?;
            }
        } else if tenants.tenant_table() == Some(table) {
            writer
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
    let mut writer = Filler {
        connection,
        tenants,
        filled,
    };
    let order = list_reachable(tenants, writer.filled);
    for table in order.iter().filter(|table| !tenants.is_reference(**table)) {
        writer.fill_table(*table, world).await?;
    }
    for table in order {
        // A row that all tenants share is none of tenant b.
        if world == World::A || !tenants.is_reference(table) {
            writer.find_spares(table, world).await?;
        }
    }
    Ok(())
}

/// The tables that can have rows, in the order in which they are filled.
fn list_reachable(tenants: &Tenants<'_>, filled: &Filled) -> Vec<TableId> {
    let mut order = sort_tables(tenants);
    order.retain(|table| filled.is_reachable(*table));
    order
}

impl Tenants<'_> {
    pub(super) fn tenant_table(&self) -> Option<TableId> {
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

pub(super) struct Filler<'f, 's> {
    pub(super) connection: &'f mut PgConnection,
    pub(super) tenants: &'f Tenants<'s>,
    pub(super) filled: &'f mut Filled,
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
            // The text is sent once, so the connection need not keep it prepared.
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
            // A membership for each of them, or they could not act in the tenant.
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
        let choice = RowChoice {
            turn,
            person,
            purpose: Purpose::Row,
        };
        let fixed = match self.fix_columns(table, world, choice) {
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
            (&mut next_mark, &mut filled.samples, Stay::Kept),
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
        for (place, turn) in [
            (world, 0),
            (world, 1),
            (world, CROSSED),
            (World::Outside, 0),
        ] {
            let is_further = turn == CROSSED || place == World::Outside;
            let is_needed = !is_further || self.filled.spares.len() == found;
            if !is_needed || place == World::Outside && world == World::A {
                continue;
            }
            let choice = RowChoice {
                turn,
                person: Person::Spare,
                purpose: Purpose::Spare,
            };
            let Ok(fixed) = self.fix_columns(table, place, choice) else {
                continue;
            };
            let filled = &mut *self.filled;
            let mut next_mark = || count_mark(world, &mut filled.last_number);
            let inserted = insert_row(
                &mut *self.connection,
                self.tenants,
                table,
                &fixed,
                (&mut next_mark, &mut filled.samples, Stay::Undone),
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
}

/// A mark that no value has yet.
pub(super) fn count_mark(world: World, last: &mut u32) -> Mark {
    *last += 1;
    Mark::of(world.letter(), *last)
}
