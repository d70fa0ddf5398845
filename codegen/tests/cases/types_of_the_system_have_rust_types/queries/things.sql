-- name: things_all :many
SELECT *, xmin, cmin, ctid FROM things;

-- name: thing_add :exec
INSERT INTO things (transaction, transaction8, command, position, address, path, search, portal, span, positions, searches)
VALUES (:transaction, :transaction8, :command, :position, :address, :path, :search, :portal, :span, '{}', :searches);

-- name: things_add :batch
INSERT INTO things (transaction, transaction8, command, position, address, path, search, portal, span, positions)
VALUES (:transaction, :transaction8, :command, :position, :address, :path, :search, :portal, '[1,2)', ARRAY[:position::pg_lsn]);
