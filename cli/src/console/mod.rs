//! `landfall console`: a page on this machine over the commands of this program.
//!
//! A page is a command, in words, and what it said: [`words`] runs it in this process, as a terminal would have, and the
//! page shows it, so that what is done here can be done there. A request that only looks is a GET; one that does something
//! is a POST, and comes from a page that has said what would be done, and to how many. Requests are read in [`http`], and
//! [`guard`] says whom they are answered. The browser's part (`console.js`) is to load a page anew, and to copy a command.

mod chart;
mod checks;
mod confirm;
mod event;
mod events;
mod fields;
mod filter;
mod guard;
mod http;
mod letters;
mod overview;
mod page;
mod providers;
mod refused;
mod replay;
mod send;
mod trial;
mod ways;
mod words;

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;
use serde_json::json;

use self::{
    guard::{Guard, Token},
    http::{Answer, Patient, Request, Unreadable},
    page::Page,
    words::{Said, Words},
};
use crate::{
    args::{GivenConsole, GivenStack},
    failure::Failure,
    print,
};

/// How long a browser may take to say what it wants, and to take its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many requests are answered at once. A browser has six connections.
const AT_ONCE: usize = 32;

const CSS: &str = include_str!("console.css");
const JS: &str = include_str!("console.js");

/// The cookie that says that payloads are hidden.
const PAYLOADS: &str = "landfall-payloads";

/// A console that runs.
pub(crate) struct Console {
    guard: Guard,
    /// The stack that it speaks to, as every command finds it.
    stack: GivenStack,
    replays: replay::Replays,
}

/// What a page is made for.
struct Visit<'v> {
    console: &'v Console,
    request: &'v Request,
    hides_payloads: bool,
}

impl Visit<'_> {
    fn run(&self, words: &Words) -> Said {
        words.run(&self.console.stack)
    }
}

pub(crate) fn run(
    given: &GivenConsole,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, given.port)).map_err(|error| {
        Failure::trouble(format!("127.0.0.1:{} can't be had: {error}", given.port))
    })?;
    let port = listener
        .local_addr()
        .map_err(|error| Failure::trouble(format!("the port isn't known: {error}")))?
        .port();
    let token = || Token::new(|| SystemClock.random());
    let console = Arc::new(Console {
        guard: Guard {
            port,
            entry: token(),
            session: token(),
            form: token(),
        },
        stack: stack.clone(),
        replays: replay::Replays::default(),
    });
    let url = format!(
        "http://127.0.0.1:{port}/?token={}",
        console.guard.entry.reveal()
    );
    if as_json {
        print::json(&json!({ "url": url }));
    } else {
        print::line(&url);
        print::note(
            "open this URL in your browser; who has it can do what you can. Ctrl-C stops the console",
        );
    }
    serve(&listener, &console);
    Ok(ExitCode::SUCCESS)
}

