//! Tables that do not say when a row was made.

use super::times;
use crate::lint::rule::{Rule, Set};

pub(super) const RULE: Rule = Rule {
    id: "created-at",
    set: Set::House,
    promise: "every table has created_at, a timestamptz that the database sets",
    why: "It is asked of every row sooner or later, and cannot be found out afterwards.",
    bad: "
CREATE TABLE notes (body text);
CREATE TABLE tags (created_at timestamptz);",
    good: "
CREATE TABLE notes (created_at timestamptz NOT NULL DEFAULT now(), body text);
CREATE TABLE tags (created_at timestamptz NOT NULL DEFAULT now());",
    check: |context| times::find_times(context, "created_at"),
};
