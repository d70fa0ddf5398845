//! Whether two trees say the same, wherever it is in the text, and whether two expressions do, whatever they are part of.

use super::expression::{Call, Expr};
use super::token::{TreeToken, tokens};
use super::var::Var;

/// Whether the texts of two trees differ in nothing but positions, which Postgres 15 and 16 keep.
pub(crate) fn same(left: &str, right: &str) -> bool {
    without_positions(left).eq(without_positions(right))
}

fn without_positions(text: &str) -> impl Iterator<Item = TreeToken<'_>> {
    let mut tokens = tokens(text);
    std::iter::from_fn(move || {
        let token = tokens.next()?;
        // The field is kept and its value skipped, so that a missing field still makes a
        // difference.
        if is_position(&token) {
            tokens.next();
        }
        Some(token)
    })
}

/// `location`, `stmt_location`, `stmt_len`. A field comes before its value, so a name that reads like one, `:location`, would
/// only hide the token after it in both trees: its column number, which its column's tree says again.
fn is_position(token: &TreeToken<'_>) -> bool {
    matches!(token, TreeToken::Field(name) if name.ends_with("location") || name == "stmt_len")
}

/// Whether two expressions compute the same from the same columns: `is_same_column` says that of their columns. Only the
/// nodes that indexes are made of are compared; a change of type that keeps the value makes no difference, because each
/// function has the types of its arguments and its collation.
pub(crate) fn is_same_expression(
    one: &Expr,
    other: &Expr,
    is_same_column: &dyn Fn(Var, Var) -> bool,
) -> bool {
    let all = |one: &[Expr], other: &[Expr]| {
        let mut pairs = one.iter().zip(other);
        one.len() == other.len() && pairs.all(|(o, t)| is_same_expression(o, t, is_same_column))
    };
    match (one, other) {
        // A binary-compatible cast, as from `varchar` to `text`, leaves the value as it is,
        // wherever the parser put one.
        (Expr::Relabel(one), other) | (other, Expr::Relabel(one)) => {
            is_same_expression(one, other, is_same_column)
        }
        (Expr::Var(one), Expr::Var(other)) => is_same_column(*one, *other),
        (Expr::Const(one), Expr::Const(other)) => one == other,
        (Expr::Call(one), Expr::Call(other)) => {
            let called = |call: &Call| (call.function, call.result, call.collation);
            // Named or variadic arguments may be in another order or number than the list shows.
            let plain = |call: &Call| !call.set && !call.variadic && !call.named;
            called(one) == called(other)
                && plain(one)
                && plain(other)
                && all(&one.arguments, &other.arguments)
        }
        (
            Expr::InputOutput {
                argument: one,
                result,
            },
            Expr::InputOutput {
                argument: other,
                result: other_result,
            },
        ) => result == other_result && is_same_expression(one, other, is_same_column),
        (Expr::Coalesce(one), Expr::Coalesce(other)) | (Expr::NullIf(one), Expr::NullIf(other)) => {
            all(one, other)
        }
        // False for everything else only loses a proof of uniqueness.
        _ => false,
    }
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
