//! Mutants that every table with policies has: of its policies, of the table, and of ways around it.

use super::{Mutant, Shape};
use xact_codegen::schema::Schema;
use xact_codegen::schema::model::{Policy, PrivilegeChange, Table};

/// Mutants of each table with policies for the role, then those of this schema alone.
pub(super) fn list_mutants(schema: &Schema, shape: &Shape) -> Vec<Mutant> {
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
            .flat_map(Table::foreign_keys)
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
            grant.change == PrivilegeChange::Grant
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
