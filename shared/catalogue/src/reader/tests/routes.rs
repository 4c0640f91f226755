//! Which events go where.

use std::time::Duration;

use super::{super::read_with_handlers, fault, faults, read};
use crate::{
    Environment, EventTemplate, Route, SourceName, hops,
    route::{Backoff, FromSources, OrderBy, To, TypePattern},
};

/// A source, a destination, and what follows, from the fifth line on.
fn with(lines: &str) -> String {
    format!(
        "[sources.stripe]\nprovider = \"stripe\"\n\
         [destinations.billing]\nhttp = \"https://billing.example.com\"\n{lines}\n"
    )
}

/// A route with these lines, from the sixth on.
fn route(lines: &str) -> String {
    with(&format!("[routes.paid]\n{lines}"))
}

/// A route that is well but for this line, the eighth.
fn with_line(line: &str) -> String {
    route(&format!("from = \"*\"\nto = \"billing\"\n{line}"))
}

fn one(lines: &str) -> Route {
    let read = read(&route(lines), Environment::Local).unwrap();
    read.routes.get("paid").unwrap().clone()
}

#[test]
fn a_route_says_whose_events_of_which_types_go_where() {
    let found = one(
        "from = [\"stripe\"]\ntypes = [\"invoice.*\", \"charge.refunded\"]\nto = \"billing\"\n\
         headers = { X-Source = \"{source}\" }\ntries = 20\nage_limit = \"3d\"\n\
         backoff = { base = \"10s\", max = \"1h\" }\n\
         order_by = { entity = \"{json:data.object.id}\", version = \"{json:created}\" }",
    );
    let template = |text| EventTemplate::parse(text).unwrap();
    let stripe = SourceName::new("stripe").unwrap();
    assert_eq!(found.name.as_str(), "paid");
    assert_eq!(found.from, FromSources::These(vec![stripe]));
    assert_eq!(
        found.types,
        [
            TypePattern::Beginning("invoice."),
            TypePattern::Exact("charge.refunded")
        ]
    );
    assert!(matches!(found.to, To::Destination(name) if name.as_str() == "billing"));
    assert_eq!(found.headers, [("X-Source", template("{source}"))]);
    assert_eq!(found.tries, Some(20));
    assert_eq!(found.age_limit, Some(Duration::from_hours(72)));
    assert_eq!(
        found.backoff,
        Some(Backoff {
            base: Duration::from_secs(10),
            max: Duration::from_hours(1),
        })
    );
    assert_eq!(
        found.order_by,
        Some(OrderBy {
            entity: template("{json:data.object.id}"),
            version: template("{json:created}"),
        })
    );
}

#[test]
fn what_a_route_does_not_say_is_left_to_the_stack() {
    let found = one("from = \"*\"\nto = \"handler:invoices\"");
    assert_eq!(found.from, FromSources::All);
    assert!(matches!(found.to, To::Handler(name) if name.as_str() == "invoices"));
    assert!(found.types.is_empty() && found.headers.is_empty());
    assert_eq!(
        (found.tries, found.backoff, found.age_limit),
        (None, None, None)
    );
    assert_eq!(found.order_by, None);
}

#[test]
fn a_route_comes_from_somewhere_and_leads_somewhere() {
    fault(
        &route("to = \"billing\""),
        5,
        "has no `from`",
        "from = \"*\"",
    );
    fault(&route("from = \"*\""), 5, "leads nowhere", "handler:");
}

#[test]
fn what_a_route_names_is_there() {
    for (lines, line, wrong, mend) in [
        (
            "from = [\"strpe\"]\nto = \"billing\"",
            6,
            "there is no source `strpe`",
            "did you mean `stripe`?",
        ),
        (
            "from = [\"orum\"]\nto = \"billing\"",
            6,
            "there is no source `orum`",
            "[sources.orum]",
        ),
        (
            "from = [\"stripe\",\n\"stripe\"]\nto = \"billing\"",
            7,
            "names `stripe` twice",
            "keep one",
        ),
        (
            "from = [\"Stripe\"]\nto = \"billing\"",
            6,
            "can't be the name of a source",
            "from = \"*\"",
        ),
        (
            "from = \"stripe\"\nto = \"billing\"",
            6,
            "is not a list of sources",
            "from = [\"stripe\"]",
        ),
        (
            "from = []\nto = \"billing\"",
            6,
            "`from` is an empty list",
            "name",
        ),
        (
            "from = \"*\"\nto = \"biling\"",
            7,
            "there is no destination `biling`",
            "did you mean `billing`?",
        ),
        (
            "from = \"*\"\nto = \"warehouse\"",
            7,
            "there is no destination `warehouse`",
            "[destinations.warehouse]",
        ),
        (
            "from = \"*\"\nto = \"handler:\"",
            7,
            "`handler:` is no place to go to",
            "handler:invoices",
        ),
        (
            "from = \"*\"\nto = \"https://a.example\"",
            7,
            "is no place to go to",
            "name of a destination",
        ),
    ] {
        fault(&route(lines), line, wrong, mend);
    }
}

