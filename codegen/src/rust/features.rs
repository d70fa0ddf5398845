//! The features of the runtime and the crates of derives that generated code needs: without them it would not compile.

use crate::project::Project;
use crate::project::manifest::{RuntimeDependency, read_runtime};
use crate::report::diagnostic::Diagnostic;

/// Types of the runtime, and the feature that each is behind (`[features]` in the manifest of `xact`).
const FEATURES: &[(&str, &str)] = &[
    ("xact::types::Decimal", "decimal"),
    ("xact::types::BitVec", "bits"),
    ("xact::types::IpNetwork", "network"),
    ("xact::types::MacAddress", "network"),
    // Where `xact.toml` chooses the crate, and where an annotation or an alias names a type of it.
    ("xact::types::chrono", "chrono"),
    ("chrono::DateTime", "chrono"),
    ("chrono::NaiveDate", "chrono"),
    ("chrono::NaiveDateTime", "chrono"),
    ("chrono::NaiveTime", "chrono"),
    ("xact::types::jiff", "jiff"),
    ("jiff::Timestamp", "jiff"),
    ("jiff::civil::Date", "jiff"),
    ("jiff::civil::DateTime", "jiff"),
    ("jiff::civil::Time", "jiff"),
    ("xact::types::BigDecimal", "bigdecimal"),
    ("bigdecimal::BigDecimal", "bigdecimal"),
    ("xact::types::Vector", "pgvector"),
    ("xact::types::HalfVector", "pgvector"),
    ("xact::types::SparseVector", "pgvector"),
    // Rows that derive it are made of ids and enums, which have it by this feature.
    ("utoipa::ToSchema", "utoipa"),
    ("utoipa::IntoParams", "utoipa"),
    ("schemars::JsonSchema", "schemars"),
];

/// Derives of other crates, each with its crate and the words after `cargo add` that add it.
const DERIVES: &[(&str, &str, &str)] = &[
    ("serde::Serialize", "serde", "serde --features derive"),
    ("serde::Deserialize", "serde", "serde --features derive"),
    ("utoipa::ToSchema", "utoipa", "utoipa"),
    ("utoipa::IntoParams", "utoipa", "utoipa"),
    ("schemars::JsonSchema", "schemars", "schemars"),
];

/// A warning for each feature that the project does not enable, and for each crate that it does not have. Not errors: its manifest is
/// not all that can enable a feature.
pub(super) fn check_features(project: &Project, texts: &[&str]) -> Vec<Diagnostic> {
    let Some(runtime) = read_runtime(&project.root) else {
        return Vec::new();
    };
    let crates = list_missing_crates(&runtime, texts).into_iter();
    let crates = crates.map(|(path, name, added)| {
        let message = format!("generated code has `{path}`, and there is no dependency `{name}`");
        (message, added.to_owned())
    });
    let features = list_missing_features(&runtime, project, texts).into_iter();
    let features = features.map(|(path, feature)| {
        let message =
            format!("generated code has `{path}`, which needs the feature `{feature}` of xact");
        (message, format!("xact --features {feature}"))
    });
    let warnings = features.chain(crates).map(|(message, added)| {
        Diagnostic::error("missing-feature", runtime.span.clone(), message)
            .warning()
            .help(format!("add it: `cargo add {added}`"))
    });
    warnings.collect()
}

/// The features that generated code needs, each with the first type that needs it.
fn list_missing_features(
    runtime: &RuntimeDependency,
    project: &Project,
    texts: &[&str],
) -> Vec<(&'static str, &'static str)> {
    // Ids and enums have these derives by the feature alone, so that their text does not name them.
    let config = &project.config.rust;
    let asked = [&config.ids, &config.enums].map(|extras| &extras.derive);
    let asked = asked
        .into_iter()
        .flatten()
        .map(|path| path.get_ref().as_str());
    let texts = texts.iter().copied().chain(asked);
    let used = |path: &str| texts.clone().any(|text| names_type(text, path));
    let mut needed: Vec<(&str, &str)> = FEATURES.to_vec();
    needed.retain(|(path, _)| used(path));
    // Several types need one feature, and one warning says so: the lines of a feature are next to each other.
    needed.dedup_by_key(|(_, feature)| *feature);
    needed.retain(|(_, feature)| !runtime.features.contains(*feature));
    needed
}

fn list_missing_crates(
    runtime: &RuntimeDependency,
    texts: &[&str],
) -> Vec<(&'static str, &'static str, &'static str)> {
    let used = |path: &str| texts.iter().any(|text| names_type(text, path));
    let mut needed = DERIVES.to_vec();
    needed.retain(|(path, name, _)| !runtime.dependencies.contains(*name) && used(path));
    // As above: the derives of one crate are next to each other.
    needed.dedup_by_key(|(_, name, _)| *name);
    needed
}

/// The feature that a type of the runtime is behind.
pub(super) fn find_feature(rust_type: &str) -> Option<&'static str> {
    let mut found = FEATURES.iter();
    let found = found.find(|(path, _)| names_type(rust_type, path));
    found.map(|(_, feature)| *feature)
}

/// Whether a text has a path, and not only one that begins like it.
fn names_type(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let after = text[at + path.len()..].chars().next();
        !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}
