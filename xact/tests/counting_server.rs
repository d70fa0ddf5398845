//! The server behind a wire that counts round trips.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// How often a client said something after the server had.
#[derive(Clone, Default)]
pub(crate) struct RoundTrips(Arc<AtomicUsize>);

impl RoundTrips {
    /// The number since it was last asked.
    pub(crate) fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// Listens on a port of its own and passes everything on to the server's socket.
pub(crate) async fn start(socket: PathBuf) -> (u16, RoundTrips) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own_port = listener.local_addr().unwrap().port();
    let round_trips = RoundTrips::default();
    let counted = round_trips.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(&socket).await.unwrap();
            tokio::spawn(pass_on(client, server, counted.clone()));
        }
    });
    (own_port, round_trips)
}

/// One after the other in both directions, so that the order of the messages is known.
async fn pass_on(mut client: TcpStream, mut server: UnixStream, round_trips: RoundTrips) {
    let (mut said, mut answered) = ([0; 8192], [0; 8192]);
    let mut server_spoke_last = true;
    loop {
        tokio::select! {
            Ok(length @ 1..) = client.read(&mut said) => {
                if server_spoke_last {
                    round_trips.0.fetch_add(1, Ordering::SeqCst);
                }
                server_spoke_last = false;
                server.write_all(&said[..length]).await.unwrap();
            }
            Ok(length @ 1..) = server.read(&mut answered) => {
                server_spoke_last = true;
                client.write_all(&answered[..length]).await.unwrap();
            }
            else => return,
        }
    }
}
