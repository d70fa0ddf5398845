//! The guide: each chapter of `docs/src` is run, from top to bottom, in an empty folder.
//!
//! - A block below a line such as "`queries/notes.sql`:" is written to that file; below "Add to
//!   `queries/notes.sql`:" it is added at its end; below "In `xact.toml`, …:" as well it is written.
//! - A `console` block is run line by line, and shows the output. `…` stands for anything, as a line
//!   for any lines.
//!
//! Blocks of Rust without a file are documentation tests of the package `database`.

mod blocks;
mod commands;
mod scratch;

use blocks::{Block, Target};
use scratch::Scratch;
use std::path::Path;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src");

/// Does a chapter.
async fn done(chapter: &str) {
    let text = std::fs::read_to_string(Path::new(DOCS).join(chapter)).unwrap();
    let number = CHAPTERS.iter().position(|other| *other == chapter);
    let scratch = Scratch::new(number.unwrap()).await;
    let mut ran = 0;
    for block in blocks::of(&text) {
        match &block.target {
            Target::Write(path) => scratch.write(path, &block.text),
            Target::Append(path) => scratch.append(path, &block.text),
            Target::Run => {
                scratch.run(&block, chapter);
                ran += 1;
            }
            Target::None => {}
        }
    }
    assert!(ran > 0, "{chapter} runs nothing");
}

macro_rules! chapters {
    ($($name:ident $file:literal)*) => {
        /// The chapters that have something to run.
        const CHAPTERS: &[&str] = &[$($file),*];

        $(
            #[tokio::test]
            async fn $name() {
                done($file).await;
            }
        )*
    };
}

chapters! {
    the_tutorial_leads_to_a_tested_service "tutorial.md"
    the_chapter_on_query_files_is_true "queries.md"
    the_chapter_on_nullability_is_true "nullability.md"
    the_recipes_work "recipes.md"
    the_chapter_on_migrations_in_production_is_true "production_migrations.md"
    the_chapter_on_migrations_is_true "migrations.md"
    the_chapter_on_the_local_database_is_true "local_database.md"
    the_chapter_on_lints_is_true "conventions.md"
    the_chapter_on_isolation_is_true "isolation.md"
    the_chapter_for_users_of_sqlc_is_true "coming_from_sqlc.md"
    the_chapter_for_users_of_sqlx_is_true "coming_from_sqlx.md"
}

/// The pages that the summary lists.
fn pages() -> Vec<String> {
    let summary = std::fs::read_to_string(Path::new(DOCS).join("SUMMARY.md")).unwrap();
    let links = summary.split("](").skip(1);
    links
        .map(|rest| rest.split(')').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_page_is_in_the_summary_and_every_command_is_run() {
    let mut files = xact_codegen::report::source::list(Path::new(DOCS), "", "md").unwrap();
    files.retain(|path| path != "SUMMARY.md");
    let mut pages = pages();
    pages.sort();
    assert_eq!(pages, files);
    for page in pages {
        let text = std::fs::read_to_string(Path::new(DOCS).join(&page)).unwrap();
        let runs = blocks::of(&text)
            .iter()
            .any(|block: &Block| matches!(block.target, Target::Run));
        assert_eq!(runs, CHAPTERS.contains(&page.as_str()), "{page}");
    }
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    for page in pages() {
        let path = Path::new(DOCS).join(&page);
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            let outside = target.starts_with("http") || target.is_empty();
            let exists = path.parent().unwrap().join(target).exists();
            assert!(outside || exists, "{page}: {target}");
        }
    }
}
