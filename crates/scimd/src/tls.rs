use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Why HTTPS cannot be served.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read, or holds nothing of what is wanted in PEM.
    #[error("cannot use {}", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: pem::Error,
    },
    /// The chain and the key don't go together, or are of a kind that isn't supported.
    #[error("the certificate and the key cannot be used together")]
    Pair(#[from] rustls::Error),
}

/// Loads a certificate chain and its key for HTTP/2 and HTTP/1.1 over TLS 1.3 and 1.2.
pub(crate) fn load(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::Pem { path, source }
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .and_then(|chain| {
            if chain.is_empty() {
                Err(pem::Error::NoItemsFound)
            } else {
                Ok(chain)
            }
        })
        .map_err(failed(cert))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(failed(key))?;

    // The provider is named here, not installed for the process, so that a program which
    // embeds the server keeps its own choice.
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use tempfile::TempDir;

    use super::*;

    fn files(cert: &str, key: &str) -> (TempDir, PathBuf, PathBuf) {
        let folder = TempDir::new().unwrap();
        let (cert_path, key_path) = (
            folder.path().join("cert.pem"),
            folder.path().join("key.pem"),
        );
        fs::write(&cert_path, cert).unwrap();
        fs::write(&key_path, key).unwrap();
        (folder, cert_path, key_path)
    }

    fn pair() -> (String, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (cert.pem(), signing_key.serialize_pem())
    }

    #[test]
    fn a_pair_offers_both_versions_of_http() {
        let (cert, key) = pair();
        let (_folder, cert, key) = files(&cert, &key);
        let config = load(&cert, &key).unwrap();
        assert_eq!(
            config.alpn_protocols,
            [b"h2".to_vec(), b"http/1.1".to_vec()]
        );
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let ((cert, _), (_, key)) = (pair(), pair());
        let (_folder, cert, key) = files(&cert, &key);
        assert!(matches!(load(&cert, &key), Err(TlsError::Pair(_))));
    }

    #[test]
    fn files_without_what_is_wanted_are_named() {
        let (cert, key) = pair();
        let (folder, cert_path, key_path) = files(&cert, &key);
        let swapped = load(&key_path, &cert_path).unwrap_err();
        assert!(swapped.to_string().contains("key.pem"), "{swapped}");
        let missing = load(&cert_path, &folder.path().join("none.pem")).unwrap_err();
        assert!(missing.to_string().contains("none.pem"), "{missing}");
    }
}
