//! What belongs to the database as a whole: schemas, extensions, roles, settings, privileges.

use super::attached;
use super::change::Script;
use super::objects::{Objects, public, without_frame};
use crate::query::statements;
use crate::schema::dump::dump;
use crate::schema::model::Schema;

/// Schemas, extensions and roles: what others are created in and for. Those that go, go last.
pub(super) fn schemas(script: &mut Script, old: &Schema, new: &Schema) {
    roles(script, old, new);
    for schema in &new.schemas {
        let former = old.schemas.iter().find(|former| former.name == schema.name);
        if let Some(former) = former {
            let (before, after) = (&former.attached, &schema.attached);
            attached::one(script, ("SCHEMA", &schema.sql), before, after);
        } else {
            let mut only = public(new);
            only.schemas.push(schema.clone());
            script.run(without_frame(&dump(&only)));
        }
    }
    extensions(script, old, new);
}

fn roles(script: &mut Script, old: &Schema, new: &Schema) {
    for role in &new.roles {
        let former = old.roles.iter().find(|former| former.name == role.name);
        if former.is_none() {
            let roles = vec![role.clone()];
            let only = Schema {
                roles,
                ..public(new)
            };
            script.run(without_frame(&dump(&only)));
        }
        if former.is_some_and(|former| former != role) {
            let name = &role.sql;
            script.leave(format!(
                "role {name}: roles belong to all databases of a server"
            ));
        }
    }
}

fn extensions(script: &mut Script, old: &Schema, new: &Schema) {
    for extension in &new.extensions {
        let (name, place) = (&extension.sql, &extension.schema);
        let former = old
            .extensions
            .iter()
            .find(|former| former.name == extension.name);
        match former {
            None => {
                let extensions = vec![extension.clone()];
                let only = Schema {
                    extensions,
                    ..public(new)
                };
                script.run(without_frame(&dump(&only)));
            }
            Some(former) if former.schema != extension.schema => {
                script.run(format!("ALTER EXTENSION {name} SET SCHEMA {place};\n"));
            }
            Some(former) => {
                let (before, after) = (&former.attached, &extension.attached);
                attached::one(script, ("EXTENSION", name), before, after);
            }
        }
    }
}

/// Extensions and schemas that are gone, once nothing of them is used.
pub(super) fn drop(script: &mut Script, old: &Schema, new: &Schema) {
    for extension in &old.extensions {
        if !new
            .extensions
            .iter()
            .any(|other| other.name == extension.name)
        {
            script.run(format!("DROP EXTENSION {};\n", extension.sql));
        }
    }
    for schema in &old.schemas {
        if !new.schemas.iter().any(|other| other.name == schema.name) {
            script.run(format!("DROP SCHEMA {};\n", schema.sql));
        }
    }
}

/// Settings and privileges of the database, statement by statement: what is taken back first, and what
/// comes last. Default privileges would add to what every new object is granted explicitly, so where
/// there is one, all of them are away meanwhile.
pub(super) fn privileges(script: &mut Script, old: &Schema, new: &Schema) -> (String, String) {
    let (before, after) = (rest(old), rest(new));
    let creates = creates(old, new);
    let stays = |statement: &String| {
        let meanwhile = creates && statement.starts_with("ALTER DEFAULT PRIVILEGES");
        before.contains(statement) && after.contains(statement) && !meanwhile
    };
    let mut first = String::new();
    for statement in before.iter().filter(|statement| !stays(statement)) {
        match undone(statement) {
            Some(sql) => first += &sql,
            None => script.leave(format!("to be undone by hand: {statement}")),
        }
    }
    let last = after.iter().filter(|statement| !stays(statement));
    (
        first,
        last.map(|statement| statement.clone() + ";\n").collect(),
    )
}

/// Whether any object is new.
fn creates(old: &Schema, new: &Schema) -> bool {
    let (before, after) = (Objects::of(old), Objects::of(new));
    after.by_key.keys().any(|key| !before.has(key))
}

/// The statements about the database, default privileges, and the privileges on objects of others.
fn rest(schema: &Schema) -> Vec<String> {
    let only = Schema {
        database: schema.database.clone(),
        default_privileges: schema.default_privileges.clone(),
        foreign_grants: schema.foreign_grants.clone(),
        ..public(schema)
    };
    let text = without_frame(&dump(&only));
    statements(&text)
        .into_iter()
        .map(|range| text[range].to_owned())
        .collect()
}

/// A `GRANT` as the `REVOKE` that takes it back, and the other way round.
fn undone(statement: &str) -> Option<String> {
    let (start, granted) = match statement.find("GRANT ") {
        Some(start) if start == 0 || statement.starts_with("ALTER DEFAULT PRIVILEGES") => {
            (start, true)
        }
        _ => (statement.find("REVOKE ")?, false),
    };
    let (head, body) = statement.split_at(start);
    let body = body.trim_end_matches(" WITH GRANT OPTION");
    let (words, between, instead) = if granted {
        (("GRANT ", "REVOKE "), " TO ", " FROM ")
    } else {
        (("REVOKE ", "GRANT "), " FROM ", " TO ")
    };
    let body = body.strip_prefix(words.0)?;
    let (what, who) = body.rsplit_once(between)?;
    Some(format!("{head}{}{what}{instead}{who};\n", words.1))
}
