DO $$ BEGIN
    RAISE EXCEPTION 'not today' USING HINT = 'try tomorrow';
END $$;
