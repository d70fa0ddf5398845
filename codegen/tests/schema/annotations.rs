//! Annotations: errors have their location in the file, and suggest the nearest name.

use xact_codegen::schema::annotations::{AnnotationLocation, UnknownKey};
use xact_codegen::schema::{AnnotationError, Annotations, unknown_keys};

use super::server::{drop, migrated, schema};

const FILE: &str = "\
tables:
  bookmarks:
    description: A saved link.
    columns:
      url: The page's address as it was saved.
      metadata:
        description: What the importer knew about the page.
        rust_type: crate::BookmarkMetadata
";

fn error(text: &str) -> AnnotationError {
    Annotations::parse(text).unwrap_err()
}

#[test]
fn a_column_is_a_description_or_a_map() {
    let annotations = Annotations::parse(FILE).unwrap();
    let table = &annotations.tables["bookmarks"];
    assert_eq!(table.description.as_deref(), Some("A saved link."));
    assert_eq!(
        table.columns["url"].description.as_deref(),
        Some("The page's address as it was saved.")
    );
    assert_eq!(table.columns["url"].rust_type, None);
    assert_eq!(
        table.columns["metadata"].rust_type.as_deref(),
        Some("crate::BookmarkMetadata")
    );
    assert_eq!(
        table.columns["metadata"].place,
        AnnotationLocation { line: 6, column: 7 }
    );
}

#[test]
fn a_file_that_says_nothing_is_no_error() {
    for text in ["", "# later\n", "tables: {}\n"] {
        assert_eq!(
            Annotations::parse(text),
            Ok(Annotations::default()),
            "{text:?}"
        );
    }
}

#[test]
fn an_unknown_field_is_an_error_at_its_place() {
    let of_column = error(&FILE.replace("rust_type", "rusttype"));
    assert_eq!((of_column.line, of_column.column), (8, 9));
    assert_eq!(
        of_column.message,
        "unknown field `rusttype`, expected one of description, rust_type, tags"
    );
    let of_table = error("tables:\n  a:\n    colums: {}\n");
    assert_eq!((of_table.line, of_table.column), (3, 5));
    let of_file = error("tabels: {}\n");
    assert_eq!((of_file.line, of_file.column), (1, 1));
}

#[test]
fn broken_yaml_and_keys_given_twice_are_errors_at_their_place() {
    assert_eq!(error("tables:\n  a: [\n").line, 2);
    assert_eq!(error("tables:\n  a: {}\n  a: {}\n").line, 3);
    assert_eq!(error("tables:\n  a:\n    columns:\n      b: [1]\n").line, 4);
}

#[tokio::test]
async fn keys_that_do_not_exist_are_named_with_the_nearest_that_does() {
    let mut database = migrated(
        "CREATE SCHEMA audit; CREATE TABLE audit.log (id integer);
         CREATE TABLE bookmarks (id integer, url text); CREATE VIEW recent AS SELECT id AS bookmark FROM bookmarks",
    )
    .await;
    let schema = schema(&mut database).await;
    drop(database).await;
    let known =
        Annotations::parse("tables: { audit.log: {}, recent: { columns: { bookmark: It. } } }")
            .unwrap();
    assert_eq!(unknown_keys(&known, &schema), []);
    let unknown = Annotations::parse(&FILE.replace("url:", "urls:")).unwrap();
    let key = |table: &str, column: Option<&str>, nearest: Option<&str>, line, column_in_line| {
        UnknownKey {
            table: table.to_owned(),
            column: column.map(str::to_owned),
            nearest: nearest.map(str::to_owned),
            place: AnnotationLocation {
                line,
                column: column_in_line,
            },
        }
    };
    let expected = [
        key("bookmarks", Some("urls"), Some("url"), 5, 7),
        key("bookmarks", Some("metadata"), None, 6, 7),
    ];
    assert_eq!(unknown_keys(&unknown, &schema), expected);
    let misspelt = Annotations::parse("tables:\n  bokmarks: {}\n").unwrap();
    assert_eq!(
        unknown_keys(&misspelt, &schema),
        [key("bokmarks", None, Some("bookmarks"), 2, 3)]
    );
}
