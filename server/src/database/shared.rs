//! The one database of a test run: whichever process comes first makes it.

use super::keeper::Keeper;
use super::lease::{self, NO_SUCH_DATABASE, is};
use super::run::identify_run;
use super::template::Template;
use super::{TestDatabaseError, names};
use crate::connect::connect;

/// Another run may drop the database in the moment between making it and connecting to it.
const ATTEMPTS: usize = 20;

/// Gives the name of the database. This process's connection to it says that it is in use.
pub(super) async fn shared(
    keeper: &'static Keeper,
    template: Template,
) -> Result<String, TestDatabaseError> {
    let name = names::shared(template.hash, &identify_run());
    let refused = || TestDatabaseError::refused(format!("connect to test database `{name}`"));
    let mut held = keeper.shared.lock().await;
    if held.contains_key(&name) {
        return Ok(name);
    }
    let options = keeper
        .options(&name)
        .application_name(&names::application(&keeper.owner));
    for _ in 0..ATTEMPTS {
        match connect(&options).await {
            Ok(connection) => {
                held.insert(name.clone(), connection);
                return Ok(name);
            }
            Err(error) if is(&error, NO_SUCH_DATABASE) => {
                lease::take(keeper, &template, &name).await?;
            }
            Err(error) => return Err(refused()(error)),
        }
    }
    Err(refused()(sqlx::Error::RowNotFound))
}
