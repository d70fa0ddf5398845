//! Derives and attributes of generated types, by `xact.toml`, annotations and the comments of a query.

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

    fn has_derive(&self, name: &str) -> bool {
        let mut derives = self.derives.iter();
        // By the last name: `serde::Serialize` and an imported `Serialize` are the same derive.
        derives.any(|path| path.rsplit("::").next() == Some(name))
    }

    /// The derives without those of these names, which the type implements anyway.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        let is_other = |path: &String| {
            let last = path.rsplit("::").next().unwrap_or_default();
            !names.contains(&last)
        };
        self.derives.retain(is_other);
        self
    }

    /// The list in `#[derive(…)]`, after those that the type has anyway.
    pub(super) fn derive_list(&self, own: &[&str]) -> String {
        let own = own.iter().map(|path| (*path).to_owned());
        // These are derived or written out anyway, and twice is an error of the compiler.
        let more = self.derives.iter().filter(|path| {
            let last = path.rsplit("::").next().unwrap_or_default();
            !["Clone", "Copy", "Debug", "PartialEq"].contains(&last)
        });
        let all: Vec<String> = own.chain(more.cloned()).collect();
        all.join(", ")
    }
}

/// Whether a text is the path of a derive macro.
pub(super) fn is_derive(text: &str) -> bool {
    syn::parse_str::<syn::Path>(text).is_ok()
}

/// Whether a text can be in `#[…]`.
pub(super) fn is_attribute(text: &str) -> bool {
    syn::parse_str::<syn::Meta>(text).is_ok()
}
