//! A server on a pair of streams: messages are lines of JSON.

use crate::handler::McpServer;
use rmcp::service::ServerInitializeError;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite};

/// The longest message of a client: arguments of a tool are far shorter, and a longer line is dropped before it is in memory.
const LONGEST_MESSAGE: usize = 4 << 20;

/// Why serving ended otherwise than by the client.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client did not begin with the protocol's handshake.
    #[error("the client does not speak the protocol: {0}")]
    Handshake(Box<ServerInitializeError>),
    /// The server stopped by a fault of its own.
    #[error("the server stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

impl McpServer {
    /// Serves the client on standard input and output, until standard input ends.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    ///
    /// # Cancellation
    /// As [`serve`](Self::serve).
    pub async fn serve_stdio(self) -> Result<(), ServeError> {
        let (read, write) = stdio_pipes();
        self.serve(read, write).await
    }

    /// Serves the client on these streams, until the first of them ends. Then every transaction is over, and every connection is
    /// closed.
    ///
    /// # Errors
    /// The client did not begin with the handshake. A message that cannot be read later on is answered or ignored, as the protocol
    /// says.
    ///
    /// # Cancellation
    /// Dropping the future ends the server; transactions are rolled back.
    pub async fn serve<R, W>(self, read: R, write: W) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let transport = AsyncRwTransport::new_server(read, write);
        let transport = transport.with_max_line_length(LONGEST_MESSAGE);
        let closing = self.clone();
        let running = match self.serve_transport(transport).await {
            // A client that ends before the handshake has nothing to be told.
            Err(ServerInitializeError::ConnectionClosed(_)) => {
                closing.close().await;
                return Ok(());
            }
            served => served.map_err(|error| ServeError::Handshake(Box::new(error)))?,
        };
        let ended = running.waiting().await;
        closing.close().await;
        ended?;
        Ok(())
    }

    async fn serve_transport<T>(
        self,
        transport: T,
    ) -> Result<rmcp::service::RunningService<rmcp::RoleServer, Self>, ServerInitializeError>
    where
        T: rmcp::transport::Transport<rmcp::RoleServer> + 'static,
        T::Error: std::error::Error + Send + Sync + 'static,
    {
        rmcp::ServiceExt::serve(self, transport).await
    }
}
