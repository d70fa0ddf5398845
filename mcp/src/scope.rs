//! The scope that a server runs its transactions in: the role of `xact.toml`, and the settings of the one who starts the server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use xact::generated::Runner;
use xact_codegen::config;

/// The scope of every transaction of a server.
#[derive(Clone)]
pub(crate) struct AgentScope {
    role: Option<Arc<str>>,
    settings: Arc<[ScopeSetting]>,
    statement_timeout: Option<Duration>,
}

/// A setting of the scope.
pub(crate) struct ScopeSetting {
    /// The name for Postgres, kept for the life of the process: [`xact::Scope::settings`] asks for static names.
    name: &'static str,
    /// The name of the parameter that generated code has for it.
    pub(crate) parameter: String,
    pub(crate) value: String,
}

impl AgentScope {
    /// The scope with these values, by the name of the setting (`app.user_id`) or that of its parameter (`user_id`).
    ///
    /// # Errors
    /// A text for people: a setting has no value, or a value belongs to no setting.
    pub(crate) fn new(
        name: &str,
        scope: &config::Scope,
        mut values: BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let mut settings = Vec::new();
        let mut missing = Vec::new();
        for setting in &scope.settings {
            let (full, parameter) = (setting.name(), setting.parameter());
            match values.remove(parameter).or_else(|| values.remove(full)) {
                Some(value) => settings.push(ScopeSetting {
                    name: Box::leak(full.to_owned().into_boxed_str()),
                    parameter: parameter.to_owned(),
                    value,
                }),
                None => missing.push(format!("--setting {parameter}=VALUE")),
            }
        }
        if !missing.is_empty() {
            return Err(format!(
                "scope `{name}` has settings without a value: add {}",
                missing.join(" ")
            ));
        }
        if let Some(unknown) = values.keys().next() {
            let known: Vec<&str> = scope
                .settings
                .iter()
                .map(config::ScopeSetting::parameter)
                .collect();
            return Err(format!(
                "scope `{name}` has no setting `{unknown}`; its settings in xact.toml are: {}",
                known.join(", ")
            ));
        }
        Ok(Self {
            role: scope.role().map(Arc::from),
            settings: settings.into(),
            statement_timeout: scope
                .statement_timeout()
                .map(|limit| Duration::from_millis(limit.into())),
        })
    }

    /// The value of the setting whose parameter has this name.
    pub(crate) fn find_value(&self, parameter: &str) -> Option<&str> {
        let mut settings = self.settings.iter();
        let found = settings.find(|setting| setting.parameter == parameter)?;
        Some(&found.value)
    }
}

impl xact::Scope for AgentScope {
    const NAME: &'static str = "of the server";
    const ROLE: Option<&'static str> = None;
    type Orm<'a> = Runner<'a>;

    fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    fn statement_timeout(&self) -> Option<Duration> {
        self.statement_timeout
    }

    fn settings(&self) -> Vec<(&'static str, &str)> {
        let settings = self.settings.iter();
        settings
            .map(|setting| (setting.name, setting.value.as_str()))
            .collect()
    }

    fn orm(run: Runner<'_>) -> Runner<'_> {
        run
    }
}
