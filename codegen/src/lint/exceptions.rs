//! Removes the violations that `xact.toml` excepts, and reports exceptions without a violation.

use super::configuration::is_on;
use super::rule::Violation;
use super::rules::named;
use crate::config;
use crate::project::Project;
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::Span;
use crate::schema::Schema;
use std::collections::HashSet;
use toml::Spanned;

/// The violations that are left, and a diagnostic for each exception without one.
pub(super) fn apply_exceptions(
    project: &Project,
    schema: &Schema,
    found: Vec<Violation>,
) -> (Vec<Violation>, Vec<Diagnostic>) {
    let rules = &project.config.lint.rules;
    let mut needed: HashSet<(&str, &str)> = HashSet::new();
    let mut left = Vec::new();
    for violation in found {
        let settings = rules.get(violation.rule.id);
        let objects = settings
            .into_iter()
            .flat_map(|settings| settings.except.keys());
        let covering =
            objects.filter(|object| covers_object(object.get_ref(), &violation.finding.object));
        let covering: Vec<_> = covering
            .map(|object| (violation.rule.id, object.get_ref().as_str()))
            .collect();
        if covering.is_empty() {
            left.push(violation);
        }
        needed.extend(covering);
    }
    let mut unneeded = Vec::new();
    let is_on = |rule: &str| named(rule).is_some_and(|rule| is_on(&project.config.lint, rule));
    // Exceptions of a rule that is off are kept: they are needed again when it is on.
    for (rule, settings) in rules.iter().filter(|(rule, _)| is_on(rule.get_ref())) {
        let objects = settings.except.keys();
        let objects = objects.filter(|object| {
            !needed.contains(&(rule.get_ref().as_str(), object.get_ref().as_str()))
        });
        unneeded.extend(
            objects.filter_map(|object| describe_unneeded(project, schema, rule.get_ref(), object)),
        );
    }
    (left, unneeded)
}

fn describe_unneeded(
    project: &Project,
    schema: &Schema,
    rule: &str,
    object: &Spanned<String>,
) -> Option<Diagnostic> {
    let mut files = project.settings.iter();
    let file = files.find(|file| file.path == config::FILE)?.clone();
    let range = object.span();
    let name = object.get_ref();
    let objects = list_objects(schema);
    let span = Span { file, range };
    if objects.iter().any(|object| covers_object(name, object)) {
        let message = format!("`{name}` keeps rule `{rule}`, so it needs no exception");
        return Some(
            Diagnostic::error("unneeded-exception", span, message).help("delete the line"),
        );
    }
    let message = format!("nothing is called `{name}`");
    let diagnostic = Diagnostic::error("unneeded-exception", span, message);
    Some(match nearest(name, objects.iter().map(String::as_str)) {
        Some(nearest) => diagnostic.suggest_key(nearest),
        None => diagnostic.help("delete the line"),
    })
}

/// Everything that findings are about.
fn list_objects(schema: &Schema) -> Vec<String> {
    let mut objects: Vec<String> = Vec::new();
    for table in &schema.tables {
        let key = table.name.annotation_key();
        objects.extend(
            table
                .columns
                .iter()
                .map(|column| format!("{key}.{}", column.name)),
        );
        objects.extend(
            table
                .constraints
                .iter()
                .map(|constraint| format!("{key}.{}", constraint.name)),
        );
        objects.extend(
            table
                .indexes
                .iter()
                .map(|index| format!("{key}.{}", index.name.name)),
        );
        objects.extend(
            table
                .policies
                .iter()
                .map(|policy| format!("{key}.{}", policy.name)),
        );
        objects.push(key);
    }
    objects.extend(schema.views.iter().map(|view| view.name.annotation_key()));
    objects.extend(
        schema
            .functions
            .iter()
            .map(|function| function.name.annotation_key()),
    );
    objects.extend(schema.roles.iter().map(|role| role.name.clone()));
    objects
}

/// Whether the name in the configuration means the object, or the table that the object is part of.
fn covers_object(name: &str, object: &str) -> bool {
    let parts = object.match_indices('.').map(|(dot, _)| &object[..dot]);
    matches_pattern(name, object) || parts.into_iter().any(|whole| matches_pattern(name, whole))
}

/// Whether `text` is `pattern`, in which `*` stands for anything.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(before) else {
        return false;
    };
    (0..=rest.len())
        .filter(|start| rest.is_char_boundary(*start))
        .any(|start| matches_pattern(after, &rest[start..]))
}

#[cfg(test)]
mod tests {
    use super::covers_object;

    #[test]
    fn an_exception_covers_the_object_its_parts_and_whatever_a_star_stands_for() {
        assert!(covers_object("bookmarks", "bookmarks.url"));
        assert!(covers_object("bookmarks.url", "bookmarks.url"));
        assert!(covers_object("audit.*", "audit.log.id"));
        assert!(covers_object("*_enum", "theme_enum.value"));
        assert!(!covers_object("bookmarks.url", "bookmarks"));
        assert!(!covers_object("bookmark", "bookmarks"));
        assert!(!covers_object("*_enum", "theme_enums"));
    }
}
