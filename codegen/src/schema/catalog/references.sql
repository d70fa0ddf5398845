-- The columns by which catalogs refer to each other, as Postgres itself declares them.
SELECT f.fktable::text AS catalog, f.fkcols AS columns, f.pktable::text AS target, f.is_array
FROM pg_get_catalog_foreign_keys() f
