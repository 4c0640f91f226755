//! The pages that have events run again: which, how many those are, and how far it came.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use landfall_aws::clock::SystemClock;
use maud::{Markup, html};
use protocol::ports::Clock as _;
use serde_json::Value;

use super::{
    Console, Visit,
    confirm::{Deed, asking},
    fields::Fields,
    filter::{Ask, EVENTS, ask, choose, form, lacks_source, named, names},
    http::Answer,
    page::{Page, banner, cell, command, entries, notes, table, text},
    words::{Said, Words},
};
use crate::{print::Notes, sample::iso};

/// What else can be said of a replay than which events are meant.
const MORE: [Ask; 5] = [
    ask("event", "Only this event", "evt_1"),
    choose("again", "What has succeeded, too", "no", &["yes"]),
    ask("rate", "So many a second", "as fast as it goes"),
    ask("cursor", "Go on behind", "a cursor"),
    ask("scan", "Entries to look through", "10000"),
];

/// Replays that this console has begun.
#[derive(Default)]
pub(super) struct Replays(Mutex<BTreeMap<String, Arc<Replay>>>);

/// One of them.
struct Replay {
    words: Words,
    asked: Fields,
    notes: Notes,
    /// What came of it, once it has ended.
    said: Mutex<Option<Said>>,
}

/// The form; or how many events would be run again, before it is asked.
pub(super) fn page(visit: &Visit<'_>) -> Page {
    let asked = asked(&visit.request.query);
    let all: Vec<Ask> = EVENTS.into_iter().chain(MORE).collect();
    let filter = form("/replay", &all, &asked, "See what that would be", &html! {});
    if asked == Fields::default() {
        let body = html! {
            p { "Which events are to be run again? The next page says how many those are, shows some, and asks." }
            (filter)
        };
        return Page::new("Run events again", "/replay", body);
    }
    if let Some(why) = lacks_source(&asked) {
        return Page::new("Run events again", "/replay", html! { (filter) (why) });
    }
    // What comes meanwhile isn't what was seen.
    let now = iso(SystemClock.now());
    let is_bounded = !asked.one("until").is_empty() || !asked.one("event").is_empty();
    let asked = if is_bounded {
        asked
    } else {
        asked.with("until", &now)
    };
    let preview = words(&asked).flag("dry-run", true);
    let said = visit.run(&preview);
    let told = said.value();
    let count = told["would_be_replayed"].as_u64().unwrap_or(0);
    if count == 0 {
        let body = html! {
            (notes(&said))
            @if said.failure.is_none() { p { "No event would be run again." } }
            (filter)
            (command(visit.console, &preview))
        };
        return Page::new("Run events again", "/replay", body);
    }
    let shown = html! {
        p.asked { strong { (count) @if count == 1 { " event" } @else { " events" } } " would be run again." }
        (sample(told))
        (left_out(told))
        // Those that are left out stand in the table, too.
        @for note in said.notes.iter().filter(|note| !note.contains("left out")) { (banner("note", note)) }
    };
    asking(
        visit,
        &Deed {
            title: "Run them again",
            under: "/replay",
            path: "/replay",
            words: words(&asked),
            fields: asked,
            asked: shown,
        },
    )
}

fn sample(told: &Value) -> Markup {
    let rows = entries(&told["sample"]).iter().map(|line| vec![cell(line)]);
    let looked = &told["looked"];
    html! {
        @if looked.is_string() { p { (text(looked)) "." } }
        (table("Such as", &["received, source, id, type, state"], &rows.collect::<Vec<_>>()))
    }
}

fn left_out(told: &Value) -> Markup {
    let rows = entries(&told["left_out"]).iter();
    let rows = rows.map(|of| vec![cell(&of["events"]), cell(&of["why"]), cell(&of["such_as"])]);
    let rows: Vec<_> = rows.collect();
    html! { @if !rows.is_empty() { (table("Left out", &["events", "why", "such as"], &rows)) } }
}

