//! The statements of tools are those of the generated module, byte for byte.

use crate::world::PROJECT;
use std::path::Path;
use xact_codegen::rust::write_wire_queries;
use xact_codegen::workspace::Workspace;

/// The module of a query file, and the columns of the rows of tables, which it names.
fn read_module(query_file: &str) -> String {
    let name = query_file.strip_prefix("queries/").unwrap();
    let files = [name.replace(".sql", ".rs"), "types.rs".to_owned()];
    let texts = files.map(|file| std::fs::read_to_string(format!("{PROJECT}/src/orm/{file}")));
    let text: String = texts.into_iter().map(Result::unwrap).collect();
    without_blanks(&text.replace("\\n", "\n"))
}

/// The layout of the generated file is none of the tool's: a long list has several lines.
fn without_blanks(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    text.replace(",]", "]")
}

#[tokio::test]
async fn a_tool_sends_the_statement_that_generated_code_sends() {
    let mut workspace = Workspace::open(Path::new(PROJECT), None);
    let checked = workspace.check().await.unwrap();
    workspace.stop().await.unwrap();
    let queries = write_wire_queries(
        &checked.project,
        &checked.schema,
        &checked.types,
        &checked.queries,
    );
    assert!(queries.len() > 50);
    for query in queries {
        let module = read_module(&query.file);
        let find = |text: &str| {
            assert!(
                module.contains(&without_blanks(text)),
                "{}: {text}",
                query.name
            );
        };
        // A query without rows has no text for its columns.
        if !query.columns.is_empty() {
            find(&format!("\"{}\"", query.names));
            find(&format!("{:?}", query.columns));
        }
        match (&query.shape, &query.pages) {
            (Some(shape), _) => shape.pieces.iter().for_each(|piece| find(&piece.text)),
            // The compiler joins the statements of pages from their beginning and their end.
            (None, Some(pages)) => {
                let (select, rest) = pages.first.0.split_once("\nFROM (\n").unwrap();
                let (rows, end) = rest.rsplit_once(") AS xact_page").unwrap();
                [select, rows, end].into_iter().for_each(find);
                find(&format!("{:?}", pages.first.1));
                find(&format!("{:#018x}", pages.fingerprint));
            }
            (None, None) => {
                find(&query.sql);
                find(&format!("{:?}", query.parameters));
            }
        }
    }
}
