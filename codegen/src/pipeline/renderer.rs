//! The last stages: the module and schema.sql.
//!
//! Given: a project that was understood. Gives: its diagnostics, or its files. Files of which every input is as it was in the last
//! run are not made again.

use super::{Generated, Understood};
use crate::output::OutputFile;
use crate::project::Project;
use crate::query::{Finished, TypedSchema};
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Stop};
use crate::rust::{self, KeptTexts, Templates};
use crate::schema::{self, Schema};
use std::sync::Arc;

/// The files of the last run.
#[derive(Debug)]
pub(crate) struct Renderer {
    templates: Templates,
    /// The text of schema.sql, and the schema that it is of.
    schema_file: Option<(Arc<Schema>, String)>,
}

impl Renderer {
    /// Nothing is rendered yet.
    ///
    /// # Errors
    /// If a template is broken, which is a bug of the tool.
    pub(crate) fn load() -> Result<Self, Failure> {
        Self::load_with(KeptTexts::default())
    }

    /// The same, with the texts that the last run kept.
    pub(crate) fn load_with(kept: KeptTexts) -> Result<Self, Failure> {
        Ok(Self {
            templates: Templates::load(kept)?,
            schema_file: None,
        })
    }

    /// Keeps the texts of the files for the next run.
    pub(crate) fn keep_texts(&mut self) {
        self.templates.keep_texts();
    }

    /// Makes the files of those queries that are known while others are asked about. Those that the others change are made again.
    pub(crate) fn prepare(
        &mut self,
        project: &Project,
        catalog: &TypedSchema,
        queries: &[Arc<Finished>],
    ) {
        let (schema, types) = (&catalog.schema, &catalog.types);
        // Code cannot be generated from wrong annotations.
        if !rust::check_annotations(project, types).is_empty() {
            return;
        }
        let rendered = rust::render_module(project, schema, types, queries, &mut self.templates);
        // An error is found again, and reported, when all queries are known.
        if let Ok((paths, _)) = rendered {
            let _ = self.templates.lay_out_files(&paths);
        }
        self.dump_schema(schema);
    }

    /// The diagnostics of all stages, those of `stale` migrations among them, and none of the files.
    pub(crate) fn check(
        &mut self,
        mut understood: Understood,
        stale: Option<&[Diagnostic]>,
    ) -> Result<(Understood, Vec<Diagnostic>), Failure> {
        let Understood {
            project,
            schema,
            types,
            queries,
            ..
        } = &understood;
        let (_, found) = rust::render_module(project, schema, types, queries, &mut self.templates)?;
        let mut findings = std::mem::take(&mut understood.findings);
        findings.extend(found);
        findings.extend(stale.into_iter().flatten().cloned());
        Ok((understood, findings.into_sorted()))
    }

    /// The module and schema.sql.
    pub(crate) fn render(&mut self, understood: Understood) -> Result<Generated, Stop> {
        let Understood {
            project,
            schema,
            types,
            queries,
            mut findings,
            ..
        } = understood;
        let rendered =
            rust::render_module(&project, &schema, &types, &queries, &mut self.templates)?;
        let paths = findings.keep(rendered);
        let warnings = findings.into_warnings()?;
        let mut files = self.templates.lay_out_files(&paths)?;
        files.push(OutputFile {
            path: project.paths().schema.clone(),
            text: self.dump_schema(&schema),
        });
        // Reports list the files in this order, on every machine.
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Generated {
            files,
            paths: project.paths().clone(),
            warnings,
            queries: queries.len(),
            fingerprint: project.fingerprint(),
        })
    }

    fn dump_schema(&mut self, schema: &Arc<Schema>) -> String {
        match &self.schema_file {
            Some((known, text)) if Arc::ptr_eq(known, schema) => text.clone(),
            _ => {
                let text = schema::dump(schema);
                self.schema_file = Some((Arc::clone(schema), text.clone()));
                text
            }
        }
    }
}
