//! A node as it is written: a tag and fields, a list, a word, all borrowed from the text. Nothing of it is understood here.

use std::borrow::Cow;

/// Any value in a node tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node<'t> {
    /// `<>`
    Null,
    /// A number, a word or a name.
    Atom(Cow<'t, str>),
    /// A string in quotes.
    Text(Cow<'t, str>),
    /// `( … )`, of nodes, numbers or strings.
    List(Vec<Node<'t>>),
    /// `{TAG :field value …}`
    Tagged(Tagged<'t>),
}

/// A node with fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tagged<'t> {
    /// In capitals, e.g. `OPEXPR`.
    pub(super) tag: Cow<'t, str>,
    /// Name and values; a constant's value is several.
    pub(super) fields: Vec<(Cow<'t, str>, Vec<Node<'t>>)>,
}

impl<'t> Node<'t> {
    /// The node, if it has this tag.
    pub(super) fn tagged(&self, tag: &str) -> Option<&Tagged<'t>> {
        match self {
            Self::Tagged(tagged) if tagged.tag == tag => Some(tagged),
            _ => None,
        }
    }

    /// The word or string it is.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Atom(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'t> Tagged<'t> {
    /// All values of a field.
    pub(super) fn values(&self, name: &str) -> &[Node<'t>] {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map_or(&[], |(_, values)| values.as_slice())
    }

    /// The value of a field, unless it is missing or null.
    pub(super) fn get(&self, name: &str) -> Option<&Node<'t>> {
        self.values(name)
            .first()
            // `<>` is how `outNode` writes a NULL pointer.
            .filter(|value| **value != Node::Null)
    }

    /// The elements of a field that is a list.
    pub(super) fn list(&self, name: &str) -> &[Node<'t>] {
        match self.get(name) {
            Some(Node::List(nodes)) => nodes,
            _ => &[],
        }
    }

    /// A field that is a word or a string.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// A field that is a number of the wanted type.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    /// A field that is `true`; a missing one is not.
    pub(super) fn flag(&self, name: &str) -> bool {
        // A field that this version does not have yet is false in it.
        self.text(name) == Some("true")
    }
}
