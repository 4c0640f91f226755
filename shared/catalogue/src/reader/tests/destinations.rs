//! Where events go.

use std::time::Duration;

use super::{fault, faults, read};
use crate::{
    Destination, Environment, EventTemplate,
    destination::{HeaderValue, Http, Kind, Rate},
};

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:orders";

/// A destination with these lines, from the second on.
fn destination(lines: &str) -> String {
    format!("[destinations.billing]\n{lines}\n")
}

fn one(lines: &str) -> Destination {
    let read = read(&destination(lines), Environment::Local).unwrap();
    let mut all = read.destinations.iter();
    all.next().unwrap().clone()
}

fn template(text: &'static str) -> EventTemplate {
    EventTemplate::parse(text).unwrap()
}

#[test]
fn a_service_is_posted_to() {
    let found = one("http = \"https://billing.example.com:8443/hooks?b=1\"\n\
         headers = { X-Team = \"billing\", Authorization = { secret = \"bearer\" } }\nsecret = \"billing-hooks\"\n\
         rate = \"50/s\"\nconcurrency = 4\ntimeout = \"10s\"");
    assert_eq!(found.name.as_str(), "billing");
    assert_eq!(
        found.kind,
        Kind::Http(Http {
            url: "https://billing.example.com:8443/hooks?b=1",
            headers: vec![
                ("Authorization", HeaderValue::Secret("bearer")),
                ("X-Team", HeaderValue::Text("billing")),
            ],
            secret: Some("billing-hooks"),
        })
    );
    let per = Duration::from_secs(1);
    assert_eq!(found.rate, Some(Rate { count: 50, per }));
    assert_eq!(found.concurrency, Some(4));
    assert_eq!(found.timeout, Some(Duration::from_secs(10)));
}

#[test]
fn every_kind_has_its_key() {
    let bare = |lines: &str| one(lines).kind;
    assert!(matches!(
        bare("event_bridge = \"arn:aws:events:eu-central-1:123456789012:event-bus/default\""),
        Kind::EventBridge { bus } if bus.resource() == "event-bus/default"
    ));
    assert!(matches!(
        bare(&format!("sqs = \"{QUEUE}\"")),
        Kind::Sqs { queue, group: None } if queue.as_str() == QUEUE
    ));
    assert!(matches!(
        bare("sns = \"arn:aws:sns:eu-central-1:123456789012:orders\""),
        Kind::Sns { group: None, .. }
    ));
    let function = "lambda = \"arn:aws:lambda:eu-central-1:123456789012:function:orders:live\"";
    assert!(matches!(
        bare(function),
        Kind::Lambda {
            asynchronous: false,
            ..
        }
    ));
    assert!(matches!(
        bare(&format!("{function}\ninvocation = \"asynchronous\"")),
        Kind::Lambda {
            asynchronous: true,
            ..
        }
    ));
    assert!(matches!(
        bare("step_functions = \"arn:aws:states:eu-central-1:123456789012:stateMachine:orders\""),
        Kind::StepFunctions { .. }
    ));
    let stream = "kinesis = \"arn:aws:kinesis:eu-central-1:123456789012:stream/orders\"";
    assert!(matches!(bare(stream), Kind::Kinesis { key: None, .. }));
    assert!(matches!(
        bare(&format!("{stream}\nkey = \"{{json:customer}}\"")),
        Kind::Kinesis { key: Some(key), .. } if key == template("{json:customer}")
    ));
    assert!(matches!(
        bare("firehose = \"arn:aws:firehose:eu-central-1:123456789012:deliverystream/orders\""),
        Kind::Firehose { .. }
    ));
    assert_eq!(
        bare("s3 = \"orders-archive\"\nkey = \"{source}/{date}/{event_id}.json\""),
        Kind::S3 {
            bucket: "orders-archive",
            key: template("{source}/{date}/{event_id}.json"),
        }
    );
}

#[test]
fn a_destination_is_one_thing() {
    fault(&destination(""), 1, "leads nowhere", "http = ");
    fault(
        &destination(&format!("http = \"https://a.example\"\nsqs = \"{QUEUE}\"")),
        3,
        "two things at once: `http` and `sqs`",
        "keep one",
    );
}

#[test]
fn a_group_goes_with_fifo_and_with_nothing_else() {
    for (key, service, noun) in [("sqs", "sqs", "queue"), ("sns", "sns", "topic")] {
        let arn = format!("{key} = \"arn:aws:{service}:eu-central-1:123456789012:orders");
        let group = "group = \"{json:customer}\"";
        fault(
            &destination(&format!("{arn}.fifo\"")),
            2,
            &format!("a FIFO {noun} has no `group`"),
            "group = \"{json:",
        );
        fault(
            &destination(&format!("{arn}\"\n{group}")),
            3,
            &format!("`group` says nothing to a standard {noun}"),
            "`.fifo`",
        );
        one(&format!("{arn}.fifo\"\n{group}"));
    }
    fault(
        &destination(&format!("sqs = \"{QUEUE}.fifo\"\ngroup = \"orders\"")),
        3,
        "`group` is the same for every event",
        "group = \"{json:data.id}\"",
    );
}

