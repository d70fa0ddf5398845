-- pair: textsearch
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d;
CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, a)) STORED);
CREATE INDEX i ON t USING gin (to_tsvector('c'::regconfig, a));
-- becomes
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);
COMMENT ON TEXT SEARCH DICTIONARY d IS 'd';
CREATE TEXT SEARCH CONFIGURATION c (COPY = english);
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d;
CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, a)) STORED);
CREATE INDEX i ON t USING gin (to_tsvector('c'::regconfig, a));

-- pair: textsearch2
SELECT 1;
-- becomes
CREATE TEXT SEARCH TEMPLATE tt (LEXIZE = dsimple_lexize, INIT = dsimple_init);
CREATE TEXT SEARCH PARSER pp (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = tt);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pp);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d;
