//! The JSON Schema of `landfall.toml`, made of what the reader asks.

use super::{
    destination::DestinationLayer,
    layers::{ENVIRONMENTS, Layer, Layers},
    probe::Probe,
    report::Report,
    route::RouteLayer,
    sections::SECTIONS,
    shape::{Json, Shape, TableShape, object},
    source::SourceLayer,
    value::Value,
};
use crate::name::PATTERN;

/// The schema, of Draft 4, as JSON.
#[must_use]
pub fn schema() -> String {
    let sections = [
        section::<SourceLayer>(),
        section::<DestinationLayer>(),
        section::<RouteLayer>(),
    ];
    let properties: Vec<(&str, Json)> = SECTIONS
        .into_iter()
        .zip(&sections)
        .map(|((name, _), (noun, _))| {
            let tables = object([
                ("type", Json::text("object")),
                ("patternProperties", object([(PATTERN, definition(noun))])),
                ("additionalProperties", Json::Raw("false".into())),
            ]);
            (name, tables)
        })
        .collect();
    let definitions = sections.iter().flat_map(|(_, definitions)| {
        let definitions = definitions.iter();
        definitions.map(|(name, json)| (name.as_str(), json.clone()))
    });
    let whole = object([
        (
            "$schema",
            Json::text("http://json-schema.org/draft-04/schema#"),
        ),
        ("title", Json::text("landfall.toml")),
        ("type", Json::text("object")),
        ("properties", object(properties)),
        ("additionalProperties", Json::Raw("false".into())),
        ("definitions", object(definitions)),
    ]);
    let mut text = String::new();
    whole.write(0, &mut text);
    text.push('\n');
    text
}

/// What the tables of one section must be: by which name they are defined, and this and all that belongs to it. Each
/// setting is defined once: it may stand in a table, and in that of each environment.
fn section<L: Layer>() -> (&'static str, Vec<(String, Json)>) {
    let noun = L::NOUN;
    let whole = shape::<L>();
    let is_environment = |key: &str| ENVIRONMENTS.iter().any(|(name, _)| *name == key);
    let settings = (whole.keys.iter()).find_map(|(key, shape)| match shape {
        Shape::Table(table) if is_environment(key) => Some(table),
        _ => None,
    });
    let settings = settings.cloned().unwrap_or_default();
    let name = |key: &str| format!("{noun}.{key}");
    let is_setting = |key: &'static str| settings.keys.iter().any(|(name, _)| *name == key);
    let differing = settings.json_with(|key| Some(definition(&name(key))));
    let table = whole.json_with(|key| match key {
        _ if is_environment(key) => Some(definition(&name("differing"))),
        _ if is_setting(key) => Some(definition(&name(key))),
        _ => None,
    });
    let mut definitions: Vec<(String, Json)> = (settings.keys.iter())
        .map(|(key, shape)| (name(key), shape.json()))
        .collect();
    definitions.push((name("differing"), differing));
    definitions.push((noun.to_owned(), table));
    (noun, definitions)
}

fn definition(name: &str) -> Json {
    object([("$ref", Json::Text(format!("#/definitions/{name}")))])
}

fn shape<L: Layer>() -> TableShape {
    let shape = Probe::explore(|probe| {
        let mut report = Report::new("", false);
        if let Some(entries) = Value::probe(L::NOUN, probe).table("", &mut report) {
            Layers::<L>::read(entries, &mut report);
        }
    });
    match shape {
        Shape::Table(table) => table,
        _ => TableShape::default(),
    }
}
