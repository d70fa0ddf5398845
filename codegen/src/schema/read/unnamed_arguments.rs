//! An argument without a name, in a body that Postgres has parsed → its position.
//!
//! If another argument has a name, Postgres prints one without as the empty name `""` (`get_parameter`, ruleutils.c), which it
//! does not read. `details.sql` refuses bodies that use several of them: the text does not tell which is which.

use crate::sql::lexer::words;

/// Writes `$1` where a definition has the empty name. `unnamed` are the positions of the arguments that it can be.
pub(super) fn with_positions(definition: String, unnamed: &[i32]) -> String {
    let [position] = unnamed else {
        return definition;
    };
    let words = words(&definition);
    let mut text = String::with_capacity(definition.len());
    let mut written = 0;
    for (place, word) in words.iter().enumerate() {
        if word.text != "\"\"" {
            continue;
        }
        // Where a column could be meant, it is `function.""`.
        let is_qualified = place >= 2 && words[place - 1].text == ".";
        let start = if is_qualified { place - 2 } else { place };
        text.push_str(&definition[written..words[start].range.start]);
        text.extend(["$", &position.to_string()]);
        written = word.range.end;
    }
    text + &definition[written..]
}

#[cfg(test)]
mod tests {
    use super::with_positions;

    #[test]
    fn the_empty_name_is_a_position_and_a_text_is_none() {
        let printed = "RETURN (\"\" + (SELECT (f.\"\" + t.a) || '\"\"' FROM t))";
        assert_eq!(
            with_positions(printed.to_owned(), &[2]),
            "RETURN ($2 + (SELECT ($2 + t.a) || '\"\"' FROM t))"
        );
        assert_eq!(with_positions(printed.to_owned(), &[1, 2]), printed);
    }
}
