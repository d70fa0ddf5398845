//! One import: a file with a link in each line, `URL TITLE`, into bookmarks.

use database::Database;
use database::orm::bookmarks::BookmarksImportParams;
use database::types::ImportJob;
use std::error::Error;
use std::path::Path;
use xact::json::Value;

/// Reads the file and saves its links: all of them and the end of the import, or nothing.
///
/// # Errors
/// If the file cannot be read, a line of it is no link, or the database fails.
///
/// # Cancellation
/// Nothing was saved.
pub async fn import(db: &Database, job: &ImportJob, files: &Path) -> Result<(), Box<dyn Error>> {
    let text = tokio::fs::read_to_string(files.join(&job.filename)).await?;
    let links = links(&text)?;
    let count = i64::try_from(links.len())?;
    let none = Value::from(serde_json::json!({}));
    db.xact_admin(async |q| {
        for Link { url, title, domain } in &links {
            let bookmark = BookmarksImportParams {
                organization_id: &job.organization_id,
                import_job_id: Some(&job.id),
                // The link itself, so that importing it again changes it and adds none.
                source_extid: Some(url),
                url,
                title,
                domain,
                original_folder: None,
                metadata: &none,
            };
            q.orm().bookmarks_import(bookmark).await?;
        }
        let mut orm = q.orm();
        orm.import_jobs_update_progress(count, count, 0, 0, &job.id)
            .await?;
        orm.import_jobs_complete(&job.id).await
    })
    .await?;
    Ok(())
}

struct Link<'a> {
    url: &'a str,
    title: &'a str,
    domain: &'a str,
}

/// The links of a file, or which line is none.
fn links(text: &str) -> Result<Vec<Link<'_>>, String> {
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| link(line).ok_or_else(|| format!("line {} is no link", index + 1)))
        .collect()
}

fn link(line: &str) -> Option<Link<'_>> {
    let (url, title) = line.trim().split_once(' ')?;
    let rest = url
        .strip_prefix("https://")
        .or(url.strip_prefix("http://"))?;
    let domain = rest.split(['/', '?', '#']).next()?;
    (!domain.is_empty()).then_some(Link { url, title, domain })
}
