//! Triggers, rules, functions and views of a random schema.

use fastrand::Rng;
use sqlx::PgConnection;

use super::kinds::{Kind, percent};
use super::table::Table;
use super::world::{ARGUMENTS, Function, Relation, World};
use super::writer::{Sight, Source, Writer};

impl World {
    /// A trigger that changes rows, or leaves them out; of a partition or child as well.
    pub(super) async fn add_trigger(
        &mut self,
        connection: &mut PgConnection,
        table: &Table,
        rng: &mut Rng,
    ) {
        let name = &table.name;
        let column = &table.columns[rng.usize(..table.columns.len())].name;
        let body = match rng.u8(..5) {
            0 => format!("NEW.{column} := NULL; RETURN NEW;"),
            1 => "IF NEW.id > 1 THEN RETURN NULL; END IF; RETURN NEW;".to_owned(),
            2 => format!("IF NEW.id = 1 THEN NEW.{column} := NULL; END IF; RETURN NEW;"),
            3 => "IF TG_OP = 'UPDATE' THEN RETURN OLD; END IF; RETURN NEW;".to_owned(),
            _ => "RETURN NULL;".to_owned(),
        };
        let function = format!(
            "CREATE FUNCTION {name}_fire() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$"
        );
        self.run(connection, function).await;
        let parts = [format!("{name}_low"), format!("{name}_child"), name.clone()];
        let on = parts
            .iter()
            .find(|part| *part == name || self.has(part))
            .unwrap();
        let events = ["INSERT", "UPDATE", "INSERT OR UPDATE"][rng.usize(..3)];
        let when = ["BEFORE", "BEFORE", "BEFORE", "AFTER"][rng.usize(..4)];
        let trigger = format!(
            "CREATE TRIGGER fire {when} {events} ON {on} FOR EACH ROW EXECUTE FUNCTION {name}_fire()"
        );
        self.run(connection, trigger).await;
    }

    pub(super) async fn add_rule(
        &mut self,
        connection: &mut PgConnection,
        table: &Table,
        rng: &mut Rng,
    ) {
        let name = &table.name;
        let rule = match rng.u8(..3) {
            0 => format!(
                "CREATE RULE nothing AS ON UPDATE TO {name} WHERE OLD.id = 1 DO INSTEAD NOTHING"
            ),
            1 => format!("CREATE RULE away AS ON DELETE TO {name} DO INSTEAD NOTHING"),
            _ => format!(
                "CREATE RULE more AS ON INSERT TO {name} DO ALSO DELETE FROM {name} WHERE id = NEW.id + 1"
            ),
        };
        self.run(connection, rule).await;
    }

    /// A function in SQL: of one value or of rows, strict or not, kept as text or as a tree.
    pub(super) async fn add_function(
        &mut self,
        connection: &mut PgConnection,
        number: usize,
        rng: &mut Rng,
    ) {
        let name = format!("f{number}");
        let arguments: Vec<Kind> = (0..rng.usize(..3)).map(|_| Kind::any(rng)).collect();
        let is_set = percent(rng, 35);
        let (body, columns) = self.body(&arguments, is_set, rng);
        let function = Function {
            name,
            arguments,
            columns,
            is_set,
        };
        if self.run(connection, function.create(&body, rng)).await {
            self.functions.push(function);
        }
    }

    fn body(
        &self,
        arguments: &[Kind],
        is_set: bool,
        rng: &mut Rng,
    ) -> (String, Vec<(String, Kind)>) {
        let mut writer = Writer::new(self, rng.fork());
        writer.parameter_share = 0;
        let names = ARGUMENTS.iter().map(|name| (*name).to_owned());
        let columns = names.zip(arguments.iter().copied()).collect();
        let alias = String::new();
        let sources = vec![Source { alias, columns }];
        writer.sights.push(Sight {
            sources,
            ..Sight::default()
        });
        if is_set {
            let kinds = [Kind::Int, Kind::any(rng)];
            let (body, _) = writer.query(Some(&kinds));
            return (
                body,
                vec![("a".to_owned(), kinds[0]), ("b".to_owned(), kinds[1])],
            );
        }
        let kind = Kind::any(rng);
        let body = match rng.u8(..3) {
            0 => writer.single_row(kind),
            _ => format!("SELECT {}", writer.expression(kind)),
        };
        (body, vec![("f".to_owned(), kind)])
    }

