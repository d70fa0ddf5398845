//! Fields in JSON: the attributes with which serde writes and reads them and schemas describe them, or the type that prevents it.
//!
//! Ids and enums are texts and numbers as they are. Dates, timestamps and exact numbers are texts by modules of
//! [`xact::json`](https://docs.rs/xact/latest/xact/json/), because their crates write them in other forms.

use super::extras::TypeExtras;
use super::json_shape::{describe_declared, describe_scalar};
use super::schemas::{FieldOwner, SchemaDerive, write_schema_attributes};
use super::types::{Own, RustType};
use crate::config::JsonTimes;

/// How serde takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SerdeForm {
    Plain,
    /// By a module in `#[serde(with = "…")]`, which takes the value, and `Option` and `Vec` of it.
    With(&'static str),
    /// A reference or a slice, which the module only writes.
    WithReference(&'static str),
}

/// Types of the runtime that serde cannot take, and for which no module writes a text.
const OPAQUE: &[&str] = &[
    "xact::types::HalfVector",
    "xact::types::BitVec",
    "xact::types::Oid",
    "xact::types::PgBox",
    "xact::types::PgCircle",
    "xact::types::PgCube",
    "xact::types::PgHstore",
    "xact::types::PgCid",
    "xact::types::PgInterval",
    "xact::types::PgJsonPath",
    "xact::types::PgLQuery",
    "xact::types::PgLSeg",
    "xact::types::PgLTree",
    "xact::types::PgLine",
    "xact::types::PgLsn",
    "xact::types::PgMacAddress8",
    "xact::types::PgMoney",
    "xact::types::PgPath",
    "xact::types::PgPoint",
    "xact::types::PgPolygon",
    "xact::types::PgSnapshot",
    "xact::types::PgTid",
    "xact::types::PgTimeTz",
    "xact::types::PgXid",
    "xact::types::PgXid8",
    "xact::types::SparseVector",
    "xact::types::TsQuery",
    "xact::types::TsVector",
];

/// A type that a derive cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) rust_type: String,
    pub(super) reason: RefusalReason,
}

/// The derive that cannot take a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusalReason {
    Serde,
    /// serde could read a reference only from a text that has no escapes.
    Borrowed,
    /// The type itself does not have this derive.
    Schema(SchemaDerive),
}

impl Refused {
    fn new(rust_type: &RustType, reason: RefusalReason) -> Self {
        Self {
            rust_type: rust_type.to_string(),
            reason,
        }
    }
}

/// The derives of the types that a field may be made of.
pub(super) struct JsonContext<'a> {
    pub(super) times: JsonTimes,
    /// Of a composite, or of the rows of a table.
    pub(super) extras_of: &'a dyn Fn(Own) -> Option<TypeExtras>,
}

/// The attributes of a field, without `#[…]`.
///
/// # Errors
/// The Rust type that a derive cannot take.
pub(super) fn write_attributes(
    rust_type: &RustType,
    (owner, secret): (FieldOwner, bool),
    extras: &TypeExtras,
    context: &JsonContext<'_>,
) -> Result<Vec<String>, Refused> {
    let serde = write_serde_attribute(rust_type, secret, extras, context)?;
    let serde = serde.map(|text| extras.write_for_serde(text));
    let described = SchemaDerive::ALL.into_iter();
    let mut described = described.filter(|derive| extras.describes_schema(*derive));
    // A secret is in no schema, whatever its type.
    if described.next().is_some() && !secret {
        // A schema describes JSON, so the type must have a form there, whether or not serde is asked for.
        find_form(rust_type, extras, context)?;
    }
    let schemas = write_schema_attributes(rust_type, (owner, secret), extras, context.times);
    Ok(serde.into_iter().chain(schemas).collect())
}

