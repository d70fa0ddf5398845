//! Tables that do not say when a row last changed.

use super::times;
use crate::lint::rule::{Rule, Set};

pub(super) const RULE: Rule = Rule {
    id: "updated-at",
    set: Set::House,
    promise: "every table has updated_at, a timestamptz that the database sets",
    why: "Caches, exports and people who look for a fault all ask for the changes since some moment.",
    bad: "
CREATE TABLE notes (body text);
CREATE TABLE tags (updated_at timestamp NOT NULL DEFAULT now());",
    good: "
CREATE TABLE notes (updated_at timestamptz NOT NULL DEFAULT now(), body text);
CREATE TABLE tags (updated_at timestamptz NOT NULL DEFAULT now());",
    check: |context| times::find_times(context, "updated_at"),
};
