//! Queries that change the session or leave the scope of their transaction, themselves or by the objects that they run: functions, triggers,
//! rules, views, defaults, checks and policies, at any depth.
//!
//! Given: analysed queries, with the objects that their trees mention. Gives: a diagnostic for each change that a query reaches. A statement that
//! is composed at run time is not known here, and `xact explain` names who composes it; the runtime resets the session whatever ran.
//!
//! ```text
//! protected   settings that make a scope      statement   changes by words       built_in   changes by function
//! body        text → changes and names        graph       the objects that each object runs, read level by level
//! ```

mod protected;
mod statement;

mod body;
mod built_in;
mod graph;
mod read;

pub(crate) use body::{QualifiedName, read as read_body};
pub(crate) use statement::find_change;

use super::analysis::Typed;
use super::{Kind, Query};
use crate::config;
use crate::project::Project;
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::Span;
use crate::schema::Schema;
use crate::sql::lexer::{self, TokenKind};
use crate::sql::quote::read_literal;
use body::BodyEffects;
use graph::{CallGraph, CallNode, Facts};
use protected::Protected;
use sqlx::PgConnection;
use statement::SessionChange;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use toml::Spanned;

/// SQL that queries run and that is composed at run time, so that no check has seen it: by the name of the query, who
/// composes it.
pub(crate) type Composed = HashMap<String, Vec<String>>;

/// Every change of the session, or of the scope, that a query reaches; and for each query, who composes SQL that is only known
/// at run time.
///
/// # Errors
/// If the connection breaks.
pub(crate) async fn check_session(
    connection: &mut PgConnection,
    project: &Project,
    queries: &[Typed],
) -> Result<(Vec<Vec<String>>, Vec<Diagnostic>), Failure> {
    let protected = protected::of_scopes(&project.config);
    let mut facts: Vec<Facts> = queries
        .iter()
        .map(|typed| of_query(typed, &protected))
        .collect();
    let graph = CallGraph::read(connection, &mut facts, &protected).await?;
    let allowed = &project.config.session.allow;
    let allowed: HashSet<&str> = allowed.iter().map(|name| name.get_ref().as_str()).collect();
    let (mut composed, mut diagnostics) = (Vec::new(), Vec::new());
    for (typed, facts) in queries.iter().zip(&facts) {
        composed.push(find_composed(&graph, facts));
        let reached = find_reached(&graph, facts, &allowed);
        diagnostics.extend(
            reached
                .into_iter()
                .map(|found| typed.query.in_variant(describe_change(&typed.query, found))),
        );
    }
    Ok((composed, diagnostics))
}

/// The effects of a query, by its tree or else by its text.
fn of_query(typed: &Typed, protected: Protected<'_>) -> Facts {
    let mut facts = match &typed.mentions {
        Some(mentions) => Facts::of_tree(mentions, protected),
        None => of_text(typed, protected),
    };
    // A value of a domain is checked as it arrives.
    let domains = typed
        .parameters
        .iter()
        .map(|parameter| CallNode::Domain(parameter.type_oid));
    facts.runs.extend(domains.map(|node| (None, node)));
    facts
}

fn of_text(typed: &Typed, protected: Protected<'_>) -> Facts {
    let text = typed.query.span.text();
    let words = lexer::words(text);
    let is_do =
        typed.query.kind == Kind::Untried && words.first().is_some_and(|word| word.is("DO"));
    let body = words
        .iter()
        .find(|word| is_do && word.kind == TokenKind::String);
    match body {
        // DO has its code in a literal, which is a statement only there.
        Some(body) => Facts::of_text(&read_literal(body.text), protected),
        None => Facts::of_text(text, protected),
    }
}

/// A change, and where it is.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reached {
    change: SessionChange,
    /// The function that makes it; none for the query itself or a part of a relation.
    function: Option<String>,
    /// The objects between the query and the change, from the query on.
    path: Vec<String>,
}

/// The first way to each change, nearest first.
fn find_reached(graph: &CallGraph, query: &Facts, allowed: &HashSet<&str>) -> Vec<Reached> {
    let mut found = Vec::new();
    visit_reached(graph, query, allowed, |facts, path| {
        let mut add = |via: &Option<String>, change: &SessionChange| {
            found.push(Reached {
                change: change.clone(),
                function: facts.function.clone(),
                path: path.iter().chain(via).cloned().collect(),
            });
        };
        for (via, change) in &facts.changes {
            add(via, change);
        }
        for (via, node) in &facts.runs {
            let next = graph.facts(*node);
            if let Some(change) = next.and_then(|next| next.is_change.as_ref()) {
                add(via, change);
            }
        }
    });
    // Sorted before `dedup_by`, so that the same change by two ways is reported once, by the same
    // way in each run.
    found.sort();
    found.dedup_by(|a, b| a.change == b.change && a.function == b.function);
    found
}

