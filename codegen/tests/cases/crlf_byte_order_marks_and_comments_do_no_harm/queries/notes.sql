-- Windows.
-- name: notes_list :many
SELECT id, -- a comment; with :colon
       title /* and /* another */ one */
FROM notes -- the end
;

-- name: notes_last :many
SELECT title FROM notes WHERE title <> ';' -- no semicolon