#[test]
fn what_a_route_names_is_there_in_each_of_its_environments() {
    let text = "[sources.drill]\nprovider = \"stripe\"\nenvironments = [\"local\", \"test\"]\n\
                [destinations.desk]\nhttp = \"http://127.0.0.1:9000\"\nenvironments = [\"local\"]\n\
                [routes.all]\nfrom = [\"drill\"]\nto = \"desk\"\n";
    let found = faults(text);
    let said: Vec<_> = (found.iter())
        .map(|fault| (fault.line, fault.fault.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                8,
                "the source `drill` is not configured in the environment `live`"
            ),
            (
                9,
                "the destination `desk` is not configured in the environment `live`"
            ),
            (
                9,
                "the destination `desk` is not configured in the environment `test`"
            ),
        ]
    );
    assert!(found[0].mend.contains("[routes.name.live]"), "{found:#?}");
    let sound = format!("{text}environments = [\"local\"]\n");
    let routes = |environment| read(&sound, environment).unwrap().routes;
    assert!(routes(Environment::Local).get("all").is_some());
    assert!(routes(Environment::Live).get("all").is_none());
}

#[test]
fn a_route_may_differ_by_environment() {
    let text = route("from = \"*\"\nto = \"billing\"\ntries = 20\n[routes.paid.live]\ntries = 5");
    let tries = |environment| {
        read(&text, environment)
            .unwrap()
            .routes
            .get("paid")
            .unwrap()
            .tries
    };
    assert_eq!(tries(Environment::Test), Some(20));
    assert_eq!(tries(Environment::Live), Some(5));
}

#[test]
fn types_limits_and_order_are_held_to_their_forms() {
    for (line, wrong, mend) in [
        (
            "types = [\"*.paid\"]",
            "a `*` elsewhere than at its end",
            "invoice.*",
        ),
        ("types = [\"\"]", "`types` is empty", "leave"),
        ("types = []", "`types` is an empty list", "leave"),
        (
            "tries = 0",
            "`tries` is not a whole number from 1 to 50",
            "tries = 1",
        ),
        (
            "tries = 51",
            "`tries` is not a whole number from 1 to 50",
            "tries",
        ),
        (
            "age_limit = \"59s\"",
            "`age_limit` is not from 1m to 4d",
            "age_limit = \"1m\"",
        ),
        (
            "age_limit = \"5d\"",
            "`age_limit` is not from 1m to 4d",
            "age_limit = \"4d\"",
        ),
        (
            "age_limit = \"3 days\"",
            "is no length of time",
            "s, m, h or d",
        ),
        (
            "backoff = { base = \"5s\" }",
            "`backoff` has no `max`",
            "max = \"15m\"",
        ),
        (
            "backoff = { max = \"5s\" }",
            "`backoff` has no `base`",
            "base = \"5s\"",
        ),
        (
            "backoff = { base = \"1h\", max = \"5m\" }",
            "`max` is shorter than `base`",
            "base",
        ),
        (
            "backoff = { base = \"2h\", max = \"3h\" }",
            "`base` is not from 1s to 1h",
            "base",
        ),
        (
            "backoff = { base = \"1h\", max = \"1d\" }",
            "`max` is not from 1s to 12h",
            "max",
        ),
        ("backoff = \"5s\"", "`backoff` is not a table", "base"),
        (
            "order_by = { entity = \"{json:id}\" }",
            "`order_by` has no `version`",
            "version = ",
        ),
        (
            "order_by = { version = \"{json:v}\" }",
            "`order_by` has no `entity`",
            "entity = ",
        ),
        (
            "order_by = { entity = \"one\", version = \"{json:v}\" }",
            "`entity` is the same for every event",
            "take it from the event",
        ),
        (
            "order_by = { entity = \"{json:id}\", version = \"{timestamp}\" }",
            "`{timestamp}` is no placeholder",
            "version",
        ),
        (
            "headers = { webhook-id = \"a\" }",
            "set by whoever sends",
            "leave",
        ),
        (
            "headers = { X-A = \"{body}\" }",
            "`{body}` is no placeholder",
            "X-A",
        ),
        ("colour = 1", "unknown key `colour`", "the keys here are"),
    ] {
        fault(&with_line(line), 8, wrong, mend);
    }
    fault(
        &route("from = \"*\"\nto = \"handler:a\"\nheaders = { X-A = \"b\" }"),
        8,
        "says nothing to a handler",
        "leave it out",
    );
}

