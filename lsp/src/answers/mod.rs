//! The answers to a client's questions, one file for each kind. All of them are made of the text as it is in the editor and
//! of the last check, without waiting for another.

mod context;
mod resolve;
mod vocabulary;

mod completion;
mod definition;
mod diagnostics;
mod fixes;
mod hints;
mod hover;
mod markdown;
mod references;
mod symbols;

pub(crate) use completion::complete;
pub(crate) use context::{Context, FileKind};
pub(crate) use definition::find_definitions;
pub(crate) use diagnostics::{convert_diagnostic, group_by_file};
pub(crate) use fixes::list_fixes;
pub(crate) use hints::{HintOptions, list_hints};
pub(crate) use hover::hover;
pub(crate) use references::find_references;
pub(crate) use symbols::list_symbols;
