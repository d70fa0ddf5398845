//! The resident memory of this process, as Linux counts it (proc_pid_status(5)).

use crate::Error;

/// Forgets the highest value so far; proc_pid_clear_refs(5) documents the 5.
pub(crate) fn reset_peak() -> Result<(), Error> {
    Ok(std::fs::write("/proc/self/clear_refs", "5")?)
}

pub(crate) fn current_kib() -> Result<u64, Error> {
    read_status("VmRSS:")
}

pub(crate) fn peak_kib() -> Result<u64, Error> {
    read_status("VmHWM:")
}

fn read_status(name: &str) -> Result<u64, Error> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let value = line.and_then(|line| line.split_whitespace().next());
    Ok(value.ok_or("the kernel does not report resident memory")?.parse()?)
}
