ALTER TABLE people ADD COLUMN password_hash text NOT NULL DEFAULT '';
