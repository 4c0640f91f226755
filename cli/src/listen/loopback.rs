//! A service on this machine, and nowhere else: its address is looked up once, when the command starts, and each request goes
//! to what was found then.

use std::{
    io,
    net::{SocketAddr, ToSocketAddrs as _},
    time::{Duration, Instant},
};

use ureq::{Agent, http::Uri};

use crate::failure::Failure;

/// As long as somebody may look at one breakpoint.
const TO_ANSWER: Duration = Duration::from_mins(5);
const TO_CONNECT: Duration = Duration::from_secs(3);

/// The service.
pub(super) struct Service {
    agent: Agent,
    addresses: Vec<SocketAddr>,
    /// As it was given, for the header `host`.
    host: String,
    path: String,
}

/// What the service answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) took: Duration,
}

impl Service {
    /// The service at this URL. `lookup` has the addresses of a name.
    pub(super) fn at(
        url: &str,
        lookup: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>>,
    ) -> Result<Self, Failure> {
        let wrong = |why: String| Failure::usage(format!("--to {url}: {why}"));
        let uri: Uri = url
            .parse()
            .map_err(|_| wrong("it is no URL; write http://127.0.0.1:3000/hooks".to_owned()))?;
        let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong(
                "write http:// and an address of this machine".to_owned(),
            ));
        };
        if authority.as_str().contains('@') {
            return Err(wrong("it can't have a user in it".to_owned()));
        }
        let name = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        let port = authority.port_u16().unwrap_or(80);
        let addresses = lookup(name, port)
            .map_err(|error| wrong(format!("`{name}` has no address ({error})")))?;
        let elsewhere = addresses.iter().find(|found| !found.ip().is_loopback());
        if let Some(found) = elsewhere {
            return Err(wrong(format!(
                "`{name}` is at {}, which isn't this machine's own: only 127.0.0.0/8 and ::1 are",
                found.ip()
            )));
        }
        if addresses.is_empty() {
            return Err(wrong(format!("`{name}` has no address")));
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        // What is in the environment for the outside must not come between.
        let agent = Agent::config_builder()
            .proxy(None)
            .timeout_connect(Some(TO_CONNECT))
            .timeout_global(Some(TO_ANSWER))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("landfall")
            .build()
            .new_agent();
        Ok(Self {
            agent,
            addresses,
            host: authority.as_str().to_owned(),
            path: path.to_owned(),
        })
    }

    /// Posts to the service. The error says in words that it didn't answer.
    pub(super) fn post(&self, headers: &[(String, String)], body: &[u8]) -> Result<Answer, String> {
        let mut unreached = String::new();
        for address in &self.addresses {
            let mut request = (self.agent)
                .post(format!("http://{address}{}", self.path))
                .header("host", &self.host);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let began = Instant::now();
            match request.send(body) {
                Ok(answer) => {
                    return Ok(Answer {
                        status: answer.status().as_u16(),
                        took: began.elapsed(),
                    });
                }
                // It may listen at another of its addresses.
                Err(error) if is_unreached(&error) => unreached = error.to_string(),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(unreached)
    }
}

/// The addresses of a name, as this machine knows them.
pub(super) fn lookup(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((name, port).to_socket_addrs()?.collect())
}

fn is_unreached(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::ConnectionFailed => true,
        ureq::Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{
        io::{BufRead as _, BufReader, Read as _, Write as _},
        net::TcpListener,
    };

    use super::*;

    fn at(url: &str, found: &[&str]) -> Result<Service, Failure> {
        let found: Vec<SocketAddr> = found.iter().map(|at| at.parse().unwrap()).collect();
        Service::at(url, |_, _| Ok(found.clone()))
    }

    #[test]
    fn only_what_is_this_machines_own_is_taken() {
        for (url, found) in [
            ("http://127.0.0.1:3000/hooks", "127.0.0.1:3000"),
            ("http://127.8.9.10", "127.8.9.10:80"),
            ("http://[::1]:3000/", "[::1]:3000"),
            ("http://localhost:3000/?a=b", "127.0.0.1:3000"),
        ] {
            assert!(at(url, &[found]).is_ok(), "{url}");
        }
        for (url, found) in [
            ("http://192.168.0.4:3000/", &["192.168.0.4:3000"][..]),
            ("http://0.0.0.0:3000/", &["0.0.0.0:3000"]),
            ("http://[::]:3000/", &["[::]:3000"]),
            (
                "http://[::ffff:10.0.0.1]:3000/",
                &["[::ffff:10.0.0.1]:3000"],
            ),
            ("http://example.com/", &["93.184.216.34:80"]),
            // A name of this machine's that leads elsewhere as well.
            ("http://localhost/", &["127.0.0.1:80", "10.0.0.1:80"]),
            ("http://localhost/", &[]),
            ("https://localhost/", &["127.0.0.1:443"]),
            ("http://me:hush@localhost/", &["127.0.0.1:80"]),
            ("localhost:3000", &["127.0.0.1:3000"]),
            ("/hooks", &["127.0.0.1:80"]),
            ("", &["127.0.0.1:80"]),
        ] {
            assert!(at(url, found).is_err(), "{url} {found:?}");
        }
    }

    #[test]
    fn a_request_comes_as_it_is_at_whichever_address_somebody_listens() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            let mut head = Vec::new();
            for line in stream.by_ref().lines().map(Result::unwrap) {
                if line.is_empty() {
                    break;
                }
                head.push(line.to_ascii_lowercase());
            }
            let mut body = [0; 3];
            stream.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n";
            stream.get_mut().write_all(answer).unwrap();
            (head, body)
        });
        // Nobody listens at the first one.
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let found = [free, format!("127.0.0.1:{port}").parse().unwrap()];
        let service =
            Service::at("http://app.localhost:9/hooks?a=b", |_, _| Ok(found.into())).unwrap();
        let answer = service
            .post(&[("x-a".into(), "b".into())], b"\xff\r\n")
            .unwrap();
        let (head, body) = server.join().unwrap();
        // Nor is it followed elsewhere.
        assert_eq!((answer.status, &body), (302, b"\xff\r\n"));
        assert_eq!(head[0], "post /hooks?a=b http/1.1");
        assert!(
            head.contains(&"host: app.localhost:9".to_owned()),
            "{head:?}"
        );
        assert!(head.contains(&"x-a: b".to_owned()), "{head:?}");
        assert!(service.post(&[], b"").is_err());
    }
}
