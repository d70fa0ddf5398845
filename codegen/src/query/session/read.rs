//! Nodes of the graph from the catalog, in one round trip for each sort.

use super::body::{BodyEffects, QualifiedName};
use super::built_in;
use super::graph::{CallNode, Facts, of_system_relation};
use super::protected::Protected;
use crate::query::analysis::{Mentions, function_trees};
use crate::report::Failure;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{Connection as _, PgConnection, Row as _};
use std::collections::{BTreeSet, HashMap, HashSet};

const DOING: &str = "reading the functions that the queries run";

/// Reads these nodes. Postgres's own objects are left out, unless they change the session.
pub(super) async fn read_nodes(
    connection: &mut PgConnection,
    wanted: &BTreeSet<CallNode>,
    protected: Protected<'_>,
) -> Result<HashMap<CallNode, Facts>, Failure> {
    let functions = wanted.iter().filter_map(|node| match node {
        CallNode::Function(oid) => Some(*oid),
        _ => None,
    });
    let functions: HashSet<u32> = functions.collect();
    let trees = function_trees(connection, &functions).await?;
    let mut nodes = HashMap::new();
    let read = async {
        read_functions(connection, &functions, &trees, protected, &mut nodes).await?;
        read_relations(connection, wanted, protected, &mut nodes).await?;
        read_domains(connection, wanted, protected, &mut nodes).await
    };
    read.await.map_err(Failure::connection(DOING))?;
    Ok(nodes)
}

async fn read_functions(
    connection: &mut PgConnection,
    oids: &HashSet<u32>,
    trees: &HashMap<u32, String>,
    protected: Protected<'_>,
    nodes: &mut HashMap<CallNode, Facts>,
) -> Result<(), sqlx::Error> {
    let bound: Vec<Oid> = oids.iter().map(|oid| Oid(*oid)).collect();
    let query = include_str!("functions.sql");
    for row in fetch_rows(connection, query, bound, Some(built_in::names())).await? {
        let oid = read_oid(row.try_get("oid")?)?;
        let name: String = row.try_get("name")?;
        let parts: Option<Vec<i64>> = row.try_get("parts")?;
        // The machine code of a C or internal function shows nothing, so it is judged by its name.
        let mut facts = if row.try_get("compiled")? {
            let is_change = built_in::find_change(&name);
            Facts {
                is_change,
                ..Facts::default()
            }
        } else if let Some(tree) = trees.get(&oid) {
            Facts::of_tree(&read_mentions(tree), protected)
        } else {
            let source: String = row.try_get("source")?;
            Facts::of_text(&source, protected)
        };
        // An aggregate calls its transition and final functions.
        for part in parts.unwrap_or_default() {
            facts
                .runs
                .insert((None, CallNode::Function(read_oid(part)?)));
        }
        let schema: String = row.try_get("schema")?;
        facts.function = Some(configured_name(&schema, &name));
        nodes.insert(CallNode::Function(oid), facts);
    }
    Ok(())
}

/// A function as `xact.toml` names it: without a schema if that is `public`.
pub(super) fn configured_name(schema: &str, name: &str) -> String {
    match schema {
        "public" => name.to_owned(),
        _ => format!("{schema}.{name}"),
    }
}

async fn read_relations(
    connection: &mut PgConnection,
    wanted: &BTreeSet<CallNode>,
    protected: Protected<'_>,
    nodes: &mut HashMap<CallNode, Facts>,
) -> Result<(), sqlx::Error> {
    let relations = wanted.iter().filter_map(|node| match node {
        CallNode::Relation(oid, access) => Some((*oid, *access)),
        _ => None,
    });
    let relations: Vec<(u32, u32)> = relations.collect();
    let oids: Vec<Oid> = relations.iter().map(|(oid, _)| Oid(*oid)).collect();
    let access: Vec<i32> = relations
        .iter()
        .map(|(_, access)| access.cast_signed())
        .collect();
    let system = "SELECT c.oid::int8 AS oid, c.relname::text AS name FROM pg_catalog.pg_class c \
                  WHERE c.oid = ANY ($1::oid[]) AND c.oid < 16384";
    // Postgres's own relations have rules and triggers that are known; only `pg_settings` matters
    // here.
    for row in fetch_rows(connection, system, oids.clone(), None::<Vec<i32>>).await? {
        let (oid, name): (u32, String) = (read_oid(row.try_get("oid")?)?, row.try_get("name")?);
        for (_, access) in relations.iter().filter(|(relation, _)| *relation == oid) {
            let is_change = of_system_relation(&name, *access);
            let facts = Facts {
                is_change,
                ..Facts::default()
            };
            nodes.insert(CallNode::Relation(oid, *access), facts);
        }
    }
    for row in fetch_rows(
        connection,
        include_str!("relations.sql"),
        oids,
        Some(access),
    )
    .await?
    {
        let number: i32 = row.try_get("number")?;
        // 0 becomes a place that no relation has.
        let index = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
        if let Some((oid, access)) = relations.get(index) {
            let node = CallNode::Relation(*oid, *access);
            add_part(nodes.entry(node).or_default(), &row, protected)?;
        }
    }
    Ok(())
}

