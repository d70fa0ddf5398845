-- A row that has the columns of a table has a struct of its own, which borrows.
-- xact: borrowed rows
-- derive: serde::Serialize, utoipa::ToSchema
-- name: notes_export :stream
SELECT * FROM notes ORDER BY id;

-- xact: borrowed rows
-- name: titles_export :stream
SELECT title FROM notes WHERE id > :after ORDER BY id;

-- xact: borrowed rows: an export
-- name: bodies_export :stream
SELECT body FROM notes ORDER BY id;

-- A row with a name; the row in it owns its text.
-- xact: borrowed rows
-- row: NoteWithAuthor
-- name: notes_with_authors :stream
SELECT n.title, sqlc.embed(a) FROM notes n JOIN authors a ON a.id = n.id ORDER BY n.id;

-- Without the directive nothing borrows.
-- name: notes_stream :stream
SELECT id, title FROM notes ORDER BY id;
