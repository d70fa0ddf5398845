CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    body text
);
CREATE PUBLICATION changes FOR TABLE notes;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
