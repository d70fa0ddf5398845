//! Schema and annotations joined, compact: for a language model, or a reviewer who is new to the schema.
//!
//! Given a [`Schema`] and its [`Annotations`], gives text with the meaning of each table's rows, its
//! columns with types and meaning, its keys, checks, indexes and policies; then views, types and functions.
//! Owners, grants, triggers and storage are left to schema.sql.

use super::Schema;
use super::annotations::{Annotations, ColumnAnnotation, TableAnnotation};
use super::dump::columns::serial;
use super::model::{
    Attached, Column, Constraint, ConstraintKind, Function, Name, Policy, Table, View,
};

/// The text, the same for the same schema and annotations.
pub fn summarise(schema: &Schema, annotations: &Annotations) -> String {
    let of = |name: &Name| annotations.tables.get(&name.annotation_key());
    let (enums, tables): (Vec<&Table>, Vec<&Table>) =
        schema.tables.iter().partition(|table| table.is_enum());
    let sections = [
        (
            "Tables",
            tables
                .iter()
                .map(|item| summarise_table(item, of(&item.name)))
                .collect(),
        ),
        (
            "Enum tables",
            enums
                .iter()
                .map(|item| enum_table(item, of(&item.name)))
                .collect(),
        ),
        (
            "Views",
            schema
                .views
                .iter()
                .map(|item| summarise_view(item, of(&item.name)))
                .collect(),
        ),
        ("Types", summarise_types(schema)),
        (
            "Functions",
            schema
                .functions
                .iter()
                .map(summarise_function)
                .collect::<Vec<String>>(),
        ),
    ];
    let filled = sections.iter().filter(|(_, blocks)| !blocks.is_empty());
    let texts = filled.map(|(title, blocks)| format!("# {title}\n\n{}", blocks.join("\n")));
    texts.collect::<Vec<String>>().join("\n")
}

fn summarise_table(table: &Table, annotation: Option<&TableAnnotation>) -> String {
    // A partition has the columns of its table, which a reader has seen.
    if let Some(partition) = &table.partition {
        return format!(
            "{}: partition of {} {}\n",
            table.name.sql, partition.of, partition.bound
        );
    }
    let mut lines = vec![write_heading(&table.name, &table.attached, annotation)];
    lines.extend(table.columns.iter().map(|item| {
        let key = single_key(table, item);
        summarise_column(
            &with_serial(table, item),
            &key,
            annotation.and_then(|annotation| annotation.columns.get(&item.name)),
        )
    }));
    let constraints = table
        .constraints
        .iter()
        .filter(|item| !is_beside_column(table, item));
    lines.extend(constraints.map(|item| format!("  {}", item.definition)));
    lines.extend(table.indexes.iter().map(|index| {
        let unique = if index.definition.starts_with("CREATE UNIQUE") {
            "UNIQUE "
        } else {
            ""
        };
        let rows = index
            .predicate
            .as_ref()
            .map(|rows| format!(" WHERE {rows}"));
        format!(
            "  {unique}INDEX ({}){}",
            index.keys.join(", "),
            rows.unwrap_or_default()
        )
    }));
    if let Some(key) = &table.partition_key {
        lines.push(format!("  PARTITION BY {key}"));
    }
    lines.extend(table.policies.iter().map(summarise_policy));
    lines.join("\n") + "\n"
}

/// The column as `serial`, if its numbers come from the sequence that the word would make.
fn with_serial(table: &Table, column: &Column) -> Column {
    let (table, name) = (&table.name.sql, &column.sql);
    let default = format!("nextval('{table}_{name}_seq'::regclass)");
    if column.default.as_ref() != Some(&default) {
        return column.clone();
    }
    Column {
        data_type: serial(&column.data_type).to_owned(),
        default: None,
        ..column.clone()
    }
}

/// `name — meaning of a row [tags]`.
fn write_heading(name: &Name, attached: &Attached, annotation: Option<&TableAnnotation>) -> String {
    let description = annotation.and_then(|annotation| annotation.description.as_ref());
    let tags = annotation.map(|annotation| annotation.tags.as_slice());
    let described = describe_in_words(description.or(attached.comment.as_ref()));
    format!(
        "{}{described}{}",
        name.sql,
        list_tags(tags.unwrap_or_default())
    )
}

fn summarise_column(column: &Column, key: &str, annotation: Option<&ColumnAnnotation>) -> String {
    let clause = |word: &str, text: &Option<String>| {
        let text = text.as_ref();
        text.map(|text| format!(" {word} {text}"))
            .unwrap_or_default()
    };
    let description = annotation.and_then(|annotation| annotation.description.as_ref());
    let tags = annotation.map(|annotation| annotation.tags.as_slice());
    [
        format!("  {} {}", column.sql, column.data_type),
        if column.not_null { " NOT NULL" } else { "" }.to_owned(),
        clause("DEFAULT", &column.default),
        clause("GENERATED AS", &column.generated),
        if column.identity.is_some() {
            " IDENTITY"
        } else {
            ""
        }
        .to_owned(),
        key.to_owned(),
        describe_in_words(description.or(column.attached.comment.as_ref())),
        list_tags(tags.unwrap_or_default()),
    ]
    .concat()
}

