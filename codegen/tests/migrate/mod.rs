//! What `xact migrate diff` writes, over pairs of schemas.

mod pairs;
