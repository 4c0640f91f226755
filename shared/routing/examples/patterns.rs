//! Draws patterns and events, and says of each pair whether they match: a line of JSON each, for `tests/patterns/run.py`,
//! which asks another engine.
//!
//! `patterns SEED COUNT`

use std::{
    env,
    error::Error,
    io::{BufWriter, Write as _, stdout},
};

use catalogue::Condition;
use chance::Chance;
use routing::{condition::holds, payload::Payload};
use serde_json::{Map, Value, json};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// As they are written in an event. None has more digits than a double: the other engine knows numbers by no other way.
const SCALARS: [&str; 38] = [
    "null",
    "true",
    "false",
    "0",
    "-0.0",
    "1",
    "-1",
    "300",
    "300.0",
    "3.0e2",
    "0.1",
    "0.10",
    "10.5",
    "5000000000",
    "-5000000000",
    "123456789012",
    r#""""#,
    r#""a""#,
    r#""A""#,
    r#""ab""#,
    r#""aB""#,
    r#""abc""#,
    r#""b.png""#,
    r#""B.PNG""#,
    r#""é""#,
    r#""\u00c9""#,
    r#""10.0.0.5""#,
    r#""10.0.1.5""#,
    r#""010.0.0.7""#,
    r#""2001:db8::1""#,
    r#""2001:DB8:0:0::2""#,
    r#""::1""#,
    r#""300""#,
    r#""true""#,
    r#""a*b""#,
    r#""a\\b""#,
    r#""a\nb""#,
    r#""\u212a""#,
];

const TEXTS: [&str; 14] = [
    "", "a", "A", "ab", "b", "B", ".png", ".Png", "abc", "k", "a*b", "10.0.0.5", "é", "300",
];

const WILDCARDS: [&str; 12] = [
    "", "*", "a*", "*b", "a*b", "*.png", "*b*", r"a\*b", r"a\\b", "*a*b*", "a*a", "?",
];

const NUMBERS: [&str; 9] = [
    "0",
    "1",
    "-1",
    "300",
    "0.1",
    "10.5",
    "5000000000",
    "-5000000000",
    "299.999999",
];

const NETWORKS: [&str; 6] = [
    "10.0.0.0/24",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "2001:db8::/32",
    "::/0",
    "::/64",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut argument = || -> Result<u64, Box<dyn Error>> {
        Ok(arguments.next().ok_or("patterns SEED COUNT")?.parse()?)
    };
    let (seed, count) = (argument()?, argument()?);
    let mut chance = Chance::new(seed);
    let mut out = BufWriter::new(stdout().lock());
    let mut written = 0;
    while written < count {
        let event = object(&mut chance, 0);
        let known: Value = serde_json::from_str(&event)?;
        let pattern = fields(&mut chance, &known, &NAMES, false, 0);
        // What isn't in our subset is no pair.
        let Ok(condition) = Condition::read(&pattern) else {
            continue;
        };
        let matches = holds(&condition, &Payload::read(event.as_str())?).is_ok();
        writeln!(
            out,
            "{{\"pattern\":{condition},\"event\":{event},\"matches\":{matches}}}"
        )?;
        written += 1;
    }
    Ok(())
}

fn pick<'t, T>(chance: &mut Chance, from: &'t [T]) -> &'t T {
    &from[chance.below(from.len())]
}

/// One of these texts of JSON.
fn json_of(chance: &mut Chance, from: &[&str]) -> Value {
    let text = pick::<&str>(chance, from);
    serde_json::from_str(text).unwrap_or_default()
}

fn once_in(chance: &mut Chance, count: usize) -> bool {
    chance.below(count) == 0
}