fn describe_in_words(description: Option<&String>) -> String {
    let words = |text: &String| text.split_whitespace().collect::<Vec<&str>>().join(" ");
    description
        .map(|text| format!(" — {}", words(text)))
        .unwrap_or_default()
}

fn list_tags(tags: &[String]) -> String {
    if tags.is_empty() {
        String::new()
    } else {
        format!(" [{}]", tags.join(", "))
    }
}

/// The keys of this column alone, as they stand beside it: ` PRIMARY KEY`, ` UNIQUE`, ` → users(id)`.
fn single_key(table: &Table, column: &Column) -> String {
    let own = table
        .constraints
        .iter()
        .filter(|item| is_beside_column(table, item) && item.columns[0].0 == column.number.0);
    own.map(|item| match item.kind {
        ConstraintKind::ForeignKey => {
            let target = item.definition.split_once(" REFERENCES ");
            format!(" → {}", target.map_or("", |(_, target)| target))
        }
        ConstraintKind::PrimaryKey => " PRIMARY KEY".to_owned(),
        _ => " UNIQUE".to_owned(),
    })
    .collect()
}

fn is_beside_column(table: &Table, constraint: &Constraint) -> bool {
    let kinds = [
        ConstraintKind::PrimaryKey,
        ConstraintKind::Unique,
        ConstraintKind::ForeignKey,
    ];
    kinds.contains(&constraint.kind) && table.columns_at(&constraint.columns).len() == 1
}

fn summarise_policy(policy: &Policy) -> String {
    let roles = if policy.roles.is_empty() {
        "PUBLIC".to_owned()
    } else {
        policy.roles.join(", ")
    };
    let kind = if policy.restrictive {
        "RESTRICTIVE POLICY"
    } else {
        "POLICY"
    };
    let expression = |word: &str, text: &Option<String>| {
        let words = text
            .as_ref()
            .map(|text| text.split_whitespace().collect::<Vec<&str>>().join(" "));
        words
            .map(|text| format!(" {word} {text}"))
            .unwrap_or_default()
    };
    let (using, check) = (
        expression("USING", &policy.using),
        expression("CHECK", &policy.check),
    );
    format!("  {kind} {} TO {roles}{using}{check}", policy.command)
}

fn enum_table(table: &Table, annotation: Option<&TableAnnotation>) -> String {
    let rows = table.rows.iter();
    let values: Vec<String> = rows
        .map(|row| row.iter().flatten().cloned().collect::<Vec<_>>().join(" "))
        .collect();
    let heading = write_heading(&table.name, &table.attached, annotation);
    let columns = annotation
        .into_iter()
        .flat_map(|annotation| annotation.columns.values());
    let meaning = columns.filter_map(|column| column.description.as_ref());
    let meaning: Vec<String> = meaning.map(|text| describe_in_words(Some(text))).collect();
    format!("{heading}\n  {}{}\n", values.join(" | "), meaning.concat())
}

fn summarise_view(view: &View, annotation: Option<&TableAnnotation>) -> String {
    let mut lines = vec![write_heading(&view.name, &view.attached, annotation)];
    lines.extend(view.columns.iter().map(|item| {
        summarise_column(
            item,
            "",
            annotation.and_then(|annotation| annotation.columns.get(&item.name)),
        )
    }));
    lines.join("\n") + &format!("\n  AS{}\n", view.query.replace('\n', "\n   "))
}

fn summarise_types(schema: &Schema) -> Vec<String> {
    let enums = schema.enums.iter().map(|item| {
        let comment = describe_in_words(item.attached.comment.as_ref());
        format!("{}: {}{comment}\n", item.name.sql, item.labels.join(" | "))
    });
    let domains = schema.domains.iter().map(|item| {
        let checks: Vec<&str> = item
            .constraints
            .iter()
            .map(|check| check.definition.as_str())
            .collect();
        let comment = describe_in_words(item.attached.comment.as_ref());
        format!(
            "{}: {} {}{comment}\n",
            item.name.sql,
            item.base,
            checks.join(" ")
        )
    });
    let composites = schema.composites.iter().map(|item| {
        let fields = item
            .fields
            .iter()
            .map(|field| format!("{} {}", field.sql, field.data_type));
        let comment = describe_in_words(item.attached.comment.as_ref());
        format!(
            "{}: ({}){comment}\n",
            item.name.sql,
            fields.collect::<Vec<_>>().join(", ")
        )
    });
    enums.chain(domains).chain(composites).collect()
}

fn summarise_function(function: &Function) -> String {
    let mut lines = function.definition.lines();
    let first = lines.next().unwrap_or_default();
    let returns = lines
        .next()
        .map(str::trim)
        .filter(|line| line.starts_with("RETURNS "));
    let signature = first
        .trim_start_matches("CREATE FUNCTION ")
        .trim_start_matches("CREATE ");
    let comment = describe_in_words(function.attached.comment.as_ref());
    format!("{signature} {}{comment}\n", returns.unwrap_or_default()).replace(" \n", "\n")
}
