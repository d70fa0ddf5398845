-- name: projects_list :many
SELECT id, title, starts_on FROM projects ORDER BY id;

-- name: tasks_of_project :many
SELECT t.id, t.title, t.state FROM tasks t WHERE t.project_id = :project_id ORDER BY t.id;

-- name: tasks_done :execrows
UPDATE tasks SET state = 'done' WHERE id = ANY (:ids::uuid[]);

-- name: comments_create :one
INSERT INTO comments (task_id, body) VALUES (:task_id, :body) RETURNING id;

-- name: comments_count :one
SELECT count(*) AS comments FROM comments;

-- name: projects_starting :many
SELECT id, title FROM projects WHERE starts_on BETWEEN :starting::date AND :until::date;
