//! Tokens into nodes, with a stack of its own: a tree nested deeper than [`MAX_DEPTH`] is refused
//! instead of overflowing the thread's.

use super::node::{Node, Tagged};
use super::token::{TreeToken, tokens};
use std::borrow::Cow;

/// How deep nodes may nest: a subquery in a subquery takes three levels, an operator two.
const MAX_DEPTH: usize = 1_000;

/// The nodes that are open and not yet closed.
enum Open<'t> {
    List(Vec<Node<'t>>),
    /// The name of a field was read and its first value was not.
    TaggedWithField(Tagged<'t>),
    Tagged(Tagged<'t>),
}

/// Reads one value; none if the text is cut off, has too many brackets or nests too deep.
pub(super) fn read(text: &str) -> Option<Node<'_>> {
    let mut stack: Vec<Open> = Vec::new();
    let mut tokens = tokens(text);
    while let Some(token) = tokens.next() {
        let value = match token {
            TreeToken::ParenOpen => {
                stack.push(Open::List(Vec::new()));
                None
            }
            TreeToken::BraceOpen => {
                stack.push(Open::Tagged(tagged(tokens.next()?)?));
                None
            }
            TreeToken::ParenClose | TreeToken::BraceClose => Some(close(&token, stack.pop()?)?),
            TreeToken::Field(name) => field_or_value(&mut stack, name),
            TreeToken::Null => Some(Node::Null),
            TreeToken::Text(text) => Some(Node::Text(text)),
            TreeToken::Atom(text) => Some(Node::Atom(text)),
        };
        if stack.len() > MAX_DEPTH {
            return None;
        }
        let Some(value) = value else { continue };
        if stack.is_empty() {
            // A second value after the first means that the text was cut differently than by
            // Postgres.
            return tokens.next().is_none().then_some(value);
        }
        add(&mut stack, value)?;
    }
    None
}

fn tagged(token: TreeToken<'_>) -> Option<Tagged<'_>> {
    match token {
        TreeToken::Atom(tag) => Some(Tagged {
            tag,
            fields: Vec::new(),
        }),
        _ => None,
    }
}

fn close<'t>(token: &TreeToken<'_>, open: Open<'t>) -> Option<Node<'t>> {
    match (token, open) {
        (TreeToken::ParenClose, Open::List(nodes)) => Some(Node::List(nodes)),
        (TreeToken::BraceClose, Open::Tagged(tagged) | Open::TaggedWithField(tagged)) => {
            Some(Node::Tagged(tagged))
        }
        _ => None,
    }
}

/// A word with a colon is the next field's name, except right after a field's name: there it is
/// the value, for a column may be called `:x`.
fn field_or_value<'t>(stack: &mut Vec<Open<'t>>, name: Cow<'t, str>) -> Option<Node<'t>> {
    match stack.pop() {
        Some(Open::Tagged(mut tagged)) => {
            tagged.fields.push((name, Vec::new()));
            stack.push(Open::TaggedWithField(tagged));
            None
        }
        other => {
            stack.extend(other);
            Some(Node::Atom(format!(":{name}").into()))
        }
    }
}

fn add<'t>(stack: &mut Vec<Open<'t>>, value: Node<'t>) -> Option<()> {
    let open = match stack.pop()? {
        Open::List(mut nodes) => {
            nodes.push(value);
            Open::List(nodes)
        }
        Open::Tagged(mut tagged) | Open::TaggedWithField(mut tagged) => {
            // A field keeps all values up to the next name: `constvalue` is a length, a bracket and
            // bytes.
            tagged.fields.last_mut()?.1.push(value);
            Open::Tagged(tagged)
        }
    };
    stack.push(open);
    Some(())
}
