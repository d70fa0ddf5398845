//! Bytes ↔ messages: the base protocol of the specification, with JSON-RPC 2.0 in it.

mod frames;
mod messages;

pub(crate) use frames::{FrameError, read_frame, write_frame};
pub(crate) use messages::{ErrorCode, Incoming, RpcError, write_notification, write_response};
