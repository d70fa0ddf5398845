//! Parameters that are calls in the text of a tree, because a function takes at most 100 arguments:
//! `xact_parameter_23(7)` is `$7` again, of the type that the function returns.

use super::constant;
use super::node::{Node, Tagged};
use std::collections::HashSet;

/// Puts parameters in the place of all calls of these functions.
pub(super) fn restore(node: &mut Node<'_>, functions: &HashSet<u32>) {
    match node {
        Node::List(nodes) => nodes.iter_mut().for_each(|node| restore(node, functions)),
        Node::Tagged(tagged) => match parameter(tagged, functions) {
            Some(parameter) => *tagged = parameter,
            None => tagged
                .fields
                .iter_mut()
                .flat_map(|(_, values)| values)
                .for_each(|node| restore(node, functions)),
        },
        Node::Null | Node::Atom(_) | Node::Text(_) => {}
    }
}

fn parameter<'t>(call: &Tagged<'t>, functions: &HashSet<u32>) -> Option<Tagged<'t>> {
    // By OID and not by name: the project may have a function of that name.
    if call.tag != "FUNCEXPR" || !functions.contains(&call.number("funcid")?) {
        return None;
    }
    let [number] = call.list("args") else {
        return None;
    };
    let number = constant::convert(number.tagged("CONST")?)?.integer()?;
    let field = |name: &'static str, value: String| (name.into(), vec![Node::Atom(value.into())]);
    Some(Tagged {
        tag: "PARAM".into(),
        fields: vec![
            field("paramkind", "0".to_owned()),
            field("paramid", number.to_string()),
            field("paramtype", call.text("funcresulttype")?.to_owned()),
        ],
    })
}
