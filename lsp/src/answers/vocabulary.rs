//! The words of query files that are not SQL, with their meaning: commands and comments.

use xact_codegen::query::Command;

/// The meaning of a command.
pub(crate) fn describe_command(command: Command) -> &'static str {
    match command {
        Command::One => "Exactly one row; none or a second one is an error at run time.",
        Command::Optional => "One row or none.",
        Command::Many => "Any number of rows, all at once.",
        Command::Stream => "Any number of rows, one by one as they arrive.",
        Command::Page => {
            "Any number of rows, page by page, with cursors. The statement has ORDER BY and `LIMIT :limit`."
        }
        Command::Exec => "No rows.",
        Command::ExecRows => "No rows; gives the number of rows affected.",
        Command::Batch => {
            "Once for each element of a slice, as one statement; gives the rows of RETURNING, or the number of rows affected."
        }
        Command::Copy => "Inserts a slice by binary COPY; gives the number of rows.",
    }
}

/// The commands with the word that this tool writes for each.
pub(crate) fn list_commands() -> impl Iterator<Item = (&'static str, Command)> {
    Command::words().filter(|(word, command)| command.word() == *word)
}

/// The command of a word with its colon, also in sqlc's spelling.
pub(crate) fn find_command(written: &str) -> Option<Command> {
    let word = written.strip_prefix(':')?;
    Command::words()
        .find(|(known, _)| *known == word)
        .map(|(_, command)| command)
}

/// A comment that is for the tool.
pub(crate) struct Directive {
    /// Its beginning, without `--`.
    pub(crate) text: &'static str,
    /// The same with places to fill in, as a snippet of the protocol.
    pub(crate) snippet: &'static str,
    pub(crate) meaning: &'static str,
    /// Whether it is above the statement, or in it.
    pub(crate) is_above: bool,
}

/// All comments that are for the tool.
pub(crate) const DIRECTIVES: &[Directive] = &[
    Directive {
        text: "xact: skip",
        snippet: "xact: skip ${1:reason}",
        meaning: "Leaves the query out, with a warning. The reason is shown in it.",
        is_above: true,
    },
    Directive {
        text: "xact: all rows",
        snippet: "xact: all rows",
        meaning: "UPDATE or DELETE without WHERE is meant.",
        is_above: true,
    },
    Directive {
        text: "xact: borrowed rows",
        snippet: "xact: borrowed rows",
        meaning: "The rows of a `:stream` query borrow their texts and bytes.",
        is_above: true,
    },
    Directive {
        text: "row:",
        snippet: "row: ${1:Name}",
        meaning: "The name of the struct of the rows, which other queries with the same fields may share.",
        is_above: true,
    },
    Directive {
        text: "derive:",
        snippet: "derive: ${1:Hash}",
        meaning: "Derives of the struct of the rows, separated by commas.",
        is_above: true,
    },
    Directive {
        text: "attribute:",
        snippet: "attribute: ${1:serde(rename_all = \"camelCase\")}",
        meaning: "An attribute of the struct of the rows, without `#[…]`.",
        is_above: true,
    },
    Directive {
        text: "if :",
        snippet: "if :${1:parameter}",
        meaning: "The line is sent if the parameter is given; on a line of its own, the lines up to `-- end` are.",
        is_above: false,
    },
    Directive {
        text: "if ",
        snippet: "if ${1:flag}",
        meaning: "The line is sent if the flag is true; on a line of its own, the lines up to `-- end` are.",
        is_above: false,
    },
    Directive {
        text: "end",
        snippet: "end",
        meaning: "Ends the lines that `-- if` begins.",
        is_above: false,
    },
    Directive {
        text: "order ",
        snippet: "order ${1:newest}",
        meaning: "Names the order of the ORDER BY that it follows, which is the default.",
        is_above: false,
    },
    Directive {
        text: "order :",
        snippet: "order ${1:title}: ${2:title, id}",
        meaning: "Another order that the caller can choose, with its expressions.",
        is_above: false,
    },
];

/// The meaning of a comment of a query file, if it is for the tool.
pub(crate) fn describe_comment(comment: &str) -> Option<&'static str> {
    let text = comment.trim_start_matches('-').trim_start();
    if text.starts_with("order ") && text.contains(':') {
        return DIRECTIVES.last().map(|directive| directive.meaning);
    }
    let mut directives = DIRECTIVES.iter();
    let found = directives.find(|directive| {
        let is_whole_word =
            |rest: &str| rest.is_empty() || !rest.starts_with(|c: char| c.is_alphanumeric());
        let ends_in_letter = directive.text.ends_with(char::is_alphanumeric);
        text.strip_prefix(directive.text)
            .is_some_and(|rest| !ends_in_letter || is_whole_word(rest))
    });
    found.map(|directive| directive.meaning)
}

#[cfg(test)]
mod tests {
    use super::{DIRECTIVES, describe_comment, find_command, list_commands};
    use xact_codegen::query::Command;

    #[test]
    fn commands_are_found_in_every_spelling_and_listed_in_one() {
        assert_eq!(find_command(":copyfrom"), Some(Command::Copy));
        assert_eq!(find_command("one"), None);
        let words: Vec<&str> = list_commands().map(|(word, _)| word).collect();
        assert_eq!(
            words,
            [
                "one", "optional", "many", "stream", "page", "exec", "execrows", "batch", "copy"
            ]
        );
    }

    #[test]
    fn each_directive_is_told_from_documentation() {
        for directive in DIRECTIVES {
            assert!(
                describe_comment(&format!("-- {}", directive.text)).is_some(),
                "{}",
                directive.text
            );
        }
        for comment in ["-- ending", "-- The newest notes", "-- iffy", "-- ordered"] {
            assert_eq!(describe_comment(comment), None, "{comment}");
        }
    }
}
