ALTER TABLE notes ADD COLUMN stars bigint;
ALTER TABLE nots ADD COLUMN stars bigint;
