-- name: team_create :exec
INSERT INTO teams (id, name, size) VALUES (:id, :name, :size);

-- An update can violate the constraints on the columns that it changes.
-- name: team_resize :exec
UPDATE teams SET size = :size WHERE id = :id;

-- A key that others refer to takes their rows along.
-- name: team_renumber :exec
UPDATE teams SET id = :new_id WHERE id = :id;

-- CASCADE deletes people, whom a badge may hold.
-- name: team_delete :exec
DELETE FROM teams WHERE id = :id;

-- name: person_create :exec
INSERT INTO people (id, team_id, email) VALUES (:id, :team_id, :email);

-- name: badge_create :exec
INSERT INTO badges (id, person_id) VALUES (:id, :person_id);

-- An index over an expression may depend on any column.
-- name: person_move :exec
UPDATE people SET team_id = :team_id WHERE id = :id;

-- Nothing refers to badges.
-- name: badge_delete :exec
DELETE FROM badges WHERE id = :id;

-- A lock writes nothing, and the tables below a view are not followed.
-- name: team_lock :optional
SELECT name FROM teams WHERE id = :id FOR UPDATE;

-- name: large_team_delete :exec
DELETE FROM large_teams WHERE id = :id;
