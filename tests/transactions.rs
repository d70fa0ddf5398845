//! A transaction of the data layer commits, rolls back and fails as its caller expects.

use std::error::Error;
use std::fmt;

use database::Constraint;
use database::orm::users::UsersCreateParams;
use database::orm::{Admin, AnyScope, Customer, MayUpdateRoleOnUsers};
use database::types::{OrganizationId, UserId, UserRole};
use xact::{Isolation, Retry, TransactionOptions, Xact};

use crate::world::{ADA, World, count, id};

/// An application's own error, beside the errors of the database.
#[derive(Debug)]
enum AppError {
    TooManyClusters(i64),
    Database(xact::Error),
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for AppError {}

impl From<xact::Error> for AppError {
    fn from(error: xact::Error) -> Self {
        Self::Database(error)
    }
}

async fn cluster_names(world: &World) -> Result<Vec<String>, AppError> {
    let clusters = world
        .database
        .xact_customer(&ADA.user(), &ADA.organization(), async |q| {
            q.orm().clusters_list(&ADA.organization()).await
        })
        .await?;
    Ok(clusters.into_iter().map(|cluster| cluster.name).collect())
}

#[tokio::test]
async fn a_closure_that_succeeds_commits() {
    let world = World::seeded().await;
    let id = world
        .database
        .xact_customer(&ADA.user(), &ADA.organization(), async |q| {
            let cluster = q
                .orm()
                .clusters_create(&ADA.organization(), "Maps", None)
                .await?;
            Ok::<_, AppError>(cluster.id)
        })
        .await
        .unwrap();
    assert!(id.as_str().starts_with("cls_"));
    assert_eq!(
        cluster_names(&world).await.unwrap(),
        ["Cluster 1", "Cluster 2", "Maps"]
    );
}

#[tokio::test]
async fn a_closure_gives_the_error_of_its_caller_and_rolls_back() {
    let world = World::seeded().await;
    let error = world
        .database
        .xact_customer(&ADA.user(), &ADA.organization(), async |q| {
            q.orm()
                .clusters_create(&ADA.organization(), "Maps", None)
                .await?;
            let count = q.orm().bookmarks_count(&ADA.organization()).await?;
            if count > 1 {
                return Err(AppError::TooManyClusters(count));
            }
            Ok(())
        })
        .await
        .unwrap_err();
    assert!(matches!(error, AppError::TooManyClusters(2)), "{error}");
    assert_eq!(
        cluster_names(&world).await.unwrap(),
        ["Cluster 1", "Cluster 2"]
    );
}

#[tokio::test]
async fn an_error_of_the_database_reaches_the_caller_as_the_own_type() {
    let world = World::seeded().await;
    let error = world
        .database
        .xact_customer(&ADA.user(), &ADA.organization(), async |q| {
            q.orm()
                .clusters_create(&ADA.organization(), "Cluster 1", None)
                .await?;
            Ok::<_, AppError>(())
        })
        .await
        .unwrap_err();
    let AppError::Database(error) = error else {
        panic!("{error}")
    };
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(
        error.constraint(),
        Some(Constraint::ClustersOrganizationIdNameKey)
    );
    assert_eq!(error.query(), Some("clusters_create"));
}

#[tokio::test]
async fn an_email_that_is_taken_is_a_unique_violation_of_its_constraint() {
    let world = World::seeded().await;
    let user = UsersCreateParams {
        email: "ada@acme.example",
        username: "another",
        full_name: "Another",
        hashed_password: None,
        identity_extid: None,
        role: UserRole::User,
    };
    let error = world
        .database
        .xact_admin(async |q| q.orm().users_create(user).await)
        .await
        .unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.constraint(), Some(Constraint::UsersEmailKey));
    assert_eq!(error.table(), Some("users"));
}

