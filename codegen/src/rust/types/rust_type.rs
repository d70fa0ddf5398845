//! Rust types as data: how a field holds a value, and how a function takes it.

use super::Own;
use std::collections::BTreeSet;
use std::fmt;

/// A Rust type, as generated code writes it. `Display` writes it without a lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rust) enum RustType {
    /// A path of Rust or of the runtime; small, so it is passed by value: `i64`.
    Copied(&'static str),
    /// A path of the runtime that is passed by reference: `xact::types::PgInterval`.
    Owned(&'static str),
    /// `String`, passed as `&str`.
    Text,
    /// `Vec<u8>`, passed as `&[u8]`.
    Bytes,
    /// A type that is generated into `types.rs`.
    Generated {
        own: Own,
        path: String,
        by_value: bool,
        /// Whether it implements sqlx's `Decode` only, because a field of it does.
        decode_only: bool,
    },
    /// A struct that is generated into the module of the query.
    Struct(String),
    /// A type of the project, which may implement sqlx's traits only.
    Declared { path: String, by_value: bool },
    /// A type of the project that is converted from and to JSON.
    Json(String),
    /// A value that may be NULL.
    Option(Box<Self>),
    /// A value that may be NULL, of a part that may be left out.
    Patch(Box<Self>),
    /// An array of one dimension, passed as a slice.
    Vec(Box<Self>),
    /// An array of any dimensions.
    PgArray(Box<Self>),
    /// A range.
    Range(Box<Self>),
    /// An anonymous row.
    Tuple(Vec<Self>),
    /// A reference.
    Borrowed(Box<Self>),
    /// The target of a reference to a `Vec`.
    Slice(Box<Self>),
    /// The target of a reference to a `String`.
    Str,
}

/// How a value is given to sqlx, which does not know the types of every crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rust) enum Sending {
    /// As it is.
    Plain,
    /// In `ForSqlx`.
    Wrapped,
    /// As the compiler finds out: in `ForSqlx`, or as it is if only sqlx's traits are implemented.
    Asked,
}

impl Sending {
    /// The expression of a value that is given to sqlx.
    pub(in crate::rust) fn wrap(self, value: &str) -> String {
        match self {
            Self::Plain => value.to_owned(),
            Self::Wrapped => format!("xact::generated::ForSqlx({value})"),
            Self::Asked => format!("xact::generated::argument!({value})"),
        }
    }
}

impl RustType {
    /// The type, or an `Option` of it.
    pub(in crate::rust) fn or_null(self, nullable: bool) -> Self {
        if nullable {
            Self::Option(Box::new(self))
        } else {
            self
        }
    }

    /// The type of a parameter that switches the parts that it is in: none leaves them out, which is not to pass NULL.
    pub(in crate::rust) fn or_left_out(self) -> Self {
        match self {
            Self::Option(value) => Self::Patch(value),
            value => Self::Option(Box::new(value)),
        }
    }

    /// The type of the elements of an array as a function takes it.
    pub(in crate::rust) fn element(&self) -> Self {
        match self {
            Self::Borrowed(inner) | Self::Slice(inner) | Self::Vec(inner) | Self::Option(inner) => {
                match &**inner {
                    Self::Slice(_) | Self::Borrowed(_) => inner.element(),
                    element => element.clone(),
                }
            }
            other => other.clone(),
        }
    }

    /// The type of the field of a row that holds such a value.
    pub(in crate::rust) fn as_field(&self) -> String {
        self.to_string()
    }

