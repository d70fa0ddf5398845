//! Which Postgres a throwaway database is made on: one that is named, one of this machine, the embedded one.

use crate::report::Failure;
use std::fmt;
use xact_server::{ServerChoice, ServerError};

/// The value of `--server` and `XACT_SERVER_URL` that selects the embedded Postgres.
pub const EMBEDDED: &str = "embedded";

/// The variable that names the folder of the binaries to use: nothing else is used then.
const CHOSEN: &str = "XACT_POSTGRES_BIN";

/// A Postgres that was chosen. Nothing is started yet.
#[derive(Debug)]
#[non_exhaustive]
pub enum Choice {
    /// Binaries of this machine, or a server given by URL.
    Postgres(ServerChoice),
    /// The one inside this program.
    Embedded(Reason),
}

/// Why the embedded Postgres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The user selected it.
    Asked,
    /// There is no other one.
    NoOther,
}

impl Choice {
    /// The server at `url`, or the newest Postgres of this machine, or the embedded one.
    ///
    /// # Errors
    /// If there is none of them: the message lists the attempts and the packages to install.
    pub fn of(url: Option<&str>) -> Result<Self, Failure> {
        if url == Some(EMBEDDED) {
            return if cfg!(feature = "embedded") {
                Ok(Self::Embedded(Reason::Asked))
            } else {
                Err(Failure::NotEmbedded)
            };
        }
        let named = std::env::var_os(CHOSEN).is_some_and(|bin| !bin.is_empty());
        match ServerChoice::of(url) {
            Ok(choice) => Ok(Self::Postgres(choice)),
            // A Postgres that the user named is never replaced by another one.
            Err(error) if named => Err(error.into()),
            Err(error) => choose_embedded(error),
        }
    }

    /// A number that another version, another place or another URL would change.
    pub fn identity(&self) -> u64 {
        match self {
            Self::Postgres(choice) => choice.identity(),
            // Its version is that of this program, which is compared too.
            Self::Embedded(_) => 0,
        }
    }
}

/// Where this machine has no Postgres, the embedded one does.
fn choose_embedded(error: ServerError) -> Result<Choice, Failure> {
    match error {
        // Only if there is none: an installed Postgres that fails to start is an error the user wants to see.
        ServerError::NotFound { .. } if cfg!(feature = "embedded") => {
            Ok(Choice::Embedded(Reason::NoOther))
        }
        error => Err(error.into()),
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(choice) => write!(f, "{choice}"),
            Self::Embedded(Reason::Asked) => f.write_str("the embedded Postgres 17, as asked"),
            Self::Embedded(Reason::NoOther) => f.write_str(
                "the embedded Postgres 17: no Postgres 15 to 18 was found on this machine, \
                 and no server is named",
            ),
        }
    }
}

#[cfg(all(test, feature = "embedded"))]
mod tests {
    use super::{Choice, Reason, ServerError, choose_embedded};

    #[test]
    fn where_there_is_no_postgres_the_embedded_one_is_used_and_said_to_be() {
        let tried = String::new();
        let choice = choose_embedded(ServerError::NotFound { tried });
        assert!(matches!(choice, Ok(Choice::Embedded(Reason::NoOther))));
        let text = Choice::Embedded(Reason::NoOther).to_string();
        assert!(
            text.starts_with("the embedded Postgres 17: no Postgres"),
            "{text}"
        );
    }

    #[test]
    fn a_postgres_that_does_not_start_is_not_replaced_in_silence() {
        assert!(choose_embedded(ServerError::NoAccount).is_err());
    }
}
