//! Each constraint that a query is said to violate is one that it can violate.

use super::pool;
use crate::compiled::each_writing_query_names_the_constraints_it_can_violate as teams;
use teams::kinds::{
    EventCreateEarlyViolation, EventCreateViolation, EventDeleteLateViolation,
    LargeGuestCreateViolation,
};
use teams::teams::{
    BadgeCreateViolation, PersonCreateViolation, PersonMoveViolation, TeamCreateViolation,
    TeamDeleteViolation, TeamRenumberViolation, TeamResizeViolation,
};
use teams::types::{BadgeId, PersonId, TeamId};
use xact::Xact;

type Q = Xact<teams::Admin>;

/// Two teams, two people in the first of them, and a badge of one.
async fn fill(q: &mut Q) {
    let (one, two) = (TeamId::from(1), TeamId::from(2));
    let mut orm = q.orm();
    orm.team_create(one, "one", 1).await.unwrap();
    orm.team_create(two, "two", 1).await.unwrap();
    for (id, email) in [(1, "a@a.example"), (2, "b@a.example")] {
        let id = PersonId::from(id);
        orm.person_create(id, one, email).await.unwrap();
    }
    let person = Some(PersonId::from(1));
    orm.badge_create(BadgeId::from(7), person).await.unwrap();
}

#[tokio::test]
async fn every_constraint_of_a_query_can_be_violated() {
    let (server, pool) = pool("each_writing_query_names_the_constraints_it_can_violate").await;
    let db = teams::Database::new(pool);
    let team = TeamId::from;
    let person = PersonId::from;
    let badge = BadgeId::from;
    macro_rules! check {
        ($call:ident($($argument:expr),*) => $expected:expr) => {{
            let mut q = db.begin_admin().await.unwrap();
            fill(&mut q).await;
            let error = q.orm().$call($($argument),*).await.unwrap_err();
            assert_eq!(error.constraint(), Some($expected), "{error}");
        }};
    }
    check!(team_create(team(1), "x", 1) => TeamCreateViolation::TeamsPkey);
    check!(team_create(team(3), "one", 1) => TeamCreateViolation::TeamsNameKey);
    check!(team_create(team(3), "x", -1) => TeamCreateViolation::TeamsSizeCheck);
    check!(team_resize(-1, team(1)) => TeamResizeViolation::TeamsSizeCheck);
    check!(team_renumber(team(2), team(1)) => TeamRenumberViolation::TeamsPkey);
    check!(team_delete(team(1)) => TeamDeleteViolation::BadgesPersonIdFkey);
    check!(person_create(person(1), team(1), "c") => PersonCreateViolation::PeoplePkey);
    check!(person_create(person(3), team(9), "c") => PersonCreateViolation::PeopleTeamIdFkey);
    check!(person_create(person(3), team(1), "A@a.example") => PersonCreateViolation::PeopleEmail);
    check!(person_move(team(9), person(1)) => PersonMoveViolation::PeopleTeamIdFkey);
    check!(badge_create(badge(7), None) => BadgeCreateViolation::BadgesPkey);
    check!(badge_create(badge(8), Some(person(9))) => BadgeCreateViolation::BadgesPersonIdFkey);
    check!(badge_create(badge(2), Some(person(2))) => BadgeCreateViolation::BadgesCheck);
    // A partition reports the foreign key of its partitioned table by its own name, and its own check.
    check!(event_create(1, 1, Some(team(9))) => EventCreateViolation::EventsTeamIdFkey);
    check!(event_create(1, 5, None) => EventCreateViolation::EventsLateLateEventsHaveLargeIds);
    check!(event_create_early(1, 1, Some(9), "loud") => EventCreateEarlyViolation::EventsTeamIdFkey);
    // So does a child table with a check that it inherits.
    check!(large_guest_create(8, None) => LargeGuestCreateViolation::GuestsIdCheck);
    // A foreign key to a partitioned table is one for each partition.
    let mut q = db.begin_admin().await.unwrap();
    let mut orm = q.orm();
    orm.event_create(5, 5, None).await.unwrap();
    let guest = orm.guest_create(1.into(), Some(5), Some(5));
    guest.await.unwrap();
    let error = orm.event_delete_late(5).await.unwrap_err();
    let expected = EventDeleteLateViolation::GuestsDayEventIdFkey;
    assert_eq!(error.constraint(), Some(expected), "{error}");
    // Of a constraint that is not among its own nothing is said.
    let mut q = db.begin_admin().await.unwrap();
    fill(&mut q).await;
    let error = q.orm().team_delete(team(1)).await.unwrap_err();
    assert_eq!(error.constraint::<TeamResizeViolation>(), None);
    server.stop().await.unwrap();
}
