//! Whether two trees say the same: everything but where it is in the text.

use super::token::{Token, tokens};

/// Whether the texts of two trees differ in nothing but positions, which Postgres 15 and 16 keep.
pub(crate) fn same(left: &str, right: &str) -> bool {
    without_positions(left).eq(without_positions(right))
}

fn without_positions(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut tokens = tokens(text);
    std::iter::from_fn(move || {
        let token = tokens.next()?;
        if is_position(&token) {
            tokens.next();
        }
        Some(token)
    })
}

/// `location`, `stmt_location`, `stmt_len`. A field comes before its value, so a name that reads like one, `:location`, would
/// only hide what follows it in both trees: its column number, which its column's tree says again.
fn is_position(token: &Token<'_>) -> bool {
    matches!(token, Token::Field(name) if name.ends_with("location") || name == "stmt_len")
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn positions_alone_make_no_difference() {
        let tree = |column: u8, at: u8| {
            format!(
                "({{VAR :varno 1 :varattno {column} :location {at}}} :stmt_location {at} :stmt_len {at})"
            )
        };
        assert!(same(&tree(1, 7), &tree(1, 9)));
        assert!(!same(&tree(1, 7), &tree(2, 7)));
        assert!(!same(&tree(1, 7), ""));
        assert!(!same(&format!("{} 1", tree(1, 7)), &tree(1, 7)));
    }
}
