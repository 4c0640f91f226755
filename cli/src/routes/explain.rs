//! `landfall routes explain`: which routes an event of the ledger goes, and why not the others.

use std::process::ExitCode;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Configuration, route::Route};
use jiff::Timestamp;
use routing::{
    NoMatch,
    order::{Order, Version, VersionKind},
};
use serde_json::{Value, json};

use super::{
    list::leads_to,
    outgoing::{Sent, sent},
    recorded::{NoEvent, Recorded},
};
use crate::{
    escape,
    events::{self, find},
    failure::Failure,
    indent::indented,
    print,
    stack::Stack,
};

pub(super) async fn run(
    stack: &Stack,
    source: &str,
    id: &str,
    with_body: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let Some(found) = find(stack, source, id, as_json).await? else {
        return Ok(ExitCode::FAILURE);
    };
    let body = stack.body(&found.event).await?;
    let recorded = Recorded {
        event: &found.event,
        body: &body,
    };
    let told = told(recorded, &stack.configured, with_body);
    if as_json {
        print::json(&told);
        return Ok(ExitCode::SUCCESS);
    }
    let event = recorded.event;
    print::line(&format!(
        "{} of {} ({}), received {}, by {} in {}",
        escape::value(&event.event_id),
        event.key.source(),
        escape::value(&event.event_type),
        print::time(event.received_at),
        stack.file,
        stack.environment.as_str(),
    ));
    say(&told);
    Ok(ExitCode::SUCCESS)
}

/// What is to be told of an event.
fn told(recorded: Recorded<'_>, configuration: &Configuration, with_body: bool) -> Value {
    let event = recorded.event;
    let judged = recorded.judged(configuration);
    let routes = judged.as_ref().map(|judged| {
        let each = judged.iter();
        each.map(|(route, judged)| {
            told_of_route(recorded, configuration, route, judged.as_ref(), with_body)
        })
        .collect::<Vec<_>>()
    });
    let mut told = events::named(event);
    told["no_event"] = (judged.as_ref().err())
        .map(|why: &NoEvent| why.words())
        .into();
    told["routes"] = routes.unwrap_or_default().into();
    told
}

fn told_of_route(
    recorded: Recorded<'_>,
    configuration: &Configuration,
    route: &Route,
    judged: Result<&(), &NoMatch>,
    with_body: bool,
) -> Value {
    let mut told = json!({
        "route": route.name.as_str(),
        "to": leads_to(route),
        "matches": judged.is_ok(),
    });
    if let Err(why) = judged {
        told["why_not"] = why.to_string().into();
        if let NoMatch::Payload(mismatch) = why {
            told["field"] = mismatch.path.clone().into();
            told["asked"] = mismatch.kind.clone().into();
        }
        return told;
    }
    if recorded.is_sealed(configuration) {
        return told;
    }
    match sent(recorded, route, configuration) {
        Err(why) => told["fails"] = why.into(),
        Ok(sent) => {
            if let Some(Order { entity, version }) = &sent.order {
                told["order"] = json!({
                    "entity": entity,
                    "version": readable(version),
                    "kind": version.kind().as_str(),
                });
            }
            if with_body {
                told["sends"] = sends(&sent);
            }
        }
    }
    told
}

fn readable(version: &Version) -> String {
    let number = version.number();
    let time = match version.kind() {
        VersionKind::Number => None,
        VersionKind::Time => number.parse().ok(),
    };
    let time = time.and_then(|nanoseconds| Timestamp::from_nanosecond(nanoseconds).ok());
    time.map_or(number, |time| time.to_string())
}

/// What a route sends, whole.
fn sends(sent: &Sent) -> Value {
    let mut told = json!({"original": sent.body.is_none(), "headers": sent.headers});
    if let Some((name, text)) = &sent.key {
        told[*name] = text.clone().into();
    }
    match sent.body.clone().map(String::from_utf8) {
        None => {}
        Some(Ok(text)) => told["body"] = text.into(),
        Some(Err(binary)) => told["body_base64"] = STANDARD.encode(binary.as_bytes()).into(),
    }
    told
}

