//! What a configuration costs when a process starts: reads one of so many sources and so many routes, and looks a source up
//! so many times. Run under callgrind and massif; the last run is docs/evidence/start-up.md.
//!
//! `start_up SOURCES ROUTES LOOKUPS`

use std::{fmt::Write as _, hint::black_box};

use catalogue::{Environment, PROVIDERS, reader};

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let (Some(Ok(sources)), Some(Ok(routes)), Some(Ok(lookups))) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        eprintln!("usage: start_up SOURCES ROUTES LOOKUPS");
        std::process::exit(2);
    };
    let text = configuration(sources) + &where_to(sources, routes);
    match reader::read(black_box(&text), Environment::Live) {
        Ok(read) => {
            let name = format!("source-{}", sources / 2);
            for _ in 0..lookups {
                assert!(black_box(&read.sources).get(black_box(&name)).is_some());
            }
            println!(
                "{} bytes, {} sources, {} routes",
                text.len(),
                read.sources.iter().count(),
                read.routes.iter().count()
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

/// Of four routes three lead to a destination that four of them share, and one to a handler; each takes the events of one
/// source, one has a condition and one a body of its own.
fn where_to(sources: usize, routes: usize) -> String {
    let mut text = String::new();
    for number in 0..routes.div_ceil(4) {
        // Writing into a text can't fail.
        let _ = write!(
            text,
            "[destinations.to-{number}]\nhttp = \"https://service-{number}.example.com/hooks\"\nrate = \"50/s\"\n\n"
        );
    }
    for number in 0..routes {
        let (source, to) = (number % sources.max(1), number / 4);
        let to = match number % 4 {
            3 => format!("handler:work-{to}"),
            _ => format!("to-{to}"),
        };
        let more = match number % 4 {
            1 => {
                "where = { data = { amount = [{ numeric = [\">\", 0] }], status = [\"paid\"] } }\n"
            }
            2 => "body = { id = \"{json:id}\", amount = \"{json:data.amount}\" }\ntries = 20\n",
            _ => "",
        };
        let _ = write!(
            text,
            "[routes.route-{number}]\nfrom = [\"source-{source}\"]\ntypes = [\"invoice.*\", \"charge.refunded\"]\n\
             to = \"{to}\"\n{more}\n"
        );
    }
    text
}
