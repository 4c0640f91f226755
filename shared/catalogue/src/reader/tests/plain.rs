//! Sources that say nothing but their provider: all of one provider are the same but for their names.

use crate::PROVIDERS;

use super::*;

fn plain(name: &str, provider: &str) -> String {
    format!("[sources.{name}]\nprovider = \"{provider}\"\n")
}

#[test]
fn a_source_is_what_it_is_by_itself_whatever_stands_before_it() {
    for environment in Environment::ALL {
        for provider in PROVIDERS {
            let read = |text: &str| read(text, environment);
            let alone = read(&plain("b", provider.name)).map(|found| found.sources);
            let before = plain("a", provider.name);
            let both = read(&(before + &plain("b", provider.name))).map(|found| found.sources);
            match (alone, both) {
                (Ok(alone), Ok(both)) => assert_eq!(both.get("b"), alone.get("b")),
                // Each of the two lacks the settings that the provider asks for.
                (Err(alone), Err(both)) => assert_eq!(both.len(), 2 * alone.len(), "{both:#?}"),
                (alone, both) => panic!("{}: {alone:?}, {both:?}", provider.name),
            }
        }
    }
}

#[test]
fn a_source_that_says_more_is_another() {
    let text = plain("a", "stripe") + &plain("b", "stripe") + "tries = 3\n" + &plain("c", "stripe");
    let sources = good(&text);
    let tries = sources.iter().map(|source| source.tries);
    assert_eq!(tries.collect::<Vec<_>>(), [None, Some(3), None]);
}

#[test]
fn every_fault_is_told_of_each_that_says_the_same() {
    let text = plain("a", "strip") + &plain("b", "strip");
    let lines: Vec<_> = faults(&text).iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 4]);
    for (name, wrong) in [
        ("shop_b", "`shop_b` can't be the name of a source"),
        ("landfall", "Landfall has it for itself"),
    ] {
        let text = plain("a", "stripe") + &plain(name, "stripe");
        fault(&text, 3, wrong, "");
    }
}
