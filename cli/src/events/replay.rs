//! `landfall events replay`: runs events again on purpose, whatever came of them, along one route or all.

use std::process::ExitCode;

use catalogue::{Configuration, Route};
use futures_util::{StreamExt as _, stream};
use landfall_aws::{clock::SystemClock, operator::Of};
use protocol::{
    ledger::{EventRecord, Work},
    ports::{Clock as _, Queue as _},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

use crate::{
    args::GivenReplay, consent, escape, failure::Failure, print, routes::recorded::Recorded,
    sample::iso, stack::Stack,
};

/// How many events are read at once: both items of each are one call.
const AT_ONCE: usize = 50;

/// How many tickets are on their way at once.
const SENT_AT_ONCE: usize = 16;

pub(super) async fn run(
    stack: &Stack,
    given: &GivenReplay,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let route = (given.route.as_deref())
        .map(|name| stack.route(name))
        .transpose()?;
    let mut chosen = Chosen {
        configuration: &stack.configured,
        route,
        now: SystemClock.now(),
        tickets: Vec::new(),
        left_out: Vec::new(),
    };
    let which = match (given.since, given.source.as_deref()) {
        (None, source) => {
            let source = stack.source_name(source.unwrap_or_default())?;
            for id in &given.event_ids {
                chosen.one(stack, source, id).await?;
            }
            format!("of {source}")
        }
        (Some(_), None) if route.is_none() => {
            return Err(Failure::usage(
                "everything of every source? Name a source, or a route with --route",
            ));
        }
        (Some(length), source) => {
            let since = chosen.now.plus(Millis(-length.0));
            let sources = match source {
                Some(source) => vec![stack.source_name(source)?],
                None => sources_of(&stack.configured, route),
            };
            chosen.all(stack, &sources, since).await?;
            let named = source.map_or(String::new(), |source| format!("of {source} "));
            format!("{named}that were received since {}", iso(since))
        }
    };
    for (event, why) in &chosen.left_out {
        print::note(&format!("{} is left out: {why}", escape::value(event)));
    }
    let count = chosen.tickets.len();
    let what = match route {
        Some(route) => format!("the leg `{}`", route.name),
        None => "all legs".to_owned(),
    };
    let asked = format!(
        "{what} of {count} {} {which}",
        if count == 1 { "event" } else { "events" }
    );
    if count > 0 && !consent::given(&format!("run {asked} again"), given.yes)? {
        return Ok(ExitCode::FAILURE);
    }
    send(stack, &chosen.tickets).await?;
    if as_json {
        let left_out = chosen.left_out.iter();
        let left_out: Vec<Value> = left_out
            .map(|(event, why)| json!({"event_id": event, "why": why}))
            .collect();
        print::json(&json!({
            "replayed": count,
            "route": given.route,
            "left_out": left_out,
        }));
    } else {
        print::line(&format!("asked for {asked} to be run again"));
    }
    Ok(ExitCode::from(u8::from(count == 0)))
}

/// Which events are replayed.
struct Chosen<'c> {
    configuration: &'c Configuration,
    route: Option<&'c Route>,
    now: UnixMillis,
    tickets: Vec<Ticket>,
    /// Those that were named and won't be, and why.
    left_out: Vec<(String, String)>,
}

impl Chosen<'_> {
    async fn one(&mut self, stack: &Stack, source: &str, id: &str) -> Result<(), Failure> {
        let Some(found) = stack.deployed.ledger()?.find(source, id).await? else {
            let left_out = (id.to_owned(), "there is no such event".to_owned());
            self.left_out.push(left_out);
            return Ok(());
        };
        let body = match self.route {
            Some(_) => stack.body(&found.event).await?,
            None => Vec::new(),
        };
        match self.refuses(&found.event, &body, found.work.as_ref()) {
            Some(why) => self.left_out.push((id.to_owned(), why)),
            None => self.add(&found.event, found.work.as_ref()),
        }
        Ok(())
    }

    /// Of a bundle's events each is found by itself, so that the bundle isn't taken apart again.
    async fn all(
        &mut self,
        stack: &Stack,
        sources: &[&str],
        since: UnixMillis,
    ) -> Result<(), Failure> {
        let ledger = stack.deployed.ledger()?;
        let mut walk = ledger.walk(Of::Sources(sources), since).await?;
        loop {
            let page = walk.next(AT_ONCE).await?;
            if page.is_empty() {
                return Ok(());
            }
            for (event, work) in ledger.whole(&page).await? {
                let body = stack.body(&event).await?;
                let recorded = Recorded {
                    event: &event,
                    body: &body,
                };
                if recorded.judged(self.configuration).is_ok()
                    && self.refuses(&event, &body, work.as_ref()).is_none()
                {
                    self.add(&event, work.as_ref());
                }
            }
        }
    }

    /// Why a ticket for this event would do nothing.
    fn refuses(&self, event: &EventRecord, body: &[u8], work: Option<&Work>) -> Option<String> {
        if !event.is_current(self.now) {
            return Some("it has expired".to_owned());
        }
        let name = self.route?.name;
        if work.is_some_and(|work| work.legs.contains_key(name.as_str())) {
            return None;
        }
        let judged = match (Recorded { event, body }).judged(self.configuration) {
            Ok(judged) => judged,
            Err(why) => return Some(why.words().to_owned()),
        };
        let mut judged = judged.into_iter().filter(|(route, _)| route.name == name);
        let (_, judged) = judged.next()?;
        judged
            .err()
            .map(|why| format!("it doesn't go `{name}`: {why}"))
    }

    fn add(&mut self, event: &EventRecord, work: Option<&Work>) {
        self.tickets.push(Ticket {
            route: self.route.map(|route| route.name.to_string()),
            epoch: 1 + work.map_or(0, Work::epoch),
            ..Ticket::new(event.key.clone(), event.life(), Why::Replay, self.now)
        });
    }
}