#[test]
fn handlers_are_held_to_those_that_the_consumer_has() {
    let text = route("from = \"*\"\nto = \"handler:invoises\"");
    read(&text, Environment::Local).unwrap();
    let with = |handlers: &[&str]| read_with_handlers(&text, Environment::Local, handlers);
    let mend = |handlers: &[&str]| {
        let found = with(handlers).unwrap_err();
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].line, 7);
        assert_eq!(found[0].fault, "the consumer has no handler `invoises`");
        found[0].mend.clone()
    };
    assert_eq!(
        mend(&["invoices", "people"]),
        "did you mean `handler:invoices`?"
    );
    assert_eq!(mend(&["people", "drill"]), "there are people and drill");
    assert_eq!(mend(&[]), "this consumer has none");
    assert!(with(&["invoises"]).is_ok());
}

#[test]
fn two_routes_of_one_name_are_no_toml() {
    let text = with_line("[routes.paid]\nfrom = \"*\"");
    fault(
        &text,
        8,
        "the table `[routes.paid]` stands there twice",
        "give the second another name",
    );
}

#[test]
fn a_condition_is_a_table_or_a_pattern_of_eventbridge() {
    let pattern = |line: &str| {
        let read = read(&with_line(line), Environment::Local).unwrap();
        let route = read.routes.get("paid").unwrap().clone();
        route.condition.unwrap()
    };
    let json =
        serde_json::json!({ "data": { "amount": [{ "numeric": [">", 0] }], "state": ["paid"] } });
    let expected = crate::Condition::read(&json).unwrap();
    let table = "where = { data = { amount = [{ numeric = [\">\", 0] }], state = [\"paid\"] } }";
    assert_eq!(pattern(table), expected);
    assert_eq!(pattern(&format!("where = '{json}'")), expected);
    let table =
        "[routes.paid.where]\ndata.state = [\"paid\"]\ndata.amount = [{ numeric = [\">\", 0] }]";
    assert_eq!(pattern(table), expected);
    let null = serde_json::json!({ "data": [null] });
    assert_eq!(
        pattern(&format!("where = '{null}'")),
        crate::Condition::read(&null).unwrap()
    );
}

#[test]
fn every_fault_of_a_condition_or_a_body_is_named_with_its_place() {
    let found = faults(&with_line(
        "[routes.paid.where]\ndata.state = \"paid\"\nid = [{ prefx = \"a\" }]\n\
         [routes.paid.body]\nid = \"{json:id}\"\nlist = [1,\n\"{nothing}\"]\nwhen = 2026-11-29",
    ));
    let said: Vec<_> = (found.iter())
        .map(|fault| (fault.line, fault.fault.split(": ").next().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            (9, "`where` at `data.state`"),
            (10, "`where` at `id.0.prefx`"),
            (15, "`body` has a value that JSON has not"),
        ],
        "{found:#?}"
    );
    fault(
        &with_line("body = [1,\n\"{nothing}\"]"),
        9,
        "`body` at `1`: `{nothing}`",
        "",
    );
    fault(
        &with_line("where = 1"),
        8,
        "`where` is not a table",
        "where = ",
    );
    fault(
        &with_line("where = '{'"),
        8,
        "a text that is no JSON",
        "a table",
    );
    fault(&with_line("where = '1'"), 8, "`where`", "");
    fault(
        &with_line("where = { a = [inf] }"),
        8,
        "a value that JSON has not",
        "a number",
    );
}