/// Begins it, and leads to the page that says how far it came.
pub(super) fn act(console: &Arc<Console>, form: &Fields) -> Answer {
    let asked = asked(form);
    let id = format!("{:016x}", SystemClock.random());
    let replay = Arc::new(Replay {
        words: words(&asked).unshown("yes"),
        asked: asked.clone(),
        notes: Notes::default(),
        said: Mutex::default(),
    });
    held(&console.replays.0).insert(id.clone(), Arc::clone(&replay));
    let of_thread = Arc::clone(console);
    thread::spawn(move || {
        let said = replay.words.run_noting(&of_thread.stack, &replay.notes);
        *held(&replay.said) = Some(said);
    });
    Answer::see(asked.with("run", &id).at("/replay/run"))
}

/// How far a replay came. Its URL says which events are meant and where it can go on, so that it can be taken up again from
/// there, also by another console.
pub(super) fn progress(visit: &Visit<'_>) -> Page {
    let query = &visit.request.query;
    let run = query.one("run");
    let replay = held(&visit.console.replays.0).get(run).map(Arc::clone);
    let Some(replay) = replay else {
        let body = html! {
            (banner("bad", "This console has begun no such replay: it was stopped, and the replay with it."))
            p { a href=(asked(query).at("/replay")) { "Take it up again from here" } ", after a page that says what is left." }
        };
        return Page::new("A replay", "/replay", body);
    };
    let said = held(&replay.said);
    let notes_so_far = replay.notes.all();
    let at = notes_so_far.iter().rev().find_map(|note| cursor(note));
    let goes_on = match at {
        Some(cursor) => replay.asked.clone().with("cursor", cursor),
        None => replay.asked.clone(),
    };
    let next = goes_on.clone().with("run", run).at("/replay/run");
    let is_done = said.is_some();
    let body = html! {
        div #live data-live=(if is_done { "done" } else { "1" }) data-next=(next) {
            @match said.as_ref() {
                Some(said) => {
                    (notes(said))
                    @if said.failure.is_none() {
                        (banner("good", &asked_for(said.value()["replayed"].as_u64().unwrap_or(0))))
                    } @else {
                        p { a href=(goes_on.at("/replay")) { "Take it up again" } ", after a page that says what is left." }
                    }
                }
                None => {
                    p role="status" { "Under way." }
                    @for note in notes_so_far.iter().rev().take(1) { (banner("note", note)) }
                    p { a href=(next) { "How far it is now" } }
                }
            }
        }
        (command(visit.console, &replay.words))
    };
    Page::new("A replay", "/replay", body)
}

fn asked_for(count: u64) -> String {
    match count {
        1 => "1 event is asked for to be run again.".to_owned(),
        count => format!("{count} events are asked for to be run again."),
    }
}

/// The cursor that a note says to go on with.
fn cursor(note: &str) -> Option<&str> {
    let (_, behind) = note.split_once("--cursor ")?;
    behind
        .split([' ', '.'])
        .next()
        .filter(|cursor| !cursor.is_empty())
}

fn asked(fields: &Fields) -> Fields {
    let wanted: Vec<&str> = names(&EVENTS).into_iter().chain(names(&MORE)).collect();
    fields.only(&wanted)
}

fn words(asked: &Fields) -> Words {
    let asks = EVENTS.into_iter().chain(MORE);
    let asks: Vec<Ask> = asks.filter(|ask| ask.name != "again").collect();
    named("events replay", &["source", "event"], &asks, asked)
        .flag("again", asked.one("again") == "yes")
}

/// What a thread that panicked left behind is as good as it was before.
fn held<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::GivenStack;

    #[test]
    fn a_replay_is_the_command_of_its_filter() {
        let shown = |query: &str| {
            let fields = asked(&Fields::read(query.as_bytes()));
            words(&fields).shown(&GivenStack::default())
        };
        assert_eq!(
            shown("source=stripe&event=evt_1&evil=1"),
            "landfall events replay stripe evt_1"
        );
        assert_eq!(
            shown("state=failed&error=answered+503&rate=20&again=yes&cursor=abc"),
            "landfall events replay --state=failed --error='answered 503' --rate=20 --cursor=abc --again"
        );
    }

    #[test]
    fn where_it_goes_on_is_read_from_what_was_told() {
        let note =
            "100 of 250; if it is interrupted, the same command goes on with --cursor MTgwMA";
        assert_eq!(cursor(note), Some("MTgwMA"));
        let failure = "the same command goes on with --cursor MTgw-_. AWS has had too many calls";
        assert_eq!(cursor(failure), Some("MTgw-_"));
        assert_eq!(cursor("none has its ticket"), None);
    }
}
