-- name: doc_add :one
INSERT INTO docs (body) VALUES (:body) RETURNING *;

-- name: docs_all :many
SELECT * FROM docs WHERE search @@ websearch_to_tsquery('english', :words);

-- name: docs_with_drafts :many
SELECT * FROM docs d JOIN drafts ON drafts.doc_id = d.id JOIN docs other ON other.id <> d.id;

-- name: draft_put :batch
INSERT INTO drafts (doc_id, words) VALUES (:doc_id, :words) RETURNING words;
