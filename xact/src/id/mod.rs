//! Ids made in Rust, equal in form to those that the database makes.
//!
//! - [`generate`]: a prefix and a UUID version 7, as the SQL function `generate_id` of the reference data layer.
//! - [`uuid_v7`]: such a UUID by itself.
//! - [`from_content`]: a prefix and the hash of the id's content; the same content has the same id.
//!
//! [`NewId`] gives the same to the id types of a generated module.

mod content;
mod time_ordered;

pub use self::content::from_content;
pub use self::time_ordered::{generate, uuid_v7};

use crate::Id;
use crate::types::Uuid;

/// A value that an id can be made of, other than by the database.
pub trait IdValue {
    /// Whether the value names its table.
    const HAS_PREFIX: bool;

    /// A new value that begins with `prefix`, if it has one.
    fn generate(prefix: &str) -> Self;
}

impl IdValue for String {
    const HAS_PREFIX: bool = true;

    fn generate(prefix: &str) -> Self {
        time_ordered::beginning_with(prefix)
    }
}

impl IdValue for Uuid {
    const HAS_PREFIX: bool = false;

    fn generate(_prefix: &str) -> Self {
        uuid_v7()
    }
}

/// New ids, as the id types of a generated module.
///
/// A text id needs a known prefix, which comes from the CHECK of the table's key.
///
/// ```
/// use xact::NewId as _;
///
/// # #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// # struct BookmarkId(String);
/// # xact::generated::id_type!(BookmarkId, String, "bookmarks.id", "bkm_");
/// let first = BookmarkId::generate();
/// assert!(first.as_str().starts_with("bkm_"));
/// assert!(first < BookmarkId::generate());
///
/// assert_eq!(BookmarkId::from_content("same"), BookmarkId::from_content("same"));
/// ```
pub trait NewId: Id {
    /// A new id, greater than any that this process has made before. See [`generate`] and [`uuid_v7`].
    fn generate() -> Self
    where
        Self::Value: IdValue,
    {
        const {
            assert!(
                !<Self::Value as IdValue>::HAS_PREFIX || !Self::PREFIX.is_empty(),
                "the prefix of this table's ids is not known: the key has no CHECK that says it",
            );
        }
        Self::from_value(Self::Value::generate(Self::PREFIX))
    }

    /// The id of this content: the same for the same bytes, always and everywhere. See [`from_content`].
    fn from_content(content: impl AsRef<[u8]>) -> Self
    where
        Self: Id<Value = String>,
    {
        const {
            assert!(
                !Self::PREFIX.is_empty(),
                "the prefix of this table's ids is not known: the key has no CHECK that says it",
            );
        }
        Self::from_value(content::beginning_with(Self::PREFIX, content.as_ref()))
    }
}

impl<T: Id> NewId for T {}
