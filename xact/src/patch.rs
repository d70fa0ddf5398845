//! A change of a column that may be NULL: to keep it, to set it to NULL, or to set it to a value.
//!
//! `Option` cannot tell the first two apart, and the body of a PATCH request can: `{}`, `{"title": null}`, `{"title": "…"}`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A change of a column that may be NULL.
///
/// It is the type of a parameter that switches a part, as in `SET title = :title -- if :title`, and that may be NULL. In JSON,
/// a field that is missing is `Keep`, `null` is `Null`, and everything else is `Set`; for the first, a struct needs
/// `#[serde(default)]`.
///
/// ```
/// use xact::Patch;
///
/// #[derive(serde::Deserialize)]
/// struct Body {
///     #[serde(default)]
///     folder: Patch<String>,
/// }
///
/// let read = |json| serde_json::from_str::<Body>(json).unwrap().folder;
/// assert_eq!(read("{}"), Patch::Keep);
/// assert_eq!(read(r#"{"folder": null}"#), Patch::Null);
/// assert_eq!(read(r#"{"folder": "news"}"#), Patch::Set("news".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// The part is left out: the column keeps its value.
    #[default]
    Keep,
    /// The column becomes NULL.
    Null,
    /// The column becomes this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the column keeps its value.
    ///
    /// ```
    /// assert!(xact::Patch::<i32>::default().is_keep());
    /// ```
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The same change, by reference.
    ///
    /// ```
    /// use xact::Patch;
    ///
    /// let owned = Patch::Set("news".to_owned());
    /// let borrowed: Patch<&str> = owned.as_ref().map(String::as_str);
    /// assert_eq!(borrowed, Patch::Set("news"));
    /// ```
    pub fn as_ref(&self) -> Patch<&T> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Null => Patch::Null,
            Self::Set(value) => Patch::Set(value),
        }
    }

    /// The same change to the target of the value: `&str` of `String`.
    ///
    /// ```
    /// use xact::Patch;
    ///
    /// assert_eq!(Patch::Set("news".to_owned()).as_deref(), Patch::Set("news"));
    /// ```
    pub fn as_deref(&self) -> Patch<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.as_ref().map(|value| &**value)
    }

    /// A change to another value.
    ///
    /// ```
    /// assert_eq!(xact::Patch::Set(2).map(|number| number * 2), xact::Patch::Set(4));
    /// ```
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Null => Patch::Null,
            Self::Set(value) => Patch::Set(change(value)),
        }
    }

    /// The value that is sent: none is NULL, and of a part that is left out nothing is sent.
    ///
    /// ```
    /// assert_eq!(xact::Patch::Set(2).into_value(), Some(2));
    /// assert_eq!(xact::Patch::<i32>::Null.into_value(), None);
    /// ```
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Keep | Self::Null => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<T>::deserialize(deserializer)?;
        Ok(value.map_or(Self::Null, Self::Set))
    }
}

/// A field that may be `Keep` needs `#[serde(skip_serializing_if = "Patch::is_keep")]`: JSON has no value for it.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => Err(serde::ser::Error::custom(
                "`Patch::Keep` has no value: write `skip_serializing_if = \"Patch::is_keep\"` at its field",
            )),
            Self::Null => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}
