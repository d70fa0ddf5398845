-- name: notes_of_kind :many
SELECT id FROM notes WHERE (:kind? IS NULL OR kind = :kind) AND (:priority? IS NULL OR :priority < priority) ORDER BY id;

-- name: notes_from :many
SELECT id FROM notes WHERE CASE WHEN :since? IS NOT NULL THEN at >= :since ELSE true END ORDER BY id;
