-- Tenants are values of a column: no table has them.
CREATE ROLE staff NOLOGIN;
CREATE ROLE tenant NOLOGIN;
GRANT USAGE ON SCHEMA public TO staff, tenant;

CREATE TABLE currencies (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    name text NOT NULL
);
INSERT INTO currencies VALUES ('EUR', 'Euro'), ('USD', 'Dollar');
GRANT SELECT ON currencies TO tenant, staff;

-- Everyone may write here: it is meant so, and xact.toml says it.
CREATE TABLE announcements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL
);
GRANT SELECT, INSERT ON announcements TO tenant, staff;

CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL REFERENCES currencies,
    balance numeric(12, 2) NOT NULL DEFAULT 0 CHECK (balance >= 0),
    UNIQUE (tenant, name),
    UNIQUE (tenant, id)
);
CREATE TABLE payments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant text NOT NULL,
    account_id bigint NOT NULL,
    reference varchar(40) NOT NULL,
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    details jsonb NOT NULL DEFAULT '{}',
    paid_on date NOT NULL DEFAULT CURRENT_DATE,
    FOREIGN KEY (tenant, account_id) REFERENCES accounts (tenant, id) ON DELETE CASCADE
);
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    body text NOT NULL,
    scan bytea
);

CREATE VIEW account_totals WITH (security_invoker = true) AS
SELECT a.tenant, a.id, a.name, sum(p.amount) AS paid FROM accounts a LEFT JOIN payments p ON p.account_id = a.id
GROUP BY a.tenant, a.id, a.name;
GRANT SELECT ON account_totals TO tenant;

CREATE FUNCTION pay(p_account_id bigint, amount numeric) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO payments (tenant, account_id, reference, amount)
    VALUES (current_setting('app.tenant'), p_account_id, 'by function', amount) RETURNING id
$$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accounts', 'payments', 'notes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own ON %I TO tenant USING (tenant = current_setting(''app.tenant'', true)) '
            'WITH CHECK (tenant = current_setting(''app.tenant'', true))', name);
        EXECUTE format('CREATE POLICY everything ON %I TO staff USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO tenant, staff', name);
    END LOOP;
END $$;
