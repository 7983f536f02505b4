use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, Version};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustix::process::Signal;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::client::{connect, read_to_close};
use crate::program::Program;

struct Secure {
    folder: TempDir,
    scimd: Program,
    cert: CertificateDer<'static>,
}

impl Secure {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let cert = renew(&folder);
        let path = |name| folder.path().join(name).to_str().unwrap().to_owned();
        let scimd = Program::start(&[
            "--tls-cert",
            &path("cert.pem"),
            "--tls-key",
            &path("key.pem"),
        ]);
        Self {
            folder,
            scimd,
            cert,
        }
    }
}

/// Puts a new certificate and its key into the folder.
pub(crate) fn renew(folder: &TempDir) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.path().join("cert.pem"), cert.pem()).unwrap();
    fs::write(folder.path().join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.into()
}

async fn shake(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    alpn: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config))
        .connect("localhost".try_into().unwrap(), stream)
        .await
}

#[tokio::test]
async fn http2_over_tls_shows_https_locations() {
    let Secure {
        scimd,
        cert,
        folder: _folder,
    } = Secure::start();
    assert_eq!(
        scimd.line,
        format!("listening on https://{}/scim/v2", scimd.address)
    );
    let stream = shake(scimd.address, &cert, b"h2").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));

    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::post("https://localhost:8443/scim/v2/Users")
        .header("content-type", "application/json")
        .body(Body::from(r#"{"userName":"bjensen"}"#))
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(
        (response.status(), response.version()),
        (StatusCode::CREATED, Version::HTTP_2)
    );
    let location = response.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with("https://localhost:8443/scim/v2/Users/"),
        "{location}"
    );
    drop((sender, response));
    connection.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_over() {
    let Secure {
        scimd,
        cert: old,
        folder,
    } = Secure::start();
    shake(scimd.address, &old, b"http/1.1").await.unwrap();
    let new = renew(&folder);
    assert!(shake(scimd.address, &new, b"http/1.1").await.is_err());
    scimd.signal(Signal::HUP);
    scimd.logged("reloaded");
    shake(scimd.address, &new, b"http/1.1").await.unwrap();
    assert!(shake(scimd.address, &old, b"http/1.1").await.is_err());
}

#[test]
fn who_speaks_plainly_gets_no_answer() {
    let Secure { scimd, .. } = Secure::start();
    let mut stream = connect(scimd.address);
    stream
        .write_all(b"GET /scim/v2/Users HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let answer = read_to_close(&mut stream);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}
