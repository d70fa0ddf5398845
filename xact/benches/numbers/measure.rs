//! Durations of candidates that take turns: their medians, and how each compares with the first of its round.

use std::time::{Duration, Instant};

/// How long a future takes.
pub(crate) async fn time_work<T>(work: impl Future<Output = T>) -> Duration {
    let start = Instant::now();
    let _result = work.await;
    start.elapsed()
}

/// The candidates of one round, in a random order: each would else always meet the caches and the load that the same other one leaves,
/// which makes two copies of one candidate differ by 3 %.
pub(crate) fn shuffle_numbers<const N: usize>() -> [usize; N] {
    let mut order = std::array::from_fn(|number| number);
    fastrand::shuffle(&mut order);
    order
}

fn find_median(mut durations: Vec<Duration>) -> Duration {
    durations.sort();
    durations[durations.len() / 2]
}

/// Prints each median, and the median of its ratios to the first of the same round, with the interval that has the true one in 95 of
/// 100 runs.
///
/// The candidates of a round run one after the other, so that a machine that is busy for a while slows all of them: their ratio
/// differs from round to round far less than their durations do.
pub(crate) fn print_table(title: &str, candidates: Vec<(&str, Vec<Duration>)>) {
    println!("\n{title}");
    let first = candidates[0].1.clone();
    for (name, durations) in candidates {
        let rounds = durations.iter().zip(&first);
        let ratios = rounds.map(|(this, first)| this.as_secs_f64() / first.as_secs_f64());
        let [low, ratio, high] = find_interval(ratios.collect());
        println!(
            "{name:>55} {:>9.3} ms {ratio:>7.3}x  {low:.3}..{high:.3}",
            find_median(durations).as_secs_f64() * 1e3
        );
    }
}

/// The median of a sample between the ends of its interval of confidence.
///
/// The ends are values of the sample, because ratios of durations have no normal distribution. The number of values below the true
/// median does, nearly: its deviation is half of the root of their number, and 1.96 deviations to both sides make 95 %.
fn find_interval(mut sample: Vec<f64>) -> [f64; 3] {
    sample.sort_by(f64::total_cmp);
    let half = sample.len() / 2;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a few thousand rounds"
    )]
    let reach = (0.98 * (sample.len() as f64).sqrt()).ceil() as usize;
    let last = sample.len() - 1;
    [half.saturating_sub(reach), half, (half + reach).min(last)].map(|rank| sample[rank])
}
