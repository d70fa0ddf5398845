//! Names that a generator of Rust trips over.

use std::collections::BTreeSet;

/// Every keyword of edition 2024 (Rust reference, "Keywords"): strict, reserved and weak.
pub(super) const KEYWORDS: &[&str] = &[
    "_",
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "raw",
    "ref",
    "return",
    "safe",
    "self",
    "Self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Names of the prelude, of primitive types, and of items of generated code.
const OF_RUST: &[&str] = &[
    "from",
    "froms",
    "into",
    "string",
    "strings",
    "vec",
    "option",
    "options",
    "result",
    "results",
    "box_",
    "ok",
    "err",
    "error",
    "none",
    "some",
    "orm",
    "debug",
    "clone",
    "copy",
    "partial_eq",
    "eq",
    "ord",
    "hash",
    "send",
    "sync",
    "drop",
    "default",
    "iterator",
    "to_string",
    "to_owned",
    "as_ref",
    "try_from",
    "from_str",
    "display",
    "database",
    "constraint",
    "constraints",
    "types",
    "names",
    "scopes",
    "xact",
    "std",
    "core",
    "alloc",
    "str",
    "i32",
    "i64",
    "u8",
    "bool",
    "char",
    "usize",
    "run",
    "scope",
    "row",
    "rows",
    "params",
    "arguments",
    "read",
    "line",
    "body",
    "retry",
    "json",
    "value",
    "all",
    "a_l_l",
    "t_a_b_l_e",
    "table",
    "id",
    "column",
    "prefix",
    "n",
    "t",
    "e",
    "s",
    "a",
];

/// Names that become others on their way into Rust, some of them the same.
const ODD: &[&str] = &[
    "Type",
    "TYPE",
    "type_",
    "type2",
    "r#type",
    "self_",
    "SELF",
    "Gen",
    "total items",
    "total-items",
    "total.items",
    "2fa",
    "2FA",
    "99",
    "?column?",
    "bang!",
    "x?",
    "a:b",
    "a!:b",
    "!",
    "?",
    "-",
    "+",
    "²",
    "m²",
    "größe",
    "GRÖSSE",
    "gro\u{308}ße",
    "é",
    "e\u{301}",
    "\u{212b}",
    "\u{e5}",
    "日本",
    "नाम",
    "ﬁ",
    "ǆ",
    "İ",
    "\u{301}x",
    "٣",
    "·",
    "emoji 🦀",
    "quote\"d",
    "back\\slash",
    "br{ace",
    "{}",
    "}",
    "{{ tera }}",
    "`tick`",
    "tab\tbed",
    "new\nline",
    "cr\rlf",
    "/* open",
    "*/",
    "//",
    "'",
    "''",
    "a'b",
    "$1",
    "$$",
    "\u{202e}",
    " ",
    "__",
    "_1",
    "1_",
];

/// All of them, and some at random.
pub(super) fn names(seed: u64) -> Vec<String> {
    let mut random = Random(seed);
    let known = [KEYWORDS, OF_RUST, ODD].concat();
    let mut names: BTreeSet<String> = known.into_iter().map(str::to_owned).collect();
    for _ in 0..60 {
        names.insert(random.name());
    }
    names.into_iter().collect()
}

/// Letters that meet each other rarely.
const LETTERS: &[char] = &[
    'a', 'b', 'A', 'B', 'o', 'k', '_', '_', ' ', '-', '1', '2', '!', '?', ':', '"', '\'', '\\',
    '{', '}', '.', 'ß', 'é', '\u{301}', '\u{308}', 'ü', '²', '日', 'Ω', '\u{2126}', '🦀', '#', '$',
    '%',
];

/// A linear congruential generator: the numbers of Knuth's MMIX.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(limit).unwrap()).unwrap()
    }

    fn name(&mut self) -> String {
        let length = 1 + self.below(6);
        (0..length)
            .map(|_| LETTERS[self.below(LETTERS.len())])
            .collect()
    }
}
