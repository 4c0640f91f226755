#![allow(clippy::unwrap_used)]

use proptest::{collection::vec, prelude::*, sample::select};
use toml::de::DeTable;

use super::{build, entries};

/// What `toml` finds in this text, if nothing is wrong with it.
fn by_toml(text: &'static str) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    Some(format!("{:?}", entries(document.into_inner())))
}

fn built(text: &'static str) -> Option<String> {
    Some(format!("{:?}", build::sound(text)?))
}

#[track_caller]
fn is_left_or_the_same(text: &str) {
    let text: &'static str = text.to_owned().leak();
    if let Some(built) = built(text) {
        assert_eq!(Some(built), by_toml(text), "{text}");
    }
}

#[track_caller]
fn is_the_same(text: &str) {
    let text: &'static str = text.to_owned().leak();
    assert!(by_toml(text).is_some(), "{text}");
    assert_eq!(built(text), by_toml(text), "{text}");
}

/// Every way to write something that TOML has, but for dates, and for tables that are continued later.
const SOUND: &str = r#"
# A file.
bare = "a basic \"text\" \u00e9 \\"
'literal' = 'C:\n' # and a comment
"quoted é" = """
lines, \
   joined"""
1234 = '''
lines'''
dotted.name . "in parts" = true
whole = [0, -17, +1_000, 0xDEAD_beef, 0o755, 0b1101, 9223372036854775807, 9223372036854775808]
broken = [3.14, -0.01, 5e+22, 6.626E-34, inf, -inf, nan]
list = [
  [1, 2], # lists in lists
  ["a", { b = [{}] },],
]
table = { x = 1, y.z = "2", "q r" = { s = [] } }

[above.only]
[above.and]
key = 1
[above.and.below]
key = 2
[[tables]]
n = 1
[tables.in]
m = 1
[[tables.in.lists]]
[[tables.in.lists]]
[[tables]]
[tables.in]
m = 2
[above.again]
[ spaced . "out" ]
[above.below]
"#;

#[test]
fn a_sound_file_is_built_as_toml_has_it() {
    is_the_same(SOUND);
    is_the_same(&SOUND.replace('\n', "\r\n"));
    is_the_same("");
    is_the_same("a-b_c.1-2 = \"a\tb é\"");
    is_the_same("\u{feff}[a]\r\nb = 1");
    // A line that begins as a header does, and is none.
    is_the_same("a = [\n[1],\n[{ b = [\n[2]] }]]\n[c]\nd = \"\"\"\n[e]\n\"\"\"\n[[f]]");
    for depth in [79, 80] {
        let lists = format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
        is_the_same(&lists);
        is_the_same(&format!("[{}]", vec!["a"; depth].join(".")));
    }
}

#[test]
fn our_own_files_are_built() {
    for file in ["infra/landfall.toml", "tests/stack/landfall.toml"] {
        let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
        is_the_same(&std::fs::read_to_string(path).unwrap());
    }
}

#[test]
fn what_is_there_twice_or_too_deep_or_no_toml_is_left_to_toml() {
    let deep = |depth| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    for text in [
        "a = 1\na = 2",
        "a = 1\na.b = 2",
        "a = {}\n[a.b]",
        "a = []\n[[a]]",
        "a.b = 1\n[a]",
        "a.b = 1\n[a.c]",
        "[a]\n[a]",
        "[a]\n[[a]]",
        "[[a]]\n[a]",
        "[[a]]\n[b]\n[[a]]",
        "[a.b]\n[a]",
        "[a]\n[b]\n[a.c]",
        "[a.b]\n[c]\n[a.b.d]",
        "[a.b]\n[c.d]\n[a.b.d]",
        "[a.b]\n[c.d]\n[a.b]",
        "[a.b]\n[c.d]\n[[a.b]]",
        "[a.b]\n[c]\n[a]",
        "[a.b]\n[a]\nb = 1",
        "[[a.b]]\n[[a]]",
        "a = { b = 1, b = 2 }",
        "a = { b = 1, b.c = 2 }",
        "a = 1979-05-27",
        "a = 1 b = 2",
        "a = ",
        "a = [1\n[b]",
        "a = 1]\n[b]",
        "a = [{]}\n[b]",
        "[a",
        "# \u{7}",
        "a = \"\u{7}\"",
        "a = \"\u{7f}\"",
        "a = \"",
        "é = 1",
        &deep(81),
        &format!("[{}]", vec!["a"; 81].join(".")),
    ] {
        assert_eq!(built(text.to_owned().leak()), None, "{text}");
    }
}

/// A key, of few names.
fn names() -> impl Strategy<Value = String> {
    let name = select(
        &[
            "a",
            "b",
            "c",
            "\"a\"",
            "'b'",
            "\"\\u0063\"",
            "1",
            "é",
            "\"a b",
        ][..],
    );
    vec(name, 1..4).prop_map(|names| names.join("."))
}

/// A line of a file, or what makes none, with few names and so with many that are there twice.
fn line() -> impl Strategy<Value = String> {
    let scalar = select(
        &[
            "1",
            "0x1F",
            "1_0",
            "01",
            "1__0",
            "1.5",
            "-0.0",
            "1e3",
            "nan",
            "true",
            "yes",
            "\"a\"",
            "'a'",
            "\"\\t\"",
            "\"\\q\"",
            "\"a",
            "\"\"\"a\nb\"\"\"",
            "'''a'''",
            "1979-05-27",
            "07:32:00",
            "1979-99-99",
            "",
        ][..],
    )
    .prop_map(String::from);
    let value = scalar.prop_recursive(3, 12, 3, move |inner| {
        let pairs = vec((names(), inner.clone()), 0..3);
        prop_oneof![
            vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            pairs.prop_map(|pairs| {
                let pairs = pairs
                    .iter()
                    .map(|(names, value)| format!("{names} = {value}"));
                format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
            }),
        ]
    });
    prop_oneof![
        4 => (names(), value).prop_map(|(names, value)| format!("{names} = {value}")),
        3 => names().prop_map(|names| format!("[{names}]")),
        2 => names().prop_map(|names| format!("[[{names}]]")),
        1 => select(&["", "# é", "[", "]", "= 1", "a", "[]", "[[a]", "\u{7}", "a = [1,\n2]"][..]).prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_is_built_is_what_toml_reads(lines in vec(line(), 0..8)) {
        is_left_or_the_same(&lines.join("\n"));
    }

    #[test]
    fn a_sound_file_with_a_slip_is_built_as_toml_reads_it_or_left(
        at in 0..SOUND.len(),
        removed in 0usize..3,
        put in "([\\[\\]{}.,=\"'#\n\r \\\\a-c0-9\u{7}é]){0,2}",
    ) {
        let chars: Vec<char> = SOUND.chars().collect();
        let (before, after) = chars.split_at(at.min(chars.len()));
        let after = after.iter().skip(removed);
        let text: String = before.iter().copied().chain(put.chars()).chain(after.copied()).collect();
        is_left_or_the_same(&text);
    }
}
