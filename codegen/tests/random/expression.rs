//! Expressions of a kind, by the lines of `grammar.txt`.

use std::sync::LazyLock;

use super::kinds::Kind;
use super::world::{ARGUMENTS, Function};
use super::writer::Writer;

/// One line of the grammar.
struct Rule {
    class: Class,
    /// None for a rule of every kind.
    kind: Option<Kind>,
    form: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Plain,
    Aggregate,
    Window,
    /// Functions that give a set.
    Set,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let lines = include_str!("grammar.txt").lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (head, form) = line.split_once(": ").unwrap();
            let (class, kind) = match head.split_once(' ') {
                Some(("aggregate", kind)) => (Class::Aggregate, kind),
                Some(("window", kind)) => (Class::Window, kind),
                Some((_, kind)) => (Class::Set, kind),
                None => (Class::Plain, head),
            };
            let kind = Kind::named(kind);
            Rule { class, kind, form }
        })
        .collect()
});

impl Writer<'_> {
    /// An expression of a kind.
    pub(super) fn expression(&mut self, kind: Kind) -> String {
        let deep = self.percent(60);
        if deep && self.burn() {
            self.made(Class::Plain, kind)
        } else {
            self.leaf(kind)
        }
    }

    /// A column, a literal or a parameter.
    pub(super) fn leaf(&mut self, kind: Kind) -> String {
        if self.percent(70)
            && let Some((column, _)) = self.column(Some(kind))
        {
            return column;
        }
        if self.wants_parameter() {
            self.parameter(kind.sql_type())
        } else if self.percent(10) {
            format!("(NULL::{})", kind.sql_type())
        } else {
            kind.literal(&mut self.rng)
        }
    }

    /// An expression made by a rule of a class; a leaf if there is none.
    pub(super) fn made(&mut self, class: Class, kind: Kind) -> String {
        let rules: Vec<&Rule> = RULES
            .iter()
            .filter(|rule| rule.class == class && rule.kind.is_none_or(|own| own == kind))
            .collect();
        if rules.is_empty() {
            return self.leaf(kind);
        }
        let form = rules[self.rng.usize(..rules.len())].form;
        self.filled(form, kind)
    }

    /// The form with something in each of its holes.
    fn filled(&mut self, form: &str, same: Kind) -> String {
        let other = Kind::any(&mut self.rng);
        let mut text = String::from("(");
        let mut rest = form;
        while let Some(open) = rest.find('{') {
            text += &rest[..open];
            rest = &rest[open + 1..];
            // `{{}}` is a pair of braces of SQL.
            if let Some(braces) = rest.strip_prefix('{') {
                let end = braces.find("}}").unwrap();
                text.extend(["{", &braces[..end], "}"]);
                rest = &braces[end + 2..];
                continue;
            }
            let close = rest.find('}').unwrap();
            text += &self.hole(&rest[..close], same, other);
            rest = &rest[close + 1..];
        }
        text += rest;
        text.push(')');
        text
    }

    fn hole(&mut self, hole: &str, same: Kind, other: Kind) -> String {
        let (word, of) = hole.split_once(' ').unwrap_or((hole, "same"));
        let kind = |name: &str| match name {
            "same" => same,
            "other" => other,
            name => Kind::named(name).unwrap(),
        };
        match word {
            "literal" => kind(of).literal(&mut self.rng),
            "column" => match self.column(None) {
                Some((column, _)) => column,
                None => self.leaf(other),
            },
            "rows" => self.subquery(kind(of)),
            "single" => self.single_row(kind(of)),
            "call" => self.call(same),
            "window" => self.window(),
            "frame" => self.frame(),
            name => self.expression(kind(name)),
        }
    }

    /// A call of a function of the schema that gives this kind.
    fn call(&mut self, kind: Kind) -> String {
        let Some(function) = self.function(kind) else {
            return self.leaf(kind);
        };
        self.call_of(function)
    }

    /// A call of a function, with some arguments left out, or named in another order.
    pub(super) fn call_of(&mut self, function: &Function) -> String {
        let mut arguments: Vec<(&str, String)> = Vec::new();
        for (name, kind) in ARGUMENTS.iter().zip(&function.arguments) {
            let value = format!("{}::{}", self.expression(*kind), kind.sql_type());
            arguments.push((name, value));
        }
        let is_named = self.percent(20);
        if is_named {
            arguments.reverse();
        }
        if self.percent(20) {
            arguments.pop();
        }
        let write = |(name, value): &(&str, String)| {
            if is_named {
                format!("{name} => {value}")
            } else {
                value.clone()
            }
        };
        let arguments: Vec<String> = arguments.iter().map(write).collect();
        format!("{}({})", function.name, arguments.join(", "))
    }

    /// The inside of `OVER (…)`, without the frame.
    fn window(&mut self) -> String {
        let mut window = String::new();
        if self.percent(50)
            && let Some((column, _)) = self.column(None)
        {
            window = format!("PARTITION BY {column} ");
        }
        let order = self.column(Some(Kind::Int));
        let order = order.map_or_else(|| "1".to_owned(), |(column, _)| column);
        window
            + &format!(
                "ORDER BY {order} {}",
                self.one(&["", "DESC", "NULLS FIRST"])
            )
    }

    fn frame(&mut self) -> String {
        let frames = [
            "",
            "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW",
            "ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING",
            "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
            "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING",
            "RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
            "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW",
            "GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES",
        ];
        self.one(&frames).to_owned()
    }
}
