//! Mutants of policies, grants, views, functions and foreign keys: each has a leak, and the prover has to find it.

use super::{leaks, open, prove};
use std::fmt::Write as _;
use xact_codegen::prove::Prover;
use xact_codegen::schema::Schema;
use xact_codegen::schema::model::{Change, Policy, Table};

/// A change of the schema that lets tenants see or change each other's rows.
struct Mutant {
    name: String,
    /// The table that it is about, without its schema.
    table: String,
    sql: String,
    /// The objects that leak.
    objects: Vec<String>,
}

/// The facts about a schema that its mutants need.
struct Shape {
    schema: &'static str,
    role: &'static str,
    /// Tables that every tenant reads.
    shared: &'static [&'static str],
    /// Changes of this schema alone: name, SQL, object that leaks.
    special: &'static [(&'static str, &'static str, &'static str)],
}

#[tokio::test]
async fn every_mutant_of_the_first_reference_tables_is_killed() {
    kill_reference(|table| table <= "clusters").await;
}

#[tokio::test]
async fn every_mutant_of_the_middle_reference_tables_is_killed() {
    kill_reference(|table| ("clusters".."personas").contains(&table) && table != "clusters").await;
}

#[tokio::test]
async fn every_mutant_of_the_last_reference_tables_is_killed() {
    kill_reference(|table| table >= "personas").await;
}

