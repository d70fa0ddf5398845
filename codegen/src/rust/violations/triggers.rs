//! The columns that BEFORE triggers assign, by the text of their functions.

use crate::query::analysis::ChangeKind;
use crate::schema::Schema;
use crate::schema::model::{Function, Table, Trigger};
use crate::sql::lexer::{TokenKind, Word, words};
use std::collections::BTreeSet;

/// The columns that the triggers of a table may assign, those of the partitioned tables above it included; 0 is any.
pub(super) fn find_assigned(
    table: &Table,
    above: &[&Table],
    (event, written): (ChangeKind, &BTreeSet<i16>),
    schema: &Schema,
) -> BTreeSet<i16> {
    let tables = [table].into_iter().chain(above.iter().copied());
    let triggers = tables.flat_map(|table| &table.triggers);
    let before = triggers.filter(|trigger| fires_before(trigger, event, table, written));
    let mut assigned = BTreeSet::new();
    for trigger in before {
        let Some(names) = find_function(trigger, schema).and_then(read_assigned) else {
            return BTreeSet::from([0]);
        };
        let columns = names.iter().filter_map(|name| table.column(name));
        assigned.extend(columns.map(|column| column.number.0));
    }
    assigned
}

fn fires_before(
    trigger: &Trigger,
    event: ChangeKind,
    table: &Table,
    written: &BTreeSet<i16>,
) -> bool {
    let words = words(&trigger.definition);
    // CREATE TRIGGER name BEFORE event OR event ON table.
    let header = words.iter().skip(3).take_while(|word| !word.is("ON"));
    let header: Vec<&Word<'_>> = header.collect();
    let is_before = header.first().is_some_and(|word| word.is("BEFORE"));
    let is_disabled = trigger.state.as_deref() == Some("DISABLE");
    let Some(found) = header.iter().position(|word| word.is(event.keyword())) else {
        return false;
    };
    // UPDATE OF a, b: the statement has to name one of the columns, or one that a generated column depends on ("CREATE TRIGGER").
    let of = header[found + 1..].split_first();
    let columns = of.filter(|(of, _)| of.is("OF")).map(|(_, columns)| columns);
    let names_column = columns.is_none_or(|columns| {
        let columns = columns.iter().take_while(|word| !word.is("OR"));
        let mut numbers = columns.filter_map(|word| Some(table.column(&word.name()?)?.number.0));
        written.contains(&0) || numbers.any(|number| written.contains(&number))
    });
    is_before && !is_disabled && names_column
}

/// None for a function that no migration made, such as one of an extension.
fn find_function<'s>(trigger: &Trigger, schema: &'s Schema) -> Option<&'s Function> {
    let words = words(&trigger.definition);
    let execute = words.iter().position(|word| word.is("EXECUTE"))?;
    let name = words.get(execute + 2)?.range.start;
    let open = words.iter().skip(execute).find(|word| word.text == "(")?;
    // A function of a trigger declares no arguments, whatever the trigger passes.
    let sql = format!("{}()", &trigger.definition[name..open.range.start]);
    schema
        .functions
        .iter()
        .find(|function| function.name.sql == sql)
}

/// The fields of NEW that a function in PL/pgSQL names, which are more than those that it assigns. None if it may give another row:
/// one that is not NEW, or NEW as it was assigned as a whole.
fn read_assigned(function: &Function) -> Option<BTreeSet<String>> {
    let definition = words(&function.definition);
    let language = definition.iter().position(|word| word.is("LANGUAGE"))?;
    if !definition.get(language + 1)?.is("plpgsql") {
        return None;
    }
    let body = definition
        .iter()
        .rev()
        .find(|w| w.kind == TokenKind::String)?;
    let body = body.text.strip_prefix('$')?.split_once('$')?.1;
    let words = words(body);
    let text = |index: usize| words.get(index).map_or("", |word| word.text);
    let mut fields = BTreeSet::new();
    for (index, word) in words.iter().enumerate() {
        if word.is("RETURN") {
            let value = words.get(index + 1)?;
            let is_row = ["NEW", "OLD", "NULL"].iter().any(|row| value.is(row));
            if !is_row || text(index + 2) != ";" {
                return None;
            }
        }
        if word.name().as_deref() != Some("new") {
            continue;
        }
        if text(index + 1) == "." {
            fields.insert(words.get(index + 2)?.name()?);
        } else if !index
            .checked_sub(1)
            .is_some_and(|before| words[before].is("RETURN"))
        {
            // SELECT … INTO NEW, a loop over NEW, or a variable that hides it.
            return None;
        }
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::read_assigned;
    use crate::schema::model::Function;
    use std::collections::BTreeSet;

    fn read(body: &str) -> Option<Vec<String>> {
        let function = Function {
            definition: format!(
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $function${body}$function$"
            ),
            ..Function::default()
        };
        read_assigned(&function).map(|fields: BTreeSet<String>| fields.into_iter().collect())
    }

    #[test]
    fn the_fields_that_a_trigger_assigns_are_read_from_its_function() {
        let stamp = "BEGIN NEW.updated_at := now(); RETURN NEW; END";
        assert_eq!(read(stamp), Some(vec!["updated_at".to_owned()]));
        assert_eq!(read("BEGIN RETURN OLD; END"), Some(vec![]));
        let quoted = r#"BEGIN new."Total" = 1; IF x THEN RETURN NULL; END IF; RETURN new; END"#;
        assert_eq!(read(quoted), Some(vec!["Total".to_owned()]));
    }

    #[test]
    fn a_trigger_that_may_replace_the_row_assigns_any_column() {
        for body in [
            "BEGIN SELECT * INTO NEW FROM t; RETURN NEW; END",
            "DECLARE r t; BEGIN r := OLD; RETURN r; END",
            "DECLARE row ALIAS FOR NEW; BEGIN row.a := 1; RETURN NEW; END",
            "BEGIN NEW := f(NEW); RETURN NEW; END",
            "BEGIN RETURN (NEW); END",
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
