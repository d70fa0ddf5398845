//! Parameters whose names differ by a slip: `:since` and `:sinse` would be two arguments.
//!
//! Given: the parameters of a query. Gives: a warning for each pair that looks like one name.

use super::Parameter;
use crate::report::diagnostic::{Diagnostic, Fix};
use strsim::damerau_levenshtein;

/// Shorter words are too often one letter apart: `min` and `max`, `from` and `form`.
const SHORTEST: usize = 5;

/// Warns of each parameter whose name is one slip away from that of one before it.
pub(super) fn warn_of_similar(parameters: &[Parameter]) -> Vec<Diagnostic> {
    let names = parameters.iter().enumerate();
    let found = names.filter_map(|(index, parameter)| {
        let name = parameter.name.as_deref()?;
        let before = parameters[..index].iter();
        let mut before = before.filter_map(|parameter| parameter.name.as_deref());
        let similar = before.find(|before| differ_by_slip(before, name))?;
        let message = format!("`:{name}` is another parameter than `:{similar}`");
        let diagnostic = Diagnostic::error("similar-parameters", parameter.span.clone(), message);
        let help = format!("write `:{similar}` if it is the same, or names that differ more");
        let fix = Fix::replace(
            parameter.span.clone(),
            parameter.span.text().replacen(name, similar, 1),
        );
        Some(diagnostic.warning().help(help).fix(fix))
    });
    found.collect()
}

/// Whether two names are equal but for one slip in one of their words. A plural, a number and another first letter are no
/// slips: `:id` and `:ids`, `:line_1` and `:line_2`, `:xmin` and `:ymin`.
fn differ_by_slip(left: &str, right: &str) -> bool {
    let (left, right): (Vec<&str>, Vec<&str>) =
        (left.split('_').collect(), right.split('_').collect());
    let mut different = left
        .iter()
        .zip(&right)
        .filter(|(left, right)| left != right);
    let (Some((a, b)), None) = (different.next(), different.next()) else {
        return false;
    };
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_plural = |one: &str, many: &str| many.strip_suffix('s') == Some(one);
    left.len() == right.len()
        && a.len().min(b.len()) >= SHORTEST
        // Who slips on a key rarely does so at the first letter.
        && a.as_bytes().first() == b.as_bytes().first()
        // `address1` and `address2` differ on purpose.
        && !has_digit(a)
        && !has_digit(b)
        && !is_plural(a, b)
        && !is_plural(b, a)
        && damerau_levenshtein(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::differ_by_slip;

    #[test]
    fn a_slip_is_told_from_another_name() {
        for (left, right) in [
            ("since", "sinse"),
            ("customer_id", "custmer_id"),
            ("recieved_at", "received_at"),
        ] {
            assert!(differ_by_slip(left, right), "{left} {right}");
        }
        for (left, right) in [
            ("title", "titles"),
            ("line_1", "line_2"),
            ("line1", "line2"),
            ("min", "max"),
            ("start_at", "start_by"),
            ("lower_bound", "upper_bound"),
            ("since", "since"),
            ("left_bound", "right_bound"),
        ] {
            assert!(!differ_by_slip(left, right), "{left} {right}");
        }
    }
}