    pub(super) async fn add_view(
        &mut self,
        connection: &mut PgConnection,
        number: usize,
        rng: &mut Rng,
    ) {
        let name = format!("v{number}");
        if percent(rng, 50) {
            self.add_simple_view(connection, &name, rng).await;
            return;
        }
        let mut writer = Writer::new(self, rng.fork());
        writer.parameter_share = 0;
        let (query, columns) = writer.query(None);
        let kind = if percent(rng, 10) {
            "MATERIALIZED VIEW"
        } else {
            "VIEW"
        };
        if self
            .run(connection, format!("CREATE {kind} {name} AS {query}"))
            .await
        {
            self.relations.push(Relation::named(&name, columns));
        }
    }

    /// A view of one table, which can be written to: by itself, or by a trigger.
    async fn add_simple_view(&mut self, connection: &mut PgConnection, name: &str, rng: &mut Rng) {
        let Some(table) = self.tables.get(rng.usize(..self.tables.len().max(1))) else {
            return;
        };
        let relation = table.relation();
        let columns: Vec<&str> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let filters = ["", " WHERE id > 0", " WHERE id IS NOT NULL"];
        let filter = filters[rng.usize(..filters.len())];
        let options = if percent(rng, 20) {
            " WITH (security_invoker)"
        } else {
            ""
        };
        let check = if percent(rng, 20) && !filter.is_empty() {
            " WITH CHECK OPTION"
        } else {
            ""
        };
        let query = format!("SELECT {} FROM {}{filter}", columns.join(", "), table.name);
        if !self
            .run(
                connection,
                format!("CREATE VIEW {name}{options} AS {query}{check}"),
            )
            .await
        {
            return;
        }
        if percent(rng, 15) {
            let body =
                ["NEW.id := NULL; RETURN NEW;", "RETURN NULL;", "RETURN NEW;"][rng.usize(..3)];
            let fire = format!(
                "CREATE FUNCTION {name}_fire() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$"
            );
            self.run(connection, fire).await;
            let trigger = format!(
                "CREATE TRIGGER fire INSTEAD OF INSERT OR UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_fire()"
            );
            self.run(connection, trigger).await;
        }
        self.relations.push(Relation {
            name: name.to_owned(),
            ..relation
        });
    }
}

impl Function {
    fn create(&self, body: &str, rng: &mut Rng) -> String {
        let names = ARGUMENTS.iter().zip(&self.arguments);
        let arguments: Vec<String> = names
            .map(|(name, kind)| {
                // A call may leave out any of them.
                let default = if percent(rng, 50) {
                    "NULL".to_owned()
                } else {
                    kind.literal(rng)
                };
                format!("{name} {} DEFAULT {default}", kind.sql_type())
            })
            .collect();
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(name, kind)| format!("{name} {}", kind.sql_type()))
            .collect();
        let returns = if self.is_set {
            format!("TABLE ({})", columns.join(", "))
        } else {
            self.columns[0].1.sql_type().to_owned()
        };
        let strict = if percent(rng, 30) { "STRICT " } else { "" };
        // One that reads tables would not be immutable, and Postgres would keep its first value.
        let volatilities = if body.contains(" FROM ") { 2 } else { 3 };
        let volatility = ["", "STABLE ", "IMMUTABLE "][rng.usize(..volatilities)];
        let head = format!(
            "CREATE FUNCTION {}({}) RETURNS {returns} LANGUAGE sql {strict}{volatility}",
            self.name,
            arguments.join(", ")
        );
        if percent(rng, 40) {
            format!("{head} BEGIN ATOMIC {body}; END")
        } else {
            format!("{head} AS $$ {body} $$")
        }
    }
}
