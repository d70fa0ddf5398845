//! Random choices while one part is written; each part that is chosen is noted as needed.

use std::collections::BTreeSet;

use fastrand::Rng;

use super::world::{Part, World};

/// Writes one part.
pub(super) struct Pen<'p> {
    world: &'p World,
    rng: &'p mut Rng,
    /// The name of the part, as SQL.
    pub(super) name: &'p str,
    of: Option<&'p Part>,
    pub(super) detail: String,
    pub(super) needs: BTreeSet<String>,
}

/// A column as a part of an expression.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) data_type: String,
    key: Option<String>,
}

impl Field {
    /// A column that the statement of its relation gives.
    pub(super) fn stated(name: &str, data_type: &str) -> Self {
        let (name, data_type) = (name.to_owned(), data_type.to_owned());
        Self {
            name,
            data_type,
            key: None,
        }
    }
}

/// Types that every database has.
const TYPES: &[&str] = &[
    "integer",
    "integer",
    "bigint",
    "smallint",
    "text",
    "text",
    "varchar(20)",
    "varchar",
    "numeric(12,4)",
    "numeric",
    "boolean",
    "date",
    "timestamptz",
    "timestamp(3)",
    "interval",
    "uuid",
    "jsonb",
    "json",
    "bytea",
    "text[]",
    "integer[]",
    "int4range",
    "inet",
    "char(3)",
    "real",
    "double precision",
    "time",
    "bit(4)",
    "point",
    "tsvector",
    "name",
    "oid",
];

impl<'p> Pen<'p> {
    pub(super) fn new(
        world: &'p World,
        rng: &'p mut Rng,
        name: &'p str,
        of: Option<&'p Part>,
    ) -> Self {
        Self {
            world,
            rng,
            name,
            of,
            detail: String::new(),
            needs: BTreeSet::new(),
        }
    }

    pub(super) fn percent(&mut self, percent: u8) -> bool {
        self.rng.u8(0..100) < percent
    }

    pub(super) fn number(&mut self, below: u32) -> u32 {
        self.rng.u32(0..below)
    }

    /// `text` in so many of a hundred cases, else nothing.
    pub(super) fn perhaps(&mut self, percent: u8, text: &str) -> String {
        let is_chosen = self.percent(percent);
        if is_chosen {
            text.to_owned()
        } else {
            String::new()
        }
    }

