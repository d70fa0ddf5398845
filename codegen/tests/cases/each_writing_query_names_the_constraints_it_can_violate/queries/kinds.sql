-- A partition reports the foreign key as its own.
-- name: event_create :exec
INSERT INTO events (id, day, team_id) VALUES (:id, :day, :team_id);

-- name: event_create_early :exec
INSERT INTO events_early (id, day, team_id, kind) VALUES (:id, :day, :team_id, :kind);

-- A row may move to another partition, with a check of its own.
-- name: event_move :exec
UPDATE events SET day = :day WHERE id = :id;

-- name: event_rename :exec
UPDATE events SET kind = :kind WHERE id = :id;

-- name: event_delete_late :exec
DELETE FROM events_late WHERE id = :id;

-- Nothing conflicts but what the clause does not name.
-- name: event_ensure :exec
INSERT INTO events (id, day) VALUES (:id, :day) ON CONFLICT DO NOTHING;

-- name: guest_create :exec
INSERT INTO guests (id, day, event_id) VALUES (:id, :day, :event_id);

-- name: large_guest_create :exec
INSERT INTO large_guests (id, weight) VALUES (:id, :weight);

-- The trigger assigns one column, on which a generated one depends.
-- name: stamped_move :exec
UPDATE stamped SET room = :room WHERE id = :id;

-- name: stamped_hours :exec
UPDATE stamped SET hours = :hours WHERE id = :id;

-- Columns that are not written have their defaults.
-- name: stamped_create :exec
INSERT INTO stamped (id, title, revision) VALUES (:id, :title, :revision);

-- name: stamped_ensure :exec
INSERT INTO stamped (id, title, revision) VALUES (:id, :title, :revision)
ON CONFLICT (title) DO UPDATE SET revision = EXCLUDED.revision;

-- name: person_ensure :exec
INSERT INTO people (id, team_id, email) VALUES (:id, :team_id, :email) ON CONFLICT (lower(email)) DO NOTHING;

-- name: badge_ensure :exec
INSERT INTO badges (id, person_id) VALUES (:id, NULL) -- so no check that compares it fails
ON CONFLICT ON CONSTRAINT badges_pkey DO NOTHING;

-- name: seat_create :exec
INSERT INTO seats (place, person_id) VALUES (:place, :person_id);

-- SET DEFAULT writes a person who may be missing.
-- name: person_delete :exec
DELETE FROM people WHERE id = :id;

-- name: team_merge :exec
MERGE INTO teams t USING (SELECT :id::bigint AS id, :name::text AS name) AS s ON t.id = s.id AND t.name = s.name
WHEN MATCHED THEN UPDATE SET size = -t.size
WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);

-- name: team_and_person_create :exec
WITH team AS (INSERT INTO teams (id, name) VALUES (:team_id, :name) RETURNING id)
INSERT INTO people (id, team_id, email) SELECT :id, :other_team_id, :email FROM team;

-- name: ruled_create :exec
INSERT INTO ruled (id) VALUES (:id);

-- name: teams_create :batch
INSERT INTO teams (id, name) VALUES (:id, :name);

-- name: teams_copy :copy
INSERT INTO teams (id, name, size) VALUES (:id, :name, :size);
