//! The bytes of an answer: everything that a run of the same project gives.

use super::sent::{decode_diagnostics, encode_diagnostics};
use crate::output::OutputFile;
use crate::pipeline::Generated;
use crate::project::Project;
use crate::report::Stop;
use crate::report::diagnostic::{Diagnostic, Severity};
use std::fmt::Write as _;

/// The end of an answer. A connection that breaks would look like one that was closed.
const END: &str = "end\n";

/// The result of a project that nothing is wrong with, or its diagnostics.
pub(in crate::workspace) type RunAnswer = Result<Generated, Vec<Diagnostic>>;

/// A line with the fingerprint, the numbers of queries and files, and the length of the diagnostics; the diagnostics; for each file a line
/// with its lengths, its path and its text; and the end. None if a diagnostic cannot be sent.
pub(super) fn encode_answer(fingerprint: u64, answer: &RunAnswer) -> Option<Vec<u8>> {
    let (diagnostics, queries, files) = match answer {
        Ok(generated) => (
            &generated.warnings,
            generated.queries,
            generated.files.as_slice(),
        ),
        Err(diagnostics) => (diagnostics, 0, [].as_slice()),
    };
    let diagnostics = encode_diagnostics(diagnostics)?;
    let (count, length) = (files.len(), diagnostics.len());
    let mut text = format!("{fingerprint:016x} {queries} {count} {length}\n{diagnostics}");
    for file in files {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{} {}", file.path.len(), file.text.len());
        text.push_str(&file.path);
        text.push_str(&file.text);
    }
    text.push_str(END);
    Some(text.into_bytes())
}

/// None if it is no whole answer to a request with this fingerprint.
pub(super) fn decode_answer(
    text: &str,
    project: &Project,
    fingerprint: u64,
) -> Option<Result<Generated, Stop>> {
    let (header, rest) = text.split_once('\n')?;
    let mut numbers = header.split(' ');
    // Invariant: both sides read the same inputs, or the answer is not used.
    if u64::from_str_radix(numbers.next()?, 16).ok()? != fingerprint {
        return None;
    }
    let queries = numbers.next()?.parse().ok()?;
    let count = numbers.next()?.parse().ok()?;
    let (diagnostics, rest) = rest.split_at_checked(numbers.next()?.parse().ok()?)?;
    let diagnostics = decode_diagnostics(diagnostics, project)?;
    let files = decode_files(rest, count)?;
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if diagnostics.iter().any(is_error) {
        return Some(Err(Stop::Diagnostics(diagnostics)));
    }
    Some(Ok(Generated {
        files,
        paths: project.paths().clone(),
        warnings: diagnostics,
        queries,
        fingerprint,
    }))
}

fn decode_files(mut rest: &str, count: usize) -> Option<Vec<OutputFile>> {
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
    (rest == END).then_some(files)
}
