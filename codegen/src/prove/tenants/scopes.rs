//! The restricted scopes, and the template of each setting: the text of its value with keys between braces.

use super::keys::{add_key, report_at};
use super::{KeyId, TenantKey, TenantTable, find_column};
use crate::config::{Scope, ScopeSetting};
use crate::project::Project;
use crate::report::diagnostic::Diagnostic;
use std::ops::Range;

/// A scope with settings.
#[derive(Clone, Debug)]
pub(in crate::prove) struct ProvedScope {
    pub(in crate::prove) name: String,
    /// The role it takes, unquoted.
    pub(in crate::prove) role: Option<String>,
    pub(in crate::prove) settings: Vec<ProvedSetting>,
}

/// A setting of a scope.
#[derive(Clone, Debug)]
pub(in crate::prove) struct ProvedSetting {
    pub(in crate::prove) name: String,
    /// `{users.id}`, or a text with several keys.
    pub(in crate::prove) template: String,
}

type ScopesRead = (Vec<ProvedScope>, Vec<TenantKey>, Vec<Diagnostic>);

/// Reads the scopes with settings.
pub(super) fn read_scopes(project: &Project, tables: &[TenantTable<'_>]) -> ScopesRead {
    let (mut scopes, mut keys, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let restricted = project.config.scopes.iter();
    for (name, scope) in restricted.filter(|(_, scope)| !scope.settings.is_empty()) {
        let mut settings = Vec::new();
        for setting in &scope.settings {
            match read_setting(project, setting, tables, &mut keys) {
                Ok(template) => settings.push(ProvedSetting {
                    name: setting.name().to_owned(),
                    template,
                }),
                Err(problem) => problems.push(problem),
            }
        }
        scopes.push(ProvedScope {
            name: name.clone(),
            role: Scope::role(scope).map(str::to_owned),
            settings,
        });
    }
    (scopes, keys, problems)
}

/// The template of a setting; its keys are added.
fn read_setting(
    project: &Project,
    setting: &ScopeSetting,
    tables: &[TenantTable<'_>],
    keys: &mut Vec<TenantKey>,
) -> Result<String, Diagnostic> {
    let configured = &project.config.prove.settings;
    let configured = configured
        .iter()
        .find(|(name, _)| name.get_ref() == setting.name());
    if let Some((_, template)) = configured {
        for (key, _) in find_keys(template.get_ref()) {
            if add_key(keys, tables, key).is_none() {
                let message = format!("`{key}` is no column");
                return Err(report_at(project, template.span(), message)
                    .help("write the key as `{table.column}`"));
            }
        }
        return Ok(template.get_ref().clone());
    }
    let typed = setting.data_type().map(toml::Spanned::get_ref);
    if let Some(key) = typed.filter(|key| find_column(tables, key).is_some()) {
        add_key(keys, tables, key);
        return Ok(format!("{{{key}}}"));
    }
    infer_setting(setting, tables, keys).ok_or_else(|| {
        let name = setting.name();
        let message = format!("no column tells which key the setting `{name}` holds");
        let help =
            format!("name it in xact.toml: [prove.settings] \"{name}\" = \"{{organizations.id}}\"");
        report_at(project, locate_name(project, name), message).help(help)
    })
}

/// The key of a setting without a type, by the columns that are called like it: `app.tenant_id` and `notes.tenant_id`.
fn infer_setting(
    setting: &ScopeSetting,
    tables: &[TenantTable<'_>],
    keys: &mut Vec<TenantKey>,
) -> Option<String> {
    let name = setting.parameter();
    for table in tables {
        let link = table.links.iter().find(|link| link.columns == [name]);
        if let Some(link) = link {
            let target = &tables[link.target];
            let written = format!("{}.{}", target.key(), link.target_columns[0]);
            add_key(keys, tables, &written)?;
            return Some(format!("{{{written}}}"));
        }
    }
    let mut columns = tables.iter().filter_map(|table| table.table.column(name));
    let column = columns.next()?;
    keys.push(TenantKey {
        name: setting.name().to_owned(),
        place: None,
        type_oid: Some(column.type_oid.0),
    });
    Some(format!("{{{}}}", setting.name()))
}

fn locate_name(project: &Project, name: &str) -> Range<usize> {
    let mut files = project.settings.iter();
    let file = files.find(|file| file.path == crate::config::FILE);
    let start = file.and_then(|file| file.text.find(name));
    start.map_or(0..0, |start| start..start + name.len())
}

/// The keys of a template and their ranges, braces included. A brace of JSON is followed by a quote, so it is no key.
fn find_keys(template: &str) -> Vec<(&str, Range<usize>)> {
    let is_key = |text: &str| {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        text.contains('.') && text.chars().all(part)
    };
    let opened = template.match_indices('{');
    let keys = opened.filter_map(|(start, _)| {
        let length = template[start..].find('}')?;
        let key = &template[start + 1..start + length];
        is_key(key).then_some((key, start..start + length + 1))
    });
    keys.collect()
}

/// The template with the values of its keys.
pub(in crate::prove) fn fill_template(
    template: &str,
    keys: &[TenantKey],
    value: impl Fn(KeyId) -> String,
) -> String {
    let mut filled = template.to_owned();
    // From the end, so that the ranges before it stay right.
    for (key, range) in find_keys(template).into_iter().rev() {
        if let Some(id) = keys.iter().position(|known| known.name == key) {
            filled.replace_range(range, &value(id));
        }
    }
    filled
}
