//! The queries of each topic, through the generated module: each row is created, read, listed, changed and deleted.

mod bookmark_clusters;
mod bookmarks;
mod clusters;
mod import_jobs;
mod memberships;
mod organizations;
mod personas;
mod user_preferences;
mod users;
