//! What must hold around a stack: whom its alarms tell, what the account has room for, clocks and versions. Pure, as
//! [`super::checks`].

use std::collections::BTreeMap;

use landfall_aws::operator::{Alarm, MappingFacts, Room};
use protocol::{
    fault::Fault,
    time::{Millis, UnixMillis},
};

use super::checks::{Check, Verdict, check};

/// How far clocks may be apart: an answer takes a while, and its header has whole seconds.
const CLOCKS: Millis = Millis(30_000);

/// How many runs there must be room for beside the consumer's.
const BESIDE_THE_CONSUMER: u32 = 10;

/// Somebody is told when an alarm goes off.
pub(super) fn alarms(
    alarms: &Result<Vec<Alarm>, Fault>,
    listeners: &BTreeMap<String, Result<u64, Fault>>,
) -> Check {
    let what = "somebody is told when an alarm goes off";
    if let Some(fault) = listeners.values().find_map(|asked| asked.as_ref().err()) {
        return check::<()>(what, &Err(fault.clone()), |()| None);
    }
    check(what, alarms, |alarms| {
        let tells = |alarm: &Alarm| alarm.is_enabled && !alarm.tells.is_empty();
        let nobody = listeners
            .iter()
            .find(|(_, asked)| asked.as_ref().is_ok_and(|number| *number == 0));
        match (alarms.iter().find(|alarm| !tells(alarm)), nobody) {
            _ if alarms.is_empty() => {
                Some("the stack has no alarms: deploy infra/template.yaml as it is".to_owned())
            }
            (Some(silent), _) => Some(format!(
                "{} tells nobody: deploy with the parameter AlarmTopicArn",
                silent.name
            )),
            (None, Some((topic, _))) => Some(format!(
                "nobody has confirmed a subscription of {topic}: `aws sns subscribe --topic-arn {topic}`, and follow the link in \
                 the mail"
            )),
            (None, None) => None,
        }
    })
}

/// The stack's parameters go with the file: the consumer may reach each destination, among others.
pub(super) fn parameters(unfit: &[String]) -> Check {
    Check {
        what: "its parameters go with the configuration, permissions for destinations among them",
        verdict: match unfit {
            [] => Verdict::Good,
            some => Verdict::Wrong(some.join("; ")),
        },
    }
}

/// There is room for ingest beside the consumer.
pub(super) fn room(room: &Result<Room, Fault>, mapping: &Result<MappingFacts, Fault>) -> Check {
    let what = "there is room for ingest beside the consumer's runs";
    let most = match mapping {
        Ok(mapping) => mapping.most_at_once,
        Err(fault) => return check::<()>(what, &Err(fault.clone()), |()| None),
    };
    check(what, room, |room| {
        // The sweeper is one, and ingest with a single run is none.
        let needed = most
            .unwrap_or(room.shared)
            .saturating_add(BESIDE_THE_CONSUMER);
        (room.shared < needed).then(|| {
            let takes = match most {
                Some(most) => format!("may take {most}"),
                None => "may take all of them".to_owned(),
            };
            format!(
                "functions without a reserve share {} runs of {}, and the consumer {takes}: have the quota `Concurrent \
                 executions` raised, lower ConsumerConcurrency, or reserve some by IngestReservedConcurrency",
                room.shared, room.total
            )
        })
    })
}

/// This machine's clock is AWS's. `date` is what AWS says in an answer's header, and `now` what this machine says.
pub(super) fn clock(date: Option<&str>, now: UnixMillis) -> Check {
    let told = date.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    let verdict = match told {
        None => Verdict::Unknown("the stack's address doesn't say what time it is".to_owned()),
        Some(told) => {
            let ahead = now.since(UnixMillis(told.timestamp().as_millisecond()));
            if ahead.0.abs() <= CLOCKS.0 {
                Verdict::Good
            } else {
                Verdict::Wrong(format!(
                    "this machine's is {} s {}: what it signs is refused as stale, and by AWS from five minutes on. Set it by \
                     NTP",
                    ahead.0.abs() / 1_000,
                    if ahead.0 > 0 { "ahead" } else { "behind" }
                ))
            }
        }
    };
    Check {
        what: "this machine's clock is AWS's",
        verdict,
    }
}

