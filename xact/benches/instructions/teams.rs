//! Teams with their people, as rows in rows.

use xact::Many;
use xact::generated::Query;

use crate::orm::Orm;
use crate::replay::{write_row, write_value};

/// The teams of one round of `nested`, and the people of each.
pub(crate) const TEAMS: usize = 20;
pub(crate) const PEOPLE: usize = 20;

#[derive(Debug)]
pub(crate) struct Team {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) people: Vec<Person>,
}

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
}

xact::generated::row!(Team { id, name, people });
xact::generated::record!(Person { id, name, email });

static TEAMS_LIST: Query = Query {
    name: "teams_list",
    file: "queries/teams.sql",
    sql: "SELECT t.id, t.name, ARRAY(SELECT ROW(p.id, p.name, p.email) FROM people p WHERE p.team_id = t.id) AS people FROM teams t",
    parameters: &[],
    columns: &[20, 25, 2287],
    names: "id, name, people",
};

impl Orm<'_> {
    pub(crate) fn teams_list(&mut self) -> Many<'_, Team> {
        self.0.many(TEAMS_LIST.arguments(), Team::read)
    }
}

pub(crate) fn write_teams() -> Vec<u8> {
    let mut rows = Vec::new();
    for team in 1..=TEAMS {
        // One dimension, no NULLs, elements of the type record; so many, from 1.
        let head = [1, 0, 2249, u32::try_from(PEOPLE).unwrap(), 1];
        let mut people: Vec<u8> = head.into_iter().flat_map(u32::to_be_bytes).collect();
        for person in 1..=PEOPLE {
            write_value(&mut people, Some(&encode_person(team * 100 + person)));
        }
        let id = i64::try_from(team).unwrap().to_be_bytes().to_vec();
        write_row(
            &mut rows,
            &[
                Some(id),
                Some(format!("team {team:04}").into_bytes()),
                Some(people),
            ],
        );
    }
    rows
}

fn encode_person(number: usize) -> Vec<u8> {
    let mut record = 3_u32.to_be_bytes().to_vec();
    let name = format!("name {number:04}");
    let email = number.is_multiple_of(2).then_some("someone@example.com");
    let id = i64::try_from(number).unwrap().to_be_bytes();
    for (oid, value) in [
        (20_u32, Some(id.as_slice())),
        (25, Some(name.as_bytes())),
        (25, email.map(str::as_bytes)),
    ] {
        record.extend(oid.to_be_bytes());
        write_value(&mut record, value);
    }
    record
}
