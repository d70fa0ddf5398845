//! The server behind a wire that is encrypted, with a certificate of an authority of its own.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// Where the server listens, and the certificate of its authority as PEM.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    pub(crate) authority: String,
}

/// Listens on a port of its own, shows a certificate for `host`, and passes everything on to the server's socket.
pub(crate) async fn start(socket: PathBuf, host: &str) -> TlsServer {
    let (acceptor, authority) = certified(host);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, socket.clone(), acceptor.clone()));
        }
    });
    TlsServer { port, authority }
}

fn certified(host: &str) -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new([host.to_owned()]).unwrap();
    let own = own.signed_by(&key, &issuer).unwrap();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), pem)
}

async fn pass_on(mut client: TcpStream, socket: PathBuf, acceptor: TlsAcceptor) {
    // SSLRequest: <https://www.postgresql.org/docs/current/protocol-message-formats.html>
    let mut request = [0; 8];
    client.read_exact(&mut request).await.unwrap();
    assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47]);
    client.write_all(b"S").await.unwrap();
    // A client that refuses the certificate hangs up here.
    if let Ok(mut client) = acceptor.accept(client).await {
        let mut server = UnixStream::connect(socket).await.unwrap();
        let _closed = copy_bidirectional(&mut client, &mut server).await;
    }
}
