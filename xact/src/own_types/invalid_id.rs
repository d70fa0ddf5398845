//! The error of a text that is no id of its table.

/// A text that cannot be an id, because it does not begin as the ids of that table do.
///
/// ```
/// # #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// # struct BookmarkId(String);
/// # xact::generated::id_type!(BookmarkId, String, "bookmarks.id", "bkm_");
/// let error: xact::types::InvalidId = "usr_1".parse::<BookmarkId>().unwrap_err();
/// assert_eq!(error.to_string(), "an id of `bookmarks.id` begins with `bkm_`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id of `{column}` begins with `{prefix}`")]
pub struct InvalidId {
    column: &'static str,
    prefix: &'static str,
}

impl InvalidId {
    /// The error for a column whose values begin with `prefix`. The text itself is left out: it may be anything a stranger sent.
    ///
    /// ```
    /// let error = xact::types::InvalidId::new("bookmarks.id", "bkm_");
    /// # let _ = error;
    /// ```
    pub fn new(column: &'static str, prefix: &'static str) -> Self {
        Self { column, prefix }
    }
}
