//! The queries of each topic, through the generated module: what is created is read back, listed, changed and gone.

mod bookmark_clusters;
mod bookmarks;
mod clusters;
mod import_jobs;
mod memberships;
mod organizations;
mod personas;
mod user_preferences;
mod users;
