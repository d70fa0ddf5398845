-- Which bookmark is in which cluster, for a whole organization.
-- name: bookmark_clusters_list :many
SELECT bc.id, bc.created_at, bc.updated_at, bc.storytime, bc.organization_id, bc.bookmark_id, bc.cluster_id
FROM bookmark_clusters bc
WHERE bc.organization_id = :organization_id
ORDER BY bc.cluster_id, bc.bookmark_id;

-- The entry of a bookmark in a cluster, if it is in there.
-- name: bookmark_clusters_get :optional
SELECT bc.id, bc.created_at, bc.updated_at, bc.storytime, bc.organization_id, bc.bookmark_id, bc.cluster_id
FROM bookmark_clusters bc
WHERE bc.organization_id = :organization_id AND bc.bookmark_id = :bookmark_id AND bc.cluster_id = :cluster_id;

-- Puts a bookmark into a cluster that it is not in yet.
-- name: bookmark_clusters_create :one
INSERT INTO bookmark_clusters (organization_id, bookmark_id, cluster_id)
VALUES (:organization_id, :bookmark_id, :cluster_id)
RETURNING id, created_at, updated_at, storytime, organization_id, bookmark_id, cluster_id;

-- Puts a bookmark into a cluster unless it is in there; says whether it was put (1) or found (0).
-- name: bookmark_clusters_ensure :execrows
INSERT INTO bookmark_clusters (organization_id, bookmark_id, cluster_id)
VALUES (:organization_id, :bookmark_id, :cluster_id)
ON CONFLICT (organization_id, bookmark_id, cluster_id) DO NOTHING;

-- Takes a bookmark out of a cluster.
-- name: bookmark_clusters_delete :execrows
DELETE FROM bookmark_clusters
WHERE organization_id = :organization_id AND bookmark_id = :bookmark_id AND cluster_id = :cluster_id;

-- Empties a cluster and keeps both it and its bookmarks.
-- name: bookmark_clusters_delete_by_cluster :execrows
DELETE FROM bookmark_clusters
WHERE organization_id = :organization_id AND cluster_id = :cluster_id;
