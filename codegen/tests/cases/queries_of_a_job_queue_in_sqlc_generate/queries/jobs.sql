-- name: JobsWithWorkers :many
SELECT jobs.id, jobs.state, workers.id, workers.seen_at, jobs.created_at, workers.created_at
FROM jobs
LEFT JOIN workers ON workers.id = jobs.worker_id
WHERE jobs.tenant_id = $1
  AND (sqlc.narg('state')::job_state IS NULL OR jobs.state = sqlc.narg('state')::job_state)
  AND (sqlc.narg('search')::text IS NULL OR jobs.words @@ plainto_tsquery('simple', sqlc.narg('search')::text))
ORDER BY jobs.created_at DESC
LIMIT COALESCE(sqlc.narg('limit')::int, 50);

-- name: JobById :one
SELECT * FROM jobs WHERE id = @id::bigint AND tenant_id = @tenant_id::uuid;

-- name: ChildrenOfJobs :batchmany
SELECT id, state FROM jobs WHERE parent_id = $1 AND tenant_id = $2 ORDER BY id;

-- name: JobOfEach :batchone
SELECT id, title FROM jobs WHERE id = $1;

-- name: FinishJobs :batchexec
UPDATE jobs SET state = 'done' WHERE id = $1;

-- name: AddJobs :copyfrom
INSERT INTO jobs (tenant_id, title, input) VALUES ($1, $2, $3);

-- name: TakeJobs :many
WITH picked AS (
    SELECT id FROM jobs
    WHERE tenant_id = @tenant_id::uuid AND state = 'queued'
    ORDER BY created_at
    LIMIT @batch_size::int
    FOR UPDATE SKIP LOCKED
)
UPDATE jobs SET state = 'running', worker_id = @worker_id::uuid
FROM picked WHERE jobs.id = picked.id
RETURNING jobs.*;

-- name: SetTitles :exec
UPDATE jobs SET title = input.title
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@titles::text[]) AS title) AS input
WHERE jobs.id = input.id;

-- name: UpdateWorker :one
UPDATE workers SET
    seen_at = COALESCE(sqlc.narg('seen_at')::timestamptz, seen_at),
    tenant_id = CASE WHEN @moves::bool THEN @tenant_id::uuid ELSE tenant_id END
WHERE id = @id::uuid
RETURNING *;

-- name: CountByState :many
SELECT state, COUNT(*) FILTER (WHERE worker_id IS NOT NULL) AS taken, COUNT(*) AS total
FROM jobs WHERE tenant_id = ANY(@tenant_ids::uuid[]) GROUP BY state;

-- name: JobsOfTenantsAt :many
SELECT id FROM jobs WHERE (tenant_id, worker_id) IN (:pairs) AND state = @state::job_state;
