-- name: bookmarks_create :exec
INSERT INTO bookmarks (organization_id, url) VALUES (:organization_id, :url);

-- name: bookmarks_create_without_url :exec
INSERT INTO bookmarks (organization_id, title) VALUES (:organization_id, :title);

-- name: bookmarks_create_with_defaults :exec
INSERT INTO bookmarks (organization_id, url) VALUES (DEFAULT, DEFAULT);

-- name: notes_create :exec
INSERT INTO notes (body) VALUES (:body);
