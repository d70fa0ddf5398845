//! Parameters, and tokens that only look like parameters.

use super::{TokenKind, tokens};

/// The tokens that matter, each as `kind:text`.
fn lex(text: &str) -> Vec<String> {
    let all = tokens(text);
    let covered: String = all.iter().map(|token| &text[token.range.clone()]).collect();
    assert_eq!(covered, text, "tokens cover the text");
    all.iter()
        .filter(|token| !matches!(token.kind, TokenKind::Space))
        .map(|token| format!("{:?}:{}", token.kind, &text[token.range.clone()]))
        .collect()
}

fn named(text: &str) -> Vec<String> {
    lex(text)
        .into_iter()
        .filter_map(|token| token.strip_prefix("Named:").map(str::to_owned))
        .collect()
}

#[test]
fn a_name_after_a_colon_is_a_parameter() {
    assert_eq!(
        named("SELECT :a, x=:b, (:c)::text, :d::int"),
        [":a", ":b", ":c", ":d"]
    );
    assert_eq!(named("SELECT @a, b = @b"), ["@a", "@b"]);
    assert_eq!(named("f(:größe)"), [":größe"]);
}

#[test]
fn casts_slices_and_assignments_are_not_parameters() {
    for text in [
        "a::text",
        "a[1:2]",
        "a[1:n]",
        "a[b:c]",
        "f(x := y)",
        "a[i : j]",
        "'12:30'",
    ] {
        assert_eq!(named(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(named("ARRAY[:a, :b]"), [":a", ":b"]);
    assert_eq!(named("a[:i]"), [":i"]);
    assert_eq!(named("a[f(:i):2]"), [":i"]);
}

#[test]
fn parameters_in_strings_and_comments_are_text() {
    for text in [
        "':a'",
        "E'\\':a'",
        "$$ :a $$",
        "$x$ $$ :a $x$",
        "\":a\"",
        "-- :a",
        "/* /* :a */ :b */",
        "U&':a'",
        "'it''s :a'",
    ] {
        assert_eq!(named(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(named("'a' -- x\n:b"), [":b"]);
    assert_eq!(named("E'\\\\' || :b"), [":b"]);
}

#[test]
fn a_question_mark_belongs_to_the_parameter_unless_it_is_an_operator() {
    assert_eq!(named("f(:a?, :b?)"), [":a?", ":b?"]);
    assert_eq!(named(":a?::text"), [":a?"]);
    assert_eq!(named(":doc ? 'a'"), [":doc"]);
    assert_eq!(named(":doc?|array['a']"), [":doc"]);
    assert_eq!(named(":doc?'a'"), [":doc"]);
}

#[test]
fn operators_with_an_at_sign_are_operators() {
    for text in ["a <@b", "a @> b", "a @@ b", "@ a", "a @-@ b"] {
        assert_eq!(named(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn dollars_are_parameters_quotes_or_parts_of_words() {
    assert_eq!(
        lex("$1 a$1 $$x$$ $a$ $1 $a$"),
        [
            "Positional:$1",
            "Word:a$1",
            "String:$$x$$",
            "String:$a$ $1 $a$"
        ]
    );
}

#[test]
fn operators_end_before_comments() {
    assert_eq!(
        lex("a+--x\nb*/*y*/c"),
        [
            "Word:a",
            "Operator:+",
            "LineComment:--x",
            "Word:b",
            "Operator:*",
            "BlockComment:/*y*/",
            "Word:c"
        ]
    );
}

#[test]
fn what_has_no_end_is_unterminated() {
    for text in ["'abc", "E'abc\\'", "\"abc", "$a$ $$", "/* /* */", "E'\\"] {
        assert!(lex(text)[0].starts_with("Unterminated"), "{text}");
    }
}
