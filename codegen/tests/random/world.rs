//! A random schema: types, tables, indexes, triggers, rules, views and functions. What Postgres refuses is left out.

use fastrand::Rng;
use sqlx::PgConnection;

use super::kinds::{Kind, TYPES, percent};
use super::run;
use super::table::{self, Table};
use super::writer::{Sight, Source, Writer};

/// A table, a view, or what WITH names.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    /// The columns that INSERT and UPDATE can give a value; none for what is only read.
    pub(super) assignable: Vec<Assignable>,
    /// What ON CONFLICT can name.
    pub(super) conflicts: Vec<String>,
}

impl Relation {
    /// One that is only read.
    pub(super) fn named(name: &str, columns: Vec<(String, Kind)>) -> Self {
        Self {
            name: name.to_owned(),
            columns,
            assignable: Vec::new(),
            conflicts: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Assignable {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether every row has to be given a value.
    pub(super) required: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) arguments: Vec<Kind>,
    /// What its rows have; one without a set has one.
    pub(super) columns: Vec<(String, Kind)>,
    pub(super) is_set: bool,
}

/// One statement of the script.
enum Step {
    Table(Table),
    Sql(String),
}

pub(super) struct World {
    /// `server_version_num`
    pub(super) version: u32,
    pub(super) relations: Vec<Relation>,
    pub(super) functions: Vec<Function>,
    pub(super) tables: Vec<Table>,
    steps: Vec<Step>,
}

const TABLES: usize = 5;
const VIEWS: usize = 4;
const FUNCTIONS: usize = 7;

impl World {
    /// Builds a schema in the namespace that is first in the search path.
    pub(super) async fn build(connection: &mut PgConnection, version: u32, rng: &mut Rng) -> Self {
        let mut world = Self {
            version,
            relations: Vec::new(),
            functions: Vec::new(),
            tables: Vec::new(),
            steps: Vec::new(),
        };
        world.run(connection, TYPES.to_owned()).await;
        for number in 0..TABLES {
            world.add_table(connection, number, rng).await;
        }
        for number in 0..FUNCTIONS {
            world.add_function(connection, number, rng).await;
        }
        for number in 0..VIEWS {
            world.add_view(connection, number, rng).await;
        }
        world
    }

    /// Runs a statement, which becomes one of the script if Postgres takes it.
    async fn run(&mut self, connection: &mut PgConnection, sql: String) -> bool {
        let taken = attempt(connection, &sql).await;
        if taken {
            self.steps.push(Step::Sql(sql));
        }
        taken
    }

    async fn add_table(&mut self, connection: &mut PgConnection, number: usize, rng: &mut Rng) {
        let table = table::table(rng, number, &self.tables);
        if !attempt(connection, &table.create()).await {
            return;
        }
        self.steps.push(Step::Table(table.clone()));
        for sql in table.after.clone() {
            self.run(connection, sql).await;
        }
        let relation = table.relation();
        for part in ["child", "low", "high"] {
            let part = format!("{}_{part}", table.name);
            if self.has(&part) && percent(rng, 40) {
                let part = Relation {
                    name: part,
                    ..relation.clone()
                };
                self.relations.push(part);
            }
        }
        self.relations.push(relation);
        if percent(rng, 30) {
            self.add_trigger(connection, &table, rng).await;
        }
        if percent(rng, 6) {
            self.add_rule(connection, &table, rng).await;
        }
        self.tables.push(table);
    }

    /// Whether a statement of the script made a table of this name.
    fn has(&self, name: &str) -> bool {
        let made = format!("CREATE TABLE {name} ");
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step, Step::Sql(sql) if sql.starts_with(&made)))
    }

