//! Durations: their median, and a table of those that belong together.

use std::time::{Duration, Instant};

/// How long a future takes.
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> Duration {
    let start = Instant::now();
    let _result = work.await;
    start.elapsed()
}

pub(crate) fn median(durations: &mut [Duration]) -> Duration {
    durations.sort();
    durations[durations.len() / 2]
}

/// Prints each median, and how it compares with that of the first.
pub(crate) fn print(title: &str, candidates: Vec<(&str, Vec<Duration>)>) {
    println!("\n{title}");
    let mut first = None;
    for (name, mut durations) in candidates {
        let median = median(&mut durations);
        let base = *first.get_or_insert(median);
        let ratio = median.as_secs_f64() / base.as_secs_f64();
        println!(
            "{name:>50} {:>9.3} ms {ratio:>7.2}x",
            median.as_secs_f64() * 1e3
        );
    }
}
