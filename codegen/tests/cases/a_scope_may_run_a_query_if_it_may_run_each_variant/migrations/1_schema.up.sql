CREATE ROLE reader;
CREATE TABLE bookmarks (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    folder text
);
GRANT SELECT (id, title) ON bookmarks TO reader;
