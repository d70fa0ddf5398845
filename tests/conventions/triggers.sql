SELECT c.relname::text
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND c.relname NOT LIKE '%\_enum' AND c.relname <> '_sqlx_migrations'
  AND NOT EXISTS (
    SELECT FROM pg_trigger t
    WHERE t.tgrelid = c.oid AND t.tgenabled = 'O'
      AND pg_get_triggerdef(t.oid) = format(
          'CREATE TRIGGER updated_at BEFORE UPDATE ON %s.%I FOR EACH ROW EXECUTE FUNCTION updated_at()', 'public', c.relname)
  )
ORDER BY 1;
