-- What deparsing depends on: names in `public` print bare, and constants print alike everywhere.
-- To compile catalog queries takes longer than to run them, hence no JIT.
SELECT set_config('search_path', 'public', true),
       set_config('TimeZone', 'UTC', true),
       set_config('DateStyle', 'ISO, YMD', true),
       set_config('IntervalStyle', 'postgres', true),
       set_config('extra_float_digits', '1', true),
       set_config('bytea_output', 'hex', true),
       set_config('jit', 'off', true),
       set_config('xmlbinary', 'base64', true),
       set_config('quote_all_identifiers', 'off', true),
       set_config('row_security', 'on', true)
