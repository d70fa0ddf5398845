//! Which scope may run which query, by asking Postgres as the role of each scope.
//!
//! Given: typed queries and the scopes of the configuration. Gives: the queries with a verdict for
//! each scope. Nothing is run but utilities, and everything is rolled back. A scope without a role
//! is whoever logs in, of whom nothing can be known: it may run everything that Postgres can plan.

mod attempt;
mod copies;
mod deferrable;
mod missing;
mod one_by_one;
mod privilege;
mod refused;

use super::analysis::Typed;
use super::{Authorised, TypeCatalog};
use crate::config::{self, Config};
use crate::project::Project;
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use attempt::Answer;
pub(super) use attempt::is_unsettled;
pub use privilege::MissingPrivilege;
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};

/// Whether a scope may run a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeVerdict {
    /// The scope's name.
    pub scope: String,
    /// The role that the scope takes.
    pub role: Option<String>,
    /// Whether it may.
    pub allowed: bool,
    /// Postgres's refusal; if the scope may run it, the reason why it could not be tried.
    pub reason: Option<String>,
    /// The privileges that the role lacks, as far as they are on relations that the query itself names.
    pub missing: Vec<MissingPrivilege>,
}

impl ScopeVerdict {
    /// Why the scope may not run it, in words for people.
    pub fn refusal(&self) -> Option<String> {
        let reason = self.reason.as_ref().filter(|_| !self.allowed)?;
        let role = self.role.as_deref().unwrap_or_default();
        Some(if self.missing.is_empty() {
            format!("role `{role}` gets `{reason}`")
        } else {
            format!("role `{role}` lacks {}", self.list_missing())
        })
    }

    /// The privileges that the role lacks: `SELECT on notes and INSERT on notes`.
    pub fn list_missing(&self) -> String {
        let missing = self.missing.iter().map(ToString::to_string);
        missing.collect::<Vec<_>>().join(" and ")
    }

    /// The statements that give the role the privileges that it lacks, if all of them are known.
    fn write_grants(&self) -> Option<String> {
        let role = self.role.as_deref()?;
        let grants = self.missing.iter().map(|missing| missing.write_grant(role));
        let grants: Vec<String> = grants.collect();
        (!grants.is_empty()).then(|| grants.join(" "))
    }
}

const DOING: &str = "trying the queries as the roles of the scopes";

/// Fills in the verdicts. A query that no scope may run, and one that Postgres refuses to plan for anyone, are diagnostics; the
/// last are left out. Roles that do not exist are those of `find_unknown_roles`.
///
/// # Errors
/// If the connection breaks, or the user of the server may not take a role.
pub async fn prove_scopes(
    connection: &mut PgConnection,
    project: &Project,
    queries: Vec<Typed>,
    types: &TypeCatalog,
) -> Result<(Vec<Authorised>, Vec<Diagnostic>), Failure> {
    let mut transaction = connection
        .begin()
        .await
        .map_err(Failure::connection(DOING))?;
    // Undone afterwards, so that no role, setting or function of the attempts stays in the session.
    let proved = prove_all(&mut transaction, &project.config, queries, types).await;
    transaction
        .rollback()
        .await
        .map_err(Failure::connection(DOING))?;
    let Proved {
        queries,
        complete,
        mut diagnostics,
    } = proved.map_err(Failure::connection(DOING))?;
    // Otherwise a scope names a role that does not exist, which is reported instead.
    if complete {
        let refused = queries.iter().filter_map(|query| {
            let diagnostic = no_scope_may(query)?;
            Some(query.query.in_variant(diagnostic))
        });
        diagnostics.extend(refused);
    }
    Ok((queries, diagnostics))
}

/// The roles of scopes that do not exist.
///
/// # Errors
/// If the connection breaks.
pub(crate) async fn find_unknown_roles(
    connection: &mut PgConnection,
    project: &Project,
) -> Result<Vec<Diagnostic>, Failure> {
    let mut unknown = Vec::new();
    for (name, scope) in &project.config.scopes {
        let Some(role) = scope.role() else {
            continue;
        };
        let exists = attempt::role_exists(connection, role).await;
        if !exists.map_err(Failure::connection(DOING))? {
            unknown.push(unknown_role(project, name));
        }
    }
    Ok(unknown)
}

