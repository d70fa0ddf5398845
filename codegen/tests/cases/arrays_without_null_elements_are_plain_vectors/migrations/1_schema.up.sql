CREATE TABLE notes (
    id bigint PRIMARY KEY,
    labels text[] NOT NULL
);
CREATE TABLE tags (
    note_id bigint NOT NULL,
    name text NOT NULL,
    weight double precision
);
