//! Rows inside of values: an array of rows holds the rows of the tables, to any depth.

use super::pool;
use crate::compiled::rows_in_rows_are_structs as nested;
use nested::teams::{TeamsByJoinWithGapsRowPerson, TeamsInPartRowMemberTag};
use nested::types::{Mood, Person, PersonId, Tag, Team, TeamId};
use xact::types::JsonValue;

fn ann() -> Person {
    Person {
        id: PersonId::from(1),
        team_id: TeamId::from(1),
        name: "Ann".to_owned(),
        mood: Some(Mood::Rainy),
        data: Some(JsonValue::from(vec![1, 2])),
        nicks: vec![Some("a, \"b\"".to_owned()), None],
    }
}

fn ben() -> Person {
    Person {
        id: PersonId::from(2),
        team_id: TeamId::from(1),
        name: "Ben".to_owned(),
        mood: None,
        data: None,
        nicks: Vec::new(),
    }
}

fn tag(person: i64, position: i32, word: Option<&str>) -> Tag {
    Tag {
        person_id: PersonId::from(person),
        position,
        word: word.map(str::to_owned),
    }
}

/// Two people in one team and none in another; three tags, one without a word.
async fn fill(q: &mut xact::Xact<nested::Admin>) {
    let mut orm = q.orm();
    for (id, name) in [(1, "one"), (2, "two")] {
        let created = orm.team_create(TeamId::from(id), name).await.unwrap();
        assert!(created.people.is_empty(), "no people yet: an empty array");
    }
    for person in [ann(), ben()] {
        let params = nested::teams::PersonAddParams {
            id: person.id,
            team_id: person.team_id,
            name: &person.name,
            mood: person.mood,
            data: person.data.as_ref(),
            nicks: &person.nicks,
        };
        orm.person_add(params).await.unwrap();
    }
    for (person, position, word) in [(1, 1, Some("x")), (1, 2, None), (1, 3, Some(""))] {
        let person = PersonId::from(person);
        orm.tag_add(person, position, word).await.unwrap();
    }
}

#[tokio::test]
async fn rows_in_arrays_are_the_rows_of_their_tables() {
    let (server, pool) = pool("rows_in_rows_are_structs").await;
    let mut q = nested::Database::new(pool).begin_admin().await.unwrap();
    fill(&mut q).await;
    let team = |id: i64, name: &str| Team {
        id: TeamId::from(id),
        name: name.to_owned(),
    };
    let whole = q.orm().teams_whole().await.unwrap();
    assert_eq!(whole[0].t, team(1, "one"));
    assert_eq!(whole[0].people, [ann(), ben()]);
    assert_eq!((&whole[1].t, whole[1].people.len()), (&team(2, "two"), 0));

    let found = q.orm().teams_by_join().await.unwrap();
    assert_eq!(found[0].people, [ann(), ben()]);
    assert_eq!(found[1].people, [], "no row for a team without people");
    let gaps = q.orm().teams_by_join_with_gaps().await.unwrap();
    let none = TeamsByJoinWithGapsRowPerson {
        id: None,
        team_id: None,
        name: None,
        mood: None,
        data: None,
        nicks: None,
    };
    assert_eq!(gaps[1].people, [none], "the row that the outer join made");

    let first = q.orm().teams_with_first().await.unwrap();
    let first: Vec<_> = first.into_iter().map(|team| team.first).collect();
    assert_eq!(first, [Some(ann()), None]);
    let mut teams = q.orm().all_teams(TeamId::from(2)).await.unwrap();
    teams.sort_by_key(|team| team.id);
    assert_eq!(teams, [team(1, "one"), team(2, "two")]);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn rows_in_rows_in_rows_keep_their_order() {
    let (server, pool) = pool("rows_in_rows_are_structs").await;
    let mut q = nested::Database::new(pool).begin_admin().await.unwrap();
    fill(&mut q).await;
    let teams = q.orm().teams_in_part().await.unwrap();
    let names: Vec<_> = teams[0].members.iter().map(|member| &member.name).collect();
    assert_eq!(names, ["Ann", "Ben"]);
    let tag_in_part = |position: i32, word: &str| TeamsInPartRowMemberTag {
        word: word.to_owned(),
        position,
    };
    let tags = [tag_in_part(1, "x"), tag_in_part(3, "")];
    assert_eq!(teams[0].members[0].tags, tags);
    assert!(teams[0].members[1].tags.is_empty() && teams[1].members.is_empty());

    let tags = q.orm().tags_by_person().await.unwrap();
    let words: Vec<_> = tags[0].iter().map(|tag| tag.word.as_deref()).collect();
    assert_eq!(words, [Some("x"), None, Some("")]);
    let found = q.orm().people_with_tag().await.unwrap();
    let of_ann = [(1, Some("x")), (2, None), (3, Some(""))];
    let of_ann = of_ann.map(|(position, word)| Some(tag(1, position, word)));
    assert_eq!(found[0].tags, of_ann);
    assert_eq!(found[1].tags, [None], "the outer join found no tag");

    let pairs = q.orm().people_pairs().await.unwrap();
    assert_eq!(pairs[0].pair, (PersonId::from(1), Some(Mood::Rainy)));
    assert_eq!(pairs[0].tags[1], (2, None));
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

/// Two builds of one schema may have the columns of a table in different orders: the statement names each field of a row.
#[tokio::test]
async fn another_order_of_the_tables_columns_moves_no_value() {
    let (server, pool) = pool("rows_in_rows_are_structs").await;
    let mut q = nested::Database::new(pool).begin_admin().await.unwrap();
    let reorder = "CREATE TABLE others (nicks text[] NOT NULL DEFAULT '{}', data jsonb, mood mood, name label NOT NULL, \
                   team_id bigint NOT NULL, id bigint PRIMARY KEY); \
                   DROP TABLE people CASCADE; ALTER TABLE others RENAME TO people";
    for statement in reorder.split("; ") {
        xact::sqlx::query(statement)
            .execute(q.connection())
            .await
            .unwrap();
    }
    fill(&mut q).await;
    let whole = q.orm().teams_whole().await.unwrap();
    assert_eq!(whole[0].people, [ann(), ben()]);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
