//! `tsquery`: a query for full-text search.
//!
//! On the wire it is the number of its items, and the items, each operator before its operands, of which the right one comes
//! first (`tsquerysend` in Postgres's `tsquery.c`). The items are kept as they are and not as a tree, because a tree as deep as
//! Postgres allows would overflow the stack of the thread that drops it.

use std::fmt;

use sqlx::error::BoxDynError;

use super::built_in::built_in_type;
use crate::values::{FromSql, Reader, SqlValue};

/// A query for full-text search. It has no item if it was made of stop words alone; such a one can be read, and Postgres does not
/// receive it.
///
/// ```
/// use xact::types::{TsQuery, TsQueryItem};
///
/// let word = |word: &str| TsQueryItem::Word { word: word.to_owned(), weights: 0, prefix: false };
/// let query = TsQuery { items: vec![TsQueryItem::And, word("rat"), word("fat")] };
/// assert_eq!(query.to_string(), "'fat' & 'rat'");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TsQuery {
    /// Each operator before its operands, of which the right one comes first.
    pub items: Vec<TsQueryItem>,
}

/// A word or an operator of a query for full-text search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TsQueryItem {
    /// A word.
    Word {
        /// The word, normalized.
        word: String,
        /// The weights that it is searched with, as bits: 1 is `D`, 2 is `C`, 4 is `B`, 8 is `A`; 0 is every weight.
        weights: u8,
        /// Whether every word that begins with it is found: `super:*`.
        prefix: bool,
    },
    /// `!`, of one operand.
    Not,
    /// `&`.
    And,
    /// `|`.
    Or,
    /// `<->`, with the distance of the words.
    Phrase(u16),
}

/// `QI_VAL` and `QI_OPR` in Postgres's `ts_type.h`.
const WORD: u8 = 1;
const OPERATOR: u8 = 2;

/// `OP_NOT` and so on, in the same file.
const NOT: u8 = 1;
const AND: u8 = 2;
const OR: u8 = 3;
const PHRASE: u8 = 4;

impl TsQueryItem {
    /// How tightly it binds: `tsearch_op_priority` in Postgres's `tsquery.c`.
    fn priority(&self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Phrase(_) => 3,
            Self::Not => 4,
            Self::Word { .. } => 5,
        }
    }
}

/// The text of a part of a query, and the priority of its operator.
struct TsQueryPart {
    text: String,
    priority: u8,
}

impl TsQueryPart {
    /// In parentheses, if its operator binds less tightly than the one around it.
    fn within(self, priority: u8) -> String {
        if self.priority < priority {
            format!("( {} )", self.text)
        } else {
            self.text
        }
    }
}

impl TsQuery {
    /// The text of all items; none if an operator lacks an operand.
    fn write_text(&self) -> Option<String> {
        let mut parts: Vec<TsQueryPart> = Vec::new();
        for item in self.items.iter().rev() {
            let priority = item.priority();
            let text = match item {
                TsQueryItem::Word {
                    word,
                    weights,
                    prefix,
                } => write_word(word, *weights, *prefix),
                TsQueryItem::Not => format!("!{}", parts.pop()?.within(priority)),
                operator => {
                    let right = parts.pop()?;
                    let left = parts.pop()?.within(priority);
                    // `a <-> (b <-> c)` is not `(a <-> b) <-> c`.
                    let is_phrase = matches!(operator, TsQueryItem::Phrase(_));
                    let right = right.within(priority + u8::from(is_phrase));
                    match operator {
                        TsQueryItem::And => format!("{left} & {right}"),
                        TsQueryItem::Phrase(1) => format!("{left} <-> {right}"),
                        TsQueryItem::Phrase(distance) => format!("{left} <{distance}> {right}"),
                        _ => format!("{left} | {right}"),
                    }
                }
            };
            parts.push(TsQueryPart { text, priority });
        }
        let whole = parts.pop()?;
        parts.is_empty().then_some(whole.text)
    }
}

fn write_word(word: &str, weights: u8, prefix: bool) -> String {
    let word = word.replace('\\', "\\\\").replace('\'', "''");
    let star = if prefix { "*" } else { "" };
    let letters = [(8, "A"), (4, "B"), (2, "C"), (1, "D")];
    let letters = letters.iter().filter(|(bit, _)| weights & bit != 0);
    let suffix = letters.fold(star.to_owned(), |text, (_, letter)| text + letter);
    let colon = if suffix.is_empty() { "" } else { ":" };
    format!("'{word}'{colon}{suffix}")
}

/// The form that Postgres writes and reads: `'fat' & ( 'rat' | 'cat':*A )`; empty if an operator lacks an operand.
impl fmt::Display for TsQuery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.write_text().unwrap_or_default())
    }
}

impl FromSql<'_> for TsQuery {
    const OIDS: &'static [u32] = &[3615];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "tsquery");
        let count = reader.read_count()?;
        let items = (0..count).map(|_| read_item(&mut reader));
        let items = items.collect::<Result<_, _>>()?;
        Ok(Self { items })
    }
}

fn read_item(reader: &mut Reader<'_>) -> Result<TsQueryItem, BoxDynError> {
    match reader.read_u8()? {
        WORD => {
            let weights = reader.read_u8()?;
            let prefix = reader.read_u8()? != 0;
            let word = std::str::from_utf8(reader.read_until_nul()?)?.to_owned();
            Ok(TsQueryItem::Word {
                word,
                weights,
                prefix,
            })
        }
        OPERATOR => match reader.read_u8()? {
            NOT => Ok(TsQueryItem::Not),
            AND => Ok(TsQueryItem::And),
            OR => Ok(TsQueryItem::Or),
            PHRASE => reader.read_u16().map(TsQueryItem::Phrase),
            _ => Err(reader.malformed()),
        },
        _ => Err(reader.malformed()),
    }
}

built_in_type!(TsQuery, 3615, 3645, |value, buffer| {
    // Postgres sends one, and refuses to receive it: `tsqueryrecv` looks for an operand.
    if value.items.is_empty() {
        return Err(
            "Postgres does not receive a `tsquery` without words in binary form; pass its text"
                .into(),
        );
    }
    buffer.extend(u32::try_from(value.items.len())?.to_be_bytes());
    for item in &value.items {
        match item {
            TsQueryItem::Word {
                word,
                weights,
                prefix,
            } => {
                if word.contains('\0') {
                    return Err("a word of a `tsquery` has a NUL byte".into());
                }
                buffer.extend([WORD, *weights, u8::from(*prefix)]);
                buffer.extend_from_slice(word.as_bytes());
                buffer.push(0);
            }
            TsQueryItem::Not => buffer.extend([OPERATOR, NOT]),
            TsQueryItem::And => buffer.extend([OPERATOR, AND]),
            TsQueryItem::Or => buffer.extend([OPERATOR, OR]),
            TsQueryItem::Phrase(distance) => {
                buffer.extend([OPERATOR, PHRASE]);
                buffer.extend(distance.to_be_bytes());
            }
        }
    }
});
