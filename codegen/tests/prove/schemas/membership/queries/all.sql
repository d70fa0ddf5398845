-- name: documents_list :many
SELECT id, title FROM app.documents WHERE team_id = :team_id ORDER BY id;

-- name: documents_get :optional
SELECT id, title, body FROM app.documents WHERE id = :id;

-- name: drafts_save :execrows
INSERT INTO app.drafts (team_id, person_id, body) VALUES (:team_id, :person_id, :body)
ON CONFLICT (team_id, person_id) DO UPDATE SET body = excluded.body;

-- name: revisions_add :batch
INSERT INTO app.revisions (team_id, document_id, number, body) VALUES (:team_id, :document_id, :number, :body);

-- name: people_list :many
SELECT id, email FROM app.people ORDER BY id;