    /// The type of a parameter that takes such a value.
    pub(in crate::rust) fn as_parameter(&self) -> Self {
        let borrowed = |target: Self| Self::Borrowed(Box::new(target));
        match self {
            Self::Option(inner) => Self::Option(Box::new(inner.as_parameter())),
            Self::Patch(inner) => Self::Patch(Box::new(inner.as_parameter())),
            Self::Text => borrowed(Self::Str),
            Self::Bytes => borrowed(Self::Slice(Box::new(Self::Copied("u8")))),
            Self::Vec(element) => borrowed(Self::Slice(element.clone())),
            Self::Generated { by_value, .. } | Self::Declared { by_value, .. } if *by_value => {
                self.clone()
            }
            Self::Owned(_)
            | Self::Generated { .. }
            | Self::Struct(_)
            | Self::Declared { .. }
            | Self::Json(_)
            | Self::PgArray(_) => borrowed(self.clone()),
            Self::Copied(_)
            | Self::Range(_)
            | Self::Tuple(_)
            | Self::Borrowed(_)
            | Self::Slice(_)
            | Self::Str => self.clone(),
        }
    }

    /// The type with this lifetime in each of its references: `&'a str`.
    pub(in crate::rust) fn with_lifetime(&self, lifetime: &str) -> String {
        WrittenType {
            rust_type: self,
            lifetime: &format!("{lifetime} "),
        }
        .to_string()
    }

    /// Whether it has a reference, so that it cannot be moved out of an element of a slice.
    pub(in crate::rust) fn is_borrowed(&self) -> bool {
        self.has(&|found| matches!(found, Self::Borrowed(_)))
    }

    /// Whether it, or a type within it, may implement sqlx's `Decode` only.
    pub(in crate::rust) fn is_decode_only(&self) -> bool {
        self.has(&|found| {
            let of_the_project = matches!(found, Self::Declared { .. });
            of_the_project || matches!(found, Self::Generated { decode_only, .. } if *decode_only)
        })
    }

    /// Whether it holds every value of another type: it is the same, or leaves a place for NULL where the other has none.
    pub(in crate::rust) fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            _ if self == other => true,
            (Self::Option(inner), Self::Option(other)) => inner.holds(other),
            (Self::Option(inner), other) => inner.holds(other),
            (Self::Vec(element), Self::Vec(other)) => element.holds(other),
            _ => false,
        }
    }

    /// Whether the project names it.
    pub(in crate::rust) fn is_declared(&self) -> bool {
        matches!(self, Self::Declared { .. })
    }

    /// How a value of it is given to sqlx.
    pub(in crate::rust) fn sending(&self) -> Sending {
        // The types of these crates in the runtime, and where an annotation names one.
        const WRAPPED: &[&str] = &[
            "xact::types::chrono",
            "xact::types::jiff",
            "xact::types::BigDecimal",
        ];
        const NAMED: &[&str] = &["chrono::", "jiff::", "BigDecimal"];
        let is_wrapped = |found: &Self| match found {
            Self::Copied(path) | Self::Owned(path) => {
                WRAPPED.iter().any(|start| path.starts_with(start))
            }
            _ => false,
        };
        let is_named = |found: &Self| match found {
            Self::Declared { path, .. } => NAMED.iter().any(|name| path.contains(name)),
            _ => false,
        };
        if self.has(&is_wrapped) {
            Sending::Wrapped
        } else if self.has(&is_named) {
            Sending::Asked
        } else {
            Sending::Plain
        }
    }

    /// Whether a type of `types.rs` in it implements sqlx's `Decode` only, which reads no field of an anonymous row.
    pub(in crate::rust) fn has_no_reader(&self) -> bool {
        self.has(&|found| matches!(found, Self::Generated { decode_only, .. } if *decode_only))
    }

    /// Adds the types of `types.rs` in it.
    pub(in crate::rust) fn collect_own(&self, used: &mut BTreeSet<Own>) {
        if let Self::Generated { own, .. } = self {
            used.insert(*own);
        }
        for inner in self.inner() {
            inner.collect_own(used);
        }
    }

    fn has(&self, is_wanted: &dyn Fn(&Self) -> bool) -> bool {
        is_wanted(self) || self.inner().iter().any(|inner| inner.has(is_wanted))
    }

    /// The types that it is made of.
    fn inner(&self) -> &[Self] {
        match self {
            Self::Option(inner)
            | Self::Patch(inner)
            | Self::Vec(inner)
            | Self::PgArray(inner)
            | Self::Range(inner)
            | Self::Borrowed(inner)
            | Self::Slice(inner) => std::slice::from_ref(inner),
            Self::Tuple(fields) => fields,
            _ => &[],
        }
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = WrittenType {
            rust_type: self,
            lifetime: "",
        };
        written.fmt(f)
    }
}

