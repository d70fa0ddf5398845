CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    settings jsonb NOT NULL,
    extra jsonb
);
