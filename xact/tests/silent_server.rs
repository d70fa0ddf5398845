//! The server behind a wire that stops carrying anything, without an error, as in a half-open connection.
//!
//! Unlike a connection that is reset, nothing tells the client: its packets are acknowledged and lead nowhere.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// Which way nothing is carried any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
    Both,
}

/// The wire, seen by the test that cuts it.
#[derive(Clone, Default)]
pub(crate) struct Wire(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Chunks carried, in both directions and on all connections.
    carried: AtomicUsize,
    /// The connection that carries this chunk becomes silent instead. 0 is none.
    last: AtomicUsize,
    /// Whether every connection is silent, those that are made now too.
    down: AtomicBool,
    /// Whether one became silent.
    cut: AtomicBool,
    /// Whether the client of such a connection hears that it is closed.
    closing: AtomicBool,
}

impl Wire {
    /// Makes one connection silent instead of carrying this chunk, counted from 1 and from now.
    pub(crate) fn cut_at(&self, chunk: usize) {
        self.0.carried.store(0, Ordering::SeqCst);
        self.0.cut.store(false, Ordering::SeqCst);
        self.0.last.store(chunk, Ordering::SeqCst);
    }

    /// Cuts no connection from now on, and says whether one was.
    pub(crate) fn was_cut(&self) -> bool {
        self.0.last.store(0, Ordering::SeqCst);
        self.0.cut.load(Ordering::SeqCst)
    }

    /// Closes the client's side of a connection that is cut, instead of leaving it silent.
    pub(crate) fn set_closing(&self) {
        self.0.closing.store(true, Ordering::SeqCst);
    }

    /// Makes all connections silent, or those that are made from now on work again.
    pub(crate) fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }
}

/// Listens on a port of its own and passes everything on to the server's socket, until the wire is cut in this way.
pub(crate) async fn start(socket: PathBuf, way: Way) -> (u16, Wire) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let wire = Wire::default();
    let shared = Arc::clone(&wire.0);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = UnixStream::connect(&socket).await else {
                return;
            };
            tokio::spawn(pass_on(client, server, way, Arc::clone(&shared)));
        }
    });
    (port, wire)
}

async fn pass_on(client: TcpStream, server: UnixStream, way: Way, shared: Arc<Shared>) {
    client.set_nodelay(true).unwrap();
    let silent = Arc::new(AtomicBool::new(shared.down.load(Ordering::SeqCst)));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let there = carry(
        from_client,
        to_server,
        way != Way::ToClient,
        Arc::clone(&silent),
        Arc::clone(&shared),
    );
    let back = carry(from_server, to_client, way != Way::ToServer, silent, shared);
    tokio::join!(there, back);
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    affected: bool,
    silent: Arc<AtomicBool>,
    shared: Arc<Shared>,
) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer).await.unwrap_or(0);
        if length > 0 {
            let chunk = shared.carried.fetch_add(1, Ordering::SeqCst) + 1;
            if chunk == shared.last.load(Ordering::SeqCst) {
                silent.store(true, Ordering::SeqCst);
                shared.cut.store(true, Ordering::SeqCst);
            }
        }
        let is_silent = silent.load(Ordering::SeqCst) || shared.down.load(Ordering::SeqCst);
        if affected && is_silent && shared.closing.load(Ordering::SeqCst) {
            let _closed = to.shutdown().await;
            return;
        }
        if affected && is_silent {
            // Also the end of the connection is not heard at the other side.
            if length == 0 {
                tokio::time::sleep(Duration::from_mins(5)).await;
                return;
            }
            continue;
        }
        if length == 0 || to.write_all(&buffer[..length]).await.is_err() {
            let _closed = to.shutdown().await;
            return;
        }
    }
}
