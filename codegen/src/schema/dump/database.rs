//! The database itself, its schemas, extensions and default privileges.

use super::attached::{attached, comment, grants, statement};
use super::quote::{dollar_quote, quote_literal};
use crate::schema::model::{
    Database, DefaultPrivileges, Extension, ForeignGrants, Namespace, Setting,
};

/// Stands for the database's name in a statement until [`on_this_database`] replaces it.
const NAME: &str = "\0";

/// Grants, comment and settings of whichever database the file is loaded into.
pub(super) fn database(database: &Database) -> Vec<String> {
    let settings = database.settings.iter().map(setting);
    let statements = settings.collect::<String>()
        + &grants("DATABASE", NAME, &database.attached.grants)
        + &comment("DATABASE", NAME, &database.attached);
    let executes: String = statements
        .split_terminator(";\n")
        .map(on_this_database)
        .collect();
    if executes.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "DO {};\n",
        dollar_quote(&format!(" BEGIN\n{executes}END "))
    )]
}

fn setting(setting: &Setting) -> String {
    match &setting.role {
        Some(role) => format!(
            "ALTER ROLE {role} IN DATABASE {NAME} SET {};\n",
            setting.sql
        ),
        None => format!("ALTER DATABASE {NAME} SET {};\n", setting.sql),
    }
}

fn on_this_database(statement: &str) -> String {
    let (before, after) = statement.split_once(NAME).unwrap_or((statement, ""));
    let (before, after) = (quote_literal(before), quote_literal(after));
    format!("    EXECUTE {before} || quote_ident(current_database()) || {after};\n")
}

/// Schemas; `public` is there already.
pub(super) fn schemas(schemas: &[Namespace]) -> Vec<String> {
    let mut blocks: Vec<String> = schemas
        .iter()
        .map(schema)
        .filter(|block| !block.is_empty())
        .collect();
    if !schemas.iter().any(|schema| schema.name == "public") {
        blocks.insert(0, "DROP SCHEMA public;\n".to_owned());
    }
    blocks
}

fn schema(schema: &Namespace) -> String {
    let name = &schema.sql;
    let create = if schema.name == "public" {
        String::new()
    } else {
        format!("CREATE SCHEMA {name};\n")
    };
    create + &attached("SCHEMA", name, &schema.attached)
}

/// Extensions, in one block.
pub(super) fn extensions(extensions: &[Extension]) -> Vec<String> {
    let block: String = extensions.iter().map(extension).collect();
    if block.is_empty() {
        Vec::new()
    } else {
        vec![block]
    }
}

fn extension(extension: &Extension) -> String {
    let name = &extension.sql;
    let schema = if extension.schema == "public" {
        String::new()
    } else {
        format!(" WITH SCHEMA {}", extension.schema)
    };
    format!("CREATE EXTENSION {name}{schema};\n")
        + &attached("EXTENSION", name, &extension.attached)
}

/// Privileges on objects that no migration made, in one block.
pub(super) fn foreign_grants(foreign: &[ForeignGrants]) -> Vec<String> {
    let block: String = foreign
        .iter()
        .map(|object| grants(&object.kind, &object.sql, &object.grants))
        .collect();
    if block.is_empty() {
        Vec::new()
    } else {
        vec![block]
    }
}

/// `ALTER DEFAULT PRIVILEGES`; last, for it would change what the file creates after it.
pub(super) fn default_privileges(privileges: &[DefaultPrivileges]) -> Vec<String> {
    let block: String = privileges.iter().map(default_privilege).collect();
    if block.is_empty() {
        Vec::new()
    } else {
        vec![block]
    }
}

fn default_privilege(entry: &DefaultPrivileges) -> String {
    let role = entry
        .role
        .as_ref()
        .map(|role| format!(" FOR ROLE {role}"))
        .unwrap_or_default();
    let schema = entry
        .schema
        .as_ref()
        .map(|schema| format!(" IN SCHEMA {schema}"))
        .unwrap_or_default();
    let objects = format!(" ON {}", entry.objects);
    let statements = entry
        .grants
        .iter()
        .map(|grant| statement(grant, &grant.privileges.join(", "), &objects));
    let altered =
        statements.map(|statement| format!("ALTER DEFAULT PRIVILEGES{role}{schema} {statement}"));
    altered.collect::<Vec<_>>().concat()
}
