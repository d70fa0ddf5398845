//! Tables, views and columns without a description.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::annotations::{DescribedRelation, described};

pub(super) const RULE: Rule = Rule {
    id: "annotation",
    set: Set::House,
    promise: "every table, view and column has a description in schema_annotations.yaml, or a comment",
    why: "A name gives neither the meaning of a column, nor its unit, nor the meaning of NULL. \
          Descriptions become the documentation of the Rust types.",
    bad: "CREATE TABLE notes (body text);",
    good: "
CREATE TABLE notes (body text);
COMMENT ON TABLE notes IS 'Texts to remember.';
COMMENT ON COLUMN notes.body IS 'The text as it was typed, in Markdown.';",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let described = described(context.schema, context.annotations);
    let lacking = described
        .into_iter()
        .filter(DescribedRelation::lacks_anything);
    lacking
        .map(|relation| describe_violation(context, &relation))
        .collect()
}

fn describe_violation(context: &Context<'_>, relation: &DescribedRelation<'_>) -> Finding {
    let whole = (!relation.is_described).then(|| "the table itself".to_owned());
    let columns = relation.lacking.iter().map(|column| format!("`{column}`"));
    let missing: Vec<String> = whole.into_iter().chain(columns).collect();
    let views = context.schema.views.iter();
    let view = views.into_iter().find(|view| view.name == *relation.name);
    let table = context
        .schema
        .tables
        .iter()
        .find(|table| table.name == *relation.name);
    Finding {
        object: relation.name.annotation_key(),
        message: format!(
            "`{}` lacks descriptions: {}",
            relation.name.sql,
            missing.join(", ")
        ),
        place: table
            .map(LinePrefixes::table)
            .or(view.map(LinePrefixes::view))
            .unwrap_or_default(),
        fix: FindingFix::Advice(
            "`xact annotate` adds the missing entries to schema_annotations.yaml, to be filled in"
                .to_owned(),
        ),
    }
}
