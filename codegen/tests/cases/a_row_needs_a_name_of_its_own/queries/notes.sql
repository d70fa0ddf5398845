-- name: notes_titles :many
-- row: NoteTitle
SELECT id, title FROM notes;

-- name: notes_bodies :many
-- row: NoteTitle
SELECT id, body FROM notes;

-- name: notes_short :many
-- row: Note
SELECT id, title FROM notes;

-- name: notes_small :many
-- row: note_title
SELECT id, title FROM notes;

-- name: notes_count :one
-- row: Count
SELECT count(*) FROM notes;

-- name: notes_list :many
-- derive: Hash
SELECT * FROM notes;

-- name: notes_wrong :many
-- derive: #[derive(Hash)]
SELECT id, title FROM notes;
