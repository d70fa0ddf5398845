-- name: bookmarks_list :many
SELECT id AS "id!", title AS "title?", url AS "url?", NULL::text AS "folder!", max(title) OVER () AS "longest!"
FROM bookmarks;
