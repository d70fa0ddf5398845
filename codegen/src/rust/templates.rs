//! The templates, and the frame that every generated file has.

use super::{FOLDER, format};
use crate::Failure;
use crate::output::{MARKER, OutputFile};
use serde::Serialize;

const TEMPLATES: &[(&str, &str)] = &[
    (
        "constraints.rs.tera",
        include_str!("templates/constraints.rs.tera"),
    ),
    ("mod.rs.tera", include_str!("templates/mod.rs.tera")),
    ("names.rs.tera", include_str!("templates/names.rs.tera")),
    ("scopes.rs.tera", include_str!("templates/scopes.rs.tera")),
    ("types.rs.tera", include_str!("templates/types.rs.tera")),
    ("queries.rs.tera", include_str!("templates/queries.rs.tera")),
];

pub(super) struct Templates {
    tera: tera::Tera,
}

impl Templates {
    pub(super) fn load() -> Result<Self, Failure> {
        let mut tera = tera::Tera::default();
        tera.add_raw_templates(TEMPLATES.to_vec())
            .map_err(|error| broken(&error))?;
        Ok(Self { tera })
    }

    /// Renders one file of the generated folder.
    pub(super) fn file(
        &self,
        name: &str,
        template: &str,
        view: &impl Serialize,
    ) -> Result<OutputFile, Failure> {
        let context = tera::Context::from_serialize(view).map_err(|error| broken(&error))?;
        let text = self
            .tera
            .render(template, &context)
            .map_err(|error| broken(&error))?;
        let path = format!("{FOLDER}/{name}");
        let text = format::format(&path, &text)?;
        Ok(OutputFile {
            text: format!(
                "// {MARKER}. Do not edit: change the SQL and run `cargo xact codegen`.\n{text}"
            ),
            path,
        })
    }
}

fn broken(error: &tera::Error) -> Failure {
    let source = std::error::Error::source(error).map(ToString::to_string);
    Failure::Internal(format!(
        "a template is broken: {error}: {}",
        source.unwrap_or_default()
    ))
}
