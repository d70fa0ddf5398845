//! The commands around the local database: its log, deleted branches, and names of repositories.

use crate::local::Repository;
use sqlx::Executor as _;

#[tokio::test]
async fn migrate_starts_the_server_that_was_stopped_and_names_a_missing_database() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    repository.ok(&["dev", "down"]);
    repository.write("2_tags.up.sql", "CREATE TABLE tags (id int);\n");
    let said = repository.ok(&["migrate"]);
    assert!(
        said.contains("started: the local Postgres of this repository\n"),
        "{said}"
    );
    assert!(said.contains("applied: migrations/2_tags.up.sql"), "{said}");
    // The note about the branch in the comment of the database is no drift.
    let said = repository.ok(&["migrate", "status", "--drift"]);
    assert!(said.contains("the database has the schema"), "{said}");
    repository.git(&["switch", "-qc", "other"]);
    let (code, said) = repository.run(&["migrate"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("there is no database for branch `other` yet"),
        "{said}"
    );
    assert!(
        said.contains("help: `xact dev up` creates `shop_other`"),
        "{said}"
    );
}

#[tokio::test]
async fn the_log_of_the_server_is_printed() {
    let repository = Repository::new();
    let (code, said) = repository.run(&["dev", "logs"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("help: `xact dev up` starts one"), "{said}");
    repository.ok(&["dev", "up"]);
    let mut connection = repository.connect().await;
    let refused = connection
        .execute("SELECT * FROM nowhere_to_be_found")
        .await;
    assert!(refused.is_err());
    let said = repository.ok(&["dev", "logs", "-n", "5"]);
    assert!(
        said.contains("relation \"nowhere_to_be_found\" does not exist"),
        "{said}"
    );
    assert!(said.lines().count() <= 5, "{said}");
}

#[tokio::test]
async fn databases_of_deleted_branches_are_dropped_on_request_and_no_others() {
    let repository = Repository::new();
    for branch in ["gone/one", "stays", "main"] {
        let create = if branch == "main" { "-q" } else { "-qc" };
        repository.git(&["switch", create, branch]);
        repository.ok(&["dev", "up"]);
    }
    let mut connection = repository.connect().await;
    connection
        .execute("CREATE DATABASE shop_by_hand")
        .await
        .unwrap();
    repository.git(&["branch", "-qD", "gone/one"]);
    let (mut before, said) = (
        repository.databases(),
        repository.ok(&["dev", "prune", "--dry-run"]),
    );
    assert!(said.contains("would be dropped: shop_gone_one_"), "{said}");
    assert_eq!(repository.databases(), before);
    let said = repository.ok(&["dev", "prune"]);
    assert!(
        said.contains(", of the deleted branch gone/one\n"),
        "{said}"
    );
    before.retain(|name| !name.starts_with("shop_gone_one_"));
    assert_eq!(repository.databases(), before);
    assert_eq!(before, ["shop_by_hand", "shop_main", "shop_stays"]);
    assert_eq!(
        repository.ok(&["dev", "prune"]),
        "each database belongs to a branch that exists\n"
    );
}

#[tokio::test]
async fn a_repository_may_have_a_name_that_begins_with_a_digit() {
    let repository = Repository::named("2048-game");
    let said = repository.ok(&["dev", "up"]);
    assert!(
        said.contains("database _2048_game_main was created"),
        "{said}"
    );
    repository.ok(&["dev", "reset"]);
    let long = Repository::named(&"a-long-name-".repeat(6));
    long.ok(&["dev", "up"]);
    long.ok(&["dev", "reset"]);
}
