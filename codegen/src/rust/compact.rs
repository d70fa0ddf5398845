//! Generated methods on fewer lines than a formatter of Rust needs, so that a reviewer sees the signature and the SQL.
//!
//! Given: a file as the formatter laid it out. Gives: changes of its white space, and of no token but a comma before a bracket.
//! Text with a literal of its own line breaks is kept inside of the literal.

use std::ops::Range;
use syn::spanned::Spanned as _;
use syn::{Expr, ImplItem, Item, Lit, Stmt, Visibility};

/// The widest line: `max_width` of rustfmt, so that the lines are those that a reader of Rust expects.
const WIDTH: usize = 100;

/// Text in place of a range of the file.
pub(super) type Edit = (Range<usize>, String);

/// The changes to the methods of a file.
pub(super) fn compact_methods(file: &syn::File, text: &str) -> Vec<Edit> {
    let methods = list_impls(file).flatten().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    let mut edits = Vec::new();
    for method in methods {
        edits.extend(compact_signature(method, text));
        for statement in &method.block.stmts {
            match statement {
                Stmt::Item(Item::Static(item)) => compact_calls(&item.expr, text, &mut edits),
                Stmt::Expr(Expr::MethodCall(call), None) => edits.extend(fill_call(call, text)),
                _ => {}
            }
        }
    }
    edits
}

/// The members of each `impl` block.
pub(super) fn list_impls(file: &syn::File) -> impl Iterator<Item = &Vec<ImplItem>> {
    file.items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(&item.items),
        _ => None,
    })
}

/// A signature on one line if it fits, and a condition on the scope on the line of the result.
fn compact_signature(method: &syn::ImplItemFn, text: &str) -> Option<Edit> {
    let start = match &method.vis {
        // It has no span of its own.
        Visibility::Inherited => method.sig.span().byte_range().start,
        written => written.span().byte_range().start,
    };
    let brace = method.block.brace_token.span.open().byte_range().start;
    let written = &text[start..brace];
    if !written.contains('\n') {
        return None;
    }
    let joined = join_lines(written);
    if find_indent(text, start) + joined.chars().count() + " {".len() <= WIDTH {
        return Some((start..brace, format!("{joined} ")));
    }
    let condition = method.sig.generics.where_clause.as_ref()?;
    let result = method.sig.output.span().byte_range().end;
    let condition = join_lines(&text[condition.span().byte_range()]);
    let before = text[..result].rfind('\n').map_or(result, |at| result - at);
    let width = before + condition.chars().count() + " {".len();
    (width <= WIDTH).then(|| {
        (
            result..brace,
            format!(" {} ", condition.trim_end_matches(',')),
        )
    })
}

/// Calls with SQL keep their arguments on the lines on which its literal begins and ends.
fn compact_calls(expr: &Expr, text: &str, edits: &mut Vec<Edit>) {
    match expr {
        Expr::Reference(reference) => compact_calls(&reference.expr, text, edits),
        Expr::Array(array) => {
            for element in &array.elems {
                compact_calls(element, text, edits);
            }
        }
        Expr::Call(call) if call.args.iter().any(is_literal) => {
            edits.push(fill_arguments(call, text));
        }
        Expr::Call(call) => {
            for argument in &call.args {
                compact_calls(argument, text, edits);
            }
        }
        _ => {}
    }
}

/// A call whose arguments are on as few lines as they fit on; a literal keeps its own.
fn fill_arguments(call: &syn::ExprCall, text: &str) -> Edit {
    let range = call.span().byte_range();
    let line = find_line(text, range.start);
    let separator = format!(",\n{:1$}", "", find_indent(text, range.start) + 4);
    let function = join_lines(&text[call.func.span().byte_range()]);
    let mut filled = format!("{}{function}(", &text[line..range.start]);
    let mut is_behind_sql = false;
    for (index, argument) in call.args.iter().enumerate() {
        let written = write_argument(argument, text);
        let (first, last) = (written.lines().next(), filled.lines().last());
        let width = first.map_or(0, count_columns) + last.map_or(0, count_columns) + ", ".len();
        // The quote before a statement is no text to read, so that it is never alone on a line; nor are the few characters
        // behind one.
        let is_kept = is_behind_sql || written.starts_with("\"\\\n");
        filled.push_str(match index {
            0 => "",
            _ if width > WIDTH && !is_kept => &separator,
            _ => ", ",
        });
        // The name of a query is a literal too, but has no space.
        is_behind_sql |= is_literal(argument) && written.contains(char::is_whitespace);
        filled.push_str(&written);
    }
    filled.push(')');
    (range.clone(), filled.split_off(range.start - line))
}

