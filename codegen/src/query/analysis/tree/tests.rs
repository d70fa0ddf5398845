//! Tests of the reader: the trees it reads, and that no text makes it panic.

use super::node::Node;
use super::{query_tree, read};

/// Trees of one query with joins, groups, WITH and sublinks, as 15 and 18 write them.
const TREES: &[&str] = &[include_str!("tree_15.txt"), include_str!("tree_18.txt")];

fn field<'t>(text: &'t str, name: &str) -> Vec<Node<'t>> {
    let Some(Node::Tagged(tagged)) = read::read(text) else {
        panic!("{text}")
    };
    tagged.values(name).to_vec()
}

fn atom(text: &str) -> Node<'_> {
    Node::Atom(text.into())
}

#[test]
fn a_name_may_look_like_a_field() {
    let text = "{T :resname :x :next :y z}";
    assert_eq!(field(text, "resname"), [atom(":x")]);
    assert_eq!(field(text, "next"), [atom(":y"), atom("z")]);
}

#[test]
fn escapes_are_resolved() {
    let text = r#"{T :a *SELECT*\ 1 :b \<> :c <> :d ("a\ b" "") :e \"x\\\{\( :f \9}"#;
    assert_eq!(field(text, "a"), [atom("*SELECT* 1")]);
    assert_eq!(field(text, "b"), [atom("<>")]);
    assert_eq!(field(text, "c"), [Node::Null]);
    let texts = ["a b", ""].map(|text| Node::Text(text.into()));
    assert_eq!(field(text, "d"), [Node::List(texts.to_vec())]);
    assert_eq!(field(text, "e"), [atom("\"x\\{(")]);
    assert_eq!(field(text, "f"), [atom("9")]);
}

#[test]
fn values_of_several_words_stay_together() {
    let text = "{T :constvalue 4 [ 1 0 0 0 ] :set (b 1 2) :oids (o 23)}";
    assert_eq!(field(text, "constvalue").len(), 7);
    let set = ["b", "1", "2"].map(atom).to_vec();
    assert_eq!(field(text, "set"), [Node::List(set)]);
}

#[test]
fn what_is_cut_off_or_too_deep_is_refused() {
    for text in [
        "",
        "(",
        "{",
        "{T",
        "{T :a",
        ")",
        "(}",
        "{T )",
        "() ()",
        "{() :a b}",
        "{T b}",
    ] {
        assert_eq!(read::read(text), None, "{text}");
    }
    assert!(read::read(&format!("{}{}", "(".repeat(900), ")".repeat(900))).is_some());
    assert!(read::read(&"(".repeat(1_000_000)).is_none());
}

#[test]
fn real_trees_are_understood() {
    for text in TREES {
        let tree = query_tree(text).expect(text);
        assert_eq!(tree.columns().count(), 5);
        assert_eq!(tree.ctes.len(), 1);
    }
}

#[test]
fn no_text_makes_it_panic() {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "(",
        ")",
        " ",
        "\\",
        "\"",
        "<>",
        ":",
        " :args ",
        "é",
        "-1",
        " 99999999999999999999 ",
        "{QUERY ",
    ];
    let mut state = 1_u64;
    let mut random = move |limit: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % limit
    };
    for text in TREES {
        for _ in 0..400 {
            let mut mutated = (*text).to_owned();
            for _ in 0..=random(4) {
                let start = mutated.floor_char_boundary(random(mutated.len()));
                let end = mutated
                    .floor_char_boundary((start + random(12)).min(mutated.len()))
                    .max(start);
                mutated.replace_range(start..end, PIECES[random(PIECES.len())]);
            }
            let _ = query_tree(&mutated);
        }
    }
}
