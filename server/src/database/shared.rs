//! The one database of a test run, which the first of its processes creates.

use super::lease::{self, NO_SUCH_DATABASE, has_code};
use super::process_session::ProcessSession;
use super::run::identify_run;
use super::template::Template;
use super::{TestDatabaseError, names};
use crate::connect::connect;

/// Another run may drop the database in the moment between making it and connecting to it.
const ATTEMPTS: usize = 20;

/// Gives the name of the database. This process's connection to it shows that it is in use.
pub(super) async fn lease_shared(
    session: &'static ProcessSession,
    template: Template,
) -> Result<String, TestDatabaseError> {
    let name = names::shared_name(template.hash, &identify_run());
    let refused = || TestDatabaseError::refusal_of(format!("connect to test database `{name}`"));
    // Held over the awaits below: of the tests of one process, the first connects and the others wait.
    let mut held = session.shared.lock().await;
    if held.contains_key(&name) {
        return Ok(name);
    }
    let options = session
        .options(&name)
        .application_name(&names::application_name(&session.owner));
    for _ in 0..ATTEMPTS {
        match connect(&options).await {
            Ok(connection) => {
                held.insert(name.clone(), connection);
                return Ok(name);
            }
            Err(error) if has_code(&error, NO_SUCH_DATABASE) => {
                lease::take_copy(session, &template, &name).await?;
            }
            Err(error) => return Err(refused()(error)),
        }
    }
    Err(refused()(sqlx::Error::RowNotFound))
}
