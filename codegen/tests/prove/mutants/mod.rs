//! Mutants of policies, grants, views, functions and foreign keys: each has a leak, and the prover has to find it.

mod maker;

use super::{leaks, open, prove};
use maker::list_mutants;
use std::fmt::Write as _;
use xact_codegen::prove::Prover;

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
            ("enum tables may be written", "GRANT UPDATE ON theme_enum TO customer", "table theme_enum"),
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
