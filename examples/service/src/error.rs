//! The errors of a request, as responses.

use std::fmt;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request is not answered as it was meant.
#[derive(Debug)]
pub enum Problem {
    /// No user is signed in, or the password is wrong.
    NotSignedIn,
    /// The input contradicts the database.
    Conflict,
    /// The page's cursor is of another list, or of an earlier version of this one.
    OtherCursor,
    /// The operating system gave no random salt.
    Unhashed,
    /// The database could not do it now.
    Database(xact::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSignedIn => f.write_str("sign in first"),
            Self::Conflict => f.write_str("this cannot be saved"),
            Self::OtherCursor => f.write_str("begin at the first page"),
            Self::Unhashed => f.write_str("the password cannot be hashed"),
            Self::Database(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl From<xact::Error> for Problem {
    fn from(error: xact::Error) -> Self {
        // A row that a policy refuses looks to the caller like one that is not there.
        if error.is_unique_violation() || error.is_insufficient_privilege() {
            Self::Conflict
        } else if error.is_invalid_cursor() {
            Self::OtherCursor
        } else {
            Self::Database(error)
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "sign in first\n").into_response(),
            Self::Conflict => (StatusCode::CONFLICT, "this cannot be saved\n").into_response(),
            Self::OtherCursor => {
                (StatusCode::BAD_REQUEST, "begin at the first page\n").into_response()
            }
            Self::Unhashed => {
                (StatusCode::SERVICE_UNAVAILABLE, "try again later\n").into_response()
            }
            Self::Database(error) => {
                // The reason is for the log, not for the caller.
                eprintln!("error: {error}");
                (StatusCode::SERVICE_UNAVAILABLE, "try again later\n").into_response()
            }
        }
    }
}
