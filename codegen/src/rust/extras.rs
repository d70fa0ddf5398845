//! Derives and attributes of generated types, by `xact.toml`, annotations and the comments of a query.

use super::conditional::ConditionalDerives;
use super::schemas::SchemaDerive;
use crate::config;

/// Those of one type, beside the ones that it has anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypeExtras {
    pub(super) derives: Vec<String>,
    pub(super) attributes: Vec<String>,
}

impl TypeExtras {
    /// Those of `xact.toml` for a kind of types, with more of one type.
    pub(super) fn new(
        configured: &config::Extras,
        derives: &[String],
        attributes: &[String],
    ) -> Self {
        let mut extras = Self::default();
        let configured_derives = configured.derive.iter().map(toml::Spanned::get_ref);
        extras.add(configured_derives.chain(derives), |all| &mut all.derives);
        let configured_attributes = configured.attributes.iter().map(toml::Spanned::get_ref);
        let attributes = configured_attributes.chain(attributes);
        extras.add(attributes, |all| &mut all.attributes);
        extras
    }

    /// Adds those of another declaration of the same type.
    pub(super) fn merge(&mut self, other: &Self) {
        self.add(&other.derives, |all| &mut all.derives);
        self.add(&other.attributes, |all| &mut all.attributes);
    }

    fn add<'s>(
        &mut self,
        more: impl IntoIterator<Item = &'s String>,
        list: impl Fn(&mut Self) -> &mut Vec<String>,
    ) {
        let list = list(self);
        for text in more {
            if !list.contains(text) {
                list.push(text.clone());
            }
        }
    }

    /// Whether serde writes values of the type.
    pub(super) fn writes_json(&self) -> bool {
        self.has_derive("Serialize")
    }

    /// Whether serde reads values of the type.
    pub(super) fn reads_json(&self) -> bool {
        self.has_derive("Deserialize")
    }

    /// Whether a derive describes the JSON of the type.
    pub(super) fn describes_schema(&self, derive: SchemaDerive) -> bool {
        self.has_derive(derive.name())
    }

    fn has_derive(&self, name: &str) -> bool {
        self.has_plain_derive(name) || !self.list_conditions(name).is_empty()
    }

    fn has_plain_derive(&self, name: &str) -> bool {
        self.derives.iter().any(|path| last_name(path) == name)
    }

    /// The conditions under which attributes derive it.
    fn list_conditions(&self, name: &str) -> Vec<String> {
        let parsed = self.attributes.iter();
        let parsed = parsed.filter_map(|text| ConditionalDerives::parse(text));
        parsed
            .filter(|found| found.derives.iter().any(|path| last_name(path) == name))
            .map(|found| found.condition)
            .collect()
    }

    /// An attribute of a field that serde's derives read, under the condition of those.
    pub(super) fn write_for_serde(&self, attribute: String) -> String {
        self.write_conditionally(&["Serialize", "Deserialize"], attribute)
    }

    /// An attribute of a field that a derive of schemas reads, under its condition.
    pub(super) fn write_for_schema(&self, derive: SchemaDerive, attribute: String) -> String {
        self.write_conditionally(&[derive.name()], attribute)
    }

    /// An unknown attribute is an error of the compiler, so it has the condition that one of the derives is there.
    fn write_conditionally(&self, derives: &[&str], attribute: String) -> String {
        if derives.iter().any(|name| self.has_plain_derive(name)) {
            return attribute;
        }
        let mut conditions = Vec::new();
        for condition in derives.iter().flat_map(|name| self.list_conditions(name)) {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        match conditions.as_slice() {
            [] => attribute,
            [condition] => format!("cfg_attr({condition}, {attribute})"),
            all => format!("cfg_attr(any({}), {attribute})", all.join(", ")),
        }
    }

    /// The derives without those of these names, which the type implements anyway.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.derives
            .retain(|path| !names.contains(&last_name(path)));
        self.attributes.retain(|text| {
            let parsed = ConditionalDerives::parse(text).filter(|found| found.alone);
            // An attribute with other derives as well is the project's to change.
            !parsed.is_some_and(|found| {
                let mut derives = found.derives.iter();
                derives.all(|path| names.contains(&last_name(path)))
            })
        });
        self
    }

    /// The list in `#[derive(…)]`, after those that the type has anyway.
    pub(super) fn derive_list(&self, own: &[&str]) -> String {
        let own = own.iter().map(|path| (*path).to_owned());
        // These are derived or written out anyway, and twice is an error of the compiler.
        let more = self
            .derives
            .iter()
            .filter(|path| !["Clone", "Copy", "Debug", "PartialEq"].contains(&last_name(path)));
        let all: Vec<String> = own.chain(more.cloned()).collect();
        all.join(", ")
    }
}

/// The last name of a path: `serde::Serialize` and an imported `Serialize` are the same derive.
fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or_default()
}

/// Whether a text is the path of a derive macro.
pub(super) fn is_derive(text: &str) -> bool {
    syn::parse_str::<syn::Path>(text).is_ok()
}

/// Whether a text can be in `#[…]`.
pub(super) fn is_attribute(text: &str) -> bool {
    syn::parse_str::<syn::Meta>(text).is_ok()
}
