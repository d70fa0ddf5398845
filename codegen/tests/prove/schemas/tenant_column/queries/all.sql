-- name: accounts_list :many
SELECT id, name, currency, balance FROM accounts ORDER BY id;

-- name: payments_of_account :many
SELECT p.id, p.reference, p.amount, a.name FROM payments p JOIN accounts a ON a.id = p.account_id
WHERE p.account_id = :account_id ORDER BY p.id;

-- name: notes_search :many
SELECT id, body FROM notes WHERE body ILIKE :pattern ORDER BY id;

-- name: notes_create :one
INSERT INTO notes (tenant, body) VALUES (current_setting('app.tenant'), :body) RETURNING id;

-- name: accounts_rename :execrows
UPDATE accounts SET name = :name WHERE id = :id;

-- name: announcements_create :exec
INSERT INTO announcements (body) VALUES (:body);
