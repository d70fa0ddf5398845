//! A macro as a query: its statement, its name, its command, and names for its parameters.

use super::find::MacroCall;
use crate::sql::lexer::{TokenKind, tokens};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A query of a query file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Converted {
    pub(super) name: String,
    /// Without the colon.
    pub(super) command: &'static str,
    pub(super) sql: String,
}

/// The methods that run a statement, and the commands that give as much.
const COMMANDS: &[(&str, &str)] = &[
    ("fetch_one", "one"),
    ("fetch_optional", "optional"),
    ("fetch_all", "many"),
    ("fetch", "stream"),
    ("execute", "execrows"),
];

/// The query of a macro, whose name is none of `names`, or why it cannot be taken.
pub(super) fn convert_macro(
    root: &Path,
    call: &MacroCall,
    names: &mut BTreeSet<String>,
) -> Result<Converted, String> {
    let command = find_command(call)?;
    let (statement, arguments) = split_statement(root, call)?;
    let sql = name_parameters(&tidy_statement(&statement), &arguments);
    let function = call.function.as_deref();
    let function = function.ok_or("it is in no function, whose name it could have")?;
    let name = unique_name(function.trim_start_matches("r#"), names);
    Ok(Converted { name, command, sql })
}

fn find_command(call: &MacroCall) -> Result<&'static str, String> {
    let known = |method: &String| COMMANDS.iter().find(|(name, _)| name == method);
    let found = call.methods.iter().find_map(known);
    let (_, command) = found.ok_or("it is fetched elsewhere, so its command is unknown")?;
    Ok(command)
}

/// The text of the statement, and the arguments behind it.
fn split_statement(root: &Path, call: &MacroCall) -> Result<(String, Vec<String>), String> {
    // `query_as!(Type, "…")`; the type is written by the tool, or named in an alias.
    let has_type = call.name.ends_with("_as");
    let mut arguments = call.arguments.iter().skip(usize::from(has_type));
    let literal = arguments.next().ok_or("it has no statement")?;
    let text = read_literals(literal).ok_or("its statement is no literal")?;
    let statement = if call.name.starts_with("query_file") {
        let read = std::fs::read_to_string(root.join(&text));
        read.map_err(|error| format!("`{text}` cannot be read: {error}"))?
    } else {
        text
    };
    Ok((statement, arguments.cloned().collect()))
}

/// The text of a literal, or of several that `+` joins.
fn read_literals(written: &str) -> Option<String> {
    use syn::parse::Parser as _;
    use syn::punctuated::Punctuated;
    let parser = Punctuated::<syn::LitStr, syn::Token![+]>::parse_separated_nonempty;
    let literals = parser.parse_str(written).ok()?;
    let texts = literals.iter().map(syn::LitStr::value);
    Some(texts.collect())
}

/// The statement without the indentation of the Rust around it.
fn tidy_statement(sql: &str) -> String {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let rest = sql.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = rest.map(|line| line.len() - line.trim_start().len()).min();
    let lines = sql.lines().enumerate().map(|(index, line)| match index {
        0 => line,
        _ => line
            .get(indent.unwrap_or(0)..)
            .unwrap_or_else(|| line.trim_start()),
    });
    lines.map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Names each `$n` after its argument. One whose argument has no name, and two arguments of one name, stay numbers.
fn name_parameters(sql: &str, arguments: &[String]) -> String {
    let names: Vec<Option<String>> = arguments.iter().map(|text| argument_name(text)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let name_of = |written: &str| {
        let number: usize = written.get(1..)?.parse().ok()?;
        let name = names.get(number.checked_sub(1)?)?.as_deref()?;
        // Two arguments of one name would become one parameter.
        (counts.get(name) == Some(&1)).then_some(name)
    };
    // A name gets the lowest number that no `$n` has, so numbers that stay would have to be without a gap.
    let positional = tokens(sql)
        .into_iter()
        .filter(|token| token.kind == TokenKind::Positional);
    let all_named = positional
        .clone()
        .all(|token| name_of(&sql[token.range.clone()]).is_some());
    if !all_named {
        return sql.to_owned();
    }
    let (mut converted, mut at) = (String::new(), 0);
    for token in positional {
        let name = name_of(&sql[token.range.clone()]).unwrap_or_default();
        converted += &sql[at..token.range.start];
        converted.push(':');
        converted += name;
        at = token.range.end;
    }
    converted + &sql[at..]
}

/// The name of a value: `id` of `&id`, `user.id`, `id as i64`, `id as _`, `user.id.clone()`, `Some(id)`.
fn argument_name(text: &str) -> Option<String> {
    let expression = syn::parse_str::<syn::Expr>(text).ok()?;
    let name = expression_name(&expression)?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_plain);
    is_name.then_some(name)
}

fn expression_name(expression: &syn::Expr) -> Option<String> {
    use syn::Expr;
    match expression {
        Expr::Path(path) => Some(path.path.get_ident()?.to_string()),
        Expr::Reference(reference) => expression_name(&reference.expr),
        Expr::Unary(unary) => expression_name(&unary.expr),
        Expr::Paren(inner) => expression_name(&inner.expr),
        Expr::Cast(cast) => expression_name(&cast.expr),
        Expr::MethodCall(call) => expression_name(&call.receiver),
        Expr::Index(index) => expression_name(&index.expr),
        Expr::Call(call) if call.args.len() == 1 => expression_name(call.args.first()?),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}

/// The name, or with the lowest number that makes it the only one.
fn unique_name(wanted: &str, names: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    let mut candidates = [wanted.to_owned()].into_iter().chain(numbered);
    let name = candidates.find(|name| names.insert(name.clone()));
    name.unwrap_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{argument_name, name_parameters, tidy_statement};

    #[test]
    fn parameters_are_named_after_their_arguments() {
        let named = |sql: &str, arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            name_parameters(sql, &arguments)
        };
        assert_eq!(
            named("a = $1 AND b = $2 OR $1", &["id", "&user.name"]),
            "a = :id AND b = :name OR :id"
        );
        assert_eq!(
            named("a = $1 AND b = $2", &["a.id", "b.id"]),
            "a = $1 AND b = $2"
        );
        assert_eq!(
            named("a = $1 AND b = '$2'", &["1 + 1"]),
            "a = $1 AND b = '$2'"
        );
    }

    #[test]
    fn an_argument_has_the_name_of_its_value() {
        for text in [
            "id",
            "&id",
            "user.id",
            "id as i64",
            "id as _",
            "user.id.clone()",
            "*id",
            "Some(id)",
            "(id)",
        ] {
            assert_eq!(argument_name(text).as_deref(), Some("id"), "{text}");
        }
        for text in ["1", "pair.0", "a + b", "LIMIT", "f(a, b)"] {
            assert_eq!(argument_name(text), None, "{text}");
        }
    }

    #[test]
    fn the_indentation_of_the_code_is_removed() {
        let sql = "\n            SELECT id\n              FROM a\n            WHERE b\n        ";
        assert_eq!(tidy_statement(sql), "SELECT id\n  FROM a\nWHERE b");
    }
}
