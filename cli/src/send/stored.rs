//! An event of the ledger that is sent again.

use catalogue::{Place, Source, Template};
use protocol::ledger::EventRecord;

use crate::{
    args::GivenEvent,
    delivery::replaced,
    events,
    failure::Failure,
    sample::{Sample, place},
    stack::Stack,
};

/// An event of the ledger, with its body.
pub(super) struct Stored {
    event: EventRecord,
    pub(super) body: Vec<u8>,
}

/// The event of this id; `None`: there is none, which was said.
pub(super) async fn find(
    stack: &Stack,
    source: &str,
    id: &str,
    as_json: bool,
) -> Result<Option<Stored>, Failure> {
    let source = stack.source_name(source)?;
    let Some(found) = events::find(stack, source, id, as_json).await? else {
        return Ok(None);
    };
    let body = stack.body(&found.event).await?;
    Ok(Some(Stored {
        event: found.event,
        body,
    }))
}

impl Stored {
    /// Gives a delivery of its body the headers that are kept of it, but for those that are to say something new.
    pub(super) fn dress(&self, delivery: &mut Sample, source: &Source, given: &GivenEvent) {
        let id = source.identity.id.filter(|_| !given.same_id);
        let event_type = source.event_type.filter(|_| given.event_type.is_some());
        let new: Vec<&str> = [id, event_type]
            .into_iter()
            .flatten()
            .flat_map(headers)
            .collect();
        let is_new = |name: &str| new.iter().any(|new| new.eq_ignore_ascii_case(name));
        // What Landfall says of itself, such as how often it went out, isn't the provider's.
        let kept = self.event.headers.iter();
        let kept = kept.filter(|(name, _)| !is_new(name) && !name.starts_with("landfall-"));
        let kept = kept.map(|(name, value)| (name.clone(), value.clone()));
        delivery.headers = replaced(&delivery.headers, kept.collect());
    }
}

/// The headers that a template reads.
fn headers(template: Template) -> Vec<&'static str> {
    let places = template.pieces().filter_map(place);
    let names = places.filter_map(|place| match place {
        Place::Header(_) => Some(place.names()),
        _ => None,
    });
    names.flatten().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser as _;
    use support::records;

    use super::*;
    use crate::args::{Cli, Command};

    fn dressed(arguments: &str) -> Vec<(String, String)> {
        let words = format!("landfall send --from github 1 {arguments}");
        let Command::Send(given) = Cli::try_parse_from(words.split_whitespace())
            .unwrap()
            .command
        else {
            panic!("{words}")
        };
        let mut event = records::event("github", "1");
        event.headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("landfall-hops", "2"),
            ("x-github-delivery", "old"),
            ("x-github-event", "push"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let source = Source::of(catalogue::Provider::named("github").unwrap());
        let mut delivery = Sample {
            headers: [("X-GitHub-Delivery", "new"), ("X-GitHub-Event", "issues")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            query: String::new(),
            body: Vec::new(),
        };
        let stored = Stored {
            event,
            body: Vec::new(),
        };
        stored.dress(&mut delivery, &source, &given);
        delivery.headers.sort();
        delivery.headers
    }

    #[test]
    fn the_headers_are_those_that_were_kept_but_for_the_id() {
        let headers = |arguments| {
            let all: Vec<String> = dressed(arguments)
                .into_iter()
                .map(|(_, value)| value)
                .collect();
            all.join(" ")
        };
        let kind = "application/json; charset=utf-8";
        assert_eq!(headers(""), format!("new {kind} push"));
        assert_eq!(headers("--same-id"), format!("{kind} old push"));
        assert_eq!(headers("--type issues"), format!("new issues {kind}"));
    }
}
