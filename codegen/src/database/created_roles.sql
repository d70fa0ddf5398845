-- Roles of initdb have OIDs below FirstNormalObjectId (access/transam.h). The server has no other migrations than those of its key.
SELECT r.rolname::pg_catalog.text FROM pg_catalog.pg_roles r WHERE r.oid OPERATOR(pg_catalog.>=) 16384
