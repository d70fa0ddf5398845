//! The tree: `-- depends:` lines, heads, `history`, `merge`, and their errors.

use super::world::World;

/// Two developers' branches from one beginning.
async fn branches() -> World {
    World::new(&[
        ("1_notes.up.sql", "CREATE TABLE notes (id bigint);\n"),
        ("1_notes.down.sql", "DROP TABLE notes;\n"),
        (
            "20_tags.up.sql",
            "-- depends: 1\nCREATE TABLE tags (id bigint);\n",
        ),
        ("20_tags.down.sql", "DROP TABLE tags;\n"),
        (
            "30_folders.up.sql",
            "-- depends: 1\nCREATE TABLE folders (id bigint);\n",
        ),
        ("30_folders.down.sql", "DROP TABLE folders;\n"),
    ])
    .await
}

#[tokio::test]
async fn branches_that_git_merged_are_migrated_on_both_databases_without_hand_edits() {
    for own in ["20", "30"] {
        let world = branches().await;
        let other = if own == "20" { "30_folders" } else { "20_tags" };
        // Before the merge each developer had only the own branch.
        for way in ["up", "down"] {
            let name = format!("{other}.{way}.sql");
            std::fs::rename(world.folder().join(&name), world.project.path().join(&name)).unwrap();
        }
        world.ok(&["run"]).await;
        for way in ["up", "down"] {
            let name = format!("{other}.{way}.sql");
            std::fs::rename(world.project.path().join(&name), world.folder().join(&name)).unwrap();
        }
        let status = world.migrate(&["status"]).await;
        let late = status.out.contains("20  tags     pending, out of order");
        assert_eq!(late, own == "30", "{status:?}");
        let report = world.ok(&["run"]).await;
        assert!(
            report.contains(&format!("applied: migrations/{other}.up.sql")),
            "{report}"
        );
        assert!(
            report.contains("note: there are 2 heads: 20, 30"),
            "{report}"
        );
        world.ok(&["merge", "join tags and folders"]).await;
        world.ok(&["run"]).await;
        assert_eq!(world.ok(&["heads"]).await.lines().count(), 1);
        world.end().await;
    }
}

#[tokio::test]
async fn history_is_drawn_with_its_branches() {
    let world = branches().await;
    world.write("40_join.up.sql", "-- depends: 20 30\n");
    world.ok(&["run", "--to", "20"]).await;
    let drawing = world.ok(&["history"]).await;
    let expected = "\
*    40 join  (head)  [pending]
|\\
| *  30 folders  [pending]
* |  20 tags
|/
*    1 notes
";
    assert_eq!(drawing, expected);
    world.end().await;
}

#[tokio::test]
async fn a_new_migration_builds_on_all_heads() {
    let world = branches().await;
    assert_eq!(world.ok(&["heads"]).await.lines().next(), Some("20_tags"));
    let report = world.ok(&["add", "Both of them"]).await;
    let up = report
        .lines()
        .find(|line| line.ends_with("_both_of_them.up.sql"))
        .unwrap();
    let path = up.strip_prefix("created: ").unwrap();
    let text = std::fs::read_to_string(world.project.path().join(path)).unwrap();
    assert_eq!(text, "-- depends: 20 30\n");
    world.end().await;
}

#[tokio::test]
async fn a_version_in_the_future_is_still_followed_by_a_higher_one() {
    let world = World::new(&[("99990101000000_later.up.sql", "SELECT 1;\n")]).await;
    let report = world.ok(&["add", "next"]).await;
    assert!(
        report.contains("migrations/99990101000001_next.up.sql"),
        "{report}"
    );
    world.end().await;
}

#[tokio::test]
async fn two_branches_that_each_add_a_column_to_one_table_are_joined() {
    let world = branches().await;
    for (name, column) in [("20_tags", "a"), ("30_folders", "b")] {
        let up = format!("-- depends: 1\nALTER TABLE notes ADD {column} text;\n");
        world.write(&format!("{name}.up.sql"), &up);
        let down = format!("ALTER TABLE notes DROP {column};\n");
        world.write(&format!("{name}.down.sql"), &down);
    }
    let report = world.ok(&["merge"]).await;
    assert!(
        report.contains(
            "note: the columns of notes have another order, depending on which branch comes first"
        ),
        "{report}"
    );
    assert_eq!(world.ok(&["heads"]).await.lines().count(), 1);
    world.ok(&["run"]).await;
    world.end().await;
}

#[tokio::test]
async fn heads_whose_order_matters_are_not_joined() {
    let world = branches().await;
    world.write(
        "1_notes.up.sql",
        "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE notes (m mood);\n",
    );
    for (name, label) in [("20_tags", "a"), ("30_folders", "b")] {
        // Values of an enum are compared by the order of its labels.
        let up = format!("-- depends: 1\nALTER TYPE mood ADD VALUE '{label}';\n");
        world.write(&format!("{name}.up.sql"), &up);
    }
    let report = world.wrong(&["merge"]).await;
    assert!(
        report.contains("--- the branch of 20 first\n+++ the branch of 30 first"),
        "{report}"
    );
    assert!(
        report.contains("depending on which comes first"),
        "{report}"
    );
    assert_eq!(
        std::fs::read_dir(world.folder()).unwrap().count(),
        6,
        "nothing was written"
    );
    world.end().await;
}

#[tokio::test]
async fn cycles_missing_parents_and_later_ones_are_shown_where_they_are_written() {
    let world = World::new(&[
        ("1_a.up.sql", "-- depends: 3\n"),
        ("2_b.up.sql", "-- depends: 1, 9\n"),
        ("3_c.up.sql", "-- depends: 2\n"),
        ("4_d.up.sql", "-- depends: 5\n"),
        ("5_e.up.sql", "-- depends: 3 next\n"),
    ])
    .await;
    let report = world.wrong(&["run"]).await;
    for part in [
        "migrations/1_a.up.sql:1:13: error[migration-cycle]: version 1 depends on itself",
        "1 → 3 → 2 → 1",
        "migrations/2_b.up.sql:1:16: error[missing-parent]: there is no migration of version 9",
        "migrations/4_d.up.sql:1:13: error[depends-on-later]",
        "migrations/5_e.up.sql:1:15: error[invalid-depends]: `next` is not the version",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    world.end().await;
}
