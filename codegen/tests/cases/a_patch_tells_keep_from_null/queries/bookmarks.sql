-- Changes a bookmark.
-- name: bookmarks_update :optional
UPDATE bookmarks
SET title = :title          -- if :title
  , folder = :folder        -- if :folder
  , metadata = :metadata    -- if :metadata
  , tags = :tags            -- if :tags
WHERE id = :id
RETURNING id, title, folder;

-- With a column that is always set there is always something to do.
-- name: bookmarks_touch :execrows
UPDATE bookmarks SET
    created_at = now(),
    title = :title,         -- if :title
    folder = :folder        -- if :folder
WHERE id = :id;

-- A column that is not given has its default.
-- name: bookmarks_create :one
INSERT INTO bookmarks (
    id, owner_id, title, domain
    , tags                  -- if :tags
) VALUES (
    :id, :owner_id, :title, :domain
    , :tags                 -- if :tags
)
RETURNING id, tags;