#[test]
fn what_only_some_kinds_have_the_others_are_not_given() {
    for (line, kinds) in [
        ("headers = { X-A = \"1\" }", "`http`"),
        ("secret = \"billing\"", "`http`"),
        ("group = \"{json:id}\"", "`sqs` and `sns`"),
        ("invocation = \"asynchronous\"", "`lambda`"),
        ("key = \"{json:id}\"", "`kinesis` and `s3`"),
    ] {
        let bus = "event_bridge = \"arn:aws:events:eu-central-1:123456789012:event-bus/a\"";
        fault(
            &destination(&format!("{bus}\n{line}")),
            3,
            "says nothing to `event_bridge`",
            kinds,
        );
    }
}

#[test]
fn an_object_needs_a_name() {
    fault(
        &destination("s3 = \"archive\""),
        1,
        "has no `key`",
        "{date}",
    );
    fault(
        &destination("s3 = \"archive\"\nkey = \"{date}/{event}\""),
        3,
        "`{event}` is no placeholder",
        "key = ",
    );
    fault(
        &destination("s3 = \"archive\"\nkey = \"{header:a b}\""),
        3,
        "`a b` is no header name",
        "letters",
    );
    fault(
        &destination("s3 = \"arn:aws:s3:::archive\"\nkey = \"{event_id}\""),
        2,
        "no name of a bucket",
        "its name alone",
    );
}

#[test]
fn an_arn_is_whole_and_of_its_service() {
    for line in [
        "event_bridge = \"default\"",
        "event_bridge = \"arn:aws:sqs:eu-central-1:123456789012:orders\"",
        "event_bridge = \"arn:aws:events:eu-central-1:123456789012:rule/orders\"",
        "sqs = \"https://sqs.eu-central-1.amazonaws.com/123456789012/orders\"",
        "sqs = \"arn:aws:sqs:eu-central-1:1234:orders\"",
        "sqs = \"arn:aws:sqs:eu-central-1:123456789012:*\"",
        "sns = \"arn:aws:sns:eu-central-1:123456789012:\"",
        "sns = \"arn:aws:sns:eu-central-1:123456789012:orders:6b0e71bd-7e97-4d97-80ce-4a0994e55286\"",
        "lambda = \"orders\"",
        "lambda = \"arn:aws:lambda:eu-central-1:123456789012:function:orders:\"",
        "step_functions = \"arn:aws:states:eu-central-1:123456789012:execution:orders:1\"",
        "kinesis = \"arn:aws:kinesis:eu-central-1:123456789012:orders\"",
        "firehose = \"arn:aws:kinesis:eu-central-1:123456789012:stream/orders\"",
    ] {
        fault(&destination(line), 2, "is no ARN for", "write it whole");
    }
}

#[test]
fn a_url_has_no_secrets_and_goes_over_tls() {
    for (url, wrong) in [
        ("billing.example.com", "is no URL"),
        ("ftp://billing.example.com", "is no URL"),
        ("https://", "is no URL"),
        ("https:///hooks", "is no URL"),
        ("https://a..example", "is no URL"),
        ("https://a.example:0", "is no URL"),
        ("https://a.example:65536", "is no URL"),
        ("https://a.example/two words", "is no URL"),
        ("https://a.example/%4", "is no URL"),
        ("https://a.example/{json:id}", "is no URL"),
        ("https://[::1", "is no URL"),
        ("https://user:pass@a.example", "a user or a password"),
        ("https://user@a.example/", "a user or a password"),
        ("https://a.example/?token=abc", "a secret in its query"),
        (
            "https://a.example/?a=1&Api-Key=abc",
            "a secret in its query",
        ),
        ("https://a.example/#a", "has a `#` in it"),
        ("http://a.example", "without TLS"),
        ("http://127.0.0.1.example", "without TLS"),
        ("http://10.0.0.1", "without TLS"),
        ("http://localhost.example", "without TLS"),
    ] {
        let text = destination(&format!("http = \"{url}\""));
        fault(&text, 2, wrong, "");
        let said = faults(&text)[0].to_string();
        assert!(
            !said.contains("pass") || said.contains("a password"),
            "{said}"
        );
        assert!(!said.contains("abc"), "{said}");
    }
    for url in [
        "https://a.example",
        "https://a.example/a/b?c=d&e=%20;f",
        "https://192.0.2.1:8443/",
        "https://[2001:db8::1]/a",
        "http://127.0.0.1:9000/hooks",
        "http://127.9.9.9",
        "http://[::1]:9000",
        "http://localhost:9000/hooks",
    ] {
        one(&format!("http = \"{url}\""));
    }
}

