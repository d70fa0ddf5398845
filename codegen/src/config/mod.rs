//! `xact.toml`: the scopes of a project, and the exceptions from lint rules.
//!
//! ```toml
//! [scopes.customer]
//! role = "customer"
//! settings = ["app.tenant", { name = "app.user_id", type = "users.id" }]
//!
//! [session]
//! allow = ["app.become"]
//! ```

mod lint;
mod paths;
mod prove;
mod rust;

pub use lint::{LintConfiguration, RuleSettings};
pub use paths::{ANNOTATIONS, MIGRATIONS, OUTPUT, Paths, QUERIES, SCHEMA};
pub use prove::ProveConfiguration;
pub use rust::{DateTimeCrate, Extras, JsonTimes, NumericCrate, RustConfiguration};

use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use paths::WrittenPaths;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use toml::Spanned;

/// The file's name, in the folder of the project.
pub const FILE: &str = "xact.toml";

/// Names that scopes cannot have, for their types would have that of another.
const RESERVED: &[&str] = &["any_scope", "constraint", "database", "orm"];

/// The content of `xact.toml`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As whom transactions run, by name.
    #[serde(default = "Config::default_scopes")]
    pub scopes: BTreeMap<String, Scope>,
    /// Where the files of the project are.
    #[serde(skip)]
    pub paths: Paths,
    #[serde(default, rename = "paths")]
    written_paths: WrittenPaths,
    /// Permissions of queries.
    #[serde(default)]
    pub session: SessionFunctions,
    /// Which conventions do not hold, and where.
    #[serde(default)]
    pub lint: LintConfiguration,
    /// Derives and attributes of generated types.
    #[serde(default)]
    pub rust: RustConfiguration,
    /// The facts about tenants that the schema does not tell.
    #[serde(default)]
    pub prove: ProveConfiguration,
}

/// Functions that may change the session or the scope of a transaction; a query that reaches any other is an error.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SessionFunctions {
    /// Functions that may change either, by name: `become`, `app.become`.
    #[serde(default)]
    pub allow: Vec<Spanned<String>>,
}

/// As whom a transaction runs.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The role it takes; without one it stays the role that logged in.
    pub role: Option<Spanned<String>>,
    /// Settings that row-level policies read. Each is a parameter of `xact_NAME`, called like
    /// the last part of the setting.
    #[serde(default)]
    pub settings: Vec<ScopeSetting>,
    /// The longest time of each statement, as Postgres writes it: `500ms`, `5s`, `2min`.
    #[serde(rename = "statement-timeout")]
    written_timeout: Option<String>,
}

/// A setting of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeSetting {
    /// Any text.
    Text(String),
    /// A value of one type.
    Typed(TypedSetting),
}

/// A setting with the type of its value.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TypedSetting {
    /// The setting's name: `app.user_id`.
    pub name: String,
    /// The key whose value it is, `users.id`, or a Postgres type.
    #[serde(rename = "type")]
    pub data_type: Spanned<String>,
}

impl ScopeSetting {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Text(name) => name,
            Self::Typed(typed) => &typed.name,
        }
    }

    /// The type of its value, if it is not any text.
    pub fn data_type(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Text(_) => None,
            Self::Typed(typed) => Some(&typed.data_type),
        }
    }

    /// The parameter that gives it its value.
    pub fn parameter(&self) -> &str {
        self.name().rsplit('.').next().unwrap_or_default()
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scopes: Self::default_scopes(),
            paths: Paths::default(),
            written_paths: WrittenPaths::default(),
            session: SessionFunctions::default(),
            lint: LintConfiguration::default(),
            rust: RustConfiguration::default(),
            prove: ProveConfiguration::default(),
        }
    }
}

impl Config {
    /// Without a configuration there is one scope, `admin`, which changes nothing.
    fn default_scopes() -> BTreeMap<String, Scope> {
        BTreeMap::from([("admin".to_owned(), Scope::default())])
    }

