//! The example at the top of README.md: its SQL is a query of this data layer, and its Rust is run here.

use database::types::BookmarkId;

use crate::world::{ADA, World};

const README: &str = include_str!("../README.md");

/// The first block of README.md in a language.
fn block(language: &str) -> &'static str {
    let (_, after) = README.split_once(&format!("```{language}\n")).unwrap();
    after.split_once("```").unwrap().0
}

#[tokio::test]
async fn the_rust_of_the_readme_runs() -> Result<(), xact::Error> {
    let world = World::seeded().await;
    let (db, user_id, organization_id) = (&world.database, ADA.user(), ADA.organization());
    // As in README.md:
    let page = db
        .xact_customer(&user_id, &organization_id, async |q| {
            q.orm().bookmarks_list(&organization_id).first(50).await
        })
        .await?;

    assert!(!page.rows.is_empty());
    for bookmark in page.rows {
        let id: BookmarkId = bookmark.id;
        let title: String = bookmark.title;
        let file: Option<String> = bookmark.import_filename;
        drop((id, title, file));
    }
    Ok(())
}

#[test]
fn the_rust_of_the_readme_is_what_is_run() {
    let code = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or(line).trim());
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let run = code(include_str!("readme.rs"));
    for line in code(block("rust")) {
        assert!(run.contains(&line), "`{line}` is not run");
    }
}

#[test]
fn the_sql_of_the_readme_is_a_query_of_the_data_layer() {
    let queries = include_str!("../queries/bookmarks.sql");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, statement) = block("sql").split_once(":page\n").unwrap();
    assert!(words(queries).contains(&words(statement)), "{statement}");
}
