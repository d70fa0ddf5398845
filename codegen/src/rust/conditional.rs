//! Derives under a condition, which are attributes: `cfg_attr(feature = "openapi", derive(utoipa::ToSchema))`.
//!
//! Given: an attribute without `#[…]`. Gives: the condition and the derives, so that the attributes of fields can be written under
//! the same condition.

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
        let mut parts = split_list(strip_call(attribute, "cfg_attr")?).into_iter();
        let condition = parts.next()?.to_owned();
        let mut derives = Vec::new();
        let mut alone = true;
        for part in parts {
            match strip_call(part, "derive") {
                Some(list) => derives.extend(split_list(list).into_iter().map(str::to_owned)),
                None => alone = false,
            }
        }
        (!derives.is_empty()).then_some(Self {
            condition,
            derives,
            alone,
        })
    }
}

/// The text between the brackets of `name(…)`.
fn strip_call<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let inner = text.trim().strip_prefix(name)?.trim_start();
    inner.strip_prefix('(')?.strip_suffix(')')
}

/// The elements of a list that commas separate; an empty last one is none.
fn split_list(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0_usize, false, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            // The name of a feature has no escapes, so that each quote begins or ends a text.
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts.into_iter().map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::ConditionalDerives;

    #[test]
    fn derives_under_a_condition_are_found() {
        let text =
            r#"cfg_attr(all(feature = "a,b", unix), derive(serde::Serialize, Hash), must_use)"#;
        let found = ConditionalDerives {
            condition: r#"all(feature = "a,b", unix)"#.to_owned(),
            derives: vec!["serde::Serialize".to_owned(), "Hash".to_owned()],
            alone: false,
        };
        assert_eq!(ConditionalDerives::parse(text), Some(found));
        let alone = ConditionalDerives::parse("cfg_attr ( unix , derive(Hash,) , )");
        assert!(alone.is_some_and(|found| found.alone && found.derives == ["Hash"]));
        for other in ["must_use", "cfg_attr(unix, must_use)", "derive(Hash)"] {
            assert_eq!(ConditionalDerives::parse(other), None, "{other}");
        }
    }
}
