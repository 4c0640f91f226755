//! The trace that a ticket carries on.

use protocol::ports::Clock as _;

use crate::clock::SystemClock;

/// The trace header to send along, made of the one that Lambda gives an invocation. Callers of the
/// API have a hand in that, so only what has a trace's exact form goes on.
#[must_use]
pub fn header(given: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = given?
        .split(';')
        .map(str::trim)
        .filter(|part| is_well_formed(part))
        // Root, parent and whether it is sampled.
        .take(3)
        .collect();
    parts
        .iter()
        .any(|part| part.starts_with("Root="))
        .then(|| parts.join(";"))
}

/// The trace's id, where X-Ray is asked to keep it: what a log line says, so that it is found from there and the other way
/// round. Where nobody keeps it, its bytes aren't worth their price.
#[must_use]
pub fn kept(given: Option<&str>) -> Option<String> {
    let header = header(given)?;
    let mut parts = header.split(';');
    let is_kept = parts.clone().any(|part| part == "Sampled=1");
    let root = parts.find_map(|part| part.strip_prefix("Root="))?;
    is_kept.then(|| root.to_owned())
}

/// The same as the W3C's header `traceparent`. None where there is no parent: the standard knows no trace without one.
#[cfg(feature = "destinations")]
#[must_use]
pub fn parent(given: Option<&str>) -> Option<String> {
    let header = header(given)?;
    let part = |name: &str| header.split(';').find_map(|part| part.strip_prefix(name));
    let root: String = part("Root=1-")?.split('-').collect();
    let parent = part("Parent=")?;
    // All zeros are no id there.
    let is_id = |id: &str| id.bytes().any(|byte| byte != b'0');
    let sampled = part("Sampled=").unwrap_or("0");
    (is_id(&root) && is_id(parent)).then(|| {
        let (root, parent) = (root.to_ascii_lowercase(), parent.to_ascii_lowercase());
        format!("00-{root}-{parent}-0{sampled}")
    })
}

/// A trace that begins here, in the form that Lambda gives an invocation: nobody is asked to keep it.
#[must_use]
pub(crate) fn begun() -> String {
    let clock = SystemClock;
    let seconds = clock.now().seconds().0;
    let id = format!("{:032x}", clock.unique());
    format!("Root=1-{seconds:08x}-{};Sampled=0", &id[..24])
}

fn is_well_formed(part: &str) -> bool {
    let Some((name, value)) = part.split_once('=') else {
        return false;
    };
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match name {
        "Root" => {
            let mut fields = value.split('-');
            fields.next() == Some("1")
                && fields.next().is_some_and(|time| is_hex(time, 8))
                && fields.next().is_some_and(|id| is_hex(id, 24))
                && fields.next().is_none()
        }
        "Parent" => is_hex(value, 16),
        "Sampled" => matches!(value, "0" | "1"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{begun, header, kept, parent};

    const TRACE: &str =
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    #[test]
    fn a_trace_is_passed_on() {
        assert_eq!(header(Some(TRACE)).as_deref(), Some(TRACE));
    }

    #[test]
    fn what_is_no_part_of_a_trace_is_left_out() {
        let given = format!("{TRACE};Lineage=a:1;note=<script>;Sampled=?");
        assert_eq!(header(Some(&given)).as_deref(), Some(TRACE));
    }

    #[test]
    fn a_trace_is_named_where_it_is_kept() {
        let id = "1-5759e988-bd862e3fe1be46a994272793";
        assert_eq!(kept(Some(TRACE)).as_deref(), Some(id));
        let lineage = format!("Lineage=a:1;{TRACE}");
        assert_eq!(kept(Some(&lineage)).as_deref(), Some(id));
        for given in [
            None,
            Some("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"),
            Some("Root=1-5759e988-bd862e3fe1be46a994272793"),
            Some("Root=<script>;Sampled=1"),
        ] {
            assert_eq!(kept(given), None, "{given:?}");
        }
    }

    #[test]
    fn what_begins_here_is_a_trace() {
        let trace = begun();
        assert_eq!(header(Some(&trace)), Some(trace));
    }

    #[test]
    fn without_a_root_there_is_no_trace() {
        for given in [
            None,
            Some(""),
            Some("Sampled=1"),
            Some("Root=1-2-3"),
            Some("Root=1-5759e988-bd862e3fe1be46a99427279é"),
        ] {
            assert_eq!(header(given), None, "{given:?}");
        }
    }

    #[test]
    fn a_trace_is_told_as_the_w3c_writes_it() {
        let expected = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
        assert_eq!(parent(Some(TRACE)).as_deref(), Some(expected));
        let unsampled = TRACE.to_ascii_uppercase();
        let unsampled = unsampled
            .replace("ROOT", "Root")
            .replace("PARENT", "Parent");
        let expected = expected.replace("-01", "-00");
        assert_eq!(parent(Some(&unsampled)), Some(expected));
        for given in [
            None,
            Some("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"),
            Some("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000;Sampled=1"),
            Some("Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8"),
            Some("Parent=53995c3f42cd8ad8;Sampled=1"),
        ] {
            assert_eq!(parent(given), None, "{given:?}");
        }
    }
}
