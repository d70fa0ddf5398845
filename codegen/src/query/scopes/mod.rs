//! Which scope may run which query, by asking Postgres as the role of each scope.
//!
//! Given: typed queries and the scopes of the configuration. Gives: the queries with a verdict for
//! each scope. Nothing is run but utilities, and everything is rolled back. A scope without a role
//! is whoever logs in, of whom nothing can be known: it may run everything that Postgres can plan.

mod attempt;
mod copies;
mod missing;
mod one_by_one;
mod refused;

use super::TypeCatalog;
use super::analysis::Typed;
use crate::config::{self, Config};
use crate::project::Project;
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use attempt::Answer;
use sqlx::{Connection as _, PgConnection};

/// Whether a scope may run a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeVerdict {
    /// The scope's name.
    pub scope: String,
    /// The role that the scope takes.
    pub role: Option<String>,
    /// Whether it may.
    pub allowed: bool,
    /// Postgres's refusal; if the scope may run it, the reason why it could not be tried.
    pub reason: Option<String>,
    /// The privileges that the role lacks, as far as they are on what the query itself names:
    /// `INSERT on bookmarks`.
    pub missing: Vec<String>,
}

impl ScopeVerdict {
    /// Why the scope may not run it, in words for people.
    pub fn refusal(&self) -> Option<String> {
        let reason = self.reason.as_ref().filter(|_| !self.allowed)?;
        let role = self.role.as_deref().unwrap_or_default();
        Some(if self.missing.is_empty() {
            format!("role `{role}` gets `{reason}`")
        } else {
            format!("role `{role}` lacks {}", self.missing.join(" and "))
        })
    }
}

const DOING: &str = "trying the queries as the roles of the scopes";

/// Fills in the verdicts. A role that does not exist, a query that no scope may run, and one that Postgres refuses to plan
/// for anyone, are diagnostics; the last are left out.
///
/// # Errors
/// If the connection breaks, or the user of the server may not take a role.
pub async fn prove_scopes(
    connection: &mut PgConnection,
    project: &Project,
    mut queries: Vec<Typed>,
    types: &TypeCatalog,
) -> Result<(Vec<Typed>, Vec<Diagnostic>), Failure> {
    let mut transaction = connection
        .begin()
        .await
        .map_err(Failure::connection(DOING))?;
    let proved = prove_all(&mut transaction, &project.config, &mut queries, types).await;
    transaction
        .rollback()
        .await
        .map_err(Failure::connection(DOING))?;
    let (unknown, mut diagnostics) = proved.map_err(Failure::connection(DOING))?;
    if unknown.is_empty() {
        diagnostics.extend(queries.iter().filter_map(no_scope_may));
    } else {
        let unknown = unknown.into_iter();
        diagnostics.extend(unknown.map(|name| unknown_role(project, name)));
    }
    Ok((queries, diagnostics))
}

/// Gives the scopes whose role does not exist, and the refusals of queries that are the same for every role.
async fn prove_all<'c>(
    connection: &mut PgConnection,
    config: &'c Config,
    queries: &mut Vec<Typed>,
    types: &TypeCatalog,
) -> Result<(Vec<&'c str>, Vec<Diagnostic>), sqlx::Error> {
    // In this order: queries that fail for everyone are removed, then each role is tried, then the missing privileges are read,
    // which needs the verdicts.
    attempt::prepare_attempts(connection).await?;
    let diagnostics = refused::take_refused(connection, config, queries, types).await?;
    let mut unknown = Vec::new();
    for (name, scope) in &config.scopes {
        let answers = match scope.role() {
            None => Some(vec![Answer::May; queries.len()]),
            Some(role) => attempt::attempt_all(connection, role, scope, queries, types).await?,
        };
        let Some(answers) = answers else {
            unknown.push(name.as_str());
            continue;
        };
        for (query, answer) in queries.iter_mut().zip(answers) {
            query.scopes.push(make_verdict(name, scope, answer));
        }
    }
    missing::fill_in(connection, queries).await?;
    Ok((unknown, diagnostics))
}

fn make_verdict(name: &str, scope: &config::Scope, answer: Answer) -> ScopeVerdict {
    let mut missing = Vec::new();
    let (allowed, reason) = match answer {
        Answer::May => (true, None),
        Answer::Unclear(words) => (true, Some(words)),
        Answer::MayNot(words) => (false, Some(words)),
        Answer::MayNotCopy(table) => {
            missing.push(format!("BYPASSRLS for COPY INTO {table}"));
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

fn no_scope_may(typed: &Typed) -> Option<Diagnostic> {
    if typed.scopes.iter().any(|verdict| verdict.allowed) {
        return None;
    }
    let message = format!("no scope may run `{}`", typed.query.name);
    let diagnostic = Diagnostic::error("no-scope", typed.query.name_span.clone(), message);
    let diagnostic = typed.scopes.iter().fold(diagnostic, |diagnostic, verdict| {
        let refusal = verdict.refusal().unwrap_or_default();
        diagnostic.note(format!("scope `{}`: {refusal}", verdict.scope))
    });
    Some(diagnostic.help("grant the missing privileges in a migration"))
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
