-- name: NotesList :many
SELECT body FROM notes;
