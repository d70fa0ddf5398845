CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL
);
CREATE MATERIALIZED VIEW titles AS SELECT title FROM notes;
CREATE PROCEDURE notes_add(id bigint, title text) LANGUAGE sql AS $$ INSERT INTO notes VALUES (id, title) $$;
