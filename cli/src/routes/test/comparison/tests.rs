use catalogue::{Environment, reader};
use protocol::ledger::EventRecord;
use serde_json::{Value, json};
use support::records;

use super::*;

fn configuration(routes: &str) -> Configuration {
    let text = format!(
        "[sources.github]\nprovider = \"github\"\n[sources.line]\nprovider = \"line\"\n\
         [destinations.a]\nhttp = \"https://a.example.com\"\n\
         [destinations.b]\nsqs = \"arn:aws:sqs:eu-central-1:123456789012:b.fifo\"\ngroup = \"{{json:repo}}\"\n{routes}"
    );
    reader::read(&text, Environment::Live).unwrap()
}

/// What came of these bodies, each of an event of its own that went these routes.
fn compared(now: &str, before: Option<&str>, events: &[(Value, Option<&[&str]>)]) -> Vec<String> {
    let (now, before) = (configuration(now), before.map(configuration));
    let before = before.as_ref().map_or(Before::Legs, Before::File);
    let mut comparison = Comparison::new(&now, before);
    for (number, (body, legs)) in events.iter().enumerate() {
        let event = records::event("github", &number.to_string());
        let body = body.to_string();
        let recorded = Recorded {
            event: &event,
            body: body.as_bytes(),
        };
        comparison.add(recorded, *legs);
    }
    let mut told: Vec<String> = comparison.routes.iter().map(told).collect();
    if comparison.without_legs > 0 {
        told.push(format!("{} without legs", comparison.without_legs));
    }
    told
}

/// What was counted of a route, and the first event of each count.
fn told((name, counts): (&String, &Counts)) -> String {
    let of = |count: &Count| match &count.sample {
        None => "0".to_owned(),
        Some(sample) => format!("{} (#{})", count.count, sample.key.id()),
    };
    let Counts {
        is_there,
        matches,
        newly,
        no_longer,
        fails,
        changed,
    } = counts;
    let counts = [matches, newly, no_longer, fails, changed]
        .map(of)
        .join(" ");
    let gone = if *is_there { "" } else { " gone" };
    format!("{name}{gone}: {counts}")
}

fn opened(number: u32) -> Value {
    json!({"action": "opened", "issue": {"id": number}, "repo": "r"})
}

fn closed() -> Value {
    json!({"action": "closed", "issue": {}, "repo": "r"})
}

const OPENED: &str =
    "[routes.opened]\nfrom = [\"github\"]\nwhere = { action = [\"opened\"] }\nto = \"a\"\n";

#[test]
fn the_routes_of_two_files_are_compared_event_by_event() {
    let before =
        "[routes.all]\nfrom = \"*\"\nto = \"a\"\n[routes.opened]\nfrom = \"*\"\nto = \"a\"\n";
    let now = format!("{OPENED}[routes.new]\nfrom = \"*\"\nto = \"a\"\n");
    let events = [(closed(), None), (opened(1), None), (closed(), None)];
    // Matches, newly, no longer, fails, changed.
    assert_eq!(
        compared(&now, Some(before), &events),
        [
            "all gone: 0 0 3 (#0) 0 0",
            "new: 3 (#0) 3 (#0) 0 0 0",
            "opened: 1 (#1) 0 2 (#0) 0 0",
        ]
    );
}

#[test]
fn the_legs_of_an_event_say_which_routes_it_went() {
    let events: [(Value, Option<&[&str]>); 4] = [
        (closed(), Some(&["opened", "gone"])),
        (opened(1), Some(&["opened"])),
        (opened(2), Some(&[])),
        (opened(3), None),
    ];
    assert_eq!(
        compared(OPENED, None, &events),
        [
            "gone gone: 0 0 1 (#0) 0 0",
            "opened: 3 (#1) 1 (#2) 1 (#0) 0 0",
            "1 without legs",
        ]
    );
}

#[test]
fn why_an_event_no_longer_goes_a_route_and_why_nothing_can_be_sent_is_said_without_a_value() {
    let now = configuration(&format!(
        "{OPENED}body = {{ id = \"{{json:issue.number}}\" }}\n"
    ));
    let mut comparison = Comparison::new(&now, Before::Legs);
    let event = records::event("github", "1");
    for body in [closed(), opened(77)] {
        let body = body.to_string();
        let recorded = Recorded {
            event: &event,
            body: body.as_bytes(),
        };
        comparison.add(recorded, Some(&["opened"]));
    }
    let counts = &comparison.routes["opened"];
    let about = |count: &Count| count.sample.as_ref().unwrap().about.clone();
    assert_eq!(
        about(&counts.no_longer).as_deref(),
        Some("not met: `action` (exact value)")
    );
    assert_eq!(
        about(&counts.fails).as_deref(),
        Some("`{json:issue.number}` finds nothing")
    );
}

#[test]
fn what_is_sent_otherwise_is_shown_line_by_line() {
    let before = configuration(&format!(
        "{OPENED}body = {{ id = \"{{json:issue.id}}\", kind = \"issue\" }}\n"
    ));
    let now = configuration(
        "[routes.opened]\nfrom = [\"github\"]\nto = \"b\"\nheaders = { X-Team = \"t\" }\n\
         body = { id = \"{json:issue.id}\", kind = \"bug\" }\n",
    );
    let mut comparison = Comparison::new(&now, Before::File(&before));
    let event = records::event("github", "1");
    let body = r#"{"action":"opened","issue":{"id":12345678901234567890},"repo":"r"}"#;
    let recorded = Recorded {
        event: &event,
        body: body.as_bytes(),
    };
    comparison.add(recorded, None);
    let changed = &comparison.routes["opened"].changed;
    let sample = changed.sample.as_ref().unwrap();
    insta::assert_snapshot!(sample.about.as_ref().unwrap(), @r#"
    @@ -1,5 +1,7 @@
    -to a
    +to b
    +header X-Team: t
    +group: r
     {
       "id": 12345678901234567890,
    -  "kind": "issue"
    +  "kind": "bug"
     }
    "#);

    let mut same = Comparison::new(&before, Before::File(&before));
    same.add(recorded, None);
    assert_eq!(same.routes["opened"].changed.count, 0);
}

#[test]
fn the_original_bytes_are_compared_with_what_is_made_of_them() {
    let events = [(opened(1), None)];
    let reshaped = format!("{OPENED}body = {{ id = \"{{json:issue.id}}\" }}\n");
    let original = "opened: 1 (#0) 0 0 0 1 (#0)";
    assert_eq!(compared(&reshaped, Some(OPENED), &events), [original]);
    assert_eq!(compared(OPENED, Some(&reshaped), &events), [original]);
    let the_same = format!("{OPENED}body = \"{{body}}\"\n");
    let unchanged = "opened: 1 (#0) 0 0 0 0";
    assert_eq!(compared(&the_same, Some(OPENED), &events), [unchanged]);
}

#[test]
fn a_bundle_goes_no_route() {
    let now = configuration("[routes.all]\nfrom = \"*\"\nto = \"a\"\n");
    let mut comparison = Comparison::new(&now, Before::Legs);
    let bundle = records::event("line", "1");
    let item = EventRecord {
        parent: Some(bundle.key.clone()),
        ..records::event("line", "2")
    };
    for event in [&bundle, &item] {
        let body = br#"{"events":[{"webhookEventId":"1"}]}"#;
        comparison.add(Recorded { event, body }, None);
    }
    let all = &comparison.routes["all"];
    assert_eq!((comparison.no_events, all.matches.count), (1, 1));
    assert_eq!(all.matches.sample.as_ref().unwrap().key, item.key);
}