/// The stack and this command are of one version.
pub(super) fn version(running: &Result<Option<String>, Fault>, own: &str) -> Check {
    check(
        "stack and command are of one version",
        running,
        |running| {
            match running.as_deref() {
            Some(running) if running == own => None,
            Some(running) => Some(format!(
                "the stack runs {running}, and this command is {own}: deploy this version, or use the command of that one"
            )),
            None => Some("its sweeper, which says so, has never run: see the schedule of the sweeper's function".to_owned()),
        }
        },
    )
}

#[cfg(test)]
mod tests {
    use protocol::fault::FaultKind;

    use super::*;

    fn word(check: &Check) -> &'static str {
        check.verdict.words().0
    }

    /// What is to be turned is a parameter of the template's.
    fn names_parameters(check: &Check, names: &[&str]) {
        let template = include_str!("../../../infra/template.yaml");
        for name in names {
            assert!(
                template.contains(&format!("\n  {name}:\n    Description: ")),
                "{name}"
            );
            assert!(
                matches!(&check.verdict, Verdict::Wrong(mend) if mend.contains(name)),
                "{name}"
            );
        }
    }

    #[test]
    fn alarms_that_nobody_hears_are_wrong() {
        let alarm = |tells: &[&str], is_enabled| Alarm {
            name: "DlqAlarm".into(),
            state: "OK".into(),
            tells: tells.iter().map(|&topic| topic.to_owned()).collect(),
            is_enabled,
        };
        let heard = |number| BTreeMap::from([("arn:topic".to_owned(), Ok(number))]);
        let of = |alarm| Ok(vec![alarm]);
        assert_eq!(
            word(&alarms(&of(alarm(&["arn:topic"], true)), &heard(1))),
            "good"
        );
        let unheard = alarms(&of(alarm(&["arn:topic"], true)), &heard(0));
        assert!(
            matches!(&unheard.verdict, Verdict::Wrong(mend) if mend.contains("aws sns subscribe"))
        );
        for silent in [alarm(&[], true), alarm(&["arn:topic"], false)] {
            names_parameters(&alarms(&of(silent), &heard(1)), &["AlarmTopicArn"]);
        }
        assert_eq!(word(&alarms(&Ok(Vec::new()), &BTreeMap::new())), "wrong");
        let fault = Fault::new(FaultKind::Denied, "asking", "no");
        let unasked = BTreeMap::from([("arn:topic".to_owned(), Err(fault.clone()))]);
        assert_eq!(
            word(&alarms(&of(alarm(&["arn:topic"], true)), &unasked)),
            "unknown"
        );
        assert_eq!(word(&alarms(&Err(fault), &BTreeMap::new())), "unknown");
    }

    #[test]
    fn parameters_room_clock_and_version_have_their_mends() {
        assert_eq!(word(&parameters(&[])), "good");
        assert_eq!(word(&parameters(&["a fault; a mend".into()])), "wrong");
        let mapping = |most_at_once| {
            Ok(MappingFacts {
                is_enabled: true,
                has_partial_responses: true,
                most_at_once,
            })
        };
        let of = |shared| {
            Ok(Room {
                total: 1_000,
                shared,
            })
        };
        assert_eq!(word(&room(&of(60), &mapping(Some(50)))), "good");
        let crowded = room(&of(59), &mapping(Some(50)));
        assert_eq!(word(&crowded), "wrong");
        names_parameters(
            &crowded,
            &["ConsumerConcurrency", "IngestReservedConcurrency"],
        );
        assert_eq!(word(&room(&of(1_000), &mapping(None))), "wrong");
        let date = Some("Fri, 15 Jan 2027 08:00:00 GMT");
        let at = |millis: i64| UnixMillis(1_800_000_000_000 + millis);
        assert_eq!(word(&clock(date, at(30_000))), "good");
        assert_eq!(word(&clock(date, at(31_000))), "wrong");
        let behind = clock(date, at(-60_000));
        assert!(matches!(&behind.verdict, Verdict::Wrong(mend) if mend.contains("60 s behind")));
        assert_eq!(word(&clock(None, at(0))), "unknown");
        assert_eq!(word(&clock(Some("soon"), at(0))), "unknown");
        assert_eq!(word(&version(&Ok(Some("1.0.0".into())), "1.0.0")), "good");
        assert_eq!(word(&version(&Ok(Some("0.9.0".into())), "1.0.0")), "wrong");
        assert_eq!(word(&version(&Ok(None), "1.0.0")), "wrong");
    }
}
