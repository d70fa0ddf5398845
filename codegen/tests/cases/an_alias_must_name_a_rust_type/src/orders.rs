//! Types of the project, which the help names by their paths.

use chrono::Utc;

pub enum Status {
    Open,
}