#[test]
fn a_body_is_what_is_sent() {
    let found =
        one("from = \"*\"\nto = \"billing\"\nbody = { id = \"{json:id}\", n = [1, 2.5, true] }");
    let json = serde_json::json!({ "id": "{json:id}", "n": [1, 2.5, true] });
    assert_eq!(found.body.map(|body| body.to_json()), Some(json));
    let whole = one("from = \"*\"\nto = \"billing\"\nbody = \"{body}\"");
    assert_eq!(whole.body, Some(crate::Reshape::Payload));
}

const ALERTS: &str =
    "[destinations.ops]\nhttp = \"https://ops.example\"\n[routes.alerts]\nfrom = [\"landfall\"]\n";

#[test]
fn the_landings_own_events_go_where_nothing_else_goes() {
    let all = "[routes.all]\nfrom = \"*\"\n";
    // Everything of everybody, and what tells of that, to two places; a handler may have both.
    for (all_to, alerts_to) in [
        ("billing", "ops"),
        ("handler:a", "handler:a"),
        ("ops", "handler:a"),
    ] {
        let text = with(&format!(
            "{ALERTS}to = \"{alerts_to}\"\n{all}to = \"{all_to}\""
        ));
        read(&text, Environment::Local).unwrap();
    }
    let text = with(&format!("{ALERTS}to = \"ops\"\n{all}to = \"ops\""));
    fault(
        &text,
        9,
        "`ops` gets the landing's own events, and others by the route `all`",
        "of their own",
    );
    let text = with(
        &format!("{ALERTS}to = \"ops\"\n").replace("\"landfall\"", "\"landfall\", \"stripe\""),
    );
    fault(&text, 9, "and others by the same route", "of their own");
    // In one environment alone.
    let text = with(&format!(
        "{ALERTS}to = \"ops\"\n{all}to = \"billing\"\n[routes.all.live]\nto = \"ops\""
    ));
    fault(&text, 9, "others by the route `all`", "of their own");
}

#[test]
fn of_the_landings_own_events_there_are_three() {
    let types = |types: &str| with(&format!("{ALERTS}to = \"ops\"\ntypes = [\"{types}\"]"));
    for sound in ["landfall.event.failed", "landfall.destination.*", "*"] {
        read(&types(sound), Environment::Local).unwrap();
    }
    fault(
        &types("landfall.event.lost"),
        10,
        "none of these types is one of the landing's own events",
        "landfall.destination.closed",
    );
}

#[test]
fn names_that_landfall_has_for_itself_are_no_sources() {
    for name in ["landfall", "destination", "order"] {
        fault(
            &format!("[sources.{name}]\nprovider = \"stripe\"\n"),
            1,
            "Landfall has it for itself",
            "choose another",
        );
    }
}

#[test]
fn what_may_stand_in_an_unreadable_line_is_not_called_missing() {
    let found = faults(
        "[sources.stripe\nprovider = \"stripe\"\n[routes.a]\nfrom = [\"stripe\"]\nto = \"b\"\n",
    );
    assert!(
        found
            .iter()
            .all(|fault| !fault.fault.contains("there is no")),
        "{found:#?}"
    );
}

#[test]
fn what_counts_rounds_is_kept_of_sources_whose_events_go_out_and_of_no_others() {
    let keeps = |lines: &str| {
        let read = read(&with(lines), Environment::Local).unwrap();
        let stripe = read.sources.get("stripe").unwrap();
        stripe.kept_headers().any(|name| name == hops::HEADER)
    };
    let github = "[sources.github]\nprovider = \"github\"\n";
    assert!(keeps("[routes.a]\nfrom = \"*\"\nto = \"billing\""));
    assert!(keeps("[routes.a]\nfrom = [\"stripe\"]\nto = \"billing\""));
    assert!(!keeps(
        "[routes.a]\nfrom = [\"stripe\"]\nto = \"handler:a\""
    ));
    assert!(!keeps(&format!(
        "{github}[routes.a]\nfrom = [\"github\"]\nto = \"billing\""
    )));
    assert!(!keeps(
        "[routes.a]\nfrom = \"*\"\nto = \"billing\"\nenvironments = [\"live\"]"
    ));
    assert!(!keeps(""));
}
