//! The objects that a node tree mentions, whichever nodes it is made of: functions, relations and their privileges, domains whose checks
//! run, and each call of `set_config`. Nothing below a node that is unknown elsewhere is missed here.

use super::node::{Node, Tagged};
use super::read;
use super::token::{TreeToken, tokens};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that one tree, or several, mention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mentions {
    /// OIDs of functions, of operators' functions and of aggregates.
    pub(crate) functions: BTreeSet<u32>,
    /// OIDs of relations, with the bits of Postgres's `AclMode` for the privileges that each needs.
    pub(crate) relations: BTreeMap<u32, u32>,
    /// OIDs of domains that something is cast to.
    pub(crate) domains: BTreeSet<u32>,
    /// The calls of `set_config`.
    pub(crate) set_configs: Vec<SetConfig>,
}

/// The arguments of a call of `set_config`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct SetConfig {
    /// The setting, if it is a literal.
    pub(crate) setting: Option<String>,
    /// Whether the last argument is `true`.
    pub(crate) local: bool,
}

/// The OID of `set_config(text, text, boolean)` in `pg_proc.dat`.
const SET_CONFIG: u32 = 2078;

/// Fields that hold the OID of a function.
const FUNCTIONS: &[&str] = &["funcid", "opfuncid", "aggfnoid", "winfnoid"];

impl Mentions {
    /// Adds those of one tree, by the text of its `pg_node_tree`.
    pub(crate) fn add(&mut self, text: &str) {
        // Over tokens and not nodes, so that a tree too deep for the reader still tells all that it
        // mentions: this is about safety.
        let mut tokens = tokens(text);
        let (mut relation, mut is_domain) = (None, false);
        while let Some(token) = tokens.next() {
            let field = match token {
                TreeToken::Atom(tag) if tag == "COERCETODOMAIN" => {
                    is_domain = true;
                    continue;
                }
                TreeToken::Field(field) => field,
                _ => continue,
            };
            let is_function = FUNCTIONS.contains(&&*field);
            if !is_function && !["relid", "requiredPerms", "resulttype"].contains(&&*field) {
                continue;
            }
            let Some(number) = tokens.next().and_then(|value| number(&value)) else {
                continue;
            };
            match &*field {
                "relid" => {
                    self.relations.entry(number).or_default();
                    relation = Some(number);
                }
                // Of the relation before it: in the range table (15), or in a list of their own (16).
                "requiredPerms" => {
                    if let Some(relation) = relation {
                        *self.relations.entry(relation).or_default() |= number;
                    }
                }
                "resulttype" => {
                    if std::mem::take(&mut is_domain) {
                        self.domains.insert(number);
                    }
                }
                _ => drop(self.functions.insert(number)),
            }
        }
        // `relid` is 0 in entries that are no relation.
        self.relations.remove(&0);
        // The nodes are read for these few trees alone, since tokens do not say which argument is
        // which.
        if self.functions.contains(&SET_CONFIG)
            && let Some(tree) = read::read(text)
        {
            self.add_set_configs(&tree);
        }
    }

    fn add_set_configs(&mut self, node: &Node<'_>) {
        match node {
            Node::List(nodes) => nodes.iter().for_each(|node| self.add_set_configs(node)),
            Node::Tagged(tagged) => {
                let is_call = tagged.tag == "FUNCEXPR";
                if is_call && tagged.number("funcid") == Some(SET_CONFIG) {
                    self.set_configs.push(set_config(tagged));
                }
                let values = tagged.fields.iter().flat_map(|(_, values)| values);
                values.for_each(|node| self.add_set_configs(node));
            }
            Node::Null | Node::Atom(_) | Node::Text(_) => {}
        }
    }
}

fn number(token: &TreeToken<'_>) -> Option<u32> {
    match token {
        TreeToken::Atom(text) => text.parse().ok(),
        _ => None,
    }
}

fn set_config(call: &Tagged<'_>) -> SetConfig {
    let constant = |node: &Node<'_>| super::constant::convert(node.tagged("CONST")?);
    let arguments = call.list("args");
    let setting = arguments.first().and_then(constant);
    let local = arguments.get(2).and_then(constant);
    SetConfig {
        setting: setting.and_then(|setting| setting.text()),
        // Anything but the constant `true` may keep the setting beyond the transaction.
        local: local.is_some_and(|local| local.is_true()),
    }
}
