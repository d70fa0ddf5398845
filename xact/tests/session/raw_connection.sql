SELECT pg_catalog.concat_ws(E'\n',
    current_user::text || ' of ' || session_user::text,
    (SELECT pg_catalog.string_agg(name || '=' || setting, E'\n' ORDER BY name COLLATE "C") FROM pg_catalog.pg_settings),
    'user ' || coalesce(pg_catalog.current_setting('app.user_id', true), ''),
    'temporary objects: ' || (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema()),
    'locks: ' || (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()),
    'channels: ' || (SELECT pg_catalog.count(*) FROM pg_catalog.pg_listening_channels()),
    'cursors: ' || (SELECT pg_catalog.count(*) FROM pg_catalog.pg_cursors WHERE is_holdable),
    'prepared: ' || (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_statements WHERE from_sql)
)