fn write_serde_attribute(
    rust_type: &RustType,
    secret: bool,
    extras: &TypeExtras,
    context: &JsonContext<'_>,
) -> Result<Option<String>, Refused> {
    if !extras.writes_json() && !extras.reads_json() {
        return Ok(None);
    }
    // A secret is never written, so that only reading it needs a form.
    if secret && !extras.reads_json() {
        return Ok(Some("serde(skip_serializing)".to_owned()));
    }
    let mut parts = Vec::new();
    if secret {
        parts.push("skip_serializing".to_owned());
    }
    let form = find_form(rust_type, extras, context)?;
    let is_patch = matches!(rust_type, RustType::Patch(_));
    // serde takes a missing `Option` for an error where `with` is used; a missing `Patch` is `Keep`.
    let is_missing = matches!(rust_type, RustType::Option(_)) && form != SerdeForm::Plain;
    if (is_missing || is_patch) && extras.reads_json() {
        parts.push("default".to_owned());
    }
    // JSON has no value for `Keep`, so that the field is left out.
    if is_patch && extras.writes_json() && !secret {
        parts.push("skip_serializing_if = \"xact::Patch::is_keep\"".to_owned());
    }
    match form {
        SerdeForm::Plain => {}
        SerdeForm::With(module) => parts.push(format!("with = \"xact::json::{module}\"")),
        SerdeForm::WithReference(module) => {
            parts.push(format!(
                "serialize_with = \"xact::json::{module}::serialize_reference\""
            ));
        }
    }
    Ok((!parts.is_empty()).then(|| format!("serde({})", parts.join(", "))))
}

fn find_form(
    rust_type: &RustType,
    extras: &TypeExtras,
    context: &JsonContext<'_>,
) -> Result<SerdeForm, Refused> {
    let refused = |reason| Err(Refused::new(rust_type, reason));
    match rust_type {
        RustType::Copied(path) | RustType::Owned(path) if OPAQUE.contains(path) => {
            refused(RefusalReason::Serde)
        }
        RustType::Declared { path, .. } if is_opaque(path) => refused(RefusalReason::Serde),
        RustType::Declared { path, .. } => {
            let module = describe_declared(path, context.times).module;
            Ok(module.map_or(SerdeForm::Plain, SerdeForm::With))
        }
        RustType::Copied(path) | RustType::Owned(path) => {
            let module = describe_scalar(path, context.times).module;
            Ok(module.map_or(SerdeForm::Plain, SerdeForm::With))
        }
        RustType::Option(inner) | RustType::Vec(inner) | RustType::Patch(inner) => {
            find_form(inner, extras, context)
        }
        RustType::Tuple(fields) => {
            for field in fields {
                // `with` is for a whole field.
                if find_form(field, extras, context)? != SerdeForm::Plain {
                    return Err(Refused::new(field, RefusalReason::Serde));
                }
            }
            Ok(SerdeForm::Plain)
        }
        RustType::Range(_) | RustType::PgArray(_) => refused(RefusalReason::Serde),
        RustType::Generated { own, .. } => match (context.extras_of)(*own) {
            Some(found) => match find_missing_derive(extras, &found) {
                Some(reason) => refused(reason),
                None => Ok(SerdeForm::Plain),
            },
            None => Ok(SerdeForm::Plain),
        },
        // A reference can be written, and is read only if it borrows from the input.
        RustType::Borrowed(_) | RustType::Slice(_) | RustType::Str if extras.reads_json() => {
            refused(RefusalReason::Borrowed)
        }
        RustType::Borrowed(inner) => Ok(match find_form(inner, extras, context)? {
            SerdeForm::With(module) => SerdeForm::WithReference(module),
            other => other,
        }),
        RustType::Slice(inner) => find_form(inner, extras, context),
        _ => Ok(SerdeForm::Plain),
    }
}

/// Whether serde cannot take a type of the runtime that an annotation or an alias names.
fn is_opaque(path: &str) -> bool {
    let generic = ["xact::types::Range<", "xact::types::PgArray<"];
    OPAQUE.contains(&path) || generic.iter().any(|start| path.starts_with(start))
}

/// A derive that a type has and one within it lacks.
fn find_missing_derive(extras: &TypeExtras, part: &TypeExtras) -> Option<RefusalReason> {
    if extras.writes_json() && !part.writes_json() || extras.reads_json() && !part.reads_json() {
        return Some(RefusalReason::Serde);
    }
    let asked = SchemaDerive::ALL.into_iter();
    let mut asked = asked.filter(|derive| extras.describes_schema(*derive));
    let missing = asked.find(|derive| !part.describes_schema(derive.of_parts()));
    missing.map(|derive| RefusalReason::Schema(derive.of_parts()))
}

#[cfg(test)]
mod tests {
    use super::{OPAQUE, describe_scalar};
    use crate::config::{DateTimeCrate, JsonTimes, NumericCrate};
    use crate::rust::json_shape::JsonShape;
    use crate::rust::types::list_types;
    use std::collections::BTreeSet;
    use xact::types as xact_types;

