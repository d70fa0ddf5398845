CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z-]+$');
CREATE TABLE lists (
    a varchar(5)[] NOT NULL,
    b char(3)[],
    c name[],
    d json[],
    e cidr[],
    f bit(3)[],
    g regclass[],
    h xml[],
    i text[] NOT NULL,
    j slug[]
);
