//! Diagnostics at entries of `schema_annotations.yaml`.

use super::Project;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Position;
use crate::schema::Schema;
use crate::schema::annotations::{AnnotationLocation, UnknownKey, unknown_keys};

impl Project {
    /// An error at an entry of the annotations.
    pub(crate) fn annotation_error(
        &self,
        code: &'static str,
        place: AnnotationLocation,
        message: String,
    ) -> Diagnostic {
        let AnnotationLocation { line, column } = place;
        let position = Position { line, column };
        match self.annotations_file() {
            Some(file) => Diagnostic::error(code, file.word_at(position), message),
            None => Diagnostic::in_file(code, &self.paths().annotations, Some(position), message),
        }
    }

    /// Everything wrong with a schema: the objects that cannot be represented, or else the annotations of tables and
    /// columns that it does not have, which nothing can be said about before.
    pub(crate) fn find_schema_problems(
        &self,
        unsupported: Vec<Diagnostic>,
        schema: &Schema,
    ) -> Vec<Diagnostic> {
        if unsupported.is_empty() {
            self.find_unknown_annotations(schema)
        } else {
            let migrations = &self.paths().migrations;
            let unsupported = unsupported.into_iter();
            unsupported
                .map(|found| found.moved_to(migrations))
                .collect()
        }
    }

    fn find_unknown_annotations(&self, schema: &Schema) -> Vec<Diagnostic> {
        let unknown = unknown_keys(&self.annotations, schema).into_iter();
        unknown.map(|key| self.unknown_annotation(&key)).collect()
    }

    fn unknown_annotation(&self, key: &UnknownKey) -> Diagnostic {
        let message = match &key.column {
            Some(column) => format!("table `{}` has no column `{column}`", key.table),
            None => format!("there is no table `{}`", key.table),
        };
        let diagnostic = self.annotation_error("unknown-annotation", key.place, message);
        match &key.nearest {
            Some(nearest) => diagnostic.suggest(nearest),
            None => diagnostic,
        }
    }
}
