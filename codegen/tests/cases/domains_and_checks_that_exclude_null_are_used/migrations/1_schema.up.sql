CREATE DOMAIN filled AS text NOT NULL;
CREATE DOMAIN named AS filled CHECK (length(VALUE) < 20);
CREATE DOMAIN stated AS text CHECK (VALUE IS NOT NULL);
CREATE DOMAIN full_list AS int[] CHECK (array_position(VALUE, NULL) IS NULL);
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    motto filled DEFAULT 'x',
    name named DEFAULT 'x',
    word stated DEFAULT 'x',
    nick text,
    tags text[] NOT NULL DEFAULT '{}' CHECK (array_position(tags, NULL) IS NULL),
    codes varchar(3)[] CHECK (array_remove(codes, NULL) = codes),
    numbers full_list,
    loose text[] CHECK (array_position(loose, NULL) IS NULL OR cardinality(loose) > 1),
    later int[]
);
ALTER TABLE people ADD CONSTRAINT later_not_null CHECK (array_position(later, NULL) IS NULL) NOT VALID;
CREATE TABLE parents (tags text[], own text[] CHECK (array_position(own, NULL) IS NULL) NO INHERIT);
