//! `xact.toml`: the scopes of a project.
//!
//! ```toml
//! [scopes.customer]
//! role = "customer"
//! settings = ["app.user_id", "app.organization_id"]
//! ```

use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// The file's name, in the folder of the project.
pub const FILE: &str = "xact.toml";

/// What `xact.toml` says.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As whom transactions run, by name.
    #[serde(default = "Config::default_scopes")]
    pub scopes: BTreeMap<String, Scope>,
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
    pub settings: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scopes: Self::default_scopes(),
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
        let config: Self = toml::from_str(&file.text).map_err(|error| {
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
        Ok(config)
    }
}

impl Scope {
    /// The name of the role that it takes.
    pub fn role(&self) -> Option<&str> {
        self.role.as_ref().map(|role| role.get_ref().as_str())
    }

    /// The parameter that gives a setting its value.
    pub fn parameter(setting: &str) -> &str {
        setting.rsplit('.').next().unwrap_or(setting)
    }

    /// What is wrong: the text to point at, and the message.
    fn validate(&self, name: &str) -> Result<(), (String, String)> {
        if !is_identifier(name) {
            let message =
                format!("`{name}` cannot be the name of a scope: use letters, digits and `_`");
            return Err((name.to_owned(), message));
        }
        let mut parameters = Vec::new();
        for setting in &self.settings {
            let parameter = Self::parameter(setting);
            // Postgres takes settings that nobody registered only with a prefix: `app.user_id`.
            if !setting.contains('.') || !is_identifier(parameter) {
                let message = format!("`{setting}` cannot be a setting: write `prefix.name`");
                return Err((setting.clone(), message));
            }
            if parameters.contains(&parameter) {
                let message = format!(
                    "two settings end in `{parameter}`, and both would be the parameter of that name"
                );
                return Err((setting.clone(), message));
            }
            parameters.push(parameter);
        }
        Ok(())
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