fn count_columns(line: &str) -> usize {
    line.chars().count()
}

fn is_literal(argument: &Expr) -> bool {
    matches!(argument, Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)))
}

fn write_argument(argument: &Expr, text: &str) -> String {
    let written = &text[argument.span().byte_range()];
    // A tuple of columns has a literal too, but of names, and so without a line break.
    if is_literal(argument) {
        written.to_owned()
    } else {
        join_lines(written)
    }
}

/// The call of the runner on one line, or on as few as it fits on.
fn fill_call(call: &syn::ExprMethodCall, text: &str) -> Option<Edit> {
    let range = call.span().byte_range();
    let written = &text[range.clone()];
    // A literal may have line breaks of its own, and a block has its own layout.
    if !written.contains('\n') || written.contains(['"', '{']) {
        return None;
    }
    let indent = find_indent(text, range.start);
    let joined = join_lines(written);
    let mut lines = vec![String::new()];
    for part in split_call(&joined) {
        let is_first = lines.len() == 1;
        let used = indent + if is_first { 0 } else { 4 };
        let last = lines.last_mut()?;
        if used + last.chars().count() + part.trim_end().chars().count() > WIDTH {
            last.truncate(last.trim_end().len());
            lines.push(part.to_owned());
        } else {
            last.push_str(part);
        }
    }
    let separator = format!("\n{:1$}", "", indent + 4);
    Some((range, lines.join(&separator)))
}

/// The pieces between which a call may be broken: before a method of a request's chain, and after an argument.
fn split_call(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // The arguments of the runner are at this depth, and those of the calls in them below.
        let end = match character {
            '.' if depth == 1 && text[..at].ends_with(')') => at,
            ',' if depth == 1 => text.len().min(at + ", ".len()),
            _ => continue,
        };
        parts.push(&text[start..end]);
        start = end;
    }
    parts.push(&text[start..]);
    parts
}

/// The beginning of the line of `at`.
pub(super) fn find_line(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The number of spaces before the line of `at`.
fn find_indent(text: &str, at: usize) -> usize {
    let line = find_line(text, at);
    text[line..].len() - text[line..].trim_start_matches(' ').len()
}

/// Code without a literal on one line.
fn join_lines(code: &str) -> String {
    let mut joined = String::with_capacity(code.len());
    for line in code.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let closes = line.starts_with([')', ']', '>']);
        if closes && joined.ends_with(',') {
            joined.pop();
        }
        let is_joined = joined.is_empty() || closes || line.starts_with('.');
        if !is_joined && !joined.ends_with(['(', '[', '<']) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined.truncate(joined.trim_end_matches(',').len());
    joined
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use crate::rust::format::format_file;

    #[test]
    fn a_method_has_its_signature_and_its_sql_on_few_lines() {
        let text = "impl<S> Orm<'_, S> {
            pub fn notes_get(&mut self, organization_id: &types::OrganizationId, note_id: types::NoteId) -> A<'_> where S: B {
                static QUERY: Query = Query::of::<types::Note>(FILE, \"notes_get\", &[25], \"\\
SELECT a,
       b\");
                self.run.optional(QUERY.arguments().push(params.organization_id).push(params.identifier), types::Note::read)
            }
            fn c() -> u8 { 1 }
        }";
        let expected = "impl<S> Orm<'_, S> {
    pub fn notes_get(
        &mut self,
        organization_id: &types::OrganizationId,
        note_id: types::NoteId,
    ) -> A<'_> where S: B {
        static QUERY: Query = Query::of::<types::Note>(FILE, \"notes_get\", &[25], \"\\
SELECT a,
       b\");
        self.run.optional(QUERY.arguments().push(params.organization_id).push(params.identifier),
            types::Note::read)
    }

    fn c() -> u8 {
        1
    }
}
";
        assert_eq!(format_file("a.rs", text).unwrap(), expected);
    }

    #[test]
    fn white_space_in_a_literal_is_kept() {
        let text = "impl A { fn a(&self) { self.run.b(\"x,\n  )\", QUERY.arguments().push(one).push(two).push(three).push(four)) } }";
        let formatted = format_file("a.rs", text).unwrap();
        assert!(formatted.contains("\"x,\n  )\""), "{formatted}");
    }
}
