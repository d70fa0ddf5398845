//! The current phase, on a terminal, if it takes longer than half a second.

use crate::report;
use std::convert::Infallible;
use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use xact_codegen::report::activity;

/// A person waits without a word for this long.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line is redrawn.
const TICK: Duration = Duration::from_millis(120);
const FRAMES: &[&str] = &["⠋", "⠙", "⠹", "⠸", "⠴", "⠦", "⠧", "⠇"];

/// Whether there is a line on the screen now.
static DRAWN: AtomicBool = AtomicBool::new(false);

/// Draws until it is dropped; on anything but a terminal it draws nothing.
pub(crate) async fn show_progress() -> Infallible {
    if report::is_quiet() || !std::io::stderr().is_terminal() {
        return std::future::pending().await;
    }
    let mut since = Instant::now();
    let mut frames = FRAMES.iter().cycle();
    loop {
        tokio::time::sleep(TICK).await;
        match activity::now() {
            None => {
                clear_line();
                since = Instant::now();
            }
            Some(_) if since.elapsed() < PATIENCE => {}
            Some(what) => {
                let frame = frames.next().unwrap_or(&"");
                draw_line(&format!(
                    "{frame} {what}, {:.1} s",
                    since.elapsed().as_secs_f64()
                ));
            }
        }
    }
}

fn draw_line(line: &str) {
    // Relaxed: a line that is cleared once too often is harmless, and both sides write the same terminal.
    DRAWN.store(true, Ordering::Relaxed);
    let mut terminal = std::io::stderr();
    // A terminal that was closed needs no progress.
    let _ = write!(terminal, "\r\x1b[2K{line}").and_then(|()| terminal.flush());
}

/// Takes the line away before something else is printed.
pub(crate) fn clear_line() {
    if DRAWN.swap(false, Ordering::Relaxed) {
        let mut terminal = std::io::stderr();
        let _ = write!(terminal, "\r\x1b[2K").and_then(|()| terminal.flush());
    }
}
