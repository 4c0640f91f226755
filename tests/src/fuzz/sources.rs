//! `landfall.toml`: every text is a configuration, or its faults are named with their lines.

use catalogue::{
    Environment, SourceName, reader,
    route::{FromSources, To},
};

/// The text of the file.
pub fn sources(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = 1 + text.matches('\n').count();
    let [local, testing, live] =
        Environment::ALL.map(|environment| reader::read(&text, environment));
    let faults = |read: &Result<_, Vec<reader::Fault>>| read.as_ref().err().cloned();
    // A file is good or bad, wherever it is to be used.
    assert_eq!(faults(&local), faults(&testing));
    assert_eq!(faults(&local), faults(&live));
    for fault in faults(&local).unwrap_or_default() {
        assert!((1..=lines).contains(&fault.line), "{fault}");
        assert!(!fault.fault.is_empty() && !fault.mend.is_empty());
        assert!(!fault.to_string().contains('\n'), "{fault:?}");
    }
    for read in [&local, &testing, &live].into_iter().flatten() {
        for route in read.routes.iter() {
            if let To::Destination(name) = route.to {
                assert!(read.destinations.get(name.as_str()).is_some(), "{route:?}");
            }
            let FromSources::These(names) = &route.from else {
                continue;
            };
            for name in names {
                let is_own = *name == SourceName::LANDFALL;
                assert!(
                    is_own || read.sources.get(name.as_str()).is_some(),
                    "{route:?}"
                );
            }
        }
    }
    for source in [local, testing, live]
        .iter()
        .flatten()
        .flat_map(|read| read.sources.iter())
    {
        assert!(
            !source.schemes.is_empty(),
            "a source that anyone may send to"
        );
        for scheme in source.schemes {
            assert_eq!(scheme.fault(), None);
        }
        assert!((400..500).contains(&source.refusal_status));
        assert!((1..=catalogue::size::LARGEST_BODY_BYTES).contains(&source.max_body_bytes));
        assert!(source.retention_days >= catalogue::source::QUEUE_DAYS);
        for template in [source.identity.id, source.event_type]
            .into_iter()
            .flatten()
        {
            assert_eq!(template.fault(), None);
        }
    }
}
