//! A chapter as its code blocks, each with its action.

/// The action for a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// It is the content of a file.
    Write(String),
    /// It belongs at the end of a file.
    Append(String),
    /// Commands, and their output.
    Run,
    /// It is only shown.
    None,
}

/// One block.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) target: Target,
    pub(super) text: String,
}

/// The blocks of a chapter.
pub(super) fn of(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    let mut above = String::new();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            // The paragraph, for its lines break anywhere.
            match line.trim() {
                "" if above.ends_with(':') => {}
                "" => above.clear(),
                line => above = format!("{above} {line}"),
            }
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = body.join("\n") + "\n";
        let target = target(language, &above);
        blocks.push(Block { target, text });
        above.clear();
    }
    blocks
}

fn target(language: &str, above: &str) -> Target {
    if language == "console" {
        return Target::Run;
    }
    let named = above
        .strip_suffix("`:")
        .and_then(|line| line.rsplit_once('`'));
    match named {
        Some((before, path)) if before.ends_with("Add to ") => Target::Append(path.to_owned()),
        Some((_, path)) => Target::Write(path.to_owned()),
        None => Target::None,
    }
}
