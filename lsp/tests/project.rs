//! A small project: people, and notes that may have an author.

use std::path::Path;
use tempfile::TempDir;

pub(crate) const NOTES: &str = "\
-- The notes with their authors, the newest first.
-- name: notes_list :many
SELECT n.id, n.title, p.name AS author
FROM notes n
LEFT JOIN people p ON p.id = n.author_id
WHERE n.mood = :mood
ORDER BY n.id DESC;

-- name: note_get :optional
SELECT title FROM notes WHERE id = :id;
";

const FILES: &[(&str, &str)] = &[
    (
        "migrations/1_notes.up.sql",
        "\
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    mood text NOT NULL CHECK (mood <> ''),
    author_id bigint REFERENCES people
);
CREATE FUNCTION shout(words text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(words)';
COMMENT ON FUNCTION shout IS 'In capitals.';
",
    ),
    (
        "schema_annotations.yaml",
        "\
tables:
  people:
    description: Everyone who writes.
  notes:
    columns:
      title: The first line of the note.
",
    ),
    ("queries/notes.sql", NOTES),
    (
        "schema.sql",
        "-- @generated\nCREATE TABLE people (\n    id bigint,\n    name text\n);\nCREATE TABLE notes (\n    id bigint,\n    title text\n);\n",
    ),
    (
        "src/main.rs",
        "async fn main() {\n    q.orm().notes_list(\"gay\").await;\n    // q.orm().notes_list(\"no\")\n}\n",
    ),
    (
        "src/orm/notes.rs",
        "impl Orm {\n    pub fn notes_list(&mut self) {}\n}\n",
    ),
];

/// Writes the project into a new folder.
pub(crate) fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        write(folder.path(), path, text);
    }
    folder
}

pub(crate) fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