    /// Reads the configuration.
    ///
    /// # Errors
    /// A diagnostic at the place that is wrong.
    pub fn parse(file: &Arc<SourceFile>) -> Result<Self, Diagnostic> {
        let mut config: Self = toml::from_str(&file.text).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            let span = Span {
                file: file.clone(),
                range,
            };
            let message = error.message().replace('\n', ", ");
            Diagnostic::error("invalid-configuration", span, message)
        })?;
        for (name, scope) in &config.scopes {
            scope.validate(name).map_err(|(found, message)| {
                let start = file.text.find(&found).unwrap_or(0);
                let range = start..start + found.len();
                let span = Span {
                    file: file.clone(),
                    range,
                };
                Diagnostic::error("invalid-scope", span, message)
            })?;
        }
        config.paths = config.written_paths.check(file)?;
        Ok(config)
    }
}

impl Scope {
    /// The name of the role that it takes.
    pub fn role(&self) -> Option<&str> {
        self.role.as_ref().map(|role| role.get_ref().as_str())
    }

    /// The longest time of each statement, in milliseconds; none if it is that of the session.
    pub fn statement_timeout(&self) -> Option<u32> {
        parse_milliseconds(self.written_timeout.as_deref()?)
    }

    /// Everything that it says as one text, without the places in xact.toml.
    pub(crate) fn describe(&self) -> String {
        // Every field is named, so that a new one cannot be forgotten.
        let Self {
            role,
            settings,
            written_timeout,
        } = self;
        let role = role.as_ref().map(Spanned::get_ref);
        let settings = settings.iter().map(|setting| {
            let data_type = setting.data_type().map(Spanned::get_ref);
            (setting.name(), data_type)
        });
        let settings: Vec<_> = settings.collect();
        // `Debug` escapes texts, so that two scopes never have the same description.
        format!("{role:?} {settings:?} {written_timeout:?}")
    }

    /// An error: the range of the text, and the message.
    fn validate(&self, name: &str) -> Result<(), (String, String)> {
        if !is_identifier(name) {
            let message =
                format!("`{name}` cannot be the name of a scope: use letters, digits and `_`");
            return Err((name.to_owned(), message));
        }
        if RESERVED.contains(&name) {
            let message = format!(
                "`{name}` cannot be the name of a scope: the module has a type of that name"
            );
            return Err((name.to_owned(), message));
        }
        if let (Some(written), None) = (&self.written_timeout, self.statement_timeout()) {
            let message = format!(
                "`{written}` is no timeout of statements: write a number above 0 with `ms`, `s` or `min`, as in `5s`"
            );
            return Err((written.clone(), message));
        }
        let mut parameters = Vec::new();
        for setting in &self.settings {
            let (setting, parameter) = (setting.name(), setting.parameter());
            // Postgres accepts settings that no extension registered only with a prefix: `app.user_id`.
            if !setting.contains('.') || !is_identifier(parameter) {
                let message = format!("`{setting}` cannot be a setting: write `prefix.name`");
                return Err((setting.to_owned(), message));
            }
            if parameters.contains(&parameter) {
                let message = format!(
                    "two settings end in `{parameter}`, and both would be the parameter of that name"
                );
                return Err((setting.to_owned(), message));
            }
            parameters.push(parameter);
        }
        Ok(())
    }
}

/// By hand, for serde's untagged enums lose where a value stands.
impl<'de> Deserialize<'de> for ScopeSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrFields;
        impl<'de> Visitor<'de> for NameOrFields {
            type Value = ScopeSetting;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a setting, or a table with its `name` and `type`")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<ScopeSetting, E> {
                Ok(ScopeSetting::Text(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ScopeSetting, A::Error> {
                TypedSetting::deserialize(MapAccessDeserializer::new(map)).map(ScopeSetting::Typed)
            }
        }
        deserializer.deserialize_any(NameOrFields)
    }
}

/// A duration as Postgres writes it, in milliseconds. Without a unit it would be milliseconds, which readers take for seconds, and
/// 0 would be no limit (<https://www.postgresql.org/docs/current/config-setting.html>), so both are none.
fn parse_milliseconds(text: &str) -> Option<u32> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        _ => return None,
    };
    let milliseconds = number.parse::<u32>().ok()?.checked_mul(unit)?;
    // Postgres's setting is a signed number.
    (1..=i32::MAX.unsigned_abs())
        .contains(&milliseconds)
        .then_some(milliseconds)
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