#[tokio::test]
async fn a_guard_that_is_dropped_rolls_back_and_leaves_the_pool_usable() {
    let world = World::seeded().await;
    for n in 0..8 {
        let mut q = world.customer(ADA).await;
        q.orm()
            .clusters_create(&ADA.organization(), &format!("Dropped {n}"), None)
            .await
            .unwrap();
        drop(q);
    }
    assert_eq!(
        cluster_names(&world).await.unwrap(),
        ["Cluster 1", "Cluster 2"]
    );
}

#[tokio::test]
async fn a_transaction_runs_in_a_task_of_its_own() {
    let world = World::seeded().await;
    let database = world.database.clone();
    let task = tokio::spawn(async move {
        database
            .xact_customer(&ADA.user(), &ADA.organization(), async |q| {
                q.orm().bookmarks_count(&ADA.organization()).await
            })
            .await
    });
    assert_eq!(task.await.unwrap().unwrap(), 2);
}

#[tokio::test]
async fn a_connection_used_under_one_scope_keeps_nothing_of_it_for_the_next() {
    let world = World::seeded().await;
    let count = async || {
        world
            .database
            .xact_admin(async |q| q.orm().organizations_list().await)
            .await
    };
    for _ in 0..8 {
        assert_eq!(cluster_names(&world).await.unwrap().len(), 2);
        assert_eq!(count().await.unwrap().len(), 2);
        let strangers = world
            .database
            .xact_customer(&id("usr_nora"), &id("org_acme"), async |q| {
                q.orm().organizations_list().await
            })
            .await;
        assert_eq!(strangers.unwrap(), []);
    }
}

#[tokio::test]
async fn a_retried_closure_may_own_what_it_passes_on() {
    let world = World::seeded().await;
    let name = String::from("Maps");
    let database = world
        .database
        .with(TransactionOptions::new().isolation(Isolation::Serializable));
    let task = tokio::spawn(async move {
        database
            .retry_customer(
                Retry::default(),
                &ADA.user(),
                &ADA.organization(),
                async move |q| {
                    let cluster = q.savepoint(async |q| {
                        q.orm()
                            .clusters_create(&ADA.organization(), &name, None)
                            .await
                    });
                    Ok::<_, AppError>(cluster.await?.name)
                },
            )
            .await
    });
    assert_eq!(task.await.unwrap().unwrap(), "Maps");
}

#[tokio::test]
async fn a_query_names_itself_to_whoever_looks_at_the_server() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    let mut q = world.database.begin_admin().await.unwrap();
    q.orm().organizations_list().await.unwrap();
    let named = "SELECT count(*) FROM pg_stat_activity \
        WHERE query LIKE 'SELECT /* organizations_list */ %' AND state = 'idle in transaction'";
    assert_eq!(count(&mut owner, named.to_owned()).await, 1);
    q.commit().await.unwrap();
}

/// A helper for every scope.
async fn count_bookmarks<S: AnyScope>(
    q: &mut Xact<S>,
    organization: &OrganizationId,
) -> Result<i64, xact::Error> {
    q.orm().bookmarks_count(organization).await
}

/// A helper for the scopes that may run its query; the bound includes `AnyScope`.
async fn promote<S: MayUpdateRoleOnUsers>(
    q: &mut Xact<S>,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<i64, xact::Error> {
    q.orm().users_update_role(UserRole::Admin, user).await?;
    count_bookmarks(q, organization).await
}

#[tokio::test]
async fn helpers_are_generic_over_the_scopes_that_may_run_their_queries() {
    let world = World::seeded().await;
    let (user, organization) = (ADA.user(), ADA.organization());
    let as_customer = world
        .database
        .run(Customer::new(&user, &organization), async |q| {
            let count = count_bookmarks(q, &organization).await?;
            // Without a type, although there are two `?` in this closure.
            let again = count_bookmarks(q, &organization).await?;
            Ok((count, again))
        })
        .await
        .unwrap();
    let as_admin = world
        .database
        .run(Admin::new(), async |q| {
            promote(q, &organization, &user).await
        })
        .await
        .unwrap();
    assert_eq!(as_customer, (as_admin, as_admin));
}
