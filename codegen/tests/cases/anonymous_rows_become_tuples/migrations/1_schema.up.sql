CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    body text
);
CREATE TABLE tags (
    note_id bigint NOT NULL,
    name text NOT NULL,
    weight double precision
);
