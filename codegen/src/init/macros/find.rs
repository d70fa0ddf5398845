//! Each `query!`, `query_as!` and `query_scalar!` of a Rust file, by its tokens: macros are in the bodies of functions, and of
//! other macros, where a syntax tree has none.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A macro of sqlx.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MacroCall {
    /// Its name, without `_unchecked`: `query_as`.
    pub(super) name: String,
    /// Its arguments, as they are written between commas.
    pub(super) arguments: Vec<String>,
    /// The innermost function around it.
    pub(super) function: Option<String>,
    /// The methods that are called on it, in order.
    pub(super) methods: Vec<String>,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// sqlx's macros with a statement in them, or with the path of one.
const MACROS: &[&str] = &[
    "query",
    "query_as",
    "query_scalar",
    "query_file",
    "query_file_as",
    "query_file_scalar",
];

/// All macros of a file, in order; none if it is no Rust.
pub(super) fn find_macros(text: &str) -> Option<Vec<MacroCall>> {
    let tokens: TokenStream = text.parse().ok()?;
    let mut found = Vec::new();
    search(tokens, None, &mut found);
    Some(found)
}

fn search(tokens: TokenStream, function: Option<&str>, found: &mut Vec<MacroCall>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut own: Option<String> = None;
    for (index, token) in tokens.iter().enumerate() {
        if is_ident(token, "fn")
            && let Some(TokenTree::Ident(name)) = tokens.get(index + 1)
        {
            own = Some(name.to_string());
        }
        if let Some(call) = read_call(&tokens, index, function) {
            found.push(call);
        }
        if let TokenTree::Group(group) = token {
            search(group.stream(), own.as_deref().or(function), found);
            // The body of a function is its first braces; the next function has a name of its own.
            if group.delimiter() == Delimiter::Brace {
                own = None;
            }
        }
    }
}

/// `name ! (…)` and the methods behind it.
fn read_call(tokens: &[TokenTree], index: usize, function: Option<&str>) -> Option<MacroCall> {
    let TokenTree::Ident(name) = &tokens[index] else {
        return None;
    };
    let written = name.to_string();
    let plain = written.strip_suffix("_unchecked").unwrap_or(&written);
    let known = MACROS.contains(&plain) && is_punct(tokens.get(index + 1)?, '!');
    let Some(TokenTree::Group(group)) = tokens.get(index + 2).filter(|_| known) else {
        return None;
    };
    Some(MacroCall {
        name: plain.to_owned(),
        arguments: split_arguments(group.stream()),
        function: function.map(str::to_owned),
        methods: read_methods(&tokens[index + 3..]),
        line: name.span().start().line,
    })
}

/// The names of `.map(…).fetch_one(…).await`, up to the end of the expression.
fn read_methods(tokens: &[TokenTree]) -> Vec<String> {
    let mut methods = Vec::new();
    let mut at = 0;
    while let Some([dot, TokenTree::Ident(name)]) = tokens.get(at..at + 2)
        && is_punct(dot, '.')
    {
        methods.push(name.to_string());
        at += 2;
        // Arguments, type arguments in front of them, and `?` behind.
        while tokens
            .get(at)
            .is_some_and(|token| !is_punct(token, '.') && is_of_call(token))
        {
            at += 1;
        }
    }
    methods
}

fn is_of_call(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Punct(punct) => "?:<>".contains(punct.as_char()),
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    }
}

fn split_arguments(tokens: TokenStream) -> Vec<String> {
    let mut arguments = vec![TokenStream::new()];
    for token in tokens {
        if is_punct(&token, ',') {
            arguments.push(TokenStream::new());
        } else if let Some(last) = arguments.last_mut() {
            last.extend([token]);
        }
    }
    let arguments = arguments
        .into_iter()
        .filter(|argument| !argument.is_empty());
    arguments.map(|argument| argument.to_string()).collect()
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
