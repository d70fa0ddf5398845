//! The error of a generated enum that meets a label it does not have.

/// A label that a generated enum does not know: the database has a newer version of the type.
///
/// ```
/// use xact::types::UnknownLabel;
///
/// let error = UnknownLabel::new("build_status", "cancelled");
/// assert_eq!(error.to_string(), "`cancelled` is not a value of `build_status` that this module was generated from");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{label}` is not a value of `{type_name}` that this module was generated from")]
pub struct UnknownLabel {
    type_name: &'static str,
    label: String,
}

impl UnknownLabel {
    /// The label that was met, and the name of the type in the database.
    pub fn new(type_name: &'static str, label: &str) -> Self {
        Self {
            type_name,
            label: label.to_owned(),
        }
    }
}
