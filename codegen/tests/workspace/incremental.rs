//! Random edits of a project: an open project gives the files and the diagnostics that a run from scratch gives.
//!
//! `XACT_RANDOM_SEED` begins elsewhere, `XACT_RANDOM_SECONDS` goes on for so long.

use crate::server;
use fastrand::Rng;
use std::collections::BTreeMap;
use std::env::var;
use std::path::Path;
use std::time::{Duration, Instant};
use xact_codegen::report::diagnostic::{Diagnostic, Style, render};
use xact_codegen::workspace::Workspace;
use xact_codegen::{Generated, Stop};

/// Edits in a run that has no time given.
const EDITS: usize = 14;

const MIGRATIONS: &[&str] = &[
    include_str!("migration.sql"),
    // A column that may be NULL and the privileges of a role are other answers to the same queries.
    concat!(
        include_str!("migration.sql"),
        "ALTER TABLE notes ALTER title DROP NOT NULL; REVOKE INSERT ON notes FROM workspace_reader;"
    ),
    "CREATE TABEL notes ();",
];

const CONFIGURATIONS: &[&str] = &[
    "",
    "[scopes.owner]\n\n[scopes.reader]\nrole = \"workspace_reader\"\nsettings = [\"app.user_id\"]\n",
    "[session]\nallow = [\"become\"]\n",
    "[scopes.ghost]\nrole = \"nobody_there\"\n\n[session]\nallow = [\"missing\"]\n",
];

const ANNOTATIONS: &[&str] = &[
    "",
    "tables:\n  notes:\n    description: Notes.\n    columns:\n      title: {description: A title.}\n",
    "types:\n  short: {rust: String}\n",
    "tables:\n  absent: {}\n",
];

/// Sections of query files, divided by lines of `==`.
const SECTIONS: &str = include_str!("sections.sql");

/// The files of a project; an empty text is no file.
type Files = BTreeMap<String, String>;

#[tokio::test]
async fn kept_results_are_those_of_a_run_from_scratch() {
    let seed = var("XACT_RANDOM_SEED").map_or(1, |seed| seed.parse().unwrap());
    let seconds = var("XACT_RANDOM_SECONDS").map_or(0, |seconds| seconds.parse().unwrap());
    let (start, mut random) = (Instant::now(), Rng::with_seed(seed));
    let sections: Vec<&str> = SECTIONS.split("==\n").collect();
    let project = tempfile::tempdir().unwrap();
    std::fs::create_dir(project.path().join("migrations")).unwrap();
    let mut files = Files::from([(
        "migrations/1_notes.up.sql".to_owned(),
        MIGRATIONS[0].to_owned(),
    )]);
    for _ in 0..6 {
        edit_queries(&mut files, &sections, &mut random);
    }
    // A server of its own, because roles belong to the whole server.
    let mut workspace = Workspace::open(project.path(), None);
    let mut edits = 0;
    while edits < EDITS || start.elapsed() < Duration::from_secs(seconds) {
        write_files(project.path(), &files);
        compare(
            project.path(),
            &mut workspace,
            &format!("seed {seed}, edit {edits}"),
        )
        .await;
        for _ in 0..random.usize(1..3) {
            edit(&mut files, &sections, &mut random);
        }
        edits += 1;
    }
    workspace.stop().await.unwrap();
}

async fn compare(root: &Path, workspace: &mut Workspace, context: &str) {
    let fresh = server::generate(root).await;
    let checked = workspace.check().await;
    let kept = workspace.generate().await;
    match (fresh, kept) {
        (Ok(fresh), Ok(kept)) => {
            let checked = checked.unwrap();
            assert_eq!(fresh.files, kept.files, "{context}");
            let Generated { warnings, .. } = fresh;
            assert_eq!(describe(&warnings), describe(&kept.warnings), "{context}");
            assert_eq!(
                describe(&warnings),
                describe(&checked.diagnostics),
                "{context}"
            );
        }
        (Err(Stop::Diagnostics(fresh)), Err(Stop::Diagnostics(kept))) => {
            assert_eq!(describe(&fresh), describe(&kept), "{context}");
            // While the migrations are refused, a check says more than a run from scratch can.
            if let Ok(checked) = checked
                && checked.stale.is_none()
            {
                assert_eq!(
                    describe(&fresh),
                    describe(&checked.diagnostics),
                    "{context}"
                );
            }
        }
        (fresh, kept) => panic!("{context}: {fresh:?}\n{kept:?}"),
    }
}

/// Everything that a user or an editor sees of diagnostics.
fn describe(diagnostics: &[Diagnostic]) -> String {
    let fixes = diagnostics.iter().flat_map(|found| &found.fixes);
    let fixes: Vec<String> = fixes
        .map(|fix| format!("{} {:?} {}\n", fix.span.file.path, fix.span.range, fix.text))
        .collect();
    render(diagnostics, Style::Plain) + &fixes.concat()
}

fn write_files(root: &Path, files: &Files) {
    for (path, text) in files {
        let path = root.join(path);
        if text.is_empty() {
            let _ = std::fs::remove_file(path);
        } else {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

fn edit(files: &mut Files, sections: &[&str], random: &mut Rng) {
    let choose = |texts: &[&str], random: &mut Rng| texts[random.usize(..texts.len())].to_owned();
    match random.u8(..20) {
        0 => files.insert("xact.toml".to_owned(), choose(CONFIGURATIONS, random)),
        1 => files.insert(
            "schema_annotations.yaml".to_owned(),
            choose(ANNOTATIONS, random),
        ),
        2 => files.insert(
            "migrations/1_notes.up.sql".to_owned(),
            choose(MIGRATIONS, random),
        ),
        _ => {
            edit_queries(files, sections, random);
            None
        }
    };
}

/// Adds, removes, exchanges or moves a section of a query file, or cuts into one.
fn edit_queries(files: &mut Files, sections: &[&str], random: &mut Rng) {
    let path = format!("queries/file_{}.sql", random.u8(..3));
    let text = files.entry(path).or_default();
    let mut own: Vec<String> = text.split_inclusive("\n\n").map(str::to_owned).collect();
    let place = random.usize(..=own.len());
    match random.u8(..8) {
        0..=2 => own.insert(place, sections[random.usize(..sections.len())].to_owned()),
        3 if place < own.len() => drop(own.remove(place)),
        4 if place < own.len() => {
            let section = own.remove(place);
            own.insert(random.usize(..=own.len()), section);
        }
        5 => own.insert(place, "-- A comment.\n\n".to_owned()),
        6 if place < own.len() => {
            let cut = own[place].floor_char_boundary(random.usize(..=own[place].len()));
            own[place].truncate(cut);
            own[place].push_str("\n\n");
        }
        _ => {
            let length = own.len();
            own.rotate_left(place.min(length));
        }
    }
    *text = own.concat();
}
