//! More alternatives of a shape: a group of choices, and a condition that only some of them have.

use super::condition::Condition;
use super::parts::MOST_CHOICES;
use super::shape::{Alternatives, Segment, Shape};
use crate::query::wire_sql::WireSql;

impl Shape {
    /// Adds a group of alternatives, the default first; gives it, or none if there are too many choices.
    pub fn add_alternatives(&mut self, name: &str, choices: &[&str]) -> Option<&Alternatives> {
        let groups = self.alternatives.iter();
        let taken = groups.map(|group| group.choices.len()).sum::<usize>() + self.switches.len();
        if taken + choices.len() > MOST_CHOICES {
            return None;
        }
        self.alternatives.push(Alternatives {
            name: name.to_owned(),
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
            first: u32::try_from(taken).ok()?,
        });
        self.alternatives.last()
    }

    /// Adds comparisons to the outermost WHERE, each of which is sent in the variants of its condition, of which at most one holds
    /// in a variant. Gives whether there is such a WHERE or a place for one.
    pub fn add_filter(&mut self, comparisons: &[(WireSql, Condition)]) -> bool {
        let Some(place) = self.filter.clone() else {
            return false;
        };
        let any = comparisons
            .iter()
            .fold(Condition::never(), |any, (_, when)| any.or(when));
        let beside = any.and(&place.holds);
        let source = self
            .segments
            .get(place.end)
            .or(self.segments.last())
            .map_or(0, |next| next.source);
        let piece = |text: &str, when: &Condition| {
            let mut sql = WireSql::default();
            sql.append_replacement(source, text);
            Segment {
                sql,
                when: when.clone(),
                source,
                order: None,
            }
        };
        let mut added = Vec::new();
        if place.has_or {
            added.push(piece(")", &beside));
        }
        match place.keyword {
            None => added.push(piece(" WHERE", &any)),
            Some(_) => added.push(piece(" AND", &beside)),
        }
        for (sql, when) in comparisons {
            added.push(piece(" ", when));
            added.push(Segment {
                sql: sql.clone(),
                ..piece("", when)
            });
        }
        let count = added.len();
        self.segments.splice(place.end..place.end, added);
        let mut moved = place.clone();
        moved.end += count;
        if let Some(keyword) = place.keyword {
            self.segments[keyword].when = place.holds.or(&any);
            if place.has_or {
                let first = self.segments[keyword].source;
                let open = Segment {
                    source: first,
                    ..piece(" (", &beside)
                };
                self.segments.insert(keyword + 1, open);
                moved.end += 1;
            }
        }
        moved.holds = place.holds.or(&any);
        moved.has_or = false;
        self.filter = Some(moved);
        true
    }
}
