//! What a source's templates are made of, and which of it sources share.

use crate::{Reply, Source, Template};

use super::{acme_with, good, one, source_of};

/// A delivery asks for the parts of a template several times over.
#[test]
fn the_templates_of_a_source_are_taken_apart_when_the_file_is_read() {
    let own = "event_type = \"{json:type}\"\nreference = { order = \"{json:order}\" }\n\
               bundle = { items = \"a\", item_id = \"{json:id}\", item_type = \"{json:type}\" }\n\
               handshake = { when = { \"{json:type}\" = \"ping\" }, challenge = \"{json:c}\", text = \"{challenge}\" }";
    for text in [
        source_of("stripe", ""),
        source_of("stripe", "tolerance = 60"),
        source_of("stripe", "[sources.a.scheme]\nencoding = \"base64\""),
        source_of("standard-webhooks", "versions = [\"v1\"]"),
        source_of("github", own),
        source_of("zoom", ""),
        source_of(
            "aws-sns",
            "settings = { topic_arn = \"arn:aws:sns:us-east-1:123456789012:x\" }",
        ),
        acme_with(&format!("event_id = \"{{json:id}}\"\n{own}")),
    ] {
        let source = one(&text);
        let templates = templates(&source);
        assert!(!templates.is_empty(), "{text}");
        for template in templates {
            assert!(template.is_taken_apart(), "{template:?}\n{text}");
        }
    }
}

fn templates(source: &Source) -> Vec<Template> {
    let schemes = source.schemes.iter().flat_map(|scheme| {
        let claims = scheme.claims.map_or(&[][..], |claims| claims.equal);
        let claims = claims.iter().map(|(_, text)| *text);
        [scheme.message]
            .into_iter()
            .chain(scheme.equal.iter().map(|(_, text)| *text))
            .chain(claims)
    });
    let handshakes = source
        .handshakes
        .iter()
        .filter_map(|handshake| match handshake.reply {
            Reply::Text(text) => Some(text),
            Reply::Json(_) | Reply::Fixed(_) => None,
        });
    let bundle = source
        .bundle
        .map(|bundle| [bundle.item_id, bundle.item_type]);
    let others = [
        source.identity.id,
        source.event_type,
        source.reference.map(|(_, template)| *template),
    ];
    let others = others.into_iter().chain(bundle.into_iter().flatten());
    schemes.chain(handshakes).chain(others.flatten()).collect()
}

#[test]
fn the_sources_of_a_provider_share_its_schemes() {
    let sources = good(
        "[sources.a]\nprovider = \"stripe\"\n[sources.b]\nprovider = \"stripe\"\nretry_hours = 1\n",
    );
    let schemes: Vec<_> = sources.iter().map(|source| source.schemes).collect();
    assert!(std::ptr::eq(schemes[0], schemes[1]));
}