/// Answers requests, each on a thread of its own, until the process ends.
fn serve(listener: &TcpListener, console: &Arc<Console>) {
    let under_way = Arc::new(AtomicUsize::new(0));
    // A connection that broke off before it was taken is none.
    for stream in listener.incoming().flatten() {
        if under_way.fetch_add(1, Ordering::SeqCst) >= AT_ONCE {
            under_way.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let (console, under_way) = (Arc::clone(console), Arc::clone(&under_way));
        thread::spawn(move || {
            converse(&console, stream);
            under_way.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn converse(console: &Arc<Console>, mut stream: TcpStream) {
    if stream.set_write_timeout(Some(PATIENCE)).is_err() {
        return;
    }
    let mut asking = Patient {
        stream: &stream,
        until: Instant::now() + PATIENCE,
    };
    let answer = match Request::read(&mut asking) {
        Err(Unreadable::Gone) => return,
        Err(Unreadable::Malformed) => page::bare(400, "This is no request that a browser makes."),
        Err(Unreadable::TooLarge) => page::bare(413, "This is more than the console takes: 2 MiB."),
        Ok(request) => {
            let answered = catch_unwind(AssertUnwindSafe(|| answer(console, &request)));
            answered.unwrap_or_else(|_| {
                page::bare(
                    500,
                    "This is a fault of Landfall's own: the terminal that the console was started in says where.",
                )
            })
        }
    };
    // Whoever asked may have gone away.
    let _ = answer.write(&mut stream);
}

/// The answer to a request: the one place that says who gets which page.
fn answer(console: &Arc<Console>, request: &Request) -> Answer {
    let guard = &console.guard;
    // What is the same in every console is told to whoever names this machine.
    match (
        guard.is_here(request),
        request.method.as_str(),
        request.path.as_str(),
    ) {
        (true, "GET", "/console.css") => {
            return Answer::new(200, "text/css; charset=utf-8", CSS);
        }
        (true, "GET", "/console.js") => {
            return Answer::new(200, "text/javascript; charset=utf-8", JS);
        }
        _ => {}
    }
    if guard.enters(request) {
        let session = guard.session.reveal();
        let cookie = format!(
            "{}={session}; Path=/; HttpOnly; SameSite=Strict",
            guard.cookie()
        );
        return page::entered(cookie);
    }
    if let Err(refused) = guard.admits(request) {
        return page::bare(403, refused.words());
    }
    let hides_payloads = request.cookie(PAYLOADS) == Some("hide");
    let visit = Visit {
        console,
        request,
        hides_payloads,
    };
    let shown = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => overview::page(&visit),
        ("GET", "/events") => events::page(&visit),
        ("GET", "/event") => event::page(&visit),
        ("GET", "/event/raw") => return event::raw(&visit),
        ("GET", "/refused") => refused::page(&visit),
        ("GET", "/routes") => ways::page(&visit),
        ("GET", "/destinations/pause") => ways::ask_first(&visit, "pause"),
        ("GET", "/destinations/resume") => ways::ask_first(&visit, "resume"),
        ("POST", "/destinations/pause") => ways::act(&visit, "pause"),
        ("POST", "/destinations/resume") => ways::act(&visit, "resume"),
        ("POST", "/destinations/test") => ways::act(&visit, "test"),
        ("GET", "/dlq") => letters::page(&visit),
        ("GET", "/dlq/redrive") => letters::ask_first(&visit, "redrive"),
        ("GET", "/dlq/discard") => letters::ask_first(&visit, "discard"),
        ("POST", "/dlq/redrive") => letters::act(&visit, "redrive"),
        ("POST", "/dlq/discard") => letters::act(&visit, "discard"),
        ("GET", "/replay") => replay::page(&visit),
        ("GET", "/replay/run") => replay::progress(&visit),
        ("POST", "/replay") => return replay::act(console, &request.form),
        ("GET", "/providers") => providers::page(&visit),
        ("GET", "/send") => send::page(&visit),
        ("POST", "/send") => send::act(&visit),
        ("GET", "/trial") => trial::page(&visit),
        ("POST", "/trial") => trial::act(&visit),
        ("GET", "/checks") => checks::page(&visit),
        ("POST", "/payloads") => return payloads(request),
        _ => {
            let body = page::banner("bad", "There is no such page.");
            Page {
                status: 404,
                ..Page::new("No such page", "", body)
            }
        }
    };
    let at = request.query.at(&request.path);
    shown.answer(console, hides_payloads, &at)
}

/// Hides payloads on every page from now on, or shows them.
fn payloads(request: &Request) -> Answer {
    let hide = request.form.one("payloads") == "hide";
    let mut answer = Answer::see(own_path(request.form.one("back")));
    let value = if hide { "hide" } else { "show" };
    let cookie = format!("{PAYLOADS}={value}; Path=/; HttpOnly; SameSite=Strict");
    answer.headers.push(("Set-Cookie", cookie));
    answer
}

/// A place of the console itself, and of no other host.
fn own_path(path: &str) -> String {
    // Browsers read a backslash as a slash, and letters that control nothing here as none at all.
    let is_plain = !path.contains(|c: char| c == '\\' || c.is_control());
    let is_own = is_plain && path.starts_with('/') && !path.starts_with("//");
    if is_own { path } else { "/" }.to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn console() -> Arc<Console> {
        let token = |number: u64| Token::new(move || number);
        Arc::new(Console {
            guard: Guard {
                port: 1,
                entry: token(1),
                session: token(2),
                form: token(3),
            },
            stack: GivenStack::default(),
            replays: replay::Replays::default(),
        })
    }

    #[test]
    fn whoever_has_no_cookie_gets_a_sentence_and_nothing_is_run() {
        let console = console();
        for path in ["/", "/events", "/event/raw", "/nothing", "/?token=1"] {
            let request = Request::new("GET", path, &[("Host", "127.0.0.1:1")], "");
            let answer = answer(&console, &request);
            assert_eq!(answer.status, 403, "{path}");
            let text = String::from_utf8(answer.body).unwrap();
            assert!(
                text.contains("open the URL that `landfall console` printed"),
                "{text}"
            );
            assert!(!text.contains(console.guard.form.reveal()));
        }
    }

    #[test]
    fn the_token_becomes_a_cookie_that_no_script_and_no_other_page_can_use() {
        let console = console();
        let target = format!("/?token={}", console.guard.entry.reveal());
        let request = Request::new("GET", &target, &[("Host", "127.0.0.1:1")], "");
        let answer = answer(&console, &request);
        let (_, cookie) = answer
            .headers
            .iter()
            .find(|(name, _)| *name == "Set-Cookie")
            .unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
            "{cookie}"
        );
        assert!(!cookie.contains(console.guard.entry.reveal()));
    }

    #[test]
    fn an_events_id_is_never_taken_for_a_source() {
        let console = console();
        let session = console.guard.session.reveal();
        let cookie = format!("{}={session}", console.guard.cookie());
        let headers = [("Host", "127.0.0.1:1"), ("Cookie", &cookie)];
        for path in [
            "/dlq?event=evt_1",
            "/dlq/discard?event=evt_1",
            "/replay?event=evt_1",
        ] {
            let answer = answer(&console, &Request::new("GET", path, &headers, ""));
            let text = String::from_utf8(answer.body).unwrap();
            assert!(text.contains("Of which source?"), "{path}: {text}");
            assert!(!text.contains("The same in a terminal"), "{path}");
        }
    }

    #[test]
    fn a_form_leads_back_to_the_console_only() {
        for path in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            // Browsers and the writing of headers leave such letters out.
            "/\t/evil.example",
            "/\n/evil.example",
            "",
            "events",
        ] {
            assert_eq!(own_path(path), "/", "{path}");
        }
        assert_eq!(own_path("/events?a=1"), "/events?a=1");
    }

    #[test]
    fn the_pages_own_style_and_script_load_nothing_from_elsewhere() {
        for text in [CSS, JS] {
            assert!(
                !text.contains("http:") && !text.contains("https:") && !text.contains("@import")
            );
        }
    }
}
