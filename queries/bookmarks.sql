-- The bookmarks of an organization, newest first, each with the file it was imported from.
-- name: bookmarks_list :page
SELECT b.id, b.created_at, b.url, b.title, b.domain, b.original_folder, b.metadata,
       b.import_job_id, j.filename AS import_filename
FROM bookmarks b
LEFT JOIN import_jobs j ON j.id = b.import_job_id
WHERE b.organization_id = :organization_id
ORDER BY b.id DESC
LIMIT :limit;

-- All bookmarks of an organization, newest first.
-- name: bookmarks_export :stream
SELECT b.id, b.created_at, b.updated_at, b.storytime, b.organization_id, b.import_job_id, b.source_extid, b.url,
       b.title, b.domain, b.original_folder, b.metadata
FROM bookmarks b
WHERE b.organization_id = :organization_id
ORDER BY b.id DESC;

-- The bookmarks that one import brought in, oldest first.
-- name: bookmarks_list_by_import_job :many
SELECT b.id, b.created_at, b.updated_at, b.storytime, b.organization_id, b.import_job_id, b.source_extid, b.url,
       b.title, b.domain, b.original_folder, b.metadata
FROM bookmarks b
WHERE b.organization_id = :organization_id AND b.import_job_id = :import_job_id
ORDER BY b.id;

-- The bookmarks of a cluster, newest first.
-- name: bookmarks_list_by_cluster :many
SELECT b.id, b.created_at, b.updated_at, b.storytime, b.organization_id, b.import_job_id, b.source_extid, b.url,
       b.title, b.domain, b.original_folder, b.metadata
FROM bookmark_clusters bc
JOIN bookmarks b ON b.id = bc.bookmark_id
WHERE bc.organization_id = :organization_id AND bc.cluster_id = :cluster_id
ORDER BY b.id DESC;

-- The bookmarks of an organization that meet the conditions that are given.
-- name: bookmarks_search :page
SELECT b.id, b.created_at, b.updated_at, b.storytime, b.organization_id, b.import_job_id, b.source_extid, b.url,
       b.title, b.domain, b.original_folder, b.metadata
FROM bookmarks b
JOIN bookmark_clusters bc ON bc.organization_id = b.organization_id AND bc.bookmark_id = b.id -- if :cluster_id
WHERE b.organization_id = :organization_id
  -- Only titles that match this `ILIKE` pattern.
  AND b.title ILIKE :pattern                          -- if :pattern
  -- Only pages of this host.
  AND b.domain = :domain                              -- if :domain
  -- Only bookmarks that an import brought in.
  AND b.import_job_id IS NOT NULL                     -- if imported
  -- Only bookmarks of this cluster.
  AND bc.cluster_id = :cluster_id                     -- if :cluster_id
ORDER BY b.id DESC                                    -- order newest
-- order title: b.title, b.id
-- order domain: b.domain, b.id DESC
LIMIT :limit;

-- How many bookmarks an organization has.
-- name: bookmarks_count :one
SELECT count(*) AS bookmark_count
FROM bookmarks b
WHERE b.organization_id = :organization_id;

-- The domains an organization has saved most from.
-- name: bookmarks_count_by_domain :many
SELECT b.domain, count(*) AS bookmark_count, max(b.created_at) AS last_saved_at
FROM bookmarks b
WHERE b.organization_id = :organization_id
GROUP BY b.domain
ORDER BY bookmark_count DESC, b.domain
LIMIT :limit;

-- One bookmark by its id.
-- name: bookmarks_get :optional
SELECT b.id, b.created_at, b.updated_at, b.storytime, b.organization_id, b.import_job_id, b.source_extid, b.url,
       b.title, b.domain, b.original_folder, b.metadata
FROM bookmarks b
WHERE b.id = :id;

-- Saves a link by hand.
-- name: bookmarks_create :one
INSERT INTO bookmarks (organization_id, url, title, domain, metadata)
VALUES (:organization_id, :url, :title, :domain, :metadata)
RETURNING id, created_at, updated_at, storytime, organization_id, import_job_id, source_extid, url, title, domain,
          original_folder, metadata;

-- Saves a link from an import; one with the same id at its source is brought up to date.
-- name: bookmarks_import :one
INSERT INTO bookmarks (organization_id, import_job_id, source_extid, url, title, domain, original_folder, metadata)
VALUES (:organization_id, :import_job_id, :source_extid, :url, :title, :domain, :original_folder?, :metadata)
ON CONFLICT (organization_id, source_extid) DO UPDATE
SET import_job_id = EXCLUDED.import_job_id,
    url = EXCLUDED.url,
    title = EXCLUDED.title,
    domain = EXCLUDED.domain,
    original_folder = EXCLUDED.original_folder,
    metadata = EXCLUDED.metadata
RETURNING id, created_at, updated_at, storytime, organization_id, import_job_id, source_extid, url, title, domain,
          original_folder, metadata;

-- Changes the columns of a bookmark that are given.
-- name: bookmarks_update :optional
UPDATE bookmarks
SET url = :url                            -- if :url
  , title = :title                        -- if :title
  , domain = :domain                      -- if :domain
  , original_folder = :original_folder    -- if :original_folder
WHERE id = :id
RETURNING id, created_at, updated_at, storytime, organization_id, import_job_id, source_extid, url, title, domain,
          original_folder, metadata;

-- Replaces what is known about the page behind a bookmark.
-- name: bookmarks_update_metadata :execrows
UPDATE bookmarks
SET metadata = :metadata
WHERE id = :id;

-- Deletes a bookmark and takes it out of its clusters.
-- name: bookmarks_delete :execrows
DELETE FROM bookmarks
WHERE id = :id;
