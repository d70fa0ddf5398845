//! One message with its header: `Content-Length: 12`, an empty line, and as many bytes.

use std::io::{BufRead, ErrorKind, Read as _, Write};

/// The longest message that is read. A file of this size is no query file, and a length like this is more often a client's mistake.
const LONGEST_MESSAGE: usize = 64 << 20;

/// The longest line of a header. Longer ones are no header, and would be kept in memory until the next line end.
const LONGEST_LINE: u64 = 4096;

/// Why no message can be read.
#[derive(Debug)]
pub(crate) enum FrameError {
    /// The stream broke.
    Io(std::io::Error),
    /// The bytes are no header, so that nothing tells where the next message begins.
    NoHeader(String),
}

/// The bytes of the next message; none at the end of the stream, also in the middle of a message.
pub(crate) fn read_frame(stream: &mut impl BufRead) -> Result<Option<Vec<u8>>, FrameError> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let mut limited = stream.by_ref().take(LONGEST_LINE);
        limited
            .read_until(b'\n', &mut line)
            .map_err(FrameError::Io)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        let header = line.trim_end_matches(['\r', '\n']);
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else {
            return Err(FrameError::NoHeader(header.chars().take(80).collect()));
        };
        if name.trim().eq_ignore_ascii_case("Content-Length") {
            length = Some(read_length(value.trim())?);
        }
    }
    let length = length.ok_or_else(|| FrameError::NoHeader("no Content-Length".to_owned()))?;
    let mut content = vec![0; length];
    match stream.read_exact(&mut content) {
        Ok(()) => Ok(Some(content)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(FrameError::Io(error)),
    }
}

fn read_length(value: &str) -> Result<usize, FrameError> {
    let length: Option<usize> = value.parse().ok();
    let length = length.filter(|length| *length <= LONGEST_MESSAGE);
    length.ok_or_else(|| FrameError::NoHeader(format!("Content-Length: {value}")))
}

/// Writes one message.
pub(crate) fn write_frame(stream: &mut impl Write, content: &[u8]) -> std::io::Result<()> {
    write!(stream, "Content-Length: {}\r\n\r\n", content.len())?;
    stream.write_all(content)?;
    stream.flush()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{FrameError, read_frame, write_frame};

    fn read_all(mut bytes: &[u8]) -> Result<Vec<String>, FrameError> {
        let mut messages = Vec::new();
        while let Some(content) = read_frame(&mut bytes)? {
            messages.push(String::from_utf8(content).unwrap());
        }
        Ok(messages)
    }

    #[test]
    fn messages_are_read_as_they_are_written() {
        let mut bytes = Vec::new();
        write_frame(&mut bytes, "{\"\u{e9}\":1}".as_bytes()).unwrap();
        write_frame(&mut bytes, b"").unwrap();
        bytes.extend(b"content-type: x; charset=utf-8\r\ncontent-length:2\r\n\r\n{}");
        assert_eq!(read_all(&bytes).unwrap(), ["{\"\u{e9}\":1}", "", "{}"]);
    }

    #[test]
    fn a_stream_that_ends_inside_of_a_message_is_at_its_end() {
        assert_eq!(read_all(b"Content-Length: 10\r\n\r\n{}").unwrap(), [""; 0]);
        assert_eq!(read_all(b"Content-Le").err().map(|_| ()), Some(()));
        assert_eq!(read_all(b"").unwrap(), [""; 0]);
    }

    #[test]
    fn garbage_and_absurd_lengths_are_refused_without_reading_them_into_memory() {
        let huge = format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX);
        let long = "x".repeat(100_000);
        for garbage in [
            "GET / HTTP/1.1\r\n\r\n",
            "\r\n\r\n",
            "Content-Length: -1\r\n\r\n",
            &huge,
            &long,
        ] {
            assert!(matches!(
                read_all(garbage.as_bytes()),
                Err(FrameError::NoHeader(_))
            ));
        }
    }
}
