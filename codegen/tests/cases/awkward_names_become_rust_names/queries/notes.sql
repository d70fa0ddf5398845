-- name: match :many
SELECT "type", "Created At", "größe", "2fa", "self" FROM "Odd";
-- name: OrderGet :many
SELECT id FROM "order" WHERE "where" = :type;
