//! The singular of a table's name, for the name of its row.

/// `import_jobs` is `import_job`: only the last word counts.
pub(crate) fn singular(name: &str) -> String {
    let (first, last) = name.rsplit_once('_').map_or(("", name), |(_, last)| {
        name.split_at(name.len() - last.len())
    });
    format!("{first}{}", pluralizer::pluralize(last, 1, false))
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn a_row_is_called_like_its_table_in_singular() {
        for (table, row) in [
            ("bookmarks", "bookmark"),
            ("import_jobs", "import_job"),
            ("bookmark_clusters", "bookmark_cluster"),
            ("categories", "category"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("people", "person"),
            ("user_preferences", "user_preference"),
            ("staff", "staff"),
        ] {
            assert_eq!(singular(table), row);
        }
    }
}
