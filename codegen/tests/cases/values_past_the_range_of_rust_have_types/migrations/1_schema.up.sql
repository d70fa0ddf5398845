CREATE TYPE mood AS ENUM ('sunny', 'rainy', 'unknown');
CREATE TABLE stays (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    valid_until timestamptz NOT NULL DEFAULT 'infinity',
    nights daterange NOT NULL DEFAULT 'empty',
    moods mood[] NOT NULL DEFAULT '{}',
    mood mood NOT NULL DEFAULT 'sunny'
);