/// The verdicts of all scopes.
struct Proved {
    queries: Vec<Authorised>,
    /// Whether every scope's role exists.
    complete: bool,
    /// The refusals of queries that are the same for every role.
    diagnostics: Vec<Diagnostic>,
}

/// Asks as each role.
async fn prove_all(
    connection: &mut PgConnection,
    config: &Config,
    mut queries: Vec<Typed>,
    types: &TypeCatalog,
) -> Result<Proved, sqlx::Error> {
    attempt::prepare_attempts(connection).await?;
    let mut diagnostics = refused::take_refused(connection, config, &mut queries, types).await?;
    diagnostics.extend(deferrable::check_conflicts(connection, &queries, types).await?);
    let mut complete = true;
    let mut verdicts = vec![Vec::new(); queries.len()];
    for (name, scope) in &config.scopes {
        let answers = match scope.role() {
            None => Some(vec![Answer::May; queries.len()]),
            Some(role) => attempt::attempt_all(connection, role, scope, &queries, types).await?,
        };
        let Some(answers) = answers else {
            complete = false;
            continue;
        };
        let asked = verdicts.iter_mut().zip(&mut queries);
        for ((scopes, query), answer) in asked.zip(answers) {
            query.is_settled &= !answer.is_of_the_moment();
            scopes.push(verdict_of(name, scope, answer));
        }
    }
    let with_verdicts = queries.into_iter().zip(verdicts);
    let mut queries: Vec<Authorised> = with_verdicts
        .map(|(typed, scopes)| Authorised { typed, scopes })
        .collect();
    missing::add_missing_privileges(connection, &mut queries).await?;
    Ok(Proved {
        queries,
        complete,
        diagnostics,
    })
}

fn verdict_of(name: &str, scope: &config::Scope, answer: Answer) -> ScopeVerdict {
    let mut missing = Vec::new();
    let (allowed, reason) = match answer {
        Answer::May => (true, None),
        Answer::Unclear(refusal) => (true, Some(refusal.message)),
        Answer::MayNot(words) => (false, Some(words)),
        Answer::MayNotCopy(table) => {
            missing.push(MissingPrivilege {
                privilege: "BYPASSRLS".to_owned(),
                relation: table,
                grantable: false,
            });
            (false, Some(copies::REFUSAL.to_owned()))
        }
    };
    ScopeVerdict {
        scope: name.to_owned(),
        role: scope.role().map(str::to_owned),
        allowed,
        reason,
        missing,
    }
}

fn no_scope_may(typed: &Authorised) -> Option<Diagnostic> {
    if typed.scopes.iter().any(|verdict| verdict.allowed) {
        return None;
    }
    let message = format!("no scope may run `{}`", typed.query.name);
    let diagnostic = Diagnostic::error("no-scope", typed.query.name_span.clone(), message);
    let diagnostic = typed.scopes.iter().fold(diagnostic, |diagnostic, verdict| {
        let refusal = verdict.refusal().unwrap_or_default();
        diagnostic.note(format!("scope `{}`: {refusal}", verdict.scope))
    });
    // The scope that lacks least is the one that is most likely meant.
    let mut refused: Vec<&ScopeVerdict> = typed.scopes.iter().collect();
    refused.sort_by_key(|verdict| verdict.missing.len());
    let grants = refused.into_iter().find_map(ScopeVerdict::write_grants);
    Some(diagnostic.help(match grants {
        Some(grants) => format!("grant the privilege in a migration: `{grants}`"),
        None => "grant the missing privileges in a migration".to_owned(),
    }))
}

fn unknown_role(project: &Project, name: &str) -> Diagnostic {
    let role = project
        .config
        .scopes
        .get(name)
        .and_then(|scope| scope.role.as_ref());
    let written = role.map(|role| (role.get_ref().as_str(), role.span()));
    let (role, range) = written.unwrap_or_default();
    let message = format!("role `{role}` of scope `{name}` does not exist");
    let help = format!("create it in a migration: `CREATE ROLE {role}`");
    let file = project.settings.iter().find(|f| f.path == config::FILE);
    let Some(file) = file.cloned() else {
        return Diagnostic::in_file("unknown-role", config::FILE, None, message).help(help);
    };
    Diagnostic::error("unknown-role", Span { file, range }, message).help(help)
}
