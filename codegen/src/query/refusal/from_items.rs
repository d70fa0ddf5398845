//! The relations that a statement names, with their aliases, by its words: Postgres gives no tree of a refused statement.

use super::statement::is_keyword;
use crate::schema::Schema;
use crate::sql::lexer::Word;

/// A relation in FROM, JOIN, UPDATE, INTO or USING.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenRelation {
    /// Its name without its schema, as Postgres reads it.
    pub(super) relation: String,
    /// The name by which the statement means it.
    pub(super) alias: String,
    /// The index of the word with its name.
    pub(super) word: usize,
}

/// Words that relations follow.
const BEFORE: &[&str] = &["FROM", "JOIN", "UPDATE", "INTO", "USING"];

/// All relations that the statement names, subqueries' own among them, in the order of the text.
pub(super) fn read_from_items(words: &[Word<'_>]) -> Vec<WrittenRelation> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let begins = BEFORE.iter().any(|keyword| words[at].is(keyword));
        at += 1;
        let mut expected = begins;
        while expected {
            let Some((item, next)) = read_item(words, at) else {
                break;
            };
            // `f(x)` is a function, but `INTO a (b)` names the columns that are written.
            let is_call = words
                .get(item.word + 1)
                .is_some_and(|word| word.text == "(");
            if is_call && !words[item.word - 1].is("INTO") && words[item.word - 1].text != "." {
                break;
            }
            items.push(item);
            at = next;
            // A comma in FROM begins the next relation.
            expected = words.get(at).is_some_and(|word| word.text == ",");
            at += usize::from(expected);
        }
    }
    items
}

/// The item that begins at an index, and the index after it.
fn read_item(words: &[Word<'_>], mut at: usize) -> Option<(WrittenRelation, usize)> {
    if words.get(at)?.is("ONLY") {
        at += 1;
    }
    let name_of = |at: usize| {
        let word = words.get(at).filter(|word| !is_keyword(word));
        word.and_then(Word::name)
    };
    let mut relation = name_of(at)?;
    while words.get(at + 1).is_some_and(|word| word.text == ".") {
        at += 2;
        relation = name_of(at)?;
    }
    let word = at;
    at += 1;
    let has_as = words.get(at).is_some_and(|word| word.is("AS"));
    let alias = name_of(at + usize::from(has_as));
    at += usize::from(has_as) + usize::from(alias.is_some());
    let alias = alias.unwrap_or_else(|| relation.clone());
    Some((
        WrittenRelation {
            relation,
            alias,
            word,
        },
        at,
    ))
}

impl WrittenRelation {
    /// Whether its relation has a column of this name.
    pub(super) fn has_column(&self, schema: &Schema, name: &str) -> bool {
        self.columns(schema).any(|column| column == name)
    }

    /// The columns of its relation, in any schema.
    pub(super) fn columns<'s>(&self, schema: &'s Schema) -> impl Iterator<Item = &'s str> {
        // Any schema: the search path of the session is not known to the text.
        let tables = schema
            .tables
            .iter()
            .map(|table| (&table.name, &table.columns));
        let views = schema.views.iter().map(|view| (&view.name, &view.columns));
        let relation = self.relation.clone();
        let named = tables
            .chain(views)
            .filter(move |(name, _)| name.name == relation);
        named.flat_map(|(_, columns)| columns.iter().map(|column| column.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::read_from_items;
    use crate::sql::lexer::words;

    #[test]
    fn relations_are_found_with_their_aliases() {
        let found = |sql: &str| {
            let items = read_from_items(&words(sql)).into_iter();
            let items = items.map(|item| format!("{}={}", item.relation, item.alias));
            items.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            found(
                "SELECT 1 FROM a, app.b AS x JOIN ONLY \"C d\" y ON true LEFT JOIN e USING (id) WHERE 1"
            ),
            "a=a b=x C d=y e=e"
        );
        assert_eq!(found("UPDATE a SET b = (SELECT 1 FROM c k)"), "a=a c=k");
        assert_eq!(
            found("SELECT 1 FROM unnest($1) u, (SELECT 2 FROM d) s"),
            "d=d"
        );
        assert_eq!(found("INSERT INTO a (b) VALUES (1)"), "a=a");
    }
}
