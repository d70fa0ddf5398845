-- The newest imports of an organization first.
-- name: import_jobs_list :many
SELECT j.id, j.created_at, j.updated_at, j.storytime, j.organization_id, j.filename, j.file_size_bytes, j.status,
       j.started_at, j.finished_at, j.found_count, j.imported_count, j.failed_count, j.cost_microdollars,
       j.error_message
FROM import_jobs j
WHERE j.organization_id = :organization_id
ORDER BY j.id DESC
LIMIT :limit;

-- The newest imports of an organization first, each with the bookmarks that it brought in, oldest first.
-- name: import_jobs_list_with_bookmarks :many
SELECT sqlc.embed(import_jobs),
       ARRAY(SELECT sqlc.embed(b) FROM bookmarks b WHERE b.import_job_id = import_jobs.id ORDER BY b.id) AS bookmarks
FROM import_jobs
WHERE import_jobs.organization_id = :organization_id
ORDER BY import_jobs.id DESC
LIMIT :limit;

-- One import by its id.
-- name: import_jobs_get :optional
SELECT j.id, j.created_at, j.updated_at, j.storytime, j.organization_id, j.filename, j.file_size_bytes, j.status,
       j.started_at, j.finished_at, j.found_count, j.imported_count, j.failed_count, j.cost_microdollars,
       j.error_message
FROM import_jobs j
WHERE j.id = :id;

-- What an organization's imports cost in each month (UTC) that had any, latest month first.
-- name: import_jobs_costs_by_month :many
SELECT date_trunc('month', j.created_at, 'UTC') AS month,
       count(*) AS job_count,
       COALESCE(sum(j.imported_count), 0)::bigint AS imported_count,
       COALESCE(sum(j.cost_microdollars), 0)::bigint AS cost_microdollars
FROM import_jobs j
WHERE j.organization_id = :organization_id
GROUP BY month
ORDER BY month DESC;

-- What an organization's imports cost since a moment; 0 if there were none.
-- name: import_jobs_total_cost :one
SELECT COALESCE(sum(j.cost_microdollars), 0)::bigint AS cost_microdollars
FROM import_jobs j
WHERE j.organization_id = :organization_id AND j.created_at >= :since;

-- Records a file that waits to be imported.
-- name: import_jobs_create :one
INSERT INTO import_jobs (organization_id, filename, file_size_bytes)
VALUES (:organization_id, :filename, :file_size_bytes)
RETURNING id, created_at, updated_at, storytime, organization_id, filename, file_size_bytes, status, started_at,
          finished_at, found_count, imported_count, failed_count, cost_microdollars, error_message;

-- Takes up the import that has waited longest, skipping those another worker is taking up.
-- name: import_jobs_start_next :optional
UPDATE import_jobs
SET status = 'running', started_at = now()
WHERE id = (
    SELECT j.id
    FROM import_jobs j
    WHERE j.status = 'pending'
    ORDER BY j.id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, created_at, updated_at, storytime, organization_id, filename, file_size_bytes, status, started_at,
          finished_at, found_count, imported_count, failed_count, cost_microdollars, error_message;

-- Records how far a running import has come and what it has cost so far.
-- name: import_jobs_update_progress :execrows
UPDATE import_jobs
SET found_count = :found_count,
    imported_count = :imported_count,
    failed_count = :failed_count,
    cost_microdollars = :cost_microdollars
WHERE id = :id AND status = 'running';

-- Marks a running import as completed.
-- name: import_jobs_complete :execrows
UPDATE import_jobs
SET status = 'completed', finished_at = now()
WHERE id = :id AND status = 'running';

-- Marks an import as failed, with the reason, unless it is over already.
-- name: import_jobs_fail :execrows
UPDATE import_jobs
SET status = 'failed', finished_at = now(), error_message = :error_message
WHERE id = :id AND status IN ('pending', 'running');

-- Deletes an import and keeps its bookmarks.
-- name: import_jobs_delete :execrows
DELETE FROM import_jobs
WHERE id = :id;
