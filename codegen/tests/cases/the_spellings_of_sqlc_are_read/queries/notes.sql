-- name: notes_list :many
SELECT id FROM notes WHERE title = @title AND body = sqlc.narg('body');
-- name: b :many
SELECT id FROM notes WHERE title = sqlc.arg(title);
-- name: NotesOfTitles :many
SELECT id FROM notes WHERE title IN (sqlc.slice('titles')) AND id NOT IN (sqlc.slice(ids));
/* name: DeleteNote :execresult */
DELETE FROM notes WHERE id = $1;
-- name: NotesIterate :iter
SELECT id FROM notes ORDER BY id;
