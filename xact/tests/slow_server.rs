//! The server behind a wire that carries a few bytes at a time, so that every answer is waited for more than once.
//!
//! A server on the same machine is often so fast that an answer is there before it is waited for, and a future that is to be
//! dropped in between never stops there.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// Less than most messages of the protocol.
const BYTES_AT_A_TIME: usize = 16;

/// Listens on a port of its own and passes everything on to the server's socket.
pub(crate) async fn start(socket: PathBuf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own_port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(&socket).await.unwrap();
            tokio::spawn(pass_on(client, server));
        }
    });
    own_port
}

async fn pass_on(client: TcpStream, server: UnixStream) {
    // Otherwise each small write waits for the acknowledgement of the one before, which is delayed by 40 ms.
    client.set_nodelay(true).unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move {
        let _closed = tokio::io::copy(&mut from_client, &mut to_server).await;
        let _closed = to_server.shutdown().await;
    });
    let mut buffer = [0; BYTES_AT_A_TIME];
    while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if to_client.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