    pub(super) fn choose<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.rng.usize(0..texts.len())]
    }

    /// Some of the texts, in a random order.
    pub(super) fn choose_some<'t>(&mut self, texts: &[&'t str]) -> Vec<&'t str> {
        let count = self.rng.usize(1..=texts.len());
        let mut texts = texts.to_vec();
        self.rng.shuffle(&mut texts);
        texts.truncate(count);
        texts
    }

    /// A part of one of the kinds, which is needed from now on.
    pub(super) fn pick(&mut self, kinds: &[&str]) -> Option<&'p Part> {
        let part = *self.rng.choice(&self.world.of_kinds(kinds))?;
        self.needs.insert(part.key());
        Some(part)
    }

    /// The part that this one belongs to.
    pub(super) fn of(&self) -> Option<&'p Part> {
        self.of
    }

    /// The table or view that the part belongs to.
    pub(super) fn table_of(&self, part: &Part) -> Option<&'p Part> {
        self.world.find(part.of.as_ref()?)
    }

    /// The partitions of a table.
    pub(super) fn partitions_of(&self, table: &Part) -> Vec<&'p Part> {
        let partitions = self.world.of_kinds(&["partition"]).into_iter();
        partitions
            .filter(|part| part.of.as_ref() == Some(&table.key()))
            .collect()
    }

    /// A type, built in or of the schema.
    pub(super) fn pick_type(&mut self) -> String {
        if self.percent(30)
            && let Some(part) = self.pick(&["enum", "domain", "composite", "range", "extension"])
        {
            let name = match (part.kind, part.name.as_str()) {
                ("extension", "citext") => "citext",
                ("extension", "hstore") => "hstore",
                ("extension", _) => "text",
                _ => &part.name,
            };
            return format!("{name}{}", self.perhaps(15, "[]"));
        }
        self.choose(TYPES).to_owned()
    }

    /// A value of a type; nothing if none is known.
    pub(super) fn value_of(&mut self, data_type: &str) -> Option<String> {
        let label = self.world.of_kinds(&["enum"]).into_iter();
        let mut label = label.filter(|part| part.name == data_type);
        if let Some(part) = label.next() {
            return Some(format!("'{}'::{data_type}", part.detail));
        }
        let base = data_type.split('(').next().unwrap_or_default();
        let values: &[&str] = match base {
            "integer" | "bigint" | "smallint" | "oid" => &["0", "7", "42"],
            "numeric" | "real" | "double precision" => &["0", "1.5", "0.25"],
            "text" | "varchar" | "char" | "citext" | "name" => &["'x'", "'it''s'", "'a\nb'"],
            "boolean" => &["true", "false"],
            "date" => &["CURRENT_DATE", "'2024-02-29'"],
            "timestamptz" | "timestamp" => &["now()", "'2024-02-29 01:02:03'"],
            "interval" => &["'1 day'"],
            "uuid" => &["gen_random_uuid()"],
            "jsonb" | "json" => &["'{}'", "'[1, 2]'"],
            "bytea" => &["'\\xff'"],
            "text[]" => &["'{}'", "ARRAY['a', 'b']"],
            "integer[]" => &["'{1,2}'"],
            "inet" => &["'127.0.0.1'"],
            _ => return None,
        };
        Some(self.choose(values).to_owned())
    }

    /// The columns of the relation that this part belongs to.
    pub(super) fn own_fields(&self) -> Vec<Field> {
        self.of.map(|of| self.fields_of(of)).unwrap_or_default()
    }

    /// The columns of a relation, those of its parents first.
    pub(super) fn fields_of(&self, relation: &Part) -> Vec<Field> {
        let mut fields = Vec::new();
        if matches!(relation.kind, "partition" | "child") {
            let parents = relation.needs.iter().filter_map(|key| self.world.find(key));
            let mut parents = parents.filter(|part| is_table(part));
            fields.extend(
                parents
                    .next()
                    .into_iter()
                    .flat_map(|parent| self.fields_of(parent)),
            );
        }
        // Those that the statement of the relation itself creates: `k integer, d date`.
        let stated = relation
            .detail
            .split(", ")
            .filter_map(|field| field.split_once(' '));
        fields.extend(stated.map(|(name, data_type)| Field::stated(name, data_type)));
        let key = relation.key();
        let columns = self.world.of_kinds(&["column"]).into_iter();
        let columns = columns.filter(|column| column.of.as_ref() == Some(&key));
        fields.extend(columns.map(|column| Field {
            name: column.name.clone(),
            data_type: column.detail.clone(),
            key: Some(column.key()),
        }));
        fields
    }

    /// One of the columns, which is needed from now on.
    pub(super) fn pick_field(&mut self, fields: &[Field]) -> Option<Field> {
        let field = self.rng.choice(fields)?.clone();
        self.needs.extend(field.key.clone());
        Some(field)
    }

    /// Up to `count` of the columns, each once.
    pub(super) fn pick_fields(&mut self, fields: &[Field], count: usize) -> Vec<Field> {
        let mut fields = fields.to_vec();
        self.rng.shuffle(&mut fields);
        fields.truncate(self.rng.usize(1..=count));
        for field in &fields {
            self.needs.extend(field.key.clone());
        }
        fields
    }

    /// A condition on one of the columns.
    pub(super) fn condition(&mut self, fields: &[Field]) -> Option<String> {
        let Field {
            name, data_type, ..
        } = self.pick_field(fields)?;
        let base = data_type.split('(').next().unwrap_or_default();
        let conditions: &[&str] = match base {
            "integer" | "bigint" | "smallint" | "numeric" => &[
                "{} > 0",
                "{} <> 7",
                "{} BETWEEN 1 AND 9",
                "{} IN (1, 2, 3)",
                "({} > 1 AND {} < 5) OR {} IS NULL",
            ],
            "text" | "varchar" | "char" | "citext" => &[
                "{} <> ''",
                "{} IN ('a', 'b')",
                "length({}::text) < 9",
                "{} ~ '^[a-z]'",
                "lower({}) = {}",
            ],
            "boolean" => &["{}", "NOT {}"],
            "date" | "timestamptz" | "timestamp" => &["{} > '2020-01-01'", "{} IS NOT NULL"],
            _ => &["{} IS NOT NULL"],
        };
        Some(self.choose(conditions).replace("{}", &name))
    }

    /// An immutable expression over one of the columns, and its type.
    pub(super) fn expression(&mut self, fields: &[Field]) -> Option<(String, &'static str)> {
        let Field {
            name, data_type, ..
        } = self.pick_field(fields)?;
        let base = data_type.split('(').next().unwrap_or_default();
        Some(match base {
            "integer" | "smallint" => match self.pick_perhaps(&["function"]) {
                Some(function) => (format!("{}({name})", function.name), "integer"),
                None => (format!("{name} + {}", self.number(9)), "integer"),
            },
            "bigint" => (format!("{name} % 10"), "bigint"),
            "text" | "varchar" | "char" => {
                let forms = ["lower({})", "{} || 'x'", "md5({})", "substr({}, 1, 3)"];
                (self.choose(&forms).replace("{}", &name), "text")
            }
            "jsonb" => (format!("({name} ->> 'a')"), "text"),
            "numeric" => (format!("round({name}, 1)"), "numeric"),
            _ => (format!("{name} IS NULL"), "boolean"),
        })
    }

    /// A part of one of the kinds in half of the cases.
    pub(super) fn pick_perhaps(&mut self, kinds: &[&str]) -> Option<&'p Part> {
        if self.percent(50) {
            self.pick(kinds)
        } else {
            None
        }
    }
}

/// Whether the part creates a table of any sort.
pub(super) fn is_table(part: &Part) -> bool {
    super::kinds::TABLES.contains(&part.kind)
}

/// The names of columns as a list.
pub(super) fn list_names(fields: &[Field]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    names.join(", ")
}
