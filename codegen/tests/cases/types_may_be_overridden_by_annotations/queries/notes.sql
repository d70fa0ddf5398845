-- name: accounts_list :many
SELECT * FROM accounts;

-- name: accounts_create :exec
INSERT INTO accounts (id, settings, extra, mood, email, price, labels, tree, name, place)
VALUES (:id, :settings, :extra, 'sad', :email, :price, :labels, :tree, :name, :place);

-- name: accounts_set_path :exec
UPDATE accounts SET path = :path, settings = :settings WHERE id = :id;
