//! The data layer: migrations, queries, and the module generated from them.
