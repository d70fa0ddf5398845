-- The notes that are searched for.
-- name: notes_search :page
SELECT n.id, n.title
FROM notes n
JOIN authors a ON a.id = n.author_id  -- if :author
WHERE n.id < 1000000
  AND a.name = :author                -- if :author
  AND n.score >= :score               -- if :score
  AND n.mood IN (:moods)              -- if :moods
  AND n.title LIKE '%7'               -- if sevens
ORDER BY n.id DESC                    -- order newest
-- order title: lower(n.title), n.id
-- order score: n.score DESC NULLS LAST, n.mood, n.id
LIMIT :size;

-- name: notes_by_mood :page
SELECT n.id, n.mood
FROM notes n
WHERE n.title <> :title
ORDER BY n.mood, n.id  -- order mood
-- order rising: n.id
LIMIT :size;
