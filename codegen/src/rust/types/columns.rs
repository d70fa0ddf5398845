//! The types of columns and parameters: annotations, aliases and keys decide before the type in Postgres does.

use super::scalars::find_scalar;
use super::{Elements, RustType, TypeMap, Unmapped};
use crate::query::TypeKind;
use crate::query::analysis::{TypedColumn, TypedParameter};
use crate::schema::ColumnId;
use crate::schema::annotations::ColumnAnnotation;

impl TypeMap<'_> {
    /// The type of a column that is not NULL, by its alias, `AS "total: crate::Money"`, or else its annotation, or else the key
    /// whose values it has, or else its type.
    pub(in crate::rust) fn of_column(
        &self,
        column: &TypedColumn,
        annotation: Option<&ColumnAnnotation>,
    ) -> Result<RustType, Unmapped> {
        let elements = Elements::of(column);
        // `_` leaves it to the tool.
        let alias = column.rust_type.as_ref();
        if let Some(path) = alias.filter(|path| *path != "_") {
            return Ok(declared_type(path));
        }
        if let Some(annotated) = self.of_annotation(column.type_oid, annotation) {
            return Ok(annotated);
        }
        match self.of_key(column.key, column.type_oid) {
            Some(key) if self.is_array(column.type_oid) => Ok(elements.wrap(key)),
            Some(key) => Ok(key),
            None => self.of_value(column.type_oid, elements),
        }
    }

    /// The type of the values that a parameter passes, if they are not NULL.
    pub(in crate::rust) fn of_parameter(
        &self,
        parameter: &TypedParameter,
        annotation: Option<&ColumnAnnotation>,
    ) -> Result<RustType, Unmapped> {
        let oid = parameter.type_oid;
        if let Some(annotated) = self.of_annotation(oid, annotation) {
            return Ok(annotated);
        }
        let elements = if parameter.elements_nullable {
            Elements::Options
        } else {
            Elements::Values
        };
        let is_array = self.is_array(oid);
        match self.of_key(parameter.key, oid) {
            Some(key) if is_array => {
                // An array that cannot be passed cannot be one of ids either.
                self.of_passed_value(oid, elements)?;
                Ok(elements.wrap(key))
            }
            Some(key) => Ok(key),
            None => self.of_passed_value(oid, elements),
        }
    }

    fn of_annotation(&self, oid: u32, annotation: Option<&ColumnAnnotation>) -> Option<RustType> {
        let path = annotation?.rust_type.as_ref()?;
        let base = self.catalog.base(oid)?;
        let is_json = base.is_built_in() && matches!(base.name.as_str(), "json" | "jsonb");
        Some(if is_json {
            RustType::Json(path.clone())
        } else {
            declared_type(path)
        })
    }

    /// The type of a key, if a value of this type, or an element of it, can hold the key's values.
    fn of_key(&self, key: Option<ColumnId>, oid: u32) -> Option<RustType> {
        let key = key?;
        let base = self.catalog.base(oid)?;
        let element = match base.kind {
            TypeKind::Array(element) => self.catalog.base(element)?,
            _ => base,
        };
        let key_type = self.own.keys.get(&key)?;
        // The query may have cast the key to a type that an id cannot hold.
        let holds = find_scalar(element)?.rust_type == key_type.scalar.rust_type;
        holds.then(|| self.own.key_type(key))?
    }

    pub(super) fn is_array(&self, oid: u32) -> bool {
        let base = self.catalog.base(oid);
        base.is_some_and(|base| matches!(base.kind, TypeKind::Array(_)))
    }
}

/// A type that the project names.
pub(super) fn declared_type(path: &str) -> RustType {
    RustType::Declared {
        path: path.to_owned(),
        by_value: false,
    }
}