/// A type with the lifetime of its references, and the space after it.
struct WrittenType<'t> {
    rust_type: &'t RustType,
    lifetime: &'t str,
}

impl fmt::Display for WrittenType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lifetime = self.lifetime;
        let within = |rust_type| WrittenType {
            rust_type,
            lifetime,
        };
        match self.rust_type {
            RustType::Copied(path) | RustType::Owned(path) => f.write_str(path),
            RustType::Text => f.write_str("String"),
            RustType::Bytes => f.write_str("Vec<u8>"),
            RustType::Str => f.write_str("str"),
            RustType::Generated { path, .. }
            | RustType::Struct(path)
            | RustType::Declared { path, .. }
            | RustType::Json(path) => f.write_str(path),
            RustType::Option(inner) => write!(f, "Option<{}>", within(inner)),
            RustType::Patch(inner) => write!(f, "xact::Patch<{}>", within(inner)),
            RustType::Vec(element) => write!(f, "Vec<{}>", within(element)),
            RustType::PgArray(element) => write!(f, "xact::types::PgArray<{}>", within(element)),
            RustType::Range(bound) => write!(f, "xact::types::Range<{}>", within(bound)),
            RustType::Slice(element) => write!(f, "[{}]", within(element)),
            RustType::Borrowed(target) => write!(f, "&{lifetime}{}", within(target)),
            RustType::Tuple(fields) => {
                f.write_str("(")?;
                for field in fields {
                    write!(f, "{},", within(field))?;
                }
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RustType;

    fn declared(path: &str) -> RustType {
        RustType::Declared {
            path: path.to_owned(),
            by_value: false,
        }
    }

    #[test]
    fn a_parameter_borrows_all_but_small_values() {
        let list = |element: RustType| RustType::Vec(Box::new(element));
        for (rust_type, field, parameter, in_struct) in [
            (RustType::Copied("i64"), "i64", "i64", "i64"),
            (RustType::Text, "String", "&str", "&'a str"),
            (RustType::Bytes, "Vec<u8>", "&[u8]", "&'a [u8]"),
            (
                RustType::Text.or_null(true),
                "Option<String>",
                "Option<&str>",
                "Option<&'a str>",
            ),
            (
                list(RustType::Text.or_null(true)),
                "Vec<Option<String>>",
                "&[Option<String>]",
                "&'a [Option<String>]",
            ),
            (
                RustType::Owned("xact::types::PgBox"),
                "xact::types::PgBox",
                "&xact::types::PgBox",
                "&'a xact::types::PgBox",
            ),
        ] {
            assert_eq!(rust_type.as_field(), field);
            let passed = rust_type.as_parameter();
            assert_eq!(passed.to_string(), parameter);
            assert_eq!(passed.with_lifetime("'a"), in_struct);
            assert_eq!(passed.is_borrowed(), parameter.contains('&'));
        }
    }

    /// A reference within the text of a project's type is none of the parameter: it has its own lifetime.
    #[test]
    fn a_path_of_the_project_is_never_changed() {
        let text = declared("crate::Money<&'static str>");
        assert!(!text.is_borrowed());
        let passed = text.as_parameter();
        assert_eq!(passed.with_lifetime("'a"), "&'a crate::Money<&'static str>");
    }

    #[test]
    fn a_type_of_the_project_within_another_is_found() {
        let list = RustType::Vec(Box::new(declared("crate::Money").or_null(true)));
        assert!(list.is_decode_only());
        assert!(!RustType::Vec(Box::new(RustType::Text)).is_decode_only());
    }
}
