-- The clusters of an organization by name, with the number of bookmarks in each.
-- name: clusters_list :many
SELECT c.id, c.created_at, c.name, c.description, count(bc.id) AS bookmark_count
FROM clusters c
LEFT JOIN bookmark_clusters bc ON bc.organization_id = c.organization_id AND bc.cluster_id = c.id
WHERE c.organization_id = :organization_id
GROUP BY c.id
ORDER BY c.name;

-- The clusters that a bookmark is in, by name.
-- name: clusters_list_by_bookmark :many
SELECT c.id, c.created_at, c.updated_at, c.storytime, c.organization_id, c.name, c.description
FROM bookmark_clusters bc
JOIN clusters c ON c.id = bc.cluster_id
WHERE bc.organization_id = :organization_id AND bc.bookmark_id = :bookmark_id
ORDER BY c.name;

-- One cluster by its id.
-- name: clusters_get :optional
SELECT c.id, c.created_at, c.updated_at, c.storytime, c.organization_id, c.name, c.description
FROM clusters c
WHERE c.id = :id;

-- The cluster of an organization with this name.
-- name: clusters_get_by_name :optional
SELECT c.id, c.created_at, c.updated_at, c.storytime, c.organization_id, c.name, c.description
FROM clusters c
WHERE c.organization_id = :organization_id AND c.name = :name;

-- Adds an empty cluster.
-- name: clusters_create :one
INSERT INTO clusters (organization_id, name, description)
VALUES (:organization_id, :name, :description?)
RETURNING id, created_at, updated_at, storytime, organization_id, name, description;

-- Changes what a cluster is called and what is said about it.
-- name: clusters_update :optional
UPDATE clusters
SET name = :name, description = :description?
WHERE id = :id
RETURNING id, created_at, updated_at, storytime, organization_id, name, description;

-- Deletes a cluster and keeps its bookmarks.
-- name: clusters_delete :execrows
DELETE FROM clusters
WHERE id = :id;
