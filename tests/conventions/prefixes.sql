SELECT string_agg(d.adrelid::regclass::text, ', ' ORDER BY d.adrelid::regclass::text) || ': ' || pg_get_expr(d.adbin, d.adrelid)
FROM pg_attrdef d
WHERE pg_get_expr(d.adbin, d.adrelid) LIKE 'generate_id(%'
GROUP BY pg_get_expr(d.adbin, d.adrelid)
HAVING count(*) > 1;
