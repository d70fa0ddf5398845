-- name: bookmarks_get :optional
SELECT url FROM bookmarks WHERE id = :id;

-- name: bookmarks_get_by_url :one
SELECT id FROM bookmarks WHERE organization_id = :organization_id AND url = :url;

-- name: bookmarks_newest :optional
SELECT id FROM bookmarks ORDER BY id DESC LIMIT 1;

-- name: bookmarks_count :one
SELECT count(*) FROM bookmarks;

-- name: bookmarks_create :one
INSERT INTO bookmarks (id, organization_id, url) VALUES (:id, :organization_id, :url) RETURNING id;

-- name: bookmarks_get_by_title :optional
SELECT id FROM bookmarks WHERE title = :title;

-- name: bookmarks_of_url :one
SELECT id FROM bookmarks WHERE url = :url;

-- name: bookmarks_with_tag :one
SELECT b.url, t.tag FROM bookmarks b JOIN tags t ON t.bookmark_id = b.id WHERE b.id = :id;

-- name: bookmarks_rename :optional
UPDATE bookmarks SET title = :title WHERE url = :url RETURNING id;

-- name: tags_add :one
INSERT INTO tags (bookmark_id, tag) SELECT id, :tag FROM bookmarks RETURNING tag;
