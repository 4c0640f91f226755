//! What the pages say of price and capacity is what the commands print.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::landfall;

fn page(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

fn output(arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let run = landfall(&arguments, b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

/// On the pages, each command that is followed by its output stands in a comment above it.
#[test]
fn the_pages_show_what_the_commands_print() {
    for name in ["docs/cost.md", "docs/capacity.md"] {
        let mut shown = 0;
        for part in page(name).split("\n<!-- landfall ").skip(1) {
            let (arguments, rest) = part.split_once(" -->\n\n```text\n").unwrap();
            let (block, _) = rest.split_once("```\n").unwrap();
            let output = output(arguments);
            assert!(block == output, "{arguments}: it prints\n{output}");
            shown += 1;
        }
        assert!(shown >= 2, "{name}: {shown}");
    }
}

/// The README's figures, each in bold and with two digits behind the point.
#[test]
fn the_readme_quotes_the_command() {
    let readme = page("README.md");
    let costs: Vec<_> = (readme.lines())
        .filter(|line| line.contains("`landfall cost"))
        .collect();
    let [paragraph] = costs.as_slice() else {
        panic!("one paragraph of the README is about the price: {costs:?}");
    };
    let quoted: Vec<&str> = paragraph.split("**").skip(1).step_by(2).collect();
    let figure = |arguments: &str, name: &str| {
        let run = landfall(&arguments.split(' ').collect::<Vec<_>>(), b"");
        format!("${:.2}", run.json()[name].as_f64().unwrap())
    };
    let of = |how: &str| {
        let arguments = format!("cost --events-per-month 10000000 {how}--json");
        figure(&arguments, "usd_per_million")
    };
    let expected = [
        of(""),
        of("--batch-window 20 "),
        of("--front-door url --batch-window 20 "),
        figure("cost --events-per-month 0 --json", "usd_at_rest"),
    ];
    assert_eq!(quoted, expected);
}
