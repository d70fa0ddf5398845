//! Three levels, 100 teams of 20 people of 5 tags: rows inside of rows, the flat join of the same rows, and JSON.

use serde::Deserialize;
use xact::generated::{Query, Row};
use xact::testing::TestDatabase;
use xact::types::Json;
use xact::{Error, Many, One, Xact};

use crate::measure::{print_table, shuffle_numbers, time_work};
use crate::orm::{Customer, Orm, make_customer};

const ROUNDS: usize = 60;

#[derive(Debug, Deserialize)]
struct Team {
    id: i64,
    name: String,
    people: Vec<Person>,
}

#[derive(Debug, Deserialize)]
struct Person {
    id: i64,
    name: String,
    email: Option<String>,
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
struct Tag {
    position: i32,
    word: String,
}

xact::generated::row!(Team { id, name, people });
xact::generated::record!(Person {
    id,
    name,
    email,
    tags
});
xact::generated::record!(Tag { position, word });

static NESTED: Query = Query {
    name: "nested",
    file: "queries/nested.sql",
    sql: "SELECT t.id, t.name, ARRAY(
            SELECT ROW(p.id, p.name, p.email, ARRAY(
                SELECT ROW(g.position, g.word) FROM tags g WHERE g.person_id = p.id ORDER BY g.position))
            FROM people p WHERE p.team_id = t.id ORDER BY p.id) AS people
          FROM teams t ORDER BY t.id",
    parameters: &[],
    columns: &[20, 25, 2287],
    names: "",
};

static FLAT: Query = Query {
    name: "flat",
    file: "queries/nested.sql",
    sql: "SELECT t.id, t.name, p.id, p.name, p.email, g.position, g.word
          FROM teams t JOIN people p ON p.team_id = t.id JOIN tags g ON g.person_id = p.id
          ORDER BY t.id, p.id, g.position",
    parameters: &[],
    columns: &[20, 25, 20, 25, 25, 23, 25],
    names: "",
};

static JSON: Query = Query {
    name: "json",
    file: "queries/nested.sql",
    sql: "SELECT json_agg(json_build_object('id', t.id, 'name', t.name, 'people', (
            SELECT json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email, 'tags', (
                SELECT json_agg(json_build_object('position', g.position, 'word', g.word) ORDER BY g.position)
                FROM tags g WHERE g.person_id = p.id)) ORDER BY p.id)
            FROM people p WHERE p.team_id = t.id)) ORDER BY t.id)
          FROM teams t",
    parameters: &[],
    columns: &[114],
    names: "",
};

/// A row of the flat join.
struct Line {
    team: (i64, String),
    person: (i64, String, Option<String>),
    tag: Tag,
}

fn read_line(row: &Row<'_>) -> Result<Line, Error> {
    Ok(Line {
        team: (row.get(0)?, row.get(1)?),
        person: (row.get(2)?, row.get(3)?, row.get(4)?),
        tag: Tag {
            position: row.get(5)?,
            word: row.get(6)?,
        },
    })
}

impl Orm<'_> {
    fn nested(&mut self) -> Many<'_, Team> {
        self.0.many(NESTED.arguments(), Team::read)
    }

    fn flat(&mut self) -> Many<'_, Line> {
        self.0.many(FLAT.arguments(), read_line)
    }

    fn json(&mut self) -> One<'_, Json<Vec<Team>>> {
        self.0.one(JSON.arguments(), |row| row.get(0))
    }
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn compare_nested() {
    let folder = tempfile::tempdir().unwrap();
    let migration = folder.path().join("1_nested.up.sql");
    std::fs::write(migration, include_str!("nested.sql")).unwrap();
    let test = TestDatabase::isolated_from(&folder).await.unwrap();
    let pool = test.pool();
    let mut candidates = [
        "rows in rows",
        "the same, not decoded",
        "flat join",
        "the same, not decoded",
        "json_agg and serde",
        "the same, not decoded",
    ]
    .map(|name| (name, vec![]));
    for round in 0..=ROUNDS {
        let mut q = pool.begin(make_customer()).await.unwrap();
        for number in shuffle_numbers::<6>() {
            let time = match number {
                0 => time_work(async { check_teams(&q.orm().nested().await.unwrap()) }).await,
                1 => time_work(receive(&mut q, &NESTED)).await,
                2 => time_work(read_flat(&mut q)).await,
                3 => time_work(receive(&mut q, &FLAT)).await,
                4 => time_work(async { check_teams(&q.orm().json().await.unwrap().0) }).await,
                _ => time_work(receive(&mut q, &JSON)).await,
            };
            if round > 0 {
                candidates[number].1.push(time);
            }
        }
        q.rollback().await.unwrap();
    }
    print_table(
        "100 × 20 × 5 rows in three levels; the goals are 0.83x for the flat join, and 2x for JSON",
        candidates.into(),
    );
    drop(test);
}

async fn read_flat(q: &mut Xact<Customer>) {
    check_teams(&group_lines(q.orm().flat().await.unwrap()));
}

/// Reads the messages of a query alone: the part of its time that the server and sqlx have.
async fn receive(q: &mut Xact<Customer>, query: &'static Query) {
    let rows = xact::sqlx::query(query.sql).fetch_all(q.connection()).await;
    assert!(!rows.unwrap().is_empty());
}

/// The lines of the flat join, which are sorted, as teams.
fn group_lines(lines: Vec<Line>) -> Vec<Team> {
    let mut teams: Vec<Team> = Vec::new();
    for Line { team, person, tag } in lines {
        if teams.last().is_none_or(|last| last.id != team.0) {
            teams.push(Team {
                id: team.0,
                name: team.1,
                people: Vec::new(),
            });
        }
        let people = &mut teams.last_mut().unwrap().people;
        if people.last().is_none_or(|last| last.id != person.0) {
            people.push(Person {
                id: person.0,
                name: person.1,
                email: person.2,
                tags: Vec::new(),
            });
        }
        people.last_mut().unwrap().tags.push(tag);
    }
    teams
}

fn check_teams(teams: &[Team]) {
    let people = || teams.iter().flat_map(|team| &team.people);
    let tags = people().flat_map(|person| &person.tags);
    assert!(teams.iter().all(|team| !team.name.is_empty()));
    assert!(people().all(|person| !person.name.is_empty() && person.email.is_some() == (person.id % 2 != 0)));
    let words = tags.filter(|tag| tag.position > 0 && !tag.word.is_empty());
    assert_eq!(
        (teams.len(), people().count(), words.count()),
        (100, 2_000, 10_000)
    );
}
