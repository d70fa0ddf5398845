//! The templates, and the frame that every generated file has.
//!
//! Laying out a file takes longer than everything else about it, so its text before that is kept with it: from one run to the next
//! most files are the same.

use super::format;
use crate::output::{MARKER, OutputFile};
use crate::report::Failure;
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

const TEMPLATES: &[(&str, &str)] = &[
    (
        "constraints.rs.tera",
        include_str!("templates/constraints.rs.tera"),
    ),
    ("mod.rs.tera", include_str!("templates/mod.rs.tera")),
    ("names.rs.tera", include_str!("templates/names.rs.tera")),
    ("scopes.rs.tera", include_str!("templates/scopes.rs.tera")),
    ("types.rs.tera", include_str!("templates/types.rs.tera")),
    ("shaped.rs.tera", include_str!("templates/shaped.rs.tera")),
    ("queries.rs.tera", include_str!("templates/queries.rs.tera")),
];

/// The templates, and the files that were last made of them.
#[derive(Debug)]
pub(crate) struct Templates {
    tera: tera::Tera,
    made: HashMap<String, Made>,
}

/// A file before and after it was laid out.
#[derive(Debug)]
struct Made {
    rendered: String,
    formatted: String,
}

impl Templates {
    /// Reads the templates, of which nothing is made yet.
    ///
    /// # Errors
    /// If one is broken, which is a bug of the tool.
    pub(crate) fn load() -> Result<Self, Failure> {
        let mut tera = tera::Tera::default();
        tera.add_raw_templates(TEMPLATES.to_vec())
            .map_err(|error| broken_template(&error))?;
        Ok(Self {
            tera,
            made: HashMap::new(),
        })
    }

    /// Renders one file of the generated folder.
    pub(super) fn file(
        &mut self,
        path: String,
        template: &str,
        view: &impl Serialize,
    ) -> Result<OutputFile, Failure> {
        let context =
            tera::Context::from_serialize(view).map_err(|error| broken_template(&error))?;
        let rendered = self
            .tera
            .render(template, &context)
            .map_err(|error| broken_template(&error))?;
        let text = self.formatted(&path, rendered)?;
        Ok(OutputFile {
            text: format!(
                "// {MARKER}. Do not edit: change the SQL and run `cargo xact codegen`.\n{text}"
            ),
            path,
        })
    }

    fn formatted(&mut self, path: &str, rendered: String) -> Result<&str, Failure> {
        let made = match self.made.entry(path.to_owned()) {
            Entry::Occupied(made) if made.get().rendered == rendered => made.into_mut(),
            entry => {
                let formatted = format::format_file(path, &rendered)?;
                entry
                    .insert_entry(Made {
                        rendered,
                        formatted,
                    })
                    .into_mut()
            }
        };
        Ok(&made.formatted)
    }
}

fn broken_template(error: &tera::Error) -> Failure {
    let source = std::error::Error::source(error).map(ToString::to_string);
    Failure::Internal(format!(
        "a template is broken: {error}: {}",
        source.unwrap_or_default()
    ))
}
