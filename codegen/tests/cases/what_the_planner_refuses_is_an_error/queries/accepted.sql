-- name: with_its_condition :exec
INSERT INTO people (id, email) VALUES (:id, :email) ON CONFLICT (lower(email)) WHERE NOT deleted DO NOTHING;

-- name: lock_notes_alone :many
SELECT n.id, p.email FROM notes n LEFT JOIN people p ON p.id = n.author_id FOR UPDATE OF n;

-- name: divide_by :many
SELECT id / :by AS part FROM notes WHERE id % :by = 0;

-- name: by_a_domain_that_refuses_null :exec
INSERT INTO pages (slug) VALUES (:slug);

-- name: of_a_team_that_the_application_sets :many
SELECT id FROM people WHERE team = current_team();

-- name: since_a_day_that_the_application_sets :many
SELECT id FROM people WHERE email > current_setting('app.since')::date::text;

-- name: good :many
SELECT id FROM notes WHERE body = checked('good');
