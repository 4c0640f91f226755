//! The JSON Schema of `landfall.toml`, made of what the reader asks.

use super::{
    layer::{ENVIRONMENTS, Layers},
    probe::Probe,
    report::Report,
    shape::{Json, Shape, TableShape, object},
    table::Value,
};
use crate::source::SourceName;

/// The schema, of Draft 4, as JSON.
#[must_use]
pub fn schema() -> String {
    let source = source();
    let setting = |key: &str| object([("$ref", Json::Text(format!("#/definitions/{key}")))]);
    let is_environment = |key: &str| ENVIRONMENTS.iter().any(|(name, _)| *name == key);
    // Each setting is defined once: it may stand in a source's table, and in that of each environment.
    let settings = (source.keys.iter()).find_map(|(key, shape)| match shape {
        Shape::Table(table) if is_environment(key) => Some(table),
        _ => None,
    });
    let settings = settings.cloned().unwrap_or_default();
    let is_setting = |key: &'static str| settings.keys.iter().any(|(name, _)| *name == key);
    let differing = settings.json_with(|key| Some(setting(key)));
    let table = source.json_with(|key| match key {
        _ if is_environment(key) => Some(setting("differing")),
        _ if is_setting(key) => Some(setting(key)),
        _ => None,
    });
    let mut definitions: Vec<(&str, Json)> = (settings.keys.iter())
        .map(|(key, shape)| (*key, shape.json()))
        .collect();
    definitions.push(("differing", differing));
    definitions.push(("source", table));
    let sources = object([
        ("type", Json::text("object")),
        (
            "patternProperties",
            object([(SourceName::PATTERN, setting("source"))]),
        ),
        ("additionalProperties", Json::Raw("false".into())),
    ]);
    let whole = object([
        (
            "$schema",
            Json::text("http://json-schema.org/draft-04/schema#"),
        ),
        ("title", Json::text("landfall.toml")),
        ("type", Json::text("object")),
        ("properties", object([("sources", sources)])),
        ("additionalProperties", Json::Raw("false".into())),
        ("definitions", object(definitions)),
    ]);
    let mut text = String::new();
    whole.write(0, &mut text);
    text.push('\n');
    text
}

fn source() -> TableShape {
    let shape = Probe::explore(|probe| {
        let mut report = Report::new("", false);
        if let Some(entries) = Value::probe("source", probe).table("", &mut report) {
            Layers::read(entries, &mut report);
        }
    });
    match shape {
        Shape::Table(table) => table,
        _ => TableShape::default(),
    }
}