/// Visits a query and all that it reaches, nearest first, each with the path to it; without the effects of functions in `allowed`.
fn visit_reached(
    graph: &CallGraph,
    query: &Facts,
    allowed: &HashSet<&str>,
    mut visit: impl FnMut(&Facts, &[String]),
) {
    let mut seen: BTreeSet<CallNode> = BTreeSet::new();
    let mut left = VecDeque::from([(query, Vec::new())]);
    while let Some((facts, path)) = left.pop_front() {
        visit(facts, &path);
        for (via, node) in &facts.runs {
            let Some(next) = graph.facts(*node) else {
                continue;
            };
            let function = next.function.as_ref();
            let is_allowed = function.is_some_and(|name| allowed.contains(name.as_str()));
            // What an allowed function runs is allowed with it.
            if !is_allowed && seen.insert(*node) {
                let function = function.map(|name| format!("`{name}`"));
                let path = path.iter().chain(via).cloned().chain(function);
                left.push_back((next, path.collect()));
            }
        }
    }
}

/// Who composes SQL at run time for a query, each with the path to it.
fn find_composed(graph: &CallGraph, query: &Facts) -> Vec<String> {
    let mut found = Vec::new();
    // Without exceptions: an allowed function still composes SQL that no check has seen.
    visit_reached(graph, query, &HashSet::new(), |facts, path| {
        if facts.runs_composed {
            found.push(match path.split_last() {
                None => "the statement itself".to_owned(),
                Some((last, [])) => last.clone(),
                Some((last, through)) => format!("{last}, reached through {}", through.join(", ")),
            });
        }
    });
    found
}

fn describe_change(query: &Query, found: Reached) -> Diagnostic {
    let Reached {
        change,
        function,
        path,
    } = found;
    let SessionChange {
        statement,
        effect,
        help,
    } = change;
    let (does, why) = effect.describe();
    let (message, span) = match path.as_slice() {
        [] => (
            format!("`{statement}` {does}"),
            locate_name(query, &statement),
        ),
        [first, ..] => {
            // The object that makes the change is named, but the caret is at the first one, which
            // is the only one in the query's text.
            let last = path.last().unwrap_or(first);
            (
                format!("{last} {does} with `{statement}`"),
                locate_name(query, first),
            )
        }
    };
    let mut diagnostic = Diagnostic::error("session-state", span, message);
    if let [through @ .., _] = path.as_slice()
        && !through.is_empty()
    {
        diagnostic = diagnostic.note(format!("reached through {}", through.join(", ")));
    }
    diagnostic = diagnostic.note(why).help(help);
    match function {
        Some(function) => diagnostic.help(format!(
            "or allow the function in xact.toml: `[session]` with `allow = [\"{function}\"]`"
        )),
        None => diagnostic,
    }
}

/// The call of a function where its name is written, or the name of the query.
fn locate_name(query: &Query, named: &str) -> Span {
    let bare = named.trim_matches('`');
    let bare = bare.split(['(', ' ']).next().unwrap_or(bare);
    // The text may write a function with its schema or without.
    let bare = bare.rsplit('.').next().unwrap_or(bare);
    let words = lexer::words(query.span.text());
    let start = query.span.range.start;
    let found = words.iter().find(|word| {
        word.name()
            .is_some_and(|name| name.eq_ignore_ascii_case(bare))
    });
    found.map_or_else(
        || query.name_span.clone(),
        |word| Span {
            file: query.span.file.clone(),
            range: word.range.start + start..word.range.end + start,
        },
    )
}

/// Names that `xact.toml` allows and no function has.
///
/// # Errors
/// If the connection breaks.
pub(crate) async fn find_unknown_functions(
    connection: &mut PgConnection,
    project: &Project,
    schema: &Schema,
) -> Result<Vec<Diagnostic>, Failure> {
    let allowed = &project.config.session.allow;
    let names = allowed.iter().map(|name| qualify_name(name.get_ref()));
    let body = BodyEffects::calling(names);
    let known = read::find_names(connection, std::iter::once(&body)).await?;
    let unknown = allowed
        .iter()
        .filter(|name| !known.contains_key(&qualify_name(name.get_ref())));
    Ok(unknown
        .filter_map(|name| refuse_unknown(project, schema, name))
        .collect())
}

/// `become` is in `public`.
fn qualify_name(name: &str) -> QualifiedName {
    let (schema, name) = name.split_once('.').unwrap_or(("public", name));
    (Some(schema.to_owned()), name.to_owned())
}

fn refuse_unknown(
    project: &Project,
    schema: &Schema,
    name: &Spanned<String>,
) -> Option<Diagnostic> {
    let mut files = project.settings.iter();
    let file = files.find(|file| file.path == config::FILE)?.clone();
    let range = name.span();
    let name = name.get_ref();
    let message = format!("there is no function `{name}`");
    let diagnostic = Diagnostic::error("unknown-function", Span { file, range }, message);
    let functions = schema.functions.iter().map(|function| &function.name);
    let names = functions.map(|name| read::configured_name(&name.schema, &name.name));
    let names: Vec<String> = names.collect();
    Some(match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => diagnostic.suggest_key(near),
        None => diagnostic.help("remove it, or write `schema.name` as it is in the migrations"),
    })
}