/// A trigger, a rule, a policy or another part of a relation.
fn add_part(facts: &mut Facts, row: &PgRow, protected: Protected<'_>) -> Result<(), sqlx::Error> {
    let via: String = row.try_get("via")?;
    let access: Option<i32> = row.try_get("access")?;
    // `AclMode` is unsigned, and SQL has no unsigned type.
    let access = access.unwrap_or(0).cast_unsigned();
    if let Some(tree) = row.try_get::<Option<&str>, _>("tree")? {
        facts.add_tree(Some(&via), &read_mentions(tree), access, protected);
    }
    if let Some(function) = row.try_get::<Option<i64>, _>("function")? {
        let node = CallNode::Function(read_oid(function)?);
        facts.runs.insert((Some(via.clone()), node));
    }
    if let Some(relation) = row.try_get::<Option<i64>, _>("relation")? {
        let node = CallNode::Relation(read_oid(relation)?, access);
        facts.runs.insert((Some(via), node));
    }
    Ok(())
}

async fn read_domains(
    connection: &mut PgConnection,
    wanted: &BTreeSet<CallNode>,
    protected: Protected<'_>,
    nodes: &mut HashMap<CallNode, Facts>,
) -> Result<(), sqlx::Error> {
    let domains = wanted.iter().filter_map(|node| match node {
        CallNode::Domain(oid) => Some(Oid(*oid)),
        _ => None,
    });
    let domains: Vec<Oid> = domains.collect();
    for row in fetch_rows(
        connection,
        include_str!("domains.sql"),
        domains,
        None::<Vec<i32>>,
    )
    .await?
    {
        let facts = nodes
            .entry(CallNode::Domain(read_oid(row.try_get("oid")?)?))
            .or_default();
        let via: String = row.try_get("via")?;
        facts.add_tree(
            Some(&via),
            &read_mentions(row.try_get("tree")?),
            0,
            protected,
        );
    }
    Ok(())
}

/// The functions and relations that names in these bodies may mean.
pub(super) async fn find_names<'b>(
    connection: &mut PgConnection,
    bodies: impl Iterator<Item = &'b BodyEffects>,
) -> Result<HashMap<QualifiedName, Vec<CallNode>>, Failure> {
    let (mut functions, mut relations) = (BTreeSet::new(), BTreeSet::new());
    for body in bodies {
        functions.extend(body.calls.iter().map(|(_, name)| name.clone()));
        relations.extend(body.relations.keys().map(|(_, name)| name.clone()));
    }
    let functions: Vec<String> = functions.into_iter().collect();
    let relations: Vec<String> = relations.into_iter().collect();
    let read = async {
        let mut known: HashMap<QualifiedName, Vec<CallNode>> = HashMap::new();
        let query = include_str!("names.sql");
        for row in fetch_rows(connection, query, functions, Some(relations)).await? {
            let oid = read_oid(row.try_get("oid")?)?;
            let node = match row.try_get("kind")? {
                "f" => CallNode::Function(oid),
                _ => CallNode::Relation(oid, 0),
            };
            let (schema, name): (String, String) = (row.try_get("schema")?, row.try_get("name")?);
            // A name without a schema can mean an object of any schema, as the search path at run
            // time is not known.
            known.entry((None, name.clone())).or_default().push(node);
            known.entry((Some(schema), name)).or_default().push(node);
        }
        Ok(known)
    };
    read.await.map_err(Failure::connection(DOING))
}

/// The rows of a query of the catalog, for one or two arrays. Only names of `pg_catalog` are found without their schema, so no
/// operator of the project is chosen.
async fn fetch_rows<A, B>(
    connection: &mut PgConnection,
    query: &'static str,
    first: Vec<A>,
    second: Option<Vec<B>>,
) -> Result<Vec<PgRow>, sqlx::Error>
where
    Vec<A>: for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    Vec<B>: for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    if first.is_empty() && second.as_ref().is_none_or(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut transaction = connection.begin().await?;
    sqlx::query("SET LOCAL search_path = pg_catalog")
        .execute(&mut *transaction)
        .await?;
    let query = sqlx::query(query).bind(first);
    let query = match second {
        Some(second) => query.bind(second),
        None => query,
    };
    let rows = query.fetch_all(&mut *transaction).await?;
    transaction.rollback().await?;
    Ok(rows)
}

fn read_mentions(tree: &str) -> Mentions {
    let mut mentions = Mentions::default();
    mentions.add(tree);
    mentions
}

fn read_oid(number: i64) -> Result<u32, sqlx::Error> {
    u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
}
