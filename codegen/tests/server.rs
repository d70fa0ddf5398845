//! The servers that the tests use: one for each process, started when it is first needed.

use tokio::sync::OnceCell;
use xact_codegen::{Generated, Stop};
use xact_server::Server;

/// The URL of a server for throwaway databases. It ends with this process.
pub(crate) async fn url() -> &'static str {
    static SERVER: OnceCell<(Server, String)> = OnceCell::const_new();
    let (_, url) = SERVER.get_or_init(start).await;
    url
}

/// The URL of another database on the same server.
pub(crate) async fn url_of(database: &str) -> String {
    url().await.replace("/postgres?", &format!("/{database}?"))
}

async fn start() -> (Server, String) {
    let server = Server::start(None).await.unwrap();
    let folder = server.options().get_socket().unwrap().clone();
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        folder.display()
    );
    (server, url)
}

/// Runs the tool on a project, in a throwaway database of the shared server.
pub(crate) async fn generate(root: &std::path::Path) -> Result<Generated, Stop> {
    xact_codegen::generate(root, Some(url().await)).await
}