/// The sources whose events a route takes.
fn sources_of<'c>(configuration: &'c Configuration, route: Option<&Route>) -> Vec<&'c str> {
    let names = configuration.source_names();
    let taken = |name: &&str| route.is_some_and(|route| route.from.includes(name));
    names.filter(taken).collect()
}

async fn send(stack: &Stack, tickets: &[Ticket]) -> Result<(), Failure> {
    let queue = stack.deployed.queue()?;
    let each = tickets.iter().map(|ticket| queue.send(ticket));
    let mut under_way = stream::iter(each).buffer_unordered(SENT_AT_ONCE);
    let (mut sent, mut failed) = (0_usize, None);
    while let Some(done) = under_way.next().await {
        match done {
            Ok(()) => sent += 1,
            Err(fault) => failed = failed.or(Some(fault)),
        }
    }
    match failed {
        None => Ok(()),
        Some(fault) => Err(Failure::trouble(format!(
            "the queue took {sent} of {} tickets, and the other events aren't run again: {fault}",
            tickets.len()
        ))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use protocol::{
        ledger::{Leg, State},
        time::UnixSeconds,
    };
    use support::records;

    use super::*;

    fn configuration() -> Configuration {
        let text = "[sources.github]\nprovider = \"github\"\n[sources.line]\nprovider = \"line\"\n\
                    [routes.opened]\nfrom = [\"github\"]\nwhere = { action = [\"opened\"] }\nto = \"handler:h\"\n\
                    [routes.all]\nfrom = \"*\"\nto = \"handler:h\"\n\
                    [routes.own]\nfrom = [\"landfall\"]\nto = \"handler:h\"\n";
        reader::read(text, Environment::Live).unwrap()
    }

    fn chosen<'c>(configuration: &'c Configuration, route: Option<&str>) -> Chosen<'c> {
        Chosen {
            configuration,
            route: route.map(|name| configuration.routes.get(name).unwrap()),
            now: records::RECEIVED,
            tickets: Vec::new(),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn an_event_is_left_out_if_its_ticket_would_do_nothing_and_its_reason_quotes_no_value() {
        let configuration = configuration();
        let event = records::event("github", "1");
        let body = br#"{"action":"private"}"#;
        let refused =
            |route, work: Option<&Work>| chosen(&configuration, route).refuses(&event, body, work);
        assert_eq!(refused(None, None), None);
        assert_eq!(refused(Some("all"), None), None);
        assert_eq!(
            refused(Some("opened"), None).as_deref(),
            Some("it doesn't go `opened`: not met: `action` (exact value)")
        );
        // It went the route when it came, whatever the file says now.
        let mut work = records::work(event.life(), State::Succeeded);
        let leg = Leg::opened(event.received_at);
        work.legs.insert("opened".to_owned(), leg);
        assert_eq!(refused(Some("opened"), Some(&work)), None);

        let expired = EventRecord {
            expires_at: UnixSeconds(1),
            ..event.clone()
        };
        let chosen = chosen(&configuration, None);
        assert!(chosen.refuses(&expired, body, None).is_some());
    }

    #[test]
    fn a_ticket_names_its_leg_and_has_a_number_above_all_there_were() {
        let configuration = configuration();
        let event = records::event("github", "1");
        let mut work = records::work(event.life(), State::Succeeded);
        work.all = 3;
        let mut chosen = chosen(&configuration, Some("all"));
        chosen.add(&event, None);
        chosen.add(&event, Some(&work));
        let told = chosen.tickets.iter();
        let told: Vec<_> = told
            .map(|ticket| {
                (
                    ticket.why,
                    ticket.route.as_deref(),
                    ticket.epoch,
                    ticket.life,
                )
            })
            .collect();
        let ticket = |epoch| (Why::Replay, Some("all"), epoch, event.life());
        assert_eq!(told, [ticket(1), ticket(4)]);
    }

    #[test]
    fn a_route_says_whose_events_may_be_meant() {
        let configuration = configuration();
        let of = |name| sources_of(&configuration, configuration.routes.get(name));
        assert_eq!(of("all"), ["github", "line"]);
        assert_eq!(of("opened"), ["github"]);
        assert_eq!(of("own"), ["landfall"]);
    }
}
