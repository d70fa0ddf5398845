//! The derives and attributes in `xact.toml` and in annotations are Rust.

use super::extras::{is_attribute, is_derive};
use crate::config::{Extras, FILE};
use crate::project::Project;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use toml::Spanned;

/// A diagnostic for each that is not.
pub(super) fn check_derives(project: &Project) -> Vec<Diagnostic> {
    let config = &project.config.rust;
    let kinds = [
        &config.rows,
        &config.ids,
        &config.enums,
        &config.composites,
        &config.params,
    ];
    let configured = kinds.into_iter().flat_map(|kind| check_kind(project, kind));
    let annotated = project.annotations.tables.values().flat_map(|table| {
        let derives = table.derive.iter().filter(|text| !is_derive(text));
        let attributes = table.attributes.iter().filter(|text| !is_attribute(text));
        derives.chain(attributes).map(|text| {
            let message = format!("`{text}` is not Rust");
            let diagnostic = project.annotation_error("invalid-derive", table.place, message);
            diagnostic.help(HELP)
        })
    });
    configured.chain(annotated).collect()
}

const HELP: &str = "write the path of a derive macro, `serde::Serialize`, and an attribute without `#[…]`, \
                    `serde(rename_all = \"camelCase\")`";

fn check_kind<'p>(project: &'p Project, kind: &'p Extras) -> impl Iterator<Item = Diagnostic> + 'p {
    let derives = kind.derive.iter();
    let attributes = kind.attributes.iter();
    let derives = derives.filter(|text| !is_derive(text.get_ref()));
    let attributes = attributes.filter(|text| !is_attribute(text.get_ref()));
    derives
        .chain(attributes)
        .map(|text| refuse_text(project, text))
}

fn refuse_text(project: &Project, text: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is not Rust", text.get_ref());
    let mut files = project.settings.iter();
    let diagnostic = match files.find(|file| file.path == FILE) {
        Some(file) => {
            let span = Span {
                file: file.clone(),
                range: text.span(),
            };
            Diagnostic::error("invalid-derive", span, message)
        }
        None => Diagnostic::in_file("invalid-derive", FILE, None, message),
    };
    diagnostic.help(HELP)
}
