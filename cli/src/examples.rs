//! Examples of every command, below its `--help`.

mod commands;

use clap::Command;

use commands::EXAMPLES;

/// The exit codes, below `xact --help`.
const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  the project has errors, and nothing was written; or `--check` found a difference
    2  the command could not run, and the message says how to fix it; or the command line is invalid
    3  `migrate status` and `dev status`: no errors, and migrations are pending
  130  interrupted by Ctrl-C; 143 by SIGTERM: everything that was started is removed, and a line
       says what is left undone";

/// The command line with its examples and exit codes.
pub(super) fn added_to(command: Command) -> Command {
    let command = command.after_help(EXIT_CODES);
    EXAMPLES.iter().fold(command, |command, (name, lines)| {
        let names: Vec<&str> = name.split(' ').collect();
        add_below(command, &names, &format_lines(lines))
    })
}

fn add_below(command: Command, names: &[&str], text: &str) -> Command {
    match names {
        [] => command.after_help(text.to_owned()),
        [name, rest @ ..] => command.mut_subcommand(name, |command| add_below(command, rest, text)),
    }
}

fn format_lines(lines: &[(&str, &str)]) -> String {
    let width = lines.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    let lines = lines
        .iter()
        .map(|(line, what)| format!("\n  {line:width$}  {what}"));
    format!("Examples:{}", lines.collect::<String>())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{EXAMPLES, added_to};
    use crate::arguments::Arguments;
    use clap::{Command, CommandFactory as _};

    /// Every command below this one, as it is typed.
    fn all(command: &Command, before: &str, found: &mut Vec<String>) {
        for command in command.get_subcommands() {
            let name = format!("{before}{}", command.get_name());
            all(command, &format!("{name} "), found);
            found.push(name);
        }
    }

    #[test]
    fn every_command_has_examples_and_they_are_shown() {
        let command = added_to(Arguments::command());
        let mut names = Vec::new();
        all(&command, "", &mut names);
        for name in names {
            let path: Vec<&str> = name.split(' ').collect();
            let found = path.iter().fold(&command, |command, name| {
                command.find_subcommand(name).unwrap()
            });
            let help = found.clone().render_help().to_string();
            assert!(help.contains("Examples:\n  xact"), "{name}: {help}");
        }
    }

    #[test]
    fn every_example_can_be_typed() {
        for (name, lines) in EXAMPLES {
            for (line, _) in *lines {
                let words = shell_words(line);
                let matched = added_to(Arguments::command()).try_get_matches_from(words);
                let matched = matched.unwrap_or_else(|error| panic!("{line}: {error}"));
                let mut typed = Vec::new();
                let mut at = &matched;
                while let Some((name, below)) = at.subcommand() {
                    typed.push(name);
                    at = below;
                }
                assert!(typed.join(" ").starts_with(name), "{line}");
            }
        }
    }

    #[test]
    fn exit_codes_are_in_the_help() {
        let help = added_to(Arguments::command()).render_help().to_string();
        assert!(help.contains("Exit codes:\n    0  done"), "{help}");
    }

    /// Words of the first command of a pipe, where quotes hold one together.
    fn shell_words(line: &str) -> Vec<String> {
        let (line, _) = line.split_once(" | ").unwrap_or((line, ""));
        let parts = line.split('"').enumerate();
        let words = parts.flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    }
}
