//! What Lambda and AWS are to a function that is measured: the Runtime API, from which it takes its events, and the services
//! that it calls, with answers that cost next to nothing. All of it is one thread, so that the answers' cost is the same in
//! every run and a processor of its own is enough for it.
//!
//! It says on its first line of output where it listens, as JSON, and ends with its standard input.

mod control;
mod http;
mod lambda;
mod services;

use std::{error::Error, io::Read as _, path::PathBuf, rc::Rc, sync::Arc, thread};

use tokio::{net::TcpListener, task::LocalSet};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig, crypto,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use crate::{http::listen, lambda::Lambda, services::Services};

/// The functions that may run at the same time, each with a Runtime API of its own.
const FUNCTIONS: [&str; 2] = ["first", "second"];

/// The services that have an address of their own, as at AWS, so that no connection serves two of them.
const SERVICES: [&str; 4] = ["dynamodb", "sqs", "secrets_manager", "s3"];

/// The whole of what stands in.
struct World {
    functions: Vec<(&'static str, Rc<Lambda>)>,
    services: Rc<Services>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let (Some(certificate), Some(key)) = (arguments.next(), arguments.next()) else {
        return Err("usage: landfall-bench-stub CERTIFICATE.pem KEY.pem".into());
    };
    thread::spawn(|| {
        // Whoever started it has ended, however that came about.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, run(&acceptor(&certificate, &key)?))
}

fn acceptor(certificate: &PathBuf, key: &PathBuf) -> Result<TlsAcceptor, Box<dyn Error>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn run(acceptor: &TlsAcceptor) -> Result<(), Box<dyn Error>> {
    let services = Rc::new(Services::default());
    let mut ports = serde_json::Map::new();
    let mut functions = Vec::new();
    for name in FUNCTIONS {
        let lambda = Rc::new(Lambda::new(Rc::clone(&services)));
        functions.push((name, Rc::clone(&lambda)));
        let listener = bound(&mut ports, name).await?;
        tokio::task::spawn_local(listen(listener, None, move |request| {
            let lambda = Rc::clone(&lambda);
            async move { lambda.answer(request).await }
        }));
    }
    for service in SERVICES {
        for (name, tls) in [
            (service.to_owned(), None),
            (format!("{service}_tls"), Some(acceptor.clone())),
        ] {
            let services = Rc::clone(&services);
            let listener = bound(&mut ports, &name).await?;
            tokio::task::spawn_local(listen(listener, tls, move |request| {
                let services = Rc::clone(&services);
                async move { services.answer(request).await }
            }));
        }
    }
    let control = bound(&mut ports, "control").await?;
    let world = Rc::new(World {
        functions,
        services,
    });
    println!("{}", serde_json::Value::Object(ports));
    listen(control, None, move |request| {
        let world = Rc::clone(&world);
        async move { control::answer(&world, request).await }
    })
    .await;
    Ok(())
}

async fn bound(
    ports: &mut serde_json::Map<String, serde_json::Value>,
    name: &str,
) -> Result<TcpListener, Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    ports.insert(name.to_owned(), listener.local_addr()?.port().into());
    Ok(listener)
}
