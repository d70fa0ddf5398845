//! The parts that all compared programs share: the cases, the clock and the protocol.
//!
//! A program gets the URL of the database as its argument, and lines such as `read\t200` on standard input: run the case `read` 200
//! times. It answers each with one line of JSON: the nanoseconds of each run, and how much memory the case added.

mod memory;

use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};

/// Errors of any peer.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// How long each run of a case took, in nanoseconds.
pub type Times = Vec<u64>;

/// Connections of each pool: the same for all peers.
pub const POOL_SIZE: u32 = 4;

/// The user and the organization of every scoped transaction.
pub const USER: &str = "usr_019438d6e1f07c5cb9a7d1c3b2a4f5e6";
/// See [`USER`].
pub const ORGANIZATION: &str = "org_019438d6e1f07c5cb9a7d1c3b2a4f5e7";

/// A library under comparison.
pub trait Peer: Clone + Send + Sync + 'static {
    /// Runs `case` `count` times. `None` means that the peer has no such case.
    fn run(self, case: String, count: i64) -> impl Future<Output = Result<Option<Times>, Error>> + Send;
}

/// Times an expression `$count` times, with `$number` counting from 1. The value is dropped outside of the clock.
#[macro_export]
macro_rules! time_each {
    ($count:expr, |$number:ident| $body:expr) => {{
        let mut times: $crate::Times = Vec::new();
        for $number in 1..=$count {
            let start = ::std::time::Instant::now();
            let value = $body;
            times.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
            ::std::hint::black_box(value);
        }
        times
    }};
}

/// Connects, and answers the lines of standard input until it ends.
///
/// # Errors
/// There is no URL, the database cannot be reached, or standard input is closed in the middle of a line. An error of a case is
/// part of its answer.
pub fn serve<P: Peer, F: Future<Output = Result<P, Error>>>(connect: impl FnOnce(String) -> F) -> Result<(), Error> {
    let url = std::env::args().nth(1).ok_or("the URL of the database is missing")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // As many as the machines have on which the comparison runs; more would only wait.
        .worker_threads(2)
        .enable_all()
        .build()?;
    let peer = runtime.block_on(connect(url))?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (case, count) = line.split_once('\t').ok_or("a case, a tab and a count are expected")?;
        let count: i64 = count.parse()?;
        memory::reset_peak()?;
        let before = memory::current_kib()?;
        // A task of its own, as a server runs requests: `block_on` would poll on a thread that is no worker.
        let outcome = runtime.block_on(async {
            let task = tokio::spawn(peer.clone().run(case.to_owned(), count));
            task.await.map_err(Error::from).flatten()
        });
        let grown = memory::peak_kib()?.saturating_sub(before);
        writeln!(std::io::stdout(), "{}", render_answer(&outcome, grown))?;
    }
    Ok(())
}

fn render_answer(outcome: &Result<Option<Times>, Error>, grown_kib: u64) -> String {
    match outcome {
        Ok(Some(times)) => {
            let mut answer = format!("{{\"grown_kib\":{grown_kib},\"ns\":[");
            for (index, time) in times.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                // Writing to a `String` does not fail.
                let _ = write!(answer, "{comma}{time}");
            }
            answer + "]}"
        }
        Ok(None) => "{\"missing\":true}".to_owned(),
        Err(error) => format!("{{\"error\":{:?}}}", error.to_string()),
    }
}
