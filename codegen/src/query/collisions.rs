//! The names that two queries of a project share.

use super::Query;
use crate::report::diagnostic::Diagnostic;
use std::collections::HashMap;

/// Reports every name that was used before: all queries become methods of one type.
pub fn find_collisions(queries: &[Query]) -> Vec<Diagnostic> {
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
