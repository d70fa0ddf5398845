CREATE TABLE authors (
    id bigint PRIMARY KEY,
    dropped text,
    name text NOT NULL,
    born date
);

ALTER TABLE authors DROP COLUMN dropped;

CREATE TABLE books (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    author_id bigint NOT NULL REFERENCES authors,
    reviewer_id bigint REFERENCES authors
);

CREATE TABLE "Shelf Marks" (
    book_id bigint PRIMARY KEY,
    "Mark" text
);

CREATE VIEW book_counts AS
SELECT author_id, count(*) AS books FROM books GROUP BY author_id;
