//! The kinds of values that schemas, statements and data are made of.

use fastrand::Rng;

/// A kind of value: types whose values convert to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Num,
    Text,
    Bool,
    Time,
    Mood,
    Ints,
    Texts,
    Json,
    Pair,
    Range,
}

use Kind::{Bool, Int, Ints, Json, Mood, Num, Pair, Range, Text, Texts, Time};

/// The types that every schema has.
pub(super) const TYPES: &str = "
CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE TYPE pair AS (x integer, y text);
CREATE DOMAIN digit AS integer CHECK (VALUE BETWEEN -1 AND 9);
CREATE DOMAIN must AS integer NOT NULL;
CREATE DOMAIN label AS text CHECK (VALUE <> 'never');
CREATE DOMAIN known AS text NOT NULL;
CREATE DOMAIN digits AS integer[] NOT NULL;
";

struct Facts {
    kind: Kind,
    /// In the grammar.
    name: &'static str,
    /// The type that its literals are cast to.
    sql_type: &'static str,
    /// The types of columns; the first ones are the usual ones.
    column_types: &'static [&'static str],
    /// Few values, so that they meet.
    values: &'static [&'static str],
}

const FACTS: &[Facts] = &[
    Facts {
        kind: Int,
        name: "int",
        sql_type: "integer",
        column_types: &["integer", "integer", "integer", "bigint", "digit", "must"],
        values: &["0", "1", "2", "3", "-1"],
    },
    Facts {
        kind: Num,
        name: "num",
        sql_type: "numeric",
        column_types: &["numeric", "numeric(8, 2)"],
        values: &["0", "1", "2.5", "-1"],
    },
    Facts {
        kind: Text,
        name: "text",
        sql_type: "text",
        column_types: &["text", "text", "text", "varchar(20)", "label", "known"],
        values: &["'a'", "'b'", "'A'", "''", "'NULL'"],
    },
    Facts {
        kind: Bool,
        name: "bool",
        sql_type: "boolean",
        column_types: &["boolean"],
        values: &["true", "false"],
    },
    Facts {
        kind: Time,
        name: "time",
        sql_type: "timestamptz",
        column_types: &["timestamptz"],
        values: &["'2020-01-01'", "'2021-06-01'", "'infinity'"],
    },
    Facts {
        kind: Mood,
        name: "mood",
        sql_type: "mood",
        column_types: &["mood"],
        values: &["'calm'", "'wild'"],
    },
    Facts {
        kind: Ints,
        name: "ints",
        sql_type: "integer[]",
        column_types: &["integer[]", "integer[]", "digits", "must[]"],
        values: &["'{}'", "'{1}'", "'{1,2}'", "'{0,NULL}'"],
    },
    Facts {
        kind: Texts,
        name: "texts",
        sql_type: "text[]",
        column_types: &["text[]", "known[]"],
        values: &["'{}'", "'{a}'", "'{a,NULL}'", "'{\"NULL\",\"\"}'"],
    },
    Facts {
        kind: Json,
        name: "json",
        sql_type: "jsonb",
        column_types: &["jsonb"],
        values: &["'null'", "'{}'", "'{\"a\": null, \"b\": 1}'", "'[1, null]'"],
    },
    Facts {
        kind: Pair,
        name: "pair",
        sql_type: "pair",
        column_types: &["pair"],
        values: &["'(,)'", "'(1,a)'", "'(2,)'"],
    },
    Facts {
        kind: Range,
        name: "range",
        sql_type: "int4range",
        column_types: &["int4range"],
        values: &["'empty'", "'[1,3)'", "'(,2)'"],
    },
];

impl Kind {
    fn facts(self) -> &'static Facts {
        FACTS.iter().find(|facts| facts.kind == self).unwrap()
    }

    /// The kind that the grammar calls so.
    pub(super) fn named(name: &str) -> Option<Self> {
        let facts = FACTS.iter().find(|facts| facts.name == name);
        facts.map(|facts| facts.kind)
    }

    /// The kind of a type that `format_type` names.
    pub(super) fn of_type(sql_type: &str) -> Option<Self> {
        let aliases = [
            ("timestamp with time zone", Time),
            ("character varying", Text),
            ("smallint", Int),
            ("double precision", Num),
            ("bigint[]", Ints),
        ];
        let alias = aliases.iter().find(|(name, _)| *name == sql_type);
        let facts = FACTS
            .iter()
            .find(|facts| facts.sql_type == sql_type || facts.column_types.contains(&sql_type));
        alias
            .map(|(_, kind)| *kind)
            .or(facts.map(|facts| facts.kind))
    }

    pub(super) fn sql_type(self) -> &'static str {
        self.facts().sql_type
    }

    pub(super) fn column_type(self, rng: &mut Rng) -> &'static str {
        pick(rng, self.facts().column_types)
    }

    /// A value, as SQL that can be cast to any type of this kind.
    pub(super) fn value(self, rng: &mut Rng) -> &'static str {
        pick(rng, self.facts().values)
    }

    /// A value whose type shows.
    pub(super) fn literal(self, rng: &mut Rng) -> String {
        match self {
            Int | Bool => self.value(rng).to_owned(),
            _ => format!("({}::{})", self.value(rng), self.sql_type()),
        }
    }

    /// A kind; numbers and text are the usual ones.
    pub(super) fn any(rng: &mut Rng) -> Self {
        match rng.u8(..) {
            0..90 => Int,
            90..150 => Text,
            _ => FACTS[rng.usize(..FACTS.len())].kind,
        }
    }
}

pub(super) fn pick<'a, T: ?Sized>(rng: &mut Rng, values: &[&'a T]) -> &'a T {
    values[rng.usize(..values.len())]
}

/// True for so many of a hundred.
pub(super) fn percent(rng: &mut Rng, chance: u8) -> bool {
    rng.u8(..100) < chance
}
