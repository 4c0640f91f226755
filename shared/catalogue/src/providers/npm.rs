use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "npm",
    title: "npm hooks",
    docs: "https://docs.npmjs.com/cli/v8/commands/npm-hook",
    checked: "2026-11-30",
    read: "an independent registry of receivers (webhook-co at de3aa4e8ae04)",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "the signature is said by independent receivers alone",
    schemes: &[Scheme {
        signature: Field::header("x-npm-signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    event_type: Some(Template::new("{json:event|type}")),
    setup: "`npm hook add PACKAGE URL SECRET`: the secret is your own.",
    ..Provider::BASE
};
