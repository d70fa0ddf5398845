//! The features of the runtime that generated code needs: without them it would not compile.

use crate::project::Project;
use crate::project::manifest::read_runtime;
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

/// A warning for each feature that the project does not enable. Not an error: its manifest is not all that can enable one.
pub(super) fn check_features(project: &Project, texts: &[&str]) -> Vec<Diagnostic> {
    // Ids and enums have this derive by the feature alone, so that their text does not name it.
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
    if needed.is_empty() {
        return Vec::new();
    }
    let Some(runtime) = read_runtime(&project.root) else {
        return Vec::new();
    };
    needed.retain(|(_, feature)| !runtime.features.contains(*feature));
    let warnings = needed.into_iter().map(|(path, feature)| {
        let message =
            format!("generated code has `{path}`, which needs the feature `{feature}` of xact");
        Diagnostic::error("missing-feature", runtime.span.clone(), message)
            .warning()
            .help(format!("add it: `cargo add xact --features {feature}`"))
    });
    warnings.collect()
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
