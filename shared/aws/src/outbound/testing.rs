//! A provider, or a service that is posted to, on this machine: HTTPS with the certificate beside this file, which is for
//! `localhost` and trusted by nobody else; or HTTP.
//!
//! Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj
//! /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE`.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, OnceLock},
};

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use catalogue::{Environment, Source, Sources, reader};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use super::{Outbound, TO_ANSWER, connector};

pub(crate) const CERTIFICATE: &str = include_str!("localhost-certificate.pem");
const KEY: &str = include_str!("localhost-key.pem");

/// What the provider answers next, and what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) answers: VecDeque<String>,
    pub(crate) asked: Vec<String>,
}

/// The provider. It answers in the order of its script, then closes every connection.
pub(crate) struct Provider {
    port: u16,
    pub(crate) script: Arc<Mutex<Script>>,
}

/// What a socket is read and written through.
trait Stream: Read + Write {
    fn close(&mut self) {}
}

impl Stream for TcpStream {}

impl Stream for StreamOwned<ServerConnection, TcpStream> {
    fn close(&mut self) {
        self.conn.send_close_notify();
        let _ = self.flush();
    }
}

impl Provider {
    /// Speaks TLS.
    pub(crate) fn start() -> Self {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        Self::listen(move |socket| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            Box::new(StreamOwned::new(connection, socket))
        })
    }

    /// Speaks no TLS.
    pub(crate) fn plain() -> Self {
        Self::listen(|socket| Box::new(socket))
    }

    fn listen(open: impl Fn(TcpStream) -> Box<dyn Stream> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::<Mutex<Script>>::default();
        let shared = Arc::clone(&script);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let mut stream = open(socket.unwrap());
                let request = read(&mut *stream);
                let mut script = shared.lock().unwrap();
                // A client that doesn't trust the certificate hangs up.
                if request.is_empty() {
                    continue;
                }
                script.asked.push(String::from_utf8(request).unwrap());
                if let Some(answer) = script.answers.pop_front() {
                    // Nor need it read to the end.
                    let _ = stream
                        .write_all(answer.as_bytes())
                        .and_then(|()| stream.flush());
                }
                stream.close();
            }
        });
        Self { port, script }
    }

    pub(crate) fn answers(&self, status: &str, headers: &str, body: &str) {
        let answer = format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        self.script.lock().unwrap().answers.push_back(answer);
    }

    /// The address of a path of its.
    pub(crate) fn url(&self, scheme: &str, path: &str) -> &'static str {
        format!("{scheme}://localhost:{}{path}", self.port).leak()
    }

    /// What it was asked since it was last looked.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.script.lock().unwrap().asked)
    }

    /// How often it was called since it was last asked.
    pub(crate) fn calls(&self) -> usize {
        self.asked().len()
    }

    /// A source, `own`, whose keys are at this path of the provider's.
    pub(crate) fn sources(&self, path: &str) -> Sources {
        let url = self.url("https", path);
        sources(&format!("{{ url = \"{url}\" }}"))
    }

    /// The same, where the provider gives a key by its id, at this path, to whoever shows the secret.
    pub(crate) fn asking(&self, path: &str) -> Sources {
        let url = self.url("https", path);
        sources(&format!(
            "{{ header = \"X-Key-Id\", ask = \"{url}\", answer = \"key\" }}"
        ))
    }

    /// The source itself.
    pub(crate) fn source(&self, path: &str) -> Source {
        self.sources(path).get("own").unwrap().clone()
    }
}

fn sources(keys: &str) -> Sources {
    let text = format!(
        "[sources.own]\nkeys = {keys}\n[sources.own.scheme]\nalgorithm = \"ed25519\"\nkey = \"public\"\n\
         signature = {{ header = \"X-Signature\" }}\nencoding = \"hex\"\nmessage = \"{{body}}\"\n"
    );
    reader::read(&text, Environment::Test).unwrap().sources
}

/// Head and body of a request, as far as they come.
fn read(stream: &mut dyn Stream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if !matches!(stream.read(&mut byte), Ok(1)) {
            return request;
        }
        request.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let length =
        (head.lines()).find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    if stream.read_exact(&mut body).is_ok() {
        request.extend(body);
    }
    request
}

impl Outbound {
    /// A way out on which the provider on this machine is trusted, and nobody else.
    pub(crate) fn to_localhost() -> Self {
        let trusted = TrustStore::empty().with_pem_certificate(CERTIFICATE);
        let context = TlsContext::builder()
            .with_trust_store(trusted)
            .build()
            .unwrap();
        Self {
            connector: Arc::new(OnceLock::from(connector(context, Some(TO_ANSWER)))),
            ..Self::default()
        }
    }
}
