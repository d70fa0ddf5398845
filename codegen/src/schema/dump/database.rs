//! The database itself, its schemas, extensions and default privileges.

use super::attached::{write_attached, write_comment, write_grant, write_grants as grants_on};
use crate::schema::model::{
    Database, DefaultPrivileges, Extension, ForeignGrants, Grant, Namespace, Setting,
};
use crate::sql::quote::{clause, dollar_quote, quote_literal};

/// The database's name in a statement until [`on_this_database`] replaces it.
pub(in crate::schema) const NAME: &str = "\0";

/// Grants, comment and settings of whichever database the file is loaded into.
pub(super) fn write_database(database: &Database) -> Vec<String> {
    let settings = database.settings.iter().map(write_setting);
    let grants = database.attached.grants.iter();
    let grants = grants.map(|grant| grants_on("DATABASE", NAME, std::slice::from_ref(grant)));
    let statements: Vec<String> = settings
        .chain(grants)
        .chain([write_comment("DATABASE", NAME, &database.attached)])
        .filter(|statement| !statement.is_empty())
        .collect();
    if statements.is_empty() {
        return Vec::new();
    }
    vec![on_this_database(&statements)]
}

/// The statement that sets a parameter of the database [`NAME`].
pub(in crate::schema) fn write_setting(setting: &Setting) -> String {
    let sql = &setting.sql;
    format!("{} SET {sql};\n", write_altered(setting))
}

/// The statement that resets the same parameter.
pub(in crate::schema) fn write_reset(setting: &Setting) -> String {
    let parameter = setting
        .sql
        .split_once(" TO ")
        .map_or(setting.sql.as_str(), |(name, _)| name);
    format!("{} RESET {parameter};\n", write_altered(setting))
}

fn write_altered(setting: &Setting) -> String {
    match &setting.role {
        Some(role) => format!("ALTER ROLE {role} IN DATABASE {NAME}"),
        None => format!("ALTER DATABASE {NAME}"),
    }
}

/// Runs statements that name the database, with the name of the one that they run in.
pub(in crate::schema) fn on_this_database(statements: &[String]) -> String {
    let execute = |statement: &String| {
        let statement = statement.trim_end_matches(";\n");
        let (before, after) = statement.split_once(NAME).unwrap_or((statement, ""));
        let (before, after) = (quote_literal(before), quote_literal(after));
        format!("    EXECUTE {before} || quote_ident(current_database()) || {after};\n")
    };
    let executes: String = statements.iter().map(execute).collect();
    format!("DO {};\n", dollar_quote(&format!(" BEGIN\n{executes}END ")))
}

/// Schemas; `public` is there already.
pub(super) fn write_schemas(schemas: &[Namespace]) -> Vec<String> {
    let mut blocks: Vec<String> = schemas
        .iter()
        .map(write_schema)
        .filter(|block| !block.is_empty())
        .collect();
    // An empty database has `public`, so a schema without it has to drop it first.
    if !schemas.iter().any(|schema| schema.name == "public") {
        blocks.insert(0, "DROP SCHEMA public;\n".to_owned());
    }
    blocks
}

fn write_schema(schema: &Namespace) -> String {
    let name = &schema.sql;
    let create = if schema.name == "public" {
        String::new()
    } else {
        format!("CREATE SCHEMA {name};\n")
    };
    create + &write_attached("SCHEMA", name, &schema.attached)
}

/// Extensions, in one block.
pub(super) fn write_extensions(extensions: &[Extension]) -> Vec<String> {
    let block: String = extensions.iter().map(write_extension).collect();
    if block.is_empty() {
        Vec::new()
    } else {
        vec![block]
    }
}

fn write_extension(extension: &Extension) -> String {
    let name = &extension.sql;
    let schema = if extension.schema == "public" {
        String::new()
    } else {
        format!(" WITH SCHEMA {}", extension.schema)
    };
    format!("CREATE EXTENSION {name}{schema};\n")
        + &write_attached("EXTENSION", name, &extension.attached)
}

/// Privileges on objects that no migration made, in one block.
pub(super) fn foreign_grants(foreign: &[ForeignGrants]) -> Vec<String> {
    let block: String = foreign
        .iter()
        .map(|object| grants_on(&object.kind, &object.sql, &object.grants))
        .collect();
    if block.is_empty() {
        Vec::new()
    } else {
        vec![block]
    }
}

/// `ALTER DEFAULT PRIVILEGES`; last, because it would change the privileges of objects created after it.
pub(super) fn default_privileges(privileges: &[DefaultPrivileges]) -> Vec<String> {
    let block: String = privileges.iter().map(default_privilege).collect();
    if block.is_empty() {
        Vec::new()
    } else {
        vec![block]
    }
}

fn default_privilege(entry: &DefaultPrivileges) -> String {
    let grants = entry.grants.iter();
    grants.map(|grant| default_grant(entry, grant)).collect()
}

/// One grant of `ALTER DEFAULT PRIVILEGES`.
pub(in crate::schema) fn default_grant(entry: &DefaultPrivileges, grant: &Grant) -> String {
    let role = clause(" FOR ROLE ", entry.role.as_deref());
    let schema = clause(" IN SCHEMA ", entry.schema.as_deref());
    let objects = format!(" ON {}", entry.objects);
    let granted = write_grant(grant, &grant.privileges.join(", "), &objects);
    format!("ALTER DEFAULT PRIVILEGES{role}{schema} {granted}")
}
