-- name: trip_times :many
-- derive: serde::Serialize, serde::Deserialize, utoipa::ToSchema, schemars::JsonSchema
SELECT id, day, at, local, days FROM trips ORDER BY id;
