//! What annotations, aliases and keys make of the type of a column or parameter.

use super::own::{KeyType, Own};
use super::scalars::scalar;
use super::{Elements, TypeMap, Unmapped};
use crate::query::TypeKind;
use crate::query::analysis::{TypedColumn, TypedParameter};
use crate::schema::ColumnId;
use crate::schema::annotations::ColumnAnnotation;

/// The Rust type of a value that is not NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct RustType {
    pub(in super::super) name: String,
    /// Whether it travels as JSON.
    pub(in super::super) json: bool,
    /// Whether the project names it, or a type within it.
    pub(in super::super) declared: bool,
}

impl RustType {
    fn plain(name: String) -> Self {
        Self {
            name,
            json: false,
            declared: false,
        }
    }

    fn declared(name: String) -> Self {
        Self {
            declared: true,
            ..Self::plain(name)
        }
    }
}

impl TypeMap<'_> {
    /// The type of a column: what its alias says, `AS "total: crate::Money"`, or else its annotation, or else that of the key
    /// whose values it has, or else that of its type.
    pub(in super::super) fn column(
        &self,
        column: &TypedColumn,
        annotation: Option<&ColumnAnnotation>,
    ) -> Result<RustType, Unmapped> {
        let elements = match (column.dimensions, column.elements_nullable) {
            (true, _) => Elements::Dimensions,
            (false, true) => Elements::Options,
            (false, false) => Elements::Values,
        };
        // `_` leaves it to the tool.
        if let Some(declared) = column
            .rust_type
            .as_ref()
            .filter(|declared| *declared != "_")
        {
            return Ok(RustType::declared(declared.clone()));
        }
        if let Some(fields) = &column.record {
            return self
                .record(column.type_oid, fields, elements)
                .map(RustType::plain);
        }
        if let Some(annotated) = self.annotated(column.type_oid, annotation) {
            return Ok(annotated);
        }
        if let Some((_, path)) = self.key(column.key, column.type_oid) {
            let is_array = self.is_array(column.type_oid);
            let name = if is_array { elements.vec(&path) } else { path };
            // An id may be of a type that the project has already.
            let own = column.key.and_then(|key| self.own.keys.get(&key));
            let declared = own.is_some_and(|own| own.path.is_some());
            let plain = RustType::plain(name);
            return Ok(RustType { declared, ..plain });
        }
        let name = self.array_or_value(column.type_oid, elements)?;
        Ok(if self.is_declared(column.type_oid) {
            RustType::declared(name)
        } else {
            RustType::plain(name)
        })
    }

    /// The type of a parameter.
    pub(in super::super) fn parameter(
        &self,
        parameter: &TypedParameter,
        annotation: Option<&ColumnAnnotation>,
    ) -> Result<RustType, Unmapped> {
        let oid = parameter.type_oid;
        let elements = if parameter.elements_nullable {
            Elements::Options
        } else {
            Elements::Values
        };
        if let Some(annotated) = self.annotated(oid, annotation) {
            let name = format!("&{}", annotated.name);
            return Ok(RustType { name, ..annotated });
        }
        if let Some((key, path)) = self.key(parameter.key, oid) {
            let is_array = self.is_array(oid);
            if is_array {
                // An array that cannot be passed cannot be one of ids either.
                self.plain_parameter(oid, elements)?;
            }
            return Ok(RustType::plain(if is_array {
                elements.slice(&path)
            } else {
                key.as_parameter(&path)
            }));
        }
        self.plain_parameter(oid, elements).map(RustType::plain)
    }

    fn annotated(&self, oid: u32, annotation: Option<&ColumnAnnotation>) -> Option<RustType> {
        let name = annotation?.rust_type.clone()?;
        let base = self.catalog.base(oid)?;
        let json = base.is_built_in() && matches!(base.name.as_str(), "json" | "jsonb");
        let declared = !json;
        Some(RustType {
            name,
            json,
            declared,
        })
    }

    /// The type of a key, if what has this type, or an array of it, can hold the key's values.
    fn key(&self, key: Option<ColumnId>, oid: u32) -> Option<(&KeyType<'_>, String)> {
        let key = key?;
        let base = self.catalog.base(oid)?;
        let element = match base.kind {
            TypeKind::Array(element) => self.catalog.base(element)?,
            _ => base,
        };
        let key_type = self.own.keys.get(&key)?;
        if scalar(element)?.value != key_type.scalar.value {
            return None;
        }
        Some((key_type, self.path_of_key(key)?))
    }

    /// The path of a key's type.
    pub(in super::super) fn path_of_key(&self, key: ColumnId) -> Option<String> {
        match &self.own.keys.get(&key)?.path {
            Some(path) => Some(path.clone()),
            None => self.own.path(Own::Key(key)),
        }
    }

    fn is_array(&self, oid: u32) -> bool {
        let base = self.catalog.base(oid);
        base.is_some_and(|base| matches!(base.kind, TypeKind::Array(_)))
    }
}
