-- name: notes_list :many
SELECT id, settings AS "settings: xact::types::Json<Vec<bool>>", title AS "title!: _" FROM accounts;
