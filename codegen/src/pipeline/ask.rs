//! The stages that ask the database, for the queries that changed.

use super::kept::KeptQueries;
use super::{Parsed, Understood};
use crate::database::ThrowawayDatabase;
use crate::project::Project;
use crate::query::{
    self, Composed, DescribedQuery, Finished, Query, QueryPlace, TypedSchema, analysis,
};
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Findings};
use crate::rust;
use crate::schema::{Annotations, Keys, Schema};
use sqlx::PgConnection;
use std::collections::HashMap;

/// The results of some queries.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) finished: Vec<Finished>,
    /// Who composes SQL at run time, for each query that was analysed.
    pub(super) composed: HashMap<QueryPlace, Vec<String>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Finishes all queries of a project: those that `kept` does not know are asked about.
pub(crate) async fn ask_database(
    database: &mut ThrowawayDatabase,
    catalog: TypedSchema,
    parsed: Parsed,
    kept: &mut KeptQueries,
) -> Result<Understood, Failure> {
    let Parsed {
        mut project,
        queries: written,
        mut findings,
    } = parsed;
    let unsupported = catalog.unsupported.clone();
    findings.extend(project.find_schema_problems(unsupported, &catalog.schema));
    let wrong_types = rust::check_annotations(&project, &catalog.types);
    if !wrong_types.is_empty() {
        // Code cannot be generated from them, but the queries are still checked.
        project.annotations = Annotations::default();
    }
    findings.extend(wrong_types);
    let connection = &mut database.session.connection;
    findings.extend(query::find_unknown_functions(connection, &project, &catalog.schema).await?);
    findings.extend(query::find_unknown_roles(connection, &project).await?);

    kept.begin(database.origin, &project, &catalog);
    kept.restore(&written);
    let connection = &mut database.session.connection;
    let changed = written.iter().filter(|query| !kept.knows(query));
    let changed: Vec<Query> = changed.cloned().collect();
    let mut unkept = Vec::new();
    if !changed.is_empty() {
        let asked = ask_queries(connection, &project, &catalog, changed.clone()).await?;
        let (others, places) = kept.add(changed, asked);
        findings.extend(others);
        unkept = places;
    }
    let (mut queries, mut composed) = (Vec::new(), Composed::new());
    // In the order in which they are written, whichever of them were asked now.
    for query in &written {
        let Some(known) = kept.find(query) else {
            continue;
        };
        findings.extend(known.diagnostics.iter().cloned());
        queries.extend(known.finished.clone());
        if let Some(found) = known.composed.as_ref().filter(|found| !found.is_empty()) {
            add_composed(&mut composed, query, found.clone());
        }
    }
    kept.end(&unkept);
    let TypedSchema { schema, types, .. } = catalog;
    Ok(Understood {
        project,
        schema,
        types,
        written,
        queries,
        composed,
        findings,
    })
}

/// The stages in order: describe, stars, variants, analyse, session, scopes, fold, bulk, casts, pages.
async fn ask_queries(
    connection: &mut PgConnection,
    project: &Project,
    catalog: &TypedSchema,
    queries: Vec<Query>,
) -> Result<Asked, Failure> {
    let (schema, types) = (catalog.schema.as_ref(), catalog.types.as_ref());
    let mut findings = Findings::default();
    let at = doing(format!("preparing {} queries", queries.len()));
    let described = findings.keep(query::describe(connection, queries, schema).await?);

    let at = at.then(format!("analysing {} queries", described.len()));
    let described =
        findings.keep(query::write_row_lists(connection, described, types, schema).await?);
    let described = findings.keep(query::expand_stars(connection, described, types).await?);
    let described = add_variants(connection, described, schema, &mut findings).await?;
    let keys = Keys::of(schema);
    let analysed = findings.keep(analysis::analyse(connection, described, types, &keys).await?);
    let found = findings.keep(query::check_session(connection, project, &analysed).await?);
    let mut composed = HashMap::new();
    for (query, found) in analysed.iter().zip(found) {
        // A variant has the place of its query.
        let known: &mut Vec<String> = composed.entry(query.query.place()).or_default();
        add_new(known, found);
    }

    let _at = at.then(format!("trying {} queries in every scope", analysed.len()));
    let authorised =
        findings.keep(query::prove_scopes(connection, project, analysed, types).await?);
    let folded = findings.keep(query::fold_variants(authorised, types));
    let mut sliced = findings.keep(query::take_slices(connection, folded, types, schema).await?);
    let annotations = &project.annotations;
    query::cast_arrays(connection, &mut sliced, types, annotations, schema).await?;
    let finished = findings.keep(query::write_pages(connection, sliced, types, schema).await?);
    Ok(Asked {
        finished,
        composed,
        diagnostics: findings.into_unsorted(),
    })
}

/// The queries and the variants of those whose parts can be left out, which follow them.
async fn add_variants(
    connection: &mut PgConnection,
    described: Vec<DescribedQuery>,
    schema: &Schema,
    findings: &mut Findings,
) -> Result<Vec<DescribedQuery>, Failure> {
    let (mut described, variants, found) = query::add_variants(described);
    findings.extend(found);
    described.extend(findings.keep(query::describe(connection, variants, schema).await?));
    Ok(described)
}

fn add_composed(composed: &mut Composed, query: &Query, found: Vec<String>) {
    add_new(composed.entry(query.name.clone()).or_default(), found);
}

fn add_new(known: &mut Vec<String>, found: Vec<String>) {
    for one in found {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}
