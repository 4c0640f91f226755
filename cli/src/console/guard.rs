//! Who may see the console and act by it: the browser that opened the URL which the terminal printed.
//!
//! Another page in that browser, a name that is made to mean 127.0.0.1 (DNS rebinding), and other users of this machine
//! must not. So every request must name 127.0.0.1 or localhost with the console's port as its host and carry the cookie
//! that the URL's token was exchanged for; and one that does something must come from one of the console's own pages, which
//! its `Origin` says and the token in its form proves.

use super::http::Request;

/// What no one else knows.
pub(super) struct Token(String);

impl Token {
    /// From a source of random numbers.
    pub(super) fn new(random: impl Fn() -> u64) -> Self {
        let parts = [random(), random(), random(), random()];
        Self(hex::encode(parts.map(u64::to_be_bytes).concat()))
    }

    /// Whether this text is it, by a comparison that takes as long wherever they differ.
    fn is(&self, text: &str) -> bool {
        ctutils::CtEq::ct_eq(self.0.as_bytes(), text.as_bytes()).to_bool()
    }

    /// For the one that may know it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Who may come in.
pub(super) struct Guard {
    pub(super) port: u16,
    /// In the URL that is printed.
    pub(super) entry: Token,
    /// In the cookie that it is exchanged for.
    pub(super) session: Token,
    /// In each form.
    pub(super) form: Token,
}

/// Why a request isn't answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It names another host than this machine.
    Host,
    /// It doesn't come from the browser that opened the URL.
    Session,
    /// It asks for something to be done, and comes from another page.
    Origin,
    /// It asks for something to be done, and comes from a page of another start.
    Form,
    /// It is neither GET nor POST.
    Method,
}

impl Refused {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Host => {
                "This address isn't the console's: open the URL that `landfall console` printed."
            }
            Self::Session => {
                "This page belongs to whoever started the console: open the URL that `landfall console` printed. If it \
                 was stopped and started again, it has a new one."
            }
            Self::Origin => {
                "This was asked for by another page than the console's own. Nothing was done."
            }
            Self::Form => {
                "This form is of an earlier start of the console. Nothing was done: load the page anew."
            }
            Self::Method => "The console answers GET and POST only.",
        }
    }
}

impl Guard {
    /// What the cookie is called: cookies know no ports, and several consoles may run.
    pub(super) fn cookie(&self) -> String {
        format!("landfall-console-{}", self.port)
    }

    /// Whether a request names this machine as its host.
    pub(super) fn is_here(&self, request: &Request) -> bool {
        let hosts = self.hosts();
        let named = request.header("host");
        named.is_some_and(|named| hosts.iter().any(|host| host.eq_ignore_ascii_case(named)))
    }

    /// Whether a request exchanges the URL's token for the cookie.
    pub(super) fn enters(&self, request: &Request) -> bool {
        self.is_here(request)
            && request.method == "GET"
            && request.path == "/"
            && self.entry.is(request.query.one("token"))
    }

    /// Whether a request may be answered.
    pub(super) fn admits(&self, request: &Request) -> Result<(), Refused> {
        if !self.is_here(request) {
            return Err(Refused::Host);
        }
        let session = request.cookie(&self.cookie()).unwrap_or_default();
        if !self.session.is(session) {
            return Err(Refused::Session);
        }
        match request.method.as_str() {
            "GET" => Ok(()),
            "POST" => {
                let origins = self.hosts().map(|host| format!("http://{host}"));
                let origin = request.header("origin").unwrap_or_default();
                if !origins.iter().any(|own| own == origin) {
                    return Err(Refused::Origin);
                }
                if !self.form.is(request.form.one("token")) {
                    return Err(Refused::Form);
                }
                Ok(())
            }
            _ => Err(Refused::Method),
        }
    }

    fn hosts(&self) -> [String; 2] {
        ["127.0.0.1", "localhost"].map(|host| format!("{host}:{}", self.port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        let token = |number: u64| Token::new(move || number);
        Guard {
            port: 4_711,
            entry: token(1),
            session: token(2),
            form: token(3),
        }
    }

    const HOST: (&str, &str) = ("Host", "127.0.0.1:4711");
    const ORIGIN: (&str, &str) = ("Origin", "http://127.0.0.1:4711");

    fn cookie(of: u64) -> String {
        format!("other=1; landfall-console-4711={}", token(of))
    }

    fn token(number: u64) -> String {
        Token::new(|| number).reveal().to_owned()
    }

    #[test]
    fn only_the_browser_with_the_cookie_sees_a_page_and_only_at_this_machines_names() {
        let guard = guard();
        let session = cookie(2);
        let get = |host: &str, cookie: &str| {
            let headers = [("Host", host), ("Cookie", cookie)];
            guard.admits(&Request::new("GET", "/events", &headers, ""))
        };
        assert_eq!(get("127.0.0.1:4711", &session), Ok(()));
        assert_eq!(get("LocalHost:4711", &session), Ok(()));
        for host in [
            "",
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:4711",
            "127.0.0.1.evil.example:4711",
            "[::1]:4711",
        ] {
            assert_eq!(get(host, &session), Err(Refused::Host), "{host}");
        }
        for other in ["", "landfall-console-4711=", &cookie(1), &cookie(3)] {
            assert_eq!(
                get("127.0.0.1:4711", other),
                Err(Refused::Session),
                "{other}"
            );
        }
        let nameless = Request::new("GET", "/", &[("Cookie", &session)], "");
        assert_eq!(guard.admits(&nameless), Err(Refused::Host));
    }

    #[test]
    fn only_a_form_of_the_consoles_own_pages_does_anything() {
        let guard = guard();
        let session = cookie(2);
        let cookie = ("Cookie", session.as_str());
        let of_form = format!("token={}&a=1", token(3));
        let post = |headers: &[(&str, &str)], form: &str| {
            guard.admits(&Request::new("POST", "/dlq/discard", headers, form))
        };
        assert_eq!(post(&[HOST, cookie, ORIGIN], &of_form), Ok(()));
        for origin in [
            "null",
            "",
            "https://127.0.0.1:4711",
            "http://127.0.0.1:4712",
            "http://evil.example",
        ] {
            let headers = [HOST, cookie, ("Origin", origin)];
            assert_eq!(post(&headers, &of_form), Err(Refused::Origin), "{origin}");
        }
        assert_eq!(post(&[HOST, cookie], &of_form), Err(Refused::Origin));
        for form in ["", "token=", &format!("token={}", token(2))] {
            let refused = post(&[HOST, cookie, ORIGIN], form);
            assert_eq!(refused, Err(Refused::Form), "{form}");
        }
        assert_eq!(post(&[HOST, ORIGIN], &of_form), Err(Refused::Session));
        let put = Request::new("PUT", "/", &[HOST, cookie, ORIGIN], &of_form);
        assert_eq!(guard.admits(&put), Err(Refused::Method));
    }

    #[test]
    fn the_urls_token_is_exchanged_at_this_machines_names_only() {
        let guard = guard();
        let at = |number: u64| format!("/?token={}", token(number));
        let enters = |target: &str, host: (&str, &str)| {
            guard.enters(&Request::new("GET", target, &[host], ""))
        };
        assert!(enters(&at(1), HOST));
        assert!(!enters(&at(2), HOST) && !enters("/?token=", HOST) && !enters("/", HOST));
        assert!(!enters(&at(1), ("Host", "evil.example:4711")));
        assert!(!enters(&at(1).replace('/', "/events"), HOST));
    }
}
