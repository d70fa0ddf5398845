//! Files as text, also while they are half written: where the parts are, and which part a place is in.
//!
//! Nothing here asks a database, and nothing fails: a part that cannot be told is left out.

mod outline;
mod outputs;
mod relations;
mod section_words;

mod cursor;

mod annotation_keys;
mod rust_calls;
mod schema_lines;

pub(crate) use annotation_keys::{find_key, list_keys};
pub(crate) use cursor::{NamePath, Place, find_place};
pub(crate) use outline::{Section, read_sections, section_at};
pub(crate) use outputs::{OutputItem, read_outputs};
pub(crate) use relations::{RelationItem, Relations, read_relations};
pub(crate) use rust_calls::{find_calls, find_function, find_method_at};
pub(crate) use schema_lines::find_in_schema;
pub(crate) use section_words::{SectionWords, read_words};
