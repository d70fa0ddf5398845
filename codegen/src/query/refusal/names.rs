//! Columns, tables and aliases that do not exist, and columns that several relations of FROM have.

use super::Advice;
use super::from_items::WrittenRelation;
use super::statement::RefusedStatement;
use crate::report::diagnostic::{Fix, QUOTES, nearest};
use crate::sql::identifier::write_identifier;
use crate::sql::lexer::{TokenKind, Word};

/// Advice about a name that Postgres cannot resolve.
pub(super) fn advise(refused: &RefusedStatement<'_>) -> Option<Advice> {
    match refused.error.code() {
        "42703" => advise_on_column(refused),
        // `undefined_table` for a missing alias as well; only the routine of parse_relation.c
        // distinguishes them.
        "42P01" if refused.is_from("errorMissingRTE") => advise_on_alias(refused),
        "42P01" => advise_on_table(refused),
        "42702" => list_candidates(refused),
        "42803" => advise_on_grouping(refused),
        _ => None,
    }
}

/// A column that does not exist: the nearest of the relations of FROM, or of any table.
fn advise_on_column(refused: &RefusedStatement<'_>) -> Option<Advice> {
    // Postgres's hint names the column with its relation.
    if refused.has_hint {
        return None;
    }
    let word = last_of_path(refused)?;
    let name = word.name()?;
    let own = refused
        .from
        .iter()
        .flat_map(|item| item.columns(refused.schema));
    if refused.from.is_empty() && refused.schema.column_names().any(|column| column == name) {
        return Some(Advice::new("add the table of the column: `FROM …`"));
    }
    if is_output_alias(refused, &name) {
        let help = format!(
            "`{name}` is an alias of SELECT, which this clause does not see: repeat its expression"
        );
        return Some(Advice::new(help));
    }
    // The relations of FROM first: a column of another table is nearer in letters only.
    let meant = nearest(&name, own).or_else(|| nearest(&name, refused.schema.column_names()));
    if let Some(meant) = meant.filter(|meant| *meant != name) {
        let advice = Advice::new(format!("perhaps you meant `{meant}`"));
        let span = refused.span(word.range.clone());
        return Some(advice.with_fix(span, write_identifier(meant)));
    }
    // `"open"` is the name of a column, where another database takes it for text.
    (word.kind == TokenKind::QuotedIdentifier).then(|| {
        let text = name.replace('\'', "''");
        let advice = Advice::new(format!(
            "double quotes are for names; text is in single quotes: `'{text}'`"
        ));
        advice.with_fix(refused.span(word.range.clone()), format!("'{text}'"))
    })
}

/// The names in Postgres's hint, `Perhaps you meant to reference the column "n.title".`, in place of the one that is written.
pub(super) fn follow_hint(refused: &RefusedStatement<'_>) -> Vec<Fix> {
    let is_name = matches!(refused.error.code(), "42703" | "42P01");
    let (Some(hint), Some(at)) = (refused.error.hint().filter(|_| is_name), refused.at) else {
        return Vec::new();
    };
    let Some((first, last)) = refused.words.get(at).zip(last_of_path(refused)) else {
        return Vec::new();
    };
    let is_qualified = first.range != last.range;
    let hinted = hint.split(QUOTES).skip(1).step_by(2);
    let fixes = hinted.filter_map(|name| {
        let Some((alias, column)) = name.rsplit_once('.') else {
            // An alias in place of the table's name, which it hides.
            let item = refused.from.iter().find(|item| item.alias == name)?;
            let place = refused.span(first.range.clone());
            return Some(Fix::replace(place, write_identifier(&item.alias)));
        };
        let item = refused.from.iter().find(|item| item.alias == alias)?;
        item.has_column(refused.schema, column).then_some(())?;
        let column = write_identifier(column);
        let needs_alias = is_qualified || refused.from.len() > 1;
        let text = if needs_alias {
            format!("{}.{column}", write_identifier(alias))
        } else {
            column
        };
        let place = refused.span(first.range.start..last.range.end);
        Some(Fix::replace(place, text))
    });
    fixes.collect()
}

/// Whether the column is named so by `AS` before the word that Postgres points at.
fn is_output_alias(refused: &RefusedStatement<'_>, name: &str) -> bool {
    let before = &refused.words[..refused.at.unwrap_or_default()];
    // WHERE and GROUP BY are evaluated before the select list, so that they do not see its aliases
    // (7.3.2).
    let from = before.iter().position(|word| word.is("FROM"));
    let list = &before[..from.unwrap_or_default()];
    let mut pairs = list.windows(2);
    pairs.any(|pair| pair[0].is("AS") && pair[1].name().as_deref() == Some(name))
}

/// Shorter aliases are compared with no other.
const SHORTEST_MISSPELLING: usize = 3;

