//! The bytes of an answer: the generated files of a project without diagnostics.

use crate::output::OutputFile;
use crate::pipeline::Generated;
use crate::project::Project;
use std::fmt::Write as _;

/// The end of an answer. A connection that breaks would look like one that was closed.
const END: &str = "end\n";

/// A line with the fingerprint and the numbers of queries and files; for each file a line with its lengths, its path and its text; and
/// the end.
pub(super) fn encode_answer(generated: &Generated) -> Vec<u8> {
    let (fingerprint, queries) = (generated.fingerprint, generated.queries);
    let mut text = format!("{fingerprint:016x} {queries} {}\n", generated.files.len());
    for file in &generated.files {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{} {}", file.path.len(), file.text.len());
        text.push_str(&file.path);
        text.push_str(&file.text);
    }
    text.push_str(END);
    text.into_bytes()
}

/// None if it is no whole answer.
pub(super) fn decode_answer(text: &str, project: &Project) -> Option<Generated> {
    let (header, mut rest) = text.split_once('\n')?;
    let mut numbers = header.split(' ');
    let fingerprint = u64::from_str_radix(numbers.next()?, 16).ok()?;
    let queries = numbers.next()?.parse().ok()?;
    let count: usize = numbers.next()?.parse().ok()?;
    let mut files = Vec::new();
    for _ in 0..count {
        let (lengths, after) = rest.split_once('\n')?;
        let (path, content) = lengths.split_once(' ')?;
        let (path, after) = after.split_at_checked(path.parse().ok()?)?;
        let (content, after) = after.split_at_checked(content.parse().ok()?)?;
        files.push(OutputFile {
            path: path.to_owned(),
            text: content.to_owned(),
        });
        rest = after;
    }
    (rest == END).then(|| Generated {
        files,
        paths: project.paths().clone(),
        // An answer is of a project without any.
        warnings: Vec::new(),
        queries,
        fingerprint,
    })
}