#[test]
fn headers_of_ours_and_secrets_in_the_open_are_refused() {
    let with = |headers: &str| {
        destination(&format!(
            "http = \"https://a.example\"\nheaders = {{ {headers} }}"
        ))
    };
    for (headers, wrong, mend) in [
        ("webhook-id = \"1\"", "set by whoever sends", "leave it out"),
        ("Content-Type = \"a\"", "set by whoever sends", ""),
        ("Landfall-Route = \"a\"", "set by whoever sends", ""),
        ("\"a b\" = \"1\"", "`a b` is no header name", "letters"),
        ("a = \"1\", A = \"2\"", "stands there twice", "keep one"),
        (
            "authorization = \"Bearer abc\"",
            "`authorization` is a secret",
            "{ secret = \"name\" }",
        ),
        ("X-Api-Key = \"abc\"", "`X-Api-Key` is a secret", "secret"),
        ("X-A = {}", "has no `secret`", "X-A = { secret"),
        ("X-A = \"é\"", "beyond printable ASCII", "letters"),
        ("X-A = 1", "`X-A` is not a table", "X-A = "),
    ] {
        fault(&with(headers), 3, wrong, mend);
    }
}

#[test]
fn rates_and_bounds_are_held() {
    let with = |line: &str| destination(&format!("http = \"https://a.example\"\n{line}"));
    for (line, wrong) in [
        ("rate = \"50\"", "`50` is no rate"),
        ("rate = \"0/s\"", "is no rate"),
        ("rate = \"5/h\"", "is no rate"),
        ("rate = \"-5/s\"", "is no rate"),
        ("rate = \"1.5/s\"", "is no rate"),
        ("rate = \"1001/s\"", "more than 1000 in a second"),
        ("rate = \"60001/min\"", "more than 1000 in a second"),
        ("rate = 50", "`rate` is not a text"),
        (
            "concurrency = 0",
            "`concurrency` is not a whole number from 1 to 1000",
        ),
        (
            "concurrency = 1001",
            "`concurrency` is not a whole number from 1 to 1000",
        ),
        ("timeout = \"0s\"", "`0s` is no length of time"),
        ("timeout = \"500ms\"", "`500ms` is no length of time"),
        ("timeout = \"11m\"", "`timeout` is not from 1s to 10m"),
        ("timeout = \"9999999d\"", "`timeout` is not from 1s to 10m"),
        ("timeout = 10", "`timeout` is not a text"),
    ] {
        fault(&with(line), 3, wrong, "");
    }
    let rate = |line| one(&format!("http = \"https://a.example\"\n{line}")).rate;
    let minute = Duration::from_mins(1);
    assert_eq!(
        rate("rate = \"60000/min\""),
        Some(Rate {
            count: 60_000,
            per: minute
        })
    );
}

#[test]
fn a_destination_may_be_something_else_elsewhere() {
    let text = destination(&format!(
        "sqs = \"{QUEUE}.fifo\"\ngroup = \"{{json:customer}}\"\nrate = \"5/s\"\n\
         [destinations.billing.local]\nhttp = \"http://127.0.0.1:9000\"\n\
         [destinations.billing.live]\ngroup = \"{{json:order}}\""
    ));
    let of = |environment| {
        let read = read(&text, environment).unwrap();
        read.destinations.get("billing").unwrap().clone()
    };
    let local = of(Environment::Local);
    assert!(matches!(local.kind, Kind::Http(_)), "its group went along");
    assert!(local.rate.is_some());
    let group = |environment| match of(environment).kind {
        Kind::Sqs { group, .. } => group.unwrap().text(),
        other => panic!("{other:?}"),
    };
    assert_eq!(group(Environment::Test), "{json:customer}");
    assert_eq!(group(Environment::Live), "{json:order}");
}

#[test]
fn names_are_plain() {
    fault(
        "[destinations.Billing]\nhttp = \"https://a.example\"\n",
        1,
        "`Billing` can't be the name of a destination",
        "lower-case",
    );
    fault(
        "[destinations]\nbilling = \"https://a.example\"\n",
        2,
        "`billing` stands outside of a destination",
        "[destinations.billing]",
    );
}

#[test]
fn a_destination_that_is_the_stacks_own_api_is_a_fault_for_that_stack() {
    let text = "[destinations.billing]\nrate = \"5/s\"\nhttp = \"https://billing.example.com\"\n\
                [destinations.billing.live]\nhttp = \"https://abc.execute-api.eu-west-1.amazonaws.com/webhooks/a\"\n";
    let api = ["https://abc.execute-api.eu-west-1.amazonaws.com"];
    let read = |environment, api: &[&str]| super::super::read_for_api(text, environment, api);
    assert!(read(Environment::Live, &[]).is_ok());
    assert!(read(Environment::Test, &api).is_ok());
    let faults = read(Environment::Live, &api).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert_eq!(faults[0].line, 5);
    assert!(faults[0].fault.contains("own API"), "{faults:#?}");
    assert!(faults[0].mend.contains("`from`"), "{faults:#?}");
}