fn say(told: &Value) {
    if let Some(why) = told["no_event"].as_str() {
        print::line(&format!("It goes no route: {why}."));
        return;
    }
    let routes = told["routes"].as_array().map_or(&[][..], Vec::as_slice);
    if routes.is_empty() {
        print::line("There are no routes.");
        return;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows: Vec<[String; 4]> = routes
        .iter()
        .map(|route| {
            let (goes, why) = if route["matches"] != true {
                ("no", text(&route["why_not"]))
            } else if let Some(why) = route["fails"].as_str() {
                ("fails", why.to_owned())
            } else if let Some(order) = route["order"].as_object() {
                let (entity, version) = (text(&order["entity"]), text(&order["version"]));
                ("yes", format!("order: {entity} at {version}"))
            } else {
                ("yes", "-".to_owned())
            };
            [
                text(&route["route"]),
                text(&route["to"]),
                goes.to_owned(),
                why,
            ]
        })
        .collect();
    print::table(["route", "to", "goes", "why"], &rows);
    for route in routes {
        say_what_is_sent(&text(&route["route"]), &route["sends"]);
    }
}

fn say_what_is_sent(route: &str, sends: &Value) {
    let Some(sends) = sends.as_object() else {
        return;
    };
    print::line(&format!("\n{route} sends"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let headers = sends["headers"].as_object().into_iter().flatten();
    let headers = headers.map(|(name, value)| (format!("header {name}"), text(value)));
    let keys = ["group", "key"].into_iter();
    let keys = keys.filter_map(|name| Some((name.to_owned(), text(sends.get(name)?))));
    print::pairs(&headers.chain(keys).collect::<Vec<_>>());
    match sends.get("body").and_then(Value::as_str) {
        Some(body) => print::line(&indented(body).unwrap_or_else(|| body.to_owned())),
        None => print::line("the original bytes, which `landfall events show --raw` prints"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use support::records;

    use super::*;

    const CONFIGURATION: &str = r#"
        [sources.github]
        provider = "github"

        [destinations.archive]
        s3 = "acme-webhooks"
        key = "{source}/{json:issue.id}.json"

        [destinations.desk]
        http = "https://desk.example.com/hooks"

        [routes.archive]
        from = "*"
        to = "archive"

        [routes.bugs]
        from = ["github"]
        types = ["issue.*"]
        where = { issue = { labels = ["bug"] } }
        to = "handler:bugs"

        [routes.closed]
        from = ["github"]
        types = ["issue.closed"]
        to = "handler:bugs"

        [routes.ordered]
        from = ["github"]
        to = "desk"
        body = { id = "{json:issue.id}" }
        order_by = { entity = "issue {json:issue.id}", version = "{json:issue.at}" }

        [routes.number]
        from = ["github"]
        to = "desk"
        body = { id = "{json:issue.number}" }
    "#;

    fn told_of(source: &str, with_body: bool) -> Value {
        let configuration = reader::read(CONFIGURATION, Environment::Live).unwrap();
        let event = records::event(source, "1");
        let body = br#"{"issue":{"id":7,"at":"2026-11-29T22:00:00Z","labels":["private"]}}"#;
        let event = &event;
        told(Recorded { event, body }, &configuration, with_body)
    }

    #[test]
    fn every_route_says_whether_it_is_gone_and_by_which_field_it_is_not() {
        let told = told_of("github", false);
        assert_eq!(told["no_event"], Value::Null);
        assert_eq!(
            told["routes"],
            json!([
                {"route": "archive", "to": "archive", "matches": true},
                {
                    "route": "bugs", "to": "handler:bugs", "matches": false,
                    "why_not": "not met: `issue.labels` (exact value)",
                    "field": "issue.labels", "asked": "exact value",
                },
                {
                    "route": "closed", "to": "handler:bugs", "matches": false,
                    "why_not": "it is of another type",
                },
                {
                    "route": "number", "to": "desk", "matches": true,
                    "fails": "`{json:issue.number}` finds nothing",
                },
                {
                    "route": "ordered", "to": "desk", "matches": true,
                    "order": {"entity": "issue 7", "version": "2026-11-29T22:00:00Z", "kind": "time"},
                },
            ])
        );
    }

    #[test]
    fn what_is_sent_is_told_when_it_is_asked_for() {
        let told = told_of("github", true);
        let sends = |route: usize| &told["routes"][route]["sends"];
        let archive = json!({"original": true, "headers": {}, "key": "github/7.json"});
        assert_eq!(sends(0), &archive);
        assert_eq!(sends(4)["body"], "{\"id\":7}");
        let unasked = told_of("github", false).to_string();
        assert!(!unasked.contains("private") && !unasked.contains("7.json"));
    }

    #[test]
    fn an_event_of_a_source_that_is_gone_is_judged_all_the_same() {
        let told = told_of("stripe", false);
        let of_route = |route: usize| told["routes"][route]["matches"] == true;
        assert_eq!([0, 1, 2].map(of_route), [true, false, false]);
    }
}