    /// Compiles only if serde takes the type by itself, or by a module of `xact::json`.
    macro_rules! check {
        (plain $path:ty) => {
            let _ = (
                serde_json::to_value::<$path>,
                serde_json::from_value::<$path>,
            );
        };
        ($module:ident $path:ty) => {
            let _ = xact::json::$module::deserialize::<$path, serde_json::Value>;
        };
    }

    /// Types that the compiler checks, by the names that generated code has for them.
    macro_rules! taken {
        ($check:ident: $($path:ty),+ $(,)?) => {{
            $(check!($check $path);)+
            let paths = [$(stringify!($path)),+];
            paths.map(|path| path.replace(' ', "").replace("xact_types::", "xact::types::"))
        }};
    }

    fn list_plain() -> BTreeSet<String> {
        use xact_types::{chrono, jiff};
        let plain = taken!(plain:
            (), bool, i8, i16, i32, i64, f32, f64, String, Vec<u8>, xact_types::Uuid, xact_types::JsonValue,
            xact_types::BigDecimal, xact_types::Vector);
        let of_other_crates = taken!(plain:
            chrono::DateTime<chrono::Utc>, chrono::NaiveDateTime, chrono::NaiveDate, chrono::NaiveTime,
            jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Date, jiff::civil::Time);
        let of_other_crates = of_other_crates.map(|path| {
            let path = path.replace("<chrono", "<xact::types::chrono");
            format!("xact::types::{path}")
        });
        plain.into_iter().chain(of_other_crates).collect()
    }

    /// Those with a module, for each way to write times.
    fn list_with(times: JsonTimes) -> BTreeSet<String> {
        let texts = taken!(text:
            xact_types::Decimal, xact_types::IpNetwork, xact_types::MacAddress);
        let time = taken!(rfc3339: xact_types::Time);
        let rfc3339 = taken!(rfc3339:
            xact_types::OffsetDateTime, xact_types::PrimitiveDateTime, xact_types::Date);
        let moments = taken!(timestamp:
            xact_types::OffsetDateTime, xact_types::PrimitiveDateTime);
        let days = taken!(date: xact_types::Date);
        let dates: Vec<String> = match times {
            JsonTimes::Rfc3339 => rfc3339.into(),
            JsonTimes::Sentinel => moments.into_iter().chain(days).collect(),
        };
        texts.into_iter().chain(time).chain(dates).collect()
    }

    fn list_mapped() -> BTreeSet<String> {
        use DateTimeCrate::{Chrono, Jiff, Time};
        use NumericCrate::{BigDecimal, RustDecimal};
        let choices = [
            (Time, RustDecimal),
            (Chrono, BigDecimal),
            (Jiff, RustDecimal),
        ];
        let lines = choices
            .into_iter()
            .flat_map(|(time, numeric)| list_types(time, numeric));
        lines.map(|line| line.rust).collect()
    }

    #[test]
    fn serde_takes_every_mapped_type_that_is_not_opaque() {
        for times in [JsonTimes::Rfc3339, JsonTimes::Sentinel] {
            let with = list_with(times);
            for path in &with {
                let module = describe_scalar(path, times).module;
                assert!(module.is_some(), "{path} has a module");
            }
            let mut taken = list_plain();
            assert!(taken.is_disjoint(&with));
            taken.extend(with);
            let opaque = OPAQUE.iter().map(|path| (*path).to_owned()).collect();
            assert!(taken.is_disjoint(&opaque));
            taken.extend(opaque);
            // `PgXid8` and the like are mapped too, so a new type has to be in one of the lists.
            let missing: Vec<_> = list_mapped().difference(&taken).cloned().collect();
            assert_eq!(missing, [""; 0], "neither checked here nor in OPAQUE");
        }
    }

    #[test]
    fn every_type_that_serde_takes_has_a_schema() {
        let opaque = |path: &String| OPAQUE.contains(&path.as_str());
        for path in list_mapped().into_iter().filter(|path| !opaque(path)) {
            for times in [JsonTimes::Rfc3339, JsonTimes::Sentinel] {
                // The derives of schemas implement their traits for no type of another crate than std.
                if let JsonShape::Rust(schema) = describe_scalar(&path, times).shape {
                    assert!(
                        !schema.contains("xact::types::"),
                        "{path} has the schema of {schema}"
                    );
                }
            }
        }
    }
}
