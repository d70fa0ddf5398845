//! `AGENTS.md`: one page for agents that write code in a project.

use crate::output;
use crate::report::Failure;
use std::path::Path;

/// The file that agents look for.
pub const AGENTS: &str = "AGENTS.md";

/// Writes the page, unless there is one: that of a person is never changed. Gives whether it was written.
///
/// # Errors
/// If it cannot be written.
pub fn add_agents(root: &Path) -> Result<bool, Failure> {
    // A link to a file that is missing counts too.
    if root.join(AGENTS).symlink_metadata().is_ok() {
        return Ok(false);
    }
    output::create(root, AGENTS, include_str!("files/AGENTS.md"))?;
    Ok(true)
}
