//! The last check of the project, and older ones of the queries that it found wrong.
//!
//! While a query is edited it is broken most of the time. Its hover is then the one of the last check that it passed, and says so.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use xact_codegen::explanation::{Explanation, explain_finished};
use xact_codegen::query::Finished;
use xact_codegen::schema::annotations::{ColumnAnnotation, TableAnnotation};
use xact_codegen::schema::model::{Attached, Column, Constraint, Name, View};
use xact_codegen::schema::model::{Function, Table};
use xact_codegen::workspace::CheckedProject;

/// Everything known of the project.
#[derive(Debug)]
pub(crate) struct Knowledge {
    pub(crate) checked: Arc<CheckedProject>,
    /// Queries that are wrong now, each with the check that it passed last.
    older: HashMap<String, (Arc<CheckedProject>, Arc<Finished>)>,
}

/// A query as it was understood.
#[derive(Debug)]
pub(crate) struct KnownQuery<'k> {
    pub(crate) checked: &'k CheckedProject,
    pub(crate) finished: &'k Arc<Finished>,
    /// Whether it is wrong now, and this is from before.
    pub(crate) is_older: bool,
}

impl KnownQuery<'_> {
    pub(crate) fn explain(&self) -> Option<Explanation> {
        explain_finished(self.checked, self.finished)
    }
}

impl Knowledge {
    pub(crate) fn first(checked: CheckedProject) -> Self {
        Self {
            checked: Arc::new(checked),
            older: HashMap::new(),
        }
    }

    /// Takes the result of another check.
    pub(crate) fn update(&mut self, checked: CheckedProject) {
        let before = std::mem::replace(&mut self.checked, Arc::new(checked));
        let now: HashSet<&str> = names(&self.checked).collect();
        for query in &before.queries {
            let name = query.query.name.as_str();
            if !now.contains(name) && is_written(&self.checked, name) {
                let older = (before.clone(), query.clone());
                self.older.insert(name.to_owned(), older);
            }
        }
        let checked = &self.checked;
        self.older
            .retain(|name, _| !now.contains(name.as_str()) && is_written(checked, name));
    }

    pub(crate) fn find_query(&self, name: &str) -> Option<KnownQuery<'_>> {
        if let Some(finished) = self.checked.find_query(name) {
            return Some(KnownQuery {
                checked: &self.checked,
                finished,
                is_older: false,
            });
        }
        let (checked, finished) = self.older.get(name)?;
        Some(KnownQuery {
            checked,
            finished,
            is_older: true,
        })
    }

    /// The table or view that a statement names, with its schema or without.
    pub(crate) fn find_relation(&self, path: &[String]) -> Option<KnownRelation<'_>> {
        let (name, schema) = match path {
            [name] => (name, None),
            [.., schema, name] => (name, Some(schema)),
            [] => return None,
        };
        let mut matching = self.relations().filter(|relation| {
            relation.name.name == *name
                && schema.is_none_or(|schema| relation.name.schema == *schema)
        });
        let first = matching.next()?;
        // Which schemas are searched is not known here; `public` is the one that most projects have.
        let public = matching.find(|relation| relation.name.schema == "public");
        Some(
            public
                .filter(|_| first.name.schema != "public")
                .unwrap_or(first),
        )
    }

    /// All tables and views.
    pub(crate) fn relations(&self) -> impl Iterator<Item = KnownRelation<'_>> {
        let schema = &self.checked.schema;
        let annotations = &self.checked.project.annotations.tables;
        let annotation = move |name: &Name| annotations.get(&name.annotation_key());
        let tables = schema.tables.iter();
        let tables =
            tables.map(move |table| KnownRelation::of_table(table, annotation(&table.name)));
        let views = schema.views.iter();
        let views = views.map(move |view| KnownRelation::of_view(view, annotation(&view.name)));
        tables.chain(views)
    }

    pub(crate) fn find_function(&self, name: &str) -> Option<&Function> {
        let mut functions = self.checked.schema.functions.iter();
        functions.find(|function| function.name.name == name)
    }
}

fn names(checked: &CheckedProject) -> impl Iterator<Item = &str> {
    checked
        .queries
        .iter()
        .map(|query| query.query.name.as_str())
}

/// Whether a file still has a query of this name. The name line of a broken query is often all that can be read of it.
fn is_written(checked: &CheckedProject, name: &str) -> bool {
    let line = format!("name: {name}");
    let mut files = checked.project.queries.iter();
    files.any(|file| file.text.contains(&line))
}

/// A table or view with its annotations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownRelation<'k> {
    /// `table` or `view`.
    pub(crate) kind: &'static str,
    pub(crate) name: &'k Name,
    pub(crate) columns: &'k [Column],
    pub(crate) constraints: &'k [Constraint],
    annotation: Option<&'k TableAnnotation>,
    attached: &'k Attached,
}

impl<'k> KnownRelation<'k> {
    fn of_table(table: &'k Table, annotation: Option<&'k TableAnnotation>) -> Self {
        Self {
            kind: "table",
            name: &table.name,
            columns: &table.columns,
            constraints: &table.constraints,
            annotation,
            attached: &table.attached,
        }
    }

    fn of_view(view: &'k View, annotation: Option<&'k TableAnnotation>) -> Self {
        Self {
            kind: "view",
            name: &view.name,
            columns: &view.columns,
            constraints: &[],
            annotation,
            attached: &view.attached,
        }
    }

    pub(crate) fn description(&self) -> Option<&'k str> {
        let annotation = self
            .annotation
            .and_then(|annotation| annotation.description.as_deref());
        annotation.or(self.attached.comment.as_deref())
    }

    pub(crate) fn find_column(&self, name: &str) -> Option<&'k Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(crate) fn column_annotation(&self, name: &str) -> Option<&'k ColumnAnnotation> {
        self.annotation?.columns.get(name)
    }

    pub(crate) fn column_description(&self, column: &'k Column) -> Option<&'k str> {
        let annotation = self.column_annotation(&column.name);
        let annotation = annotation.and_then(|annotation| annotation.description.as_deref());
        annotation.or(column.attached.comment.as_deref())
    }
}