/// `c.email` without a `c` in FROM: the relation of FROM that is meant.
fn advise_on_alias(refused: &RefusedStatement<'_>) -> Option<Advice> {
    if refused.has_hint {
        return None;
    }
    let at = refused.at?;
    let alias = refused.words.get(at)?.name()?;
    let column = refused.words.get(at + 2).and_then(Word::name);
    let has_column = |item: &&WrittenRelation| {
        let column = column.as_deref();
        column.is_some_and(|column| item.has_column(refused.schema, column))
    };
    let with_column: Vec<&WrittenRelation> = refused.from.iter().filter(has_column).collect();
    // An item without an alias is the one whose alias was forgotten.
    // Of several tables with that column, none is the obvious one.
    if let [item] = with_column.as_slice()
        && item.alias == item.relation
    {
        let relation = write_identifier(&item.relation);
        let alias = write_identifier(&alias);
        return Some(Advice::new(format!(
            "name the table so in FROM: `{relation} AS {alias}`"
        )));
    }
    // Of names this short, any two are a letter apart.
    let aliases = refused.from.iter().map(|item| item.alias.as_str());
    if alias.len() >= SHORTEST_MISSPELLING
        && let Some(meant) = nearest(&alias, aliases)
    {
        let meant = write_identifier(meant);
        let advice = Advice::new(format!("perhaps you meant `{meant}`"));
        let span = refused.span(refused.words[at].range.clone());
        return Some(advice.with_fix(span, meant));
    }
    if let Some(table) = refused.schema.relation_names().find(|name| *name == alias) {
        let table = write_identifier(table);
        return Some(Advice::new(format!(
            "add the table to FROM: `JOIN {table} ON …`"
        )));
    }
    let known: Vec<String> = refused.from.iter().map(name_item).collect();
    (!known.is_empty()).then(|| Advice::new(format!("FROM has {}", known.join(", "))))
}

fn name_item(item: &WrittenRelation) -> String {
    format!("`{}`", write_identifier(&item.alias))
}

/// A table that does not exist: the nearest one.
fn advise_on_table(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let word = last_of_path(refused)?;
    let meant = nearest(&word.name()?, refused.schema.relation_names())?;
    let advice = Advice::new(format!("perhaps you meant `{meant}`"));
    Some(advice.with_fix(refused.span(word.range.clone()), write_identifier(meant)))
}

/// The last word of `schema.table` or `table.column` that Postgres points at.
fn last_of_path<'r>(refused: &'r RefusedStatement<'_>) -> Option<&'r crate::sql::lexer::Word<'r>> {
    let mut at = refused.at?;
    while refused
        .words
        .get(at + 1)
        .is_some_and(|word| word.text == ".")
    {
        at += 2;
    }
    refused.words.get(at)
}

/// A column of several relations: each of them, as the statement can name it.
fn list_candidates(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let name = refused.word()?.name()?;
    let items = refused.from.iter();
    let with_column = items.filter(|item| item.has_column(refused.schema, &name));
    let mut candidates: Vec<String> = with_column
        .map(|item| {
            let (alias, column) = (write_identifier(&item.alias), write_identifier(&name));
            format!("{alias}.{column}")
        })
        .collect();
    candidates.dedup();
    // The columns of subqueries and functions are not known here. Other errors of this code are about USING and ORDER BY.
    let is_reference = ["colNameToVar", "scanRTEForColumn"];
    let mut is_reference = is_reference.into_iter();
    if candidates.len() < 2 && is_reference.any(|routine| refused.is_from(routine)) {
        let unknown = || format!("name.{}", write_identifier(&name));
        let example = candidates.first().cloned().unwrap_or_else(unknown);
        let help = format!("write the name of its relation before it: `{example}`");
        return Some(Advice::new(help));
    }
    let quoted: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
    let advice =
        (quoted.len() > 1).then(|| Advice::new(format!("write {}", quoted.join(" or "))))?;
    let span = refused.span(refused.word()?.range.clone());
    let with_fix = |advice: Advice, name| advice.with_fix(span.clone(), name);
    Some(candidates.into_iter().fold(advice, with_fix))
}

/// A column that GROUP BY lacks, or an aggregate in WHERE.
fn advise_on_grouping(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let at = refused.at?;
    let is_call = refused
        .words
        .get(at + 1)
        .is_some_and(|word| word.text == "(");
    let where_before = refused.words[..at].iter().any(|word| word.is("WHERE"));
    if is_call && where_before {
        return Some(Advice::new(
            "a condition on an aggregate is in HAVING, after GROUP BY: `HAVING count(*) > 1`",
        ));
    }
    // Every other error of this code is about a call.
    let column = refused.operand_at(at)?;
    let group_by = refused
        .words
        .windows(2)
        .any(|pair| pair[0].is("GROUP") && pair[1].is("BY"));
    Some(Advice::new(if group_by {
        format!("add it to GROUP BY: `GROUP BY …, {column}`")
    } else {
        format!("add `GROUP BY {column}`")
    }))
}
