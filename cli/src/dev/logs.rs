//! `xact dev logs`: the end of the local server's log, on standard output.

use crate::report;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use xact_codegen::local::LocalServer;
use xact_codegen::{Failure, Stop};

/// How much of the end is read: lines of a log are seldom longer than a hundred bytes, and statements
/// in it can be.
const BYTES_PER_LINE: u64 = 4096;

/// How often the file is looked at while it is followed.
const PAUSE: Duration = Duration::from_millis(200);

/// Prints the last `lines` lines; with `follow`, also those that come, until interrupted.
pub(super) async fn print_log(
    server: &LocalServer,
    lines: usize,
    follow: bool,
) -> Result<ExitCode, Stop> {
    let Some(cluster) = server.cluster.as_ref().filter(|_| server.is_created()) else {
        return Err(Failure::NoLog.into());
    };
    let path = cluster.log();
    let length = std::fs::metadata(&path)
        .map_err(Failure::io("read", &path))?
        .len();
    let longest = BYTES_PER_LINE.saturating_mul(lines as u64);
    let (text, mut at) = read_from(&path, length.saturating_sub(longest))?;
    report::print_result(last_lines(&text, lines))?;
    if !follow {
        return Ok(ExitCode::SUCCESS);
    }
    loop {
        tokio::time::sleep(PAUSE).await;
        let length = std::fs::metadata(&path)
            .map_err(Failure::io("read", &path))?
            .len();
        // A server that starts writes a new file.
        let start = if length < at { 0 } else { at };
        let (text, end) = read_from(&path, start)?;
        report::print_result(&text)?;
        at = end;
    }
}

/// The text from byte `start` on, and the byte after it.
fn read_from(path: &Path, start: u64) -> Result<(String, u64), Failure> {
    let read = || {
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes: Vec<u8> = read().map_err(Failure::io("read", path))?;
    let end = start + bytes.len() as u64;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), end))
}

fn last_lines(text: &str, lines: usize) -> &str {
    let mut starts = text.trim_end_matches('\n').rmatch_indices('\n');
    match lines.checked_sub(1).map(|skipped| starts.nth(skipped)) {
        None => "",
        Some(None) => text,
        Some(Some((newline, _))) => &text[newline + 1..],
    }
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_last_lines_are_cut_at_line_ends() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc\n");
        assert_eq!(last_lines("a\nb\nc", 1), "c");
        assert_eq!(last_lines("a\n", 5), "a\n");
        assert_eq!(last_lines("a\n", 0), "");
    }
}
