//! The memory of this process and of the server that it started, as Linux tells them; 0 elsewhere.

use std::fs::read_to_string;

/// The peak of this process's memory, in megabytes (`VmHWM` of `proc_pid_status(5)`).
pub(crate) fn read_peak() -> usize {
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    read_kilobytes(&status, "VmHWM:") / 1024
}

/// The memory of all processes below this one, in megabytes. Each page that several share counts in parts (`Pss`): the sum of
/// resident sizes would count the shared buffers of Postgres once for each of its processes.
pub(crate) fn sum_children() -> usize {
    let mut below = vec![std::process::id()];
    let processes = list_processes();
    let mut kilobytes = 0;
    while let Some(parent) = below.pop() {
        for (process, _) in processes.iter().filter(|(_, above)| *above == parent) {
            let rollup = read_to_string(format!("/proc/{process}/smaps_rollup"));
            kilobytes += read_kilobytes(&rollup.unwrap_or_default(), "Pss:");
            below.push(*process);
        }
    }
    kilobytes / 1024
}

/// Each process with its parent.
fn list_processes() -> Vec<(u32, u32)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let with_parent = numbers.filter_map(|process: u32| {
        let stat = read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name may have blanks, and ends with the last parenthesis.
        let (_, after_name) = stat.rsplit_once(')')?;
        Some((process, after_name.split_whitespace().nth(1)?.parse().ok()?))
    });
    with_parent.collect()
}

fn read_kilobytes(text: &str, name: &str) -> usize {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
