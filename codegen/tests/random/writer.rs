//! The state of a statement being written: the names in sight, and the remaining size.

use fastrand::Rng;

use super::kinds::{Kind, percent};
use super::world::{Function, Relation, World};

/// A relation in FROM.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The qualifier of its columns; empty for the arguments of a function.
    pub(super) alias: String,
    pub(super) columns: Vec<(String, Kind)>,
}

impl Source {
    pub(super) fn column(&self, name: &str) -> String {
        if self.alias.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.alias)
        }
    }
}

/// The relations that a query can name.
#[derive(Clone, Debug, Default)]
pub(super) struct Sight {
    pub(super) sources: Vec<Source>,
    /// The columns that a grouped query has left, as written.
    pub(super) grouped: Option<Vec<(String, Kind)>>,
    /// Where the sources begin that ON can name: those of its own element of FROM.
    pub(super) item: usize,
}

/// Writes one statement.
pub(super) struct Writer<'w> {
    pub(super) world: &'w World,
    pub(super) rng: Rng,
    /// The innermost query is the last.
    pub(super) sights: Vec<Sight>,
    pub(super) ctes: Vec<Relation>,
    /// The table that this statement likes to come back to.
    pub(super) favourite: usize,
    /// How often a value is a parameter, of ten; views and functions have none.
    pub(super) parameter_share: u8,
    /// How many expressions and queries may still be made of others.
    fuel: u32,
    names: u32,
    pub(super) parameters: u32,
}

/// How many expressions of a statement are made of others, at most: most statements are small.
const FUEL: &[u32] = &[3, 3, 5, 8, 12, 24];

impl<'w> Writer<'w> {
    pub(super) fn new(world: &'w World, mut rng: Rng) -> Self {
        let favourite = rng.usize(..world.relations.len().max(1));
        let fuel = FUEL[rng.usize(..FUEL.len())];
        Self {
            world,
            rng,
            sights: Vec::new(),
            ctes: Vec::new(),
            favourite,
            parameter_share: 3,
            fuel,
            names: 0,
            parameters: 0,
        }
    }

    /// Whether one more expression may be made of others.
    pub(super) fn burn(&mut self) -> bool {
        let some = self.fuel > 0;
        self.fuel = self.fuel.saturating_sub(1);
        some
    }

    /// True for so many of a hundred.
    pub(super) fn percent(&mut self, chance: u8) -> bool {
        percent(&mut self.rng, chance)
    }

    /// One of them.
    pub(super) fn one<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.rng.usize(..choices.len())]
    }

    pub(super) fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// Whether the next value is a parameter.
    pub(super) fn wants_parameter(&mut self) -> bool {
        self.rng.u8(..10) < self.parameter_share
    }

    /// A parameter of this type.
    pub(super) fn parameter(&mut self, sql_type: &str) -> String {
        let again = self.parameters > 0 && self.percent(15);
        if !again {
            self.parameters += 1;
        }
        let number = if again {
            self.rng.u32(1..=self.parameters)
        } else {
            self.parameters
        };
        let mark = self.one(&["", "", "?"]);
        match sql_type {
            "" => format!(":p{number}{mark}"),
            sql_type => format!("(:p{number}{mark}::{sql_type})"),
        }
    }

    /// A table or view, or a query of WITH.
    pub(super) fn relation(&mut self) -> Relation {
        if !self.ctes.is_empty() && self.percent(40) {
            return self.ctes[self.rng.usize(..self.ctes.len())].clone();
        }
        let relations = &self.world.relations;
        let favourite = self.percent(30);
        let index = if favourite {
            self.favourite
        } else {
            self.rng.usize(..relations.len())
        };
        relations[index].clone()
    }

    /// A function that gives this kind.
    pub(super) fn function(&mut self, kind: Kind) -> Option<&'w Function> {
        let all = self.world.functions.iter();
        let some: Vec<_> = all
            .filter(|function| !function.is_set && function.columns[0].1 == kind)
            .collect();
        let index = self.rng.usize(..some.len().max(1));
        some.get(index).copied()
    }

    /// A column of this kind, or of any, as it is written here.
    pub(super) fn column(&mut self, kind: Option<Kind>) -> Option<(String, Kind)> {
        let outer = self.percent(15);
        let fitting = |sight: &Sight| {
            let grouped = sight.grouped.iter().flatten().cloned();
            let plain = sight.sources.iter().flat_map(|source| {
                let columns = source.columns.iter();
                columns.map(|(name, kind)| (source.column(name), *kind))
            });
            let visible: Vec<_> = if sight.grouped.is_some() {
                grouped.collect()
            } else {
                plain.collect()
            };
            let fitting = visible.into_iter();
            fitting
                .filter(|(_, found)| kind.is_none_or(|kind| kind == *found))
                .collect::<Vec<_>>()
        };
        let mut sights: Vec<&Sight> = self.sights.iter().rev().collect();
        if outer {
            sights.reverse();
        }
        let columns = sights
            .into_iter()
            .map(fitting)
            .find(|found| !found.is_empty())?;
        let index = self.rng.usize(..columns.len());
        Some(columns[index].clone())
    }
}
