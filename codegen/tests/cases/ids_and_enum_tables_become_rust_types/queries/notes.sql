-- name: organizations_list :many
SELECT o.id, o.parent_id FROM organizations o;

-- A foreign key carries the id of the table at its end, also where it is part of a longer one.
-- name: tickets_list :many
SELECT t.ticket_id, t.organization_id, t.job_id, t.country, t.title, j.status AS job_status, d.ticket_id AS detailed_id
FROM tickets t
LEFT JOIN jobs j ON j.id = t.job_id
LEFT JOIN ticket_details d USING (ticket_id);

-- name: through_views_and_subqueries :many
WITH RECURSIVE ancestors AS (
    SELECT o.id FROM organizations o WHERE o.id = :organization_id
    UNION ALL
    SELECT o.parent_id FROM organizations o JOIN ancestors a ON a.id = o.id
)
SELECT v.job_id, v.job_status, a.id AS ancestor_id, (SELECT max(t.job_id) FROM tickets t) AS last_job_id,
       ARRAY(SELECT t.ticket_id FROM tickets t) AS ticket_ids,
       lag(v.job_id) OVER (ORDER BY v.job_id) AS previous_id
FROM open_jobs v, ancestors a;

-- name: in_expressions :many
SELECT COALESCE(j.status, 'closed') AS status_or_label,
       COALESCE(j.status, 'none') AS status_or_other,
       CASE WHEN j.id > 3 THEN j.organization_id ELSE o.parent_id END AS either_organization,
       CASE WHEN j.id > 3 THEN j.organization_id ELSE c.code END AS neither,
       upper(j.status) AS changed,
       array_agg(j.id) OVER () AS job_ids
FROM jobs j, organizations o, countries c;

-- name: as_parameters :many
SELECT j.id
FROM jobs j
WHERE j.organization_id = :organization_id
  AND j.status = ANY (:statuses)
  AND j.id IN (:first_id, :second_id)
  AND j.id > :after_id
  AND (j.status, j.id) > (:after_status, :after_id)
  AND :ancestor_id IN (SELECT o.parent_id FROM organizations o);

-- A pattern is not an id, nor is what is compared with two kinds of ids.
-- name: not_as_parameters :many
SELECT j.id
FROM jobs j
WHERE j.organization_id LIKE :pattern AND lower(j.status) = :lowered AND :both IN (j.organization_id, j.status);

-- name: tickets_create :exec
INSERT INTO tickets (ticket_id, organization_id, job_id, country, title)
SELECT t.ticket_id, :organization_id, :job_id, t.country, 'x'
FROM unnest(:ticket_ids::uuid[], :countries::text[]) AS t (ticket_id, country);

-- name: jobs_set_status :execrows
UPDATE jobs SET status = COALESCE(:status, status) WHERE id = :id;

-- The annotations decide otherwise.
-- name: logs_list :many
SELECT l.id, l.job_id, k.id AS link_id FROM logs l, links k WHERE l.id = :log_id AND k.id = :link_id;
