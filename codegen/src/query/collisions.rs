//! All query files of a project, and the names that two of their queries share.

use super::{Query, parse};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use std::collections::HashMap;
use std::sync::Arc;

/// Parses all files, and reports every name that was used before: all queries become methods of one type.
pub fn parse_all(files: &[Arc<SourceFile>]) -> (Vec<Query>, Vec<Diagnostic>) {
    let (mut queries, mut diagnostics) = (Vec::new(), Vec::new());
    for file in files {
        let (parsed, found) = parse(file);
        queries.extend(parsed);
        diagnostics.extend(found);
    }
    diagnostics.extend(find_collisions(&queries));
    (queries, diagnostics)
}

fn find_collisions(queries: &[Query]) -> Vec<Diagnostic> {
    let mut seen: HashMap<String, &Query> = HashMap::new();
    let mut diagnostics = Vec::new();
    for query in queries {
        // `GetUser` and `get_user` would be one function.
        let function = query.name.replace('_', "").to_lowercase();
        if let Some(first) = seen.get(&function) {
            let message = format!("the name `{}` is taken", query.name);
            let (path, line) = (&first.span.file.path, first.name_span.position().line);
            let diagnostic = Diagnostic::error("duplicate-name", query.name_span.clone(), message);
            diagnostics.push(diagnostic.note(format!("by `{}` in {path}:{line}", first.name)));
        } else {
            seen.insert(function, query);
        }
    }
    diagnostics
}
