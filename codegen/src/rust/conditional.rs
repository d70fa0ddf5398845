//! Derives under a condition, which are attributes: `cfg_attr(feature = "openapi", derive(utoipa::ToSchema))`.
//!
//! Given: an attribute without `#[…]`. Gives: the condition and the derives, so that the attributes of fields can be written under
//! the same condition.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, LitBool, Meta, Path, Token};

/// The derives of one `cfg_attr`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConditionalDerives {
    /// `feature = "openapi"`
    pub(super) condition: String,
    /// Their paths.
    pub(super) derives: Vec<String>,
    /// Whether the attribute has nothing else.
    pub(super) alone: bool,
}

impl ConditionalDerives {
    /// The derives of an attribute; none if it has none under a condition.
    pub(super) fn parse(attribute: &str) -> Option<Self> {
        let list = parse_list(syn::parse_str(attribute).ok()?, "cfg_attr")?;
        let parts = list.parse_args::<ConditionalAttributes>().ok()?;
        let attributes = parts.attributes.len();
        let lists = parts.attributes.into_iter();
        let lists = lists.filter_map(|part| parse_list(part, "derive"));
        let lists: Vec<Vec<String>> = lists.map(|list| list_paths(&list)).collect();
        let alone = lists.len() == attributes;
        let derives = lists.concat();
        (!derives.is_empty()).then_some(Self {
            condition: parts.condition,
            derives,
            alone,
        })
    }
}

/// The arguments of `cfg_attr`.
struct ConditionalAttributes {
    condition: String,
    attributes: Punctuated<Meta, Token![,]>,
}

impl Parse for ConditionalAttributes {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let BuildCondition(condition) = input.parse()?;
        input.parse::<Token![,]>()?;
        let attributes = Punctuated::parse_terminated(input)?;
        Ok(Self {
            condition,
            attributes,
        })
    }
}

/// A condition as text: <https://doc.rust-lang.org/reference/conditional-compilation.html>. It is written out because the text of
/// tokens has spaces that depend on the compiler.
struct BuildCondition(String);

impl Parse for BuildCondition {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // `true` and `false` are no paths, so that they are no `Meta`.
        if input.peek(LitBool) {
            return Ok(Self(input.parse::<LitBool>()?.value.to_string()));
        }
        let text = match input.parse::<Meta>()? {
            Meta::Path(path) => write_path(&path),
            Meta::NameValue(pair) => match pair.value {
                Expr::Lit(value) => match value.lit {
                    Lit::Str(text) => format!("{} = {:?}", write_path(&pair.path), text.value()),
                    other => return Err(syn::Error::new(other.span(), "expected a text")),
                },
                _ => return Err(input.error("expected a text")),
            },
            Meta::List(list) => {
                let parts =
                    list.parse_args_with(Punctuated::<Self, Token![,]>::parse_terminated)?;
                let parts: Vec<String> = parts.into_iter().map(|Self(text)| text).collect();
                format!("{}({})", write_path(&list.path), parts.join(", "))
            }
        };
        Ok(Self(text))
    }
}

fn parse_list(attribute: Meta, name: &str) -> Option<syn::MetaList> {
    match attribute {
        Meta::List(list) if list.path.is_ident(name) => Some(list),
        _ => None,
    }
}

fn list_paths(derive: &syn::MetaList) -> Vec<String> {
    let paths = derive.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    paths.iter().flatten().map(write_path).collect()
}

fn write_path(path: &Path) -> String {
    let names = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string());
    let start = if path.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    start.to_owned() + &names.collect::<Vec<_>>().join("::")
}

#[cfg(test)]
mod tests {
    use super::ConditionalDerives;

    #[test]
    fn derives_under_a_condition_are_found() {
        let text = r#"cfg_attr(all(feature = "a,b", not(unix)), derive(::serde::Serialize, Hash), must_use)"#;
        let found = ConditionalDerives {
            condition: r#"all(feature = "a,b", not(unix))"#.to_owned(),
            derives: vec!["::serde::Serialize".to_owned(), "Hash".to_owned()],
            alone: false,
        };
        assert_eq!(ConditionalDerives::parse(text), Some(found));
        for (text, condition) in [
            ("cfg_attr ( unix , derive(Hash,) , )", "unix"),
            ("cfg_attr(feature=\"a\",derive(Hash))", "feature = \"a\""),
            ("cfg_attr(true, derive(Hash))", "true"),
        ] {
            let found = ConditionalDerives::parse(text).expect(text);
            assert!(found.alone && found.derives == ["Hash"], "{text}");
            assert_eq!(found.condition, condition);
        }
        for other in [
            "must_use",
            "cfg_attr(unix, must_use)",
            "derive(Hash)",
            "cfg_attr(unix)",
        ] {
            assert_eq!(ConditionalDerives::parse(other), None, "{other}");
        }
    }
}