fn object(chance: &mut Chance, depth: usize) -> String {
    let names = NAMES.iter().filter(|_| !once_in(chance, 3)).copied();
    let names: Vec<_> = names.collect();
    let members = names
        .into_iter()
        .map(|name| format!("\"{name}\":{}", value(chance, depth + 1)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn value(chance: &mut Chance, depth: usize) -> String {
    match chance.below(if depth > 3 { 5 } else { 8 }) {
        0..5 => (*pick(chance, &SCALARS)).into(),
        5 | 6 => object(chance, depth),
        _ => {
            let count = chance.below(4);
            let elements: Vec<_> = (0..count).map(|_| value(chance, depth + 1)).collect();
            format!("[{}]", elements.join(","))
        }
    }
}

/// A pattern that is like this value, more or less. Below an array nothing is asked to be absent: the other engine looks at
/// each element by itself.
fn fields(
    chance: &mut Chance,
    like: &Value,
    names: &[&'static str],
    in_array: bool,
    depth: usize,
) -> Value {
    let (like, in_array) = match like {
        Value::Array(elements) if !elements.is_empty() => (pick(chance, elements), true),
        other => (other, in_array),
    };
    let mut object = Map::new();
    let mut left = names.to_vec();
    for _ in 0..=chance.below(2) {
        let name = left.remove(chance.below(left.len()));
        let known = like.get(name).unwrap_or(&Value::Null);
        let nests = known.is_object() || known.is_array() || once_in(chance, 8);
        let asked = if depth < 3 && nests && !once_in(chance, 4) {
            fields(chance, known, &NAMES, in_array, depth + 1)
        } else {
            let count = 1 + chance.below(2);
            let matchers = (0..count).map(|_| matcher(chance, known, in_array));
            matchers.collect()
        };
        object.insert(name.into(), asked);
    }
    if depth < 2 && left.len() > 1 && once_in(chance, 4) {
        let count = 2 + chance.below(2);
        let alternatives = (0..count).map(|_| fields(chance, like, &left, in_array, depth + 1));
        object.insert("$or".into(), alternatives.collect());
    }
    object.into()
}

fn matcher(chance: &mut Chance, known: &Value, in_array: bool) -> Value {
    let known = match known {
        Value::Array(elements) if !elements.is_empty() => pick(chance, elements),
        other => other,
    };
    let text = match known {
        Value::String(text) if !once_in(chance, 3) => text.clone(),
        _ => (*pick(chance, &TEXTS)).to_owned(),
    };
    let number: Value = match known {
        Value::Number(number) if !once_in(chance, 3) => number.clone().into(),
        _ => json_of(chance, &NUMBERS),
    };
    match chance.below(16) {
        0 | 1 | 14 | 15 if !known.is_object() && !known.is_array() => known.clone(),
        0..=2 => json_of(chance, &SCALARS),
        3 => json!({ "prefix": start(chance, &text) }),
        4 => json!({ "suffix": end(chance, &text) }),
        5 => json!({ "prefix": { "equals-ignore-case": start(chance, &text) } }),
        6 => json!({ "suffix": { "equals-ignore-case": end(chance, &text) } }),
        7 => json!({ "equals-ignore-case": text }),
        8 => json!({ "wildcard": pick(chance, &WILDCARDS) }),
        9 => numeric(chance, number),
        10 => json!({ "cidr": pick(chance, &NETWORKS) }),
        11 => json!({ "exists": in_array || once_in(chance, 2) }),
        _ => json!({ "anything-but": excluded(chance, &text, number) }),
    }
}

fn start(chance: &mut Chance, text: &str) -> String {
    let length = chance.below(text.chars().count() + 1);
    text.chars().take(length).collect()
}

fn end(chance: &mut Chance, text: &str) -> String {
    let start = chance.below(text.chars().count() + 1);
    text.chars().skip(start).collect()
}

fn numeric(chance: &mut Chance, number: Value) -> Value {
    let sign = *pick(chance, &["=", "<", "<=", ">", ">="]);
    let mut operand = vec![json!(sign), number];
    if sign.starts_with('>') && once_in(chance, 2) {
        let most = json_of(chance, &NUMBERS);
        operand.extend([json!(*pick(chance, &["<", "<="])), most]);
    }
    json!({ "numeric": operand })
}

fn excluded(chance: &mut Chance, text: &str, number: Value) -> Value {
    match chance.below(7) {
        0 => json!(text),
        1 => json!([text, pick(chance, &TEXTS)]),
        2 => number,
        3 => json!([number, 1, 300]),
        4 => json!({ "wildcard": [pick(chance, &WILDCARDS), pick(chance, &WILDCARDS)] }),
        5 => json!({ "equals-ignore-case": text }),
        _ => {
            let operator = *pick(chance, &["prefix", "suffix"]);
            json!({ operator: [text, pick(chance, &TEXTS)] })
        }
    }
}
