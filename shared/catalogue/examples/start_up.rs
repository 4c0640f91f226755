//! What a configuration costs when a process starts: reads one of so many sources, and looks one of them up so many
//! times. Run under callgrind and massif; the last run is docs/evidence/start-up.md.
//!
//! `start_up SOURCES LOOKUPS`

use std::{fmt::Write as _, hint::black_box};

use catalogue::{Environment, PROVIDERS, reader};

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let (Some(Ok(sources)), Some(Ok(lookups))) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: start_up SOURCES LOOKUPS");
        std::process::exit(2);
    };
    let text = configuration(sources);
    match reader::read(black_box(&text), Environment::Live) {
        Ok(read) => {
            let name = format!("source-{}", sources / 2);
            for _ in 0..lookups {
                assert!(black_box(&read.sources).get(black_box(&name)).is_some());
            }
            println!(
                "{} bytes, {} sources",
                text.len(),
                read.sources.iter().count()
            );
        }
        Err(faults) => {
            eprintln!("{faults:#?}");
            std::process::exit(1);
        }
    }
}

/// Of four sources two say nothing but their provider, one who may send, and one spells out its own scheme.
fn configuration(sources: usize) -> String {
    let mut providers = (PROVIDERS.iter())
        .filter(|provider| provider.settings.is_empty())
        .cycle();
    let mut text = String::new();
    for number in 0..sources {
        let name = format!("source-{number}");
        let provider = providers.next().map_or("github", |provider| provider.name);
        // Writing into a text can't fail.
        let _ = match number % 4 {
            3 => write!(
                text,
                "[sources.{name}]\nevent_id = \"{{json:id}}\"\nevent_type = \"{{json:type}}\"\n\n[sources.{name}.scheme]\n\
                 algorithm = \"hmac-sha256\"\nkey = \"text\"\nsignature = {{ header = \"X-Signature\", prefix = \"sha256=\" }}\n\
                 encoding = \"hex\"\nmessage = \"{{body}}\"\n\n"
            ),
            2 => write!(
                text,
                "[sources.{name}]\nprovider = \"{provider}\"\n\n[sources.{name}.live]\n\
                 source_ips = [\"203.0.113.7\", \"198.51.100.0/24\"]\n\n"
            ),
            _ => write!(text, "[sources.{name}]\nprovider = \"{provider}\"\n\n"),
        };
    }
    text
}