/// Those of a part of the tables, because all take minutes.
async fn kill_reference(part: fn(&str) -> bool) {
    kill_part(&Shape {
        schema: "reference",
        role: "customer",
        shared: &[],
        special: &[
            ("membership is not checked", "CREATE OR REPLACE FUNCTION current_organization_id() RETURNS text LANGUAGE sql STABLE
                AS $$ SELECT current_setting('app.organization_id', true) $$", "table bookmarks"),
            ("inactive users are members", "CREATE OR REPLACE FUNCTION current_organization_id() RETURNS text LANGUAGE sql STABLE
                SECURITY DEFINER AS $$ SELECT m.organization_id FROM memberships m
                WHERE m.organization_id = current_setting('app.organization_id', true) AND m.user_id = current_user_id() $$", "table clusters"),
            ("any membership counts", "CREATE OR REPLACE FUNCTION current_organization_id() RETURNS text LANGUAGE sql STABLE
                SECURITY DEFINER AS $$ SELECT current_setting('app.organization_id', true) FROM memberships m
                WHERE m.user_id = current_user_id() LIMIT 1 $$", "table bookmarks"),
            ("a user sees all their organizations", "ALTER POLICY bookmarks_customer ON bookmarks USING (organization_id IN (SELECT m.organization_id
                FROM memberships m)); ALTER POLICY memberships_customer ON memberships USING (user_id = current_user_id())", "table bookmarks"),
            ("personas of colleagues", "ALTER POLICY personas_customer ON personas USING (organization_id = (SELECT current_organization_id()))", "table personas"),
            ("personas of other organizations", "ALTER POLICY personas_customer ON personas USING (user_id = (SELECT current_user_id()))", "table personas"),
            ("preferences of colleagues", "ALTER POLICY user_preferences_customer ON user_preferences USING (organization_id = (SELECT current_organization_id()))", "table user_preferences"),
            ("users without a tenant", "ALTER POLICY users_customer_select ON users USING (true)", "table users"),
            ("all columns of users", "GRANT SELECT ON users TO customer; ALTER POLICY users_customer_select ON users USING (is_active)", "table users"),
            ("the helper is IMMUTABLE", "ALTER FUNCTION current_organization_id() IMMUTABLE", "table clusters"),
            ("a simple key to the job", "ALTER TABLE bookmarks DROP CONSTRAINT bookmarks_organization_id_import_job_id_fkey;
                ALTER TABLE bookmarks ADD FOREIGN KEY (import_job_id) REFERENCES import_jobs (id)", "table bookmarks"),
            ("a simple key to the cluster", "ALTER TABLE bookmark_clusters DROP CONSTRAINT bookmark_clusters_organization_id_cluster_id_fkey;
                ALTER TABLE bookmark_clusters ADD FOREIGN KEY (cluster_id) REFERENCES clusters (id)", "table bookmark_clusters"),
            ("a simple key to the bookmark", "ALTER TABLE bookmark_clusters DROP CONSTRAINT bookmark_clusters_organization_id_bookmark_id_fkey;
                ALTER TABLE bookmark_clusters ADD FOREIGN KEY (bookmark_id) REFERENCES bookmarks (id)", "table bookmark_clusters"),
            ("a log without policies", "CREATE TABLE log (id bigint PRIMARY KEY, organization_id text REFERENCES organizations, body text NOT NULL);
                GRANT SELECT ON log TO customer", "table log"),
            ("enum tables may be written", "GRANT INSERT, DELETE ON theme_enum TO customer; ALTER TABLE theme_enum RENAME TO themes", "table themes"),
        ],
    }, part)
    .await;
}

#[tokio::test]
async fn every_mutant_of_tenants_by_column_is_killed() {
    kill(&Shape {
        schema: "tenant_column",
        role: "tenant",
        shared: &["announcements", "currencies"],
        special: &[
            ("a wrong column", "ALTER POLICY own ON notes USING (tenant = tenant)", "table notes"),
            ("a simple key", "ALTER TABLE payments DROP CONSTRAINT payments_tenant_account_id_fkey;
                ALTER TABLE payments ADD FOREIGN KEY (account_id) REFERENCES accounts (id)", "table payments"),
            ("the view runs as its owner", "ALTER VIEW account_totals RESET (security_invoker)", "view account_totals"),
            ("reference rows may be written", "GRANT UPDATE ON currencies TO tenant", "table currencies"),
            ("an empty setting is everyone", "ALTER POLICY own ON notes USING (tenant = current_setting('app.tenant', true)
                OR coalesce(current_setting('app.tenant', true), '') = '')", "table notes"),
            ("the function pays for anyone", "CREATE OR REPLACE FUNCTION pay(p_account_id bigint, amount numeric) RETURNS uuid LANGUAGE sql SECURITY DEFINER
                AS $$ INSERT INTO payments (tenant, account_id, reference, amount)
                SELECT tenant, id, 'by function', amount FROM accounts WHERE id = p_account_id RETURNING id $$", "function pay(bigint,numeric)"),
            ("a pattern of tenants", "ALTER POLICY own ON notes USING (tenant LIKE current_setting('app.tenant', true))", "table notes"),
        ],
    })
    .await;
}

#[tokio::test]
async fn every_mutant_of_tenants_by_joins_is_killed() {
    kill(&Shape {
        schema: "path_of_joins",
        role: "member",
        shared: &[],
        special: &[
            ("the parent is not checked", "ALTER POLICY own_insert ON tasks WITH CHECK (EXISTS (SELECT FROM projects p
                WHERE p.id = tasks.project_id AND p.company_id = my_company()))", "table tasks"),
            ("the join forgets the row", "ALTER POLICY own ON comments USING (EXISTS (SELECT FROM projects p WHERE p.company_id = my_company()))", "table comments"),
            ("any task", "ALTER POLICY own ON comments WITH CHECK (task_id IS NOT NULL)", "table comments"),
            ("an error shows the row", "CREATE FUNCTION shout(body text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
                $$ BEGIN IF length(body) < 1000 THEN RAISE EXCEPTION 'seen: %', body; END IF; RETURN true; END $$;
                ALTER POLICY own ON comments USING (shout(body))", "table comments"),
        ],
    })
    .await;
}

#[tokio::test]
async fn every_mutant_of_tenants_by_membership_is_killed() {
    kill(&Shape {
        schema: "membership",
        role: "app_user",
        shared: &[],
        special: &[
            ("membership is not asked", "CREATE OR REPLACE FUNCTION app.is_member(team integer) RETURNS boolean LANGUAGE sql STABLE AS
                $$ SELECT team = nullif(current_setting('app.team', true), '')::integer $$", "table app.documents"),
            ("the team is not asked", "CREATE OR REPLACE FUNCTION app.is_member(team integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
                $$ SELECT EXISTS (SELECT FROM app.members m WHERE m.team_id = team
                    AND m.person_id = nullif(current_setting('app.person', true), '')::integer) $$", "table app.documents"),
            ("blocked people", "CREATE OR REPLACE FUNCTION app.is_blocked() RETURNS boolean LANGUAGE sql AS 'SELECT false'", "table app.documents"),
            ("permissive for restrictive", "DROP POLICY not_blocked ON app.documents;
                CREATE POLICY not_blocked ON app.documents TO app_user USING (NOT app.is_blocked())", "table app.documents"),
            ("drafts of colleagues", "ALTER POLICY own ON app.drafts USING (app.is_member(team_id))", "table app.drafts"),
            ("a simple key to the author", "ALTER TABLE app.documents DROP CONSTRAINT documents_team_id_author_id_fkey;
                ALTER TABLE app.documents ADD FOREIGN KEY (author_id) REFERENCES app.people (id)", "table app.documents"),
            ("the helper is IMMUTABLE", "ALTER FUNCTION app.person() IMMUTABLE; ALTER POLICY own ON app.drafts USING (person_id = app.person())", "table app.drafts"),
        ],
    })
    .await;
}

#[tokio::test]
async fn every_mutant_of_tenants_by_token_is_killed() {
    kill(&Shape {
        schema: "jwt",
        role: "web",
        shared: &["plans"],
        special: &[
            (
                "partitions are granted",
                "GRANT SELECT ON events_new TO web",
                "table events_new",
            ),
            (
                "a malformed token is everyone",
                "ALTER POLICY own ON albums USING (owner_id = auth.uid() OR auth.uid() IS NULL)",
                "table albums",
            ),
            (
                "the helper is IMMUTABLE",
                "ALTER FUNCTION auth.uid() IMMUTABLE",
                "table albums",
            ),
            (
                "a simple key",
                "ALTER TABLE photos DROP CONSTRAINT photos_owner_id_album_id_fkey;
                ALTER TABLE photos ADD FOREIGN KEY (album_id) REFERENCES albums (id)",
                "table photos",
            ),
            (
                "plans may be written",
                "GRANT UPDATE ON plans TO web",
                "table plans",
            ),
        ],
    })
    .await;
}

/// Proves each mutant, and repeats each leak.
async fn kill(shape: &Shape) {
    kill_part(shape, |_| true).await;
}

async fn kill_part(shape: &Shape, part: fn(&str) -> bool) {
    let mut prover = open(shape.schema).await;
    let mut mutants = list_mutants(prover.schema(), shape);
    mutants.retain(|mutant| part(&mutant.table));
    let mut survivors = String::new();
    let count = mutants.len();
    for mutant in mutants {
        let objects: Vec<&str> = mutant.objects.iter().map(String::as_str).collect();
        let proof = prove(&mut prover, Some(&mutant.sql), &objects).await;
        let Some((_, leak)) = proof.leaks().next() else {
            // Writing to a `String` cannot fail.
            let _ = writeln!(survivors, "{}: {}", mutant.name, mutant.sql);
            continue;
        };
        if let Err(problem) = repeat(&mut prover, &mutant, &proof, leak).await {
            let found = leaks(&proof);
            let _ = writeln!(
                survivors,
                "{} cannot be repeated: {problem}\n{found:?}\n{}",
                mutant.name, leak.script
            );
        }
    }
    prover.close().await.unwrap();
    assert!(
        survivors.is_empty(),
        "of {count} mutants of {}:\n{survivors}",
        shape.schema
    );
    println!("{}: {count} mutants killed", shape.schema);
}

/// A leak that shows a row shows it again.
async fn repeat(
    prover: &mut Prover,
    mutant: &Mutant,
    proof: &xact_codegen::prove::Proof,
    leak: &xact_codegen::prove::Attack,
) -> Result<(), String> {
    // COPY takes its lines by a protocol of its own, and a peek shows its values as notices.
    if leak.script.contains("COPY ") || leak.script.contains("xact_peek") {
        return Ok(());
    }
    let output = prover.replay(Some(&mutant.sql), proof, leak).await;
    if leak.reason.starts_with("an error shows") {
        return output
            .err()
            .map(|_| ())
            .ok_or_else(|| "no error".to_owned());
    }
    let output = output.map_err(|failure| failure.to_string())?;
    let shown =
        !leak.reason.starts_with("shows") || output.contains("feed") || output.contains("72");
    if shown {
        Ok(())
    } else {
        Err(format!("it printed {output:?}"))
    }
}

/// Mutants of each table with policies for the role, then those of this schema alone.
fn list_mutants(schema: &Schema, shape: &Shape) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for table in &schema.tables {
        let policies: Vec<&Policy> = table
            .policies
            .iter()
            .filter(|policy| is_for(policy, shape.role))
            .collect();
        if policies.is_empty() || shape.shared.contains(&table.name.name.as_str()) {
            continue;
        }
        let others = schema
            .tables
            .iter()
            .filter(|other| other.oid.0 != table.oid.0);
        let mut targets = others
            .flat_map(|other| other.foreign_keys())
            .filter_map(|key| key.references.as_ref());
        let maker = Maker {
            table,
            role: shape.role,
            is_referenced: targets.any(|target| target.table_oid.0 == table.oid.0),
        };
        for policy in policies.iter().filter(|policy| !policy.restrictive) {
            mutants.extend(maker.mutate_policy(policy));
        }
        mutants.extend(maker.mutate_table());
        mutants.extend(maker.add_ways_around());
    }
    for (name, sql, object) in shape.special {
        mutants.push(Mutant {
            name: (*name).to_owned(),
            table: object
                .split(['.', ' '])
                .next_back()
                .unwrap_or_default()
                .to_owned(),
            sql: (*sql).to_owned(),
            objects: vec![(*object).to_owned()],
        });
    }
    mutants
}

fn is_for(policy: &Policy, role: &str) -> bool {
    policy.roles.is_empty() || policy.roles.iter().any(|named| named == role)
}

struct Maker<'t> {
    table: &'t Table,
    role: &'static str,
    is_referenced: bool,
}

impl Maker<'_> {
    fn make(&self, name: &str, sql: String) -> Mutant {
        Mutant {
            name: format!("{name} ({})", self.table.name.sql),
            table: self.table.name.name.clone(),
            sql,
            objects: vec![format!("table {}", self.table.name.sql)],
        }
    }

    fn may(&self, privilege: &str) -> bool {
        let columns = self
            .table
            .columns
            .iter()
            .flat_map(|column| &column.attached.grants);
        let mut grants = self.table.attached.grants.iter().chain(columns);
        grants.any(|grant| {
            let all = |given: &String| given == privilege || given == "ALL";
            grant.change == Change::Grant
                && grant.grantee == self.role
                && grant.privileges.iter().any(all)
        })
    }

    /// The restrictive policies would still hold, so that they are dropped first.
    fn drop_restrictive(&self) -> String {
        let restrictive = self
            .table
            .policies
            .iter()
            .filter(|policy| policy.restrictive);
        let drops = restrictive
            .map(|policy| format!("DROP POLICY {} ON {}; ", policy.sql, self.table.name.sql));
        drops.collect()
    }

    fn mutate_policy(&self, policy: &Policy) -> Vec<Mutant> {
        let (name, table) = (&policy.sql, &self.table.name.sql);
        let alter = format!("{}ALTER POLICY {name} ON {table}", self.drop_restrictive());
        let mut mutants = Vec::new();
        // An UPDATE alone keeps the check of the row that it writes.
        if let Some(using) = policy.using.as_ref().filter(|_| policy.command != "UPDATE") {
            mutants.push(self.make("USING true", format!("{alter} USING (true)")));
            mutants.push(self.make("OR true", format!("{alter} USING ({using} OR true)")));
            mutants.push(self.make(
                "OR NOT",
                format!("{alter} USING (({using}) OR NOT coalesce({using}, false))"),
            ));
            mutants.push(self.make(
                "IS NOT NULL",
                format!("{alter} USING (({using}) IS NOT NULL OR current_user IS NOT NULL)"),
            ));
        }
        if policy.check.is_some()
            && self.may("INSERT")
            && matches!(policy.command.as_str(), "ALL" | "INSERT")
        {
            mutants.push(self.make("WITH CHECK true", format!("{alter} WITH CHECK (true)")));
        }
        if policy.command == "ALL" && self.may("INSERT") {
            let using = policy.using.as_deref().unwrap_or("true");
            let role = self.role;
            mutants.push(self.make(
                "ALL reduced to SELECT",
                format!(
                    "{}DROP POLICY {name} ON {table}; CREATE POLICY {name} ON {table} FOR SELECT TO {role} USING ({using}); \
                     CREATE POLICY xact_insert ON {table} FOR INSERT TO {role} WITH CHECK (true)",
                    self.drop_restrictive()
                ),
            ));
        }
        mutants
    }

    fn mutate_table(&self) -> Vec<Mutant> {
        let (table, role) = (&self.table.name.sql, self.role);
        let start = self.drop_restrictive();
        let mut mutants = vec![
            self.make("row security off", format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")),
            self.make("BYPASSRLS", format!("ALTER ROLE {role} BYPASSRLS")),
            self.make("no FORCE for the owner", format!("ALTER TABLE {table} OWNER TO {role}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")),
            self.make("member of the owner", format!(
                "CREATE ROLE xact_owner; GRANT xact_owner TO {role}; GRANT USAGE, CREATE ON SCHEMA {} TO xact_owner; \
                 ALTER TABLE {table} OWNER TO xact_owner; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", self.table.name.schema)),
            self.make("a second policy", format!("{start}CREATE POLICY xact_more ON {table} TO {role} USING (true)")),
            self.make("a second policy for SELECT", format!("{start}CREATE POLICY xact_more ON {table} FOR SELECT USING (true)")),
        ];
        // Postgres truncates no table that another refers to, without the privilege on that one too.
        if !self.is_referenced {
            let sql = format!("GRANT TRUNCATE ON {table} TO {role}");
            mutants.push(self.make("TRUNCATE", sql));
        }
        if self.may("DELETE") {
            mutants.push(self.make(
                "DELETE true",
                format!(
                    "{start}CREATE POLICY xact_more ON {table} FOR DELETE TO {role} USING (true)"
                ),
            ));
        }
        if self.may("UPDATE") {
            mutants.push(self.make("UPDATE true", format!("{start}CREATE POLICY xact_more ON {table} FOR UPDATE TO {role} USING (true) WITH CHECK (true)")));
        }
        if self.may("INSERT") {
            mutants.push(self.make("INSERT true", format!("{start}CREATE POLICY xact_more ON {table} FOR INSERT TO {role} WITH CHECK (true)")));
        }
        mutants
    }

    /// Views and functions with the rights of their owner.
    fn add_ways_around(&self) -> Vec<Mutant> {
        let (table, role) = (&self.table.name.sql, self.role);
        let key = &self.table.columns[0];
        let (column, data_type) = (&key.sql, &key.data_type);
        let around = |name: &str, sql: String, object: &str| Mutant {
            name: format!("{name} ({table})"),
            table: self.table.name.name.clone(),
            sql,
            objects: vec![object.to_owned()],
        };
        let function = |name: &str, head: &str, body: &str, object: &str| {
            around(
                name,
                format!(
                    "CREATE FUNCTION public.xact_around{head} LANGUAGE sql SECURITY DEFINER AS $$ {body} $$"
                ),
                object,
            )
        };
        vec![
            around(
                "a view of the owner",
                format!(
                    "CREATE VIEW public.xact_around AS SELECT * FROM {table}; GRANT SELECT ON public.xact_around TO {role}"
                ),
                "view xact_around",
            ),
            around(
                "a count of the owner",
                format!(
                    "CREATE VIEW public.xact_around AS SELECT count(*) AS rows FROM {table}; GRANT SELECT ON public.xact_around TO {role}"
                ),
                "view xact_around",
            ),
            around(
                "a materialized view",
                format!(
                    "CREATE MATERIALIZED VIEW public.xact_around AS SELECT * FROM {table}; GRANT SELECT ON public.xact_around TO {role}"
                ),
                "materialized view xact_around",
            ),
            function(
                "a function of the owner",
                &format!("() RETURNS SETOF {table}"),
                &format!("SELECT * FROM {table}"),
                "function xact_around()",
            ),
            function(
                "a function that counts",
                "() RETURNS bigint",
                &format!("SELECT count(*) FROM {table}"),
                "function xact_around()",
            ),
            function(
                "a function that deletes",
                &format!("(id {data_type}) RETURNS void"),
                &format!("DELETE FROM {table} t WHERE t.{column} = $1"),
                &format!("function xact_around({data_type})"),
            ),
        ]
    }
}
