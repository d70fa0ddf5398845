//! The promise of the enums of constraints: every constraint that is listed for a query can be violated by it, and no other.
//!
//! ```text
//! project   a project with its lists, read from the generated code, and its statements
//! values    values of every type, and those in the rows
//! fill      rows that are valid under all constraints, found by trying
//! attempt   one call of a statement with arguments and rows that are a little wrong
//! provoke   calls until each listed constraint was violated
//! ```

mod attempt;
mod fill;
mod project;
mod provoke;
mod values;

use std::path::Path;
use tempfile::TempDir;

use project::{Project, copy_project};
use provoke::judge_lists;

/// Copies a project, and finds out whether its lists are exact; `rows` are statements that add what random values rarely have.
async fn check_lists(root: &Path, rows: &[&str]) {
    let folder: TempDir = copy_project(root);
    let project = Project::read(folder.path()).await;
    let (judged, faults) = judge_lists(project, rows).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(judged > 0, "no constraint was violated");
}

#[tokio::test]
async fn the_reference_project_violates_each_listed_constraint_and_no_other() {
    // Imports in the states that statements look for.
    let rows = [
        "UPDATE import_jobs SET status = 'pending'",
        "UPDATE import_jobs SET status = 'running' WHERE id IN (SELECT id FROM import_jobs ORDER BY id LIMIT 3)",
    ];
    check_lists(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &rows).await;
}

#[tokio::test]
async fn a_real_application_violates_each_listed_constraint_and_no_other() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/docs_rs");
    if !corpus.exists() {
        eprintln!(
            "SKIPPED: there is no real application at {}",
            corpus.display()
        );
        return;
    }
    let rows = [
        // A name that only an expression of an index takes for another.
        "INSERT INTO crates (name) VALUES ('w-1') ON CONFLICT DO NOTHING",
        // The constant of a statement.
        "UPDATE repositories r SET host = 'github.com'
         WHERE NOT EXISTS (SELECT FROM repositories o WHERE o.host_id = r.host_id AND o.id <> r.id)",
    ];
    check_lists(&corpus, &rows).await;
}

/// Partitions, child tables, triggers, cascades, ON CONFLICT, MERGE, deferred constraints and writes in WITH.
#[tokio::test]
async fn every_kind_of_constraint_is_violated_where_it_is_listed_and_nowhere_else() {
    // An open seat of each person, and of the one that is the default; a revision before the last; a guest of
    // a late event.
    let rows = [
        "UPDATE stamped SET revision = 2",
        "INSERT INTO events (id, day) SELECT 3000, 50 WHERE NOT EXISTS (SELECT FROM events_late)",
        "INSERT INTO guests (id, day, event_id) SELECT 6, day, id FROM events_late ORDER BY day, id LIMIT 1
         ON CONFLICT (id) DO UPDATE SET day = excluded.day, event_id = excluded.event_id",
        "INSERT INTO people (id, team_id, email) SELECT 2, min(id), 'the default' FROM teams
         WHERE NOT EXISTS (SELECT FROM people WHERE id = 2)
         HAVING count(*) > 0",
        "DELETE FROM seats WHERE place IS NULL",
        "INSERT INTO seats (id, place, person_id) SELECT 1000 + id, NULL, id FROM people",
    ];
    let case = "tests/cases/each_writing_query_names_the_constraints_it_can_violate";
    check_lists(&Path::new(env!("CARGO_MANIFEST_DIR")).join(case), &rows).await;
}
