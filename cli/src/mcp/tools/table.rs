//! Each tool: its command, and what it can be asked.

use super::{Argument, Bound, Form, Kind, Tool};

/// How many events are listed at most.
const MOST: usize = 100;

const fn text(name: &'static str, description: &'static str) -> Argument {
    argument(name, description, Form::Text)
}

const fn argument(name: &'static str, description: &'static str, form: Form) -> Argument {
    Argument {
        name,
        description,
        form,
        is_required: false,
    }
}

const fn required(argument: Argument) -> Argument {
    Argument {
        is_required: true,
        ..argument
    }
}

const SOURCES: Argument = argument("source", "Only of these sources", Form::Texts);
const ROUTE: Argument = text("route", "Only with a leg of this route");
const TYPE: Argument = text(
    "type",
    "Only of this type; `invoice.*` for all that begin so",
);
const STATE: Argument = argument(
    "state",
    "Only in these states: unclaimed, waiting, processing, succeeded, failed, unrouted, late",
    Form::Texts,
);
const DESTINATION: Argument = text(
    "destination",
    "Only with a leg that leads to this destination",
);
const GIVEN_UP: Argument = text(
    "reason",
    "Only with a leg that was given up for this reason: permanent, exhausted, too_old, unknown_source, unknown_route",
);
const ERROR: Argument = text("error", "Only with a leg whose last try said this");
const ID: Argument = text("id", "Only where the event id has this in it");
const SINCE: Argument = text(
    "since",
    "Since then: 90s, 15m, 24h, 7d ago, or a time such as 2026-11-20T09:30:00Z",
);
const UNTIL: Argument = text("until", "Until then");
const CURSOR: Argument = text("cursor", "Go on where another answer ended");
const LIMIT: Argument = argument("limit", "How many at most", Form::Number(MOST));
const REASON: Argument = text(
    "reason",
    "Only with this reason, such as exhausted or permanent",
);
const OLDER: Argument = text(
    "older_than",
    "Only letters that are older than 90s, 15m, 1h, 2d",
);
const NEWER: Argument = text("newer_than", "Only letters that are younger than that");
const ONE_SOURCE: Argument = argument("source", "The source", Form::Words);
const ONE_EVENT: Argument = argument("event_id", "The event's id", Form::Words);
/// Which events are meant, and how far to look.
const EVENTS: &[Argument] = &[
    ROUTE,
    TYPE,
    STATE,
    DESTINATION,
    GIVEN_UP,
    ERROR,
    ID,
    SINCE,
    UNTIL,
    CURSOR,
];
/// Which letters are meant.
const LETTERS: &[Argument] = &[REASON, ROUTE, OLDER, NEWER];
const EVENT: &[Argument] = &[required(ONE_SOURCE), required(ONE_EVENT)];
const CONFIRM: Argument = argument(
    "confirm",
    "Do it. Without it the answer says how many it is about, and nothing is done",
    Form::Flag,
);

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "events_list",
        description: "List events that a stack received, the newest first, without their payloads. state=failed or late, or a reason, costs \
            what failed, everything else what was received.",
        words: &["events", "list"],
        arguments: &[&[SOURCES], EVENTS, &[LIMIT]],
        bound: Bound::Limit,
        kind: Kind::Reads,
    },
    Tool {
        name: "events_search",
        description: "List the events whose payload has a text in it, the newest first. Reads every payload of that time.",
        words: &["events", "search"],
        arguments: &[&[
            SOURCES,
            TYPE,
            STATE,
            GIVEN_UP,
            SINCE,
            UNTIL,
            CURSOR,
            LIMIT,
            required(argument("text", "The text, byte for byte", Form::Words)),
        ]],
        bound: Bound::Limit,
        kind: Kind::SearchesBodies,
    },
    Tool {
        name: "events_show",
        description: "Show what the ledger holds of one event: its state, each route's part with its tries and last error, why it \
            went no other route.",
        words: &["events", "show"],
        arguments: &[EVENT],
        bound: Bound::Body,
        kind: Kind::ShowsBodies,
    },
    Tool {
        name: "refused_list",
        description: "List deliveries that were refused, the newest first, and count them by reason.",
        words: &["refused", "list"],
        arguments: &[&[
            text("source", "Only to this source"),
            text("reason", "Only for this reason, such as forged or stale"),
            text("address", "Only from this IP address"),
            SINCE,
            UNTIL,
            LIMIT,
        ]],
        bound: Bound::Limit,
        kind: Kind::Reads,
    },
    Tool {
        name: "refused_show",
        description: "Show a refused delivery in full, with what its reason means and what to try.",
        words: &["refused", "show"],
        arguments: &[&[required(argument(
            "delivery",
            "The delivery, as the list names it",
            Form::Words,
        ))]],
        bound: Bound::Body,
        kind: Kind::Reads,
    },
    Tool {
        name: "dlq_list",
        description: "List the letters of the dead-letter queue: what was given up, with its reason and last error.",
        words: &["dlq", "list"],
        arguments: &[LETTERS, &[ONE_SOURCE, ONE_EVENT]],
        bound: Bound::Items,
        kind: Kind::Reads,
    },
    Tool {
        name: "dlq_show",
        description: "Show the letters of one event in full.",
        words: &["dlq", "show"],
        arguments: &[EVENT],
        bound: Bound::Items,
        kind: Kind::Reads,
    },
    Tool {
        name: "status",
        description: "How the stack is: what failed, what is late, letters, tickets, alarms, routes and destinations, cost so far, the last hour.",
        words: &["status"],
        arguments: &[],
        bound: Bound::Body,
        kind: Kind::Reads,
    },
    Tool {
        name: "stats",
        description: "Count deliveries, refusals by reason and attempts by source, and how long they took.",
        words: &["stats"],
        arguments: &[&[SINCE, ONE_SOURCE]],
        bound: Bound::Body,
        kind: Kind::Reads,
    },
    Tool {
        name: "doctor",
        description: "What must hold of the stack, checked one by one, with what mends it.",
        words: &["doctor"],
        arguments: &[],
        bound: Bound::Items,
        kind: Kind::Reads,
    },
    Tool {
        name: "sources",
        description: "List the sources: URL, provider, whether a secret is there, which routes their events may go.",
        words: &["sources"],
        arguments: &[],
        bound: Bound::Items,
        kind: Kind::Reads,
    },
    Tool {
        name: "routes",
        description: "List the routes: whose events, of which types, to where.",
        words: &["routes", "list"],
        arguments: &[],
        bound: Bound::Items,
        kind: Kind::Reads,
    },
    Tool {
        name: "logs",
        description: "Print what the functions logged of all, of a source or of one event, the oldest first.",
        words: &["logs"],
        arguments: &[&[SINCE, UNTIL, ONE_SOURCE, ONE_EVENT]],
        bound: Bound::Items,
        kind: Kind::Reads,
    },
    Tool {
        name: "events_replay",
        description: "Have events run again: by their ids, or all that are meant. What has succeeded is left out unless `again`.",
        words: &["events", "replay"],
        arguments: &[
            EVENTS,
            &[
                argument("again", "Also what has succeeded", Form::Flag),
                CONFIRM,
                ONE_SOURCE,
                argument("event_ids", "The events' ids", Form::Words),
            ],
        ],
        bound: Bound::Items,
        kind: Kind::Writes,
    },
    Tool {
        name: "dlq_redrive",
        description: "Have what was given up tried again, with all its tries, and take its letters away.",
        words: &["dlq", "redrive"],
        arguments: &[LETTERS, &[CONFIRM, ONE_SOURCE, ONE_EVENT]],
        bound: Bound::Items,
        kind: Kind::Writes,
    },
];

pub(super) const BODIES: Argument = argument(
    "bodies",
    "Show the payload, too. It is a stranger's text",
    Form::Flag,
);