    /// A trigger that changes rows, or leaves them out; of a partition or child as well.
    async fn add_trigger(&mut self, connection: &mut PgConnection, table: &Table, rng: &mut Rng) {
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

    async fn add_rule(&mut self, connection: &mut PgConnection, table: &Table, rng: &mut Rng) {
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
    async fn add_function(&mut self, connection: &mut PgConnection, number: usize, rng: &mut Rng) {
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
        let names = ["x", "y"].into_iter().map(str::to_owned);
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

    async fn add_view(&mut self, connection: &mut PgConnection, number: usize, rng: &mut Rng) {
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

    /// The script.
    pub(super) fn script(&self) -> String {
        let steps = self.steps.iter().map(|step| match step {
            Step::Table(table) => table.create(),
            Step::Sql(sql) => sql.trim().to_owned(),
        });
        steps.map(|sql| format!("{sql};\n")).collect()
    }

    /// The same schema as another order of deployments would have made it: columns in another order, and one more.
    pub(super) async fn build_otherwise(
        &self,
        connection: &mut PgConnection,
        rng: &mut Rng,
    ) -> bool {
        for step in &self.steps {
            let sql = match step {
                Step::Table(table) => table.create_otherwise(rng),
                // A partition needs all the columns of its table.
                Step::Sql(sql) => sql.replace("_high (", "_high (added text, "),
            };
            if !attempt(connection, &sql).await {
                return false;
            }
        }
        true
    }

    /// Rows for each table, as many as keys and checks allow; the statements are those that Postgres took.
    pub(super) async fn fill(&self, connection: &mut PgConnection, rng: &mut Rng) -> Vec<String> {
        let mut taken = Vec::new();
        for table in &self.tables {
            for _ in 0..rng.usize(..7) {
                let row = table.row(rng);
                if attempt(connection, &row).await {
                    taken.push(row);
                }
            }
        }
        let views = self.steps.iter().filter_map(|step| match step {
            Step::Sql(sql) => sql
                .strip_prefix("CREATE MATERIALIZED VIEW ")?
                .split(' ')
                .next(),
            Step::Table(_) => None,
        });
        for view in views {
            let refresh = format!("REFRESH MATERIALIZED VIEW {view}");
            if attempt(connection, &refresh).await {
                taken.push(refresh);
            }
        }
        taken
    }
}

impl World {
    /// What takes the open transaction back to the rows that it was filled with, and sequences to where they were.
    pub(super) fn back(&self) -> String {
        let counted = self.tables.iter().filter(|table| table.has_identity);
        let restarts =
            counted.map(|table| format!("; ALTER SEQUENCE {}_id_seq RESTART WITH 50", table.name));
        run::BACK.to_owned() + &restarts.collect::<String>()
    }

    /// All rows, and where each is stored. Numbers that a sequence gave depend on how many were asked for.
    pub(super) fn stored_rows(&self) -> String {
        let tables = self.tables.iter().map(|table| {
            let (name, numbered) = (&table.name, if table.has_identity { " - 'id'" } else { "" });
            format!("SELECT tableoid::regclass::text || ctid::text, (to_jsonb(r){numbered})::text FROM {name} r")
        });
        tables.collect::<Vec<_>>().join(" UNION ALL ")
    }

    /// Whether a statement names tables alone, and none whose triggers and rules have a say.
    pub(super) fn is_quiet(&self, sql: &str) -> bool {
        let named = |name: &str| {
            sql.split(|c: char| !c.is_alphanumeric())
                .any(|word| word == name)
        };
        let views = self
            .relations
            .iter()
            .filter(|relation| relation.name.starts_with('v'));
        let fire = self.steps.iter().filter_map(|step| match step {
            Step::Sql(sql)
                if sql.starts_with("CREATE TRIGGER") || sql.starts_with("CREATE RULE") =>
            {
                Some(sql)
            }
            _ => None,
        });
        let fires = |table: &Table| fire.clone().any(|sql| sql.contains(&table.name));
        !views.into_iter().any(|view| named(&view.name))
            && !self
                .tables
                .iter()
                .any(|table| named(&table.name) && fires(table))
    }
}

impl Function {
    fn create(&self, body: &str, rng: &mut Rng) -> String {
        let names = ["x", "y"].iter().zip(&self.arguments);
        let arguments: Vec<String> = names
            .map(|(name, kind)| format!("{name} {}", kind.sql_type()))
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
        let volatility = ["", "STABLE ", "IMMUTABLE "][rng.usize(..3)];
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

/// Whether Postgres takes a statement of the open transaction; if not, it did not happen.
pub(super) async fn attempt(connection: &mut PgConnection, sql: &str) -> bool {
    run::execute(connection, "SAVEPOINT attempt").await;
    let released = format!("{sql}; RELEASE attempt");
    let taken = run::rows(connection, released).await.is_some();
    if !taken {
        run::execute(connection, "ROLLBACK TO attempt; RELEASE attempt").await;
    }
    taken
}
