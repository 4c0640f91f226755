//! Texts that are filled in from a recorded event.

use crate::event_template::{EventPart, EventTemplate};

use super::{field::names_fit, report::Report, value::Value};

/// A text with placeholders, or with none.
pub(super) fn read(value: Value<'_>, report: &mut Report<'_>) -> Option<EventTemplate> {
    let text = value.text(report)?;
    let template = match EventTemplate::parse(text) {
        Ok(template) => template,
        Err(fault) => {
            let mend = format!("write, for example, {} = \"{{json:data.id}}\"", value.key);
            report.add(value.at(), fault, mend);
            return None;
        }
    };
    let fits = template.parts().iter().all(|part| match part {
        EventPart::Value(place) => names_fit(*place, value, report),
        _ => true,
    });
    fits.then_some(template)
}

/// The same, of a text that must not be the same for every event.
pub(super) fn differing(value: Value<'_>, report: &mut Report<'_>) -> Option<EventTemplate> {
    let template = read(value, report)?;
    let differs = (template.parts().iter())
        .any(|part| !matches!(part, EventPart::Literal(_) | EventPart::Route));
    if !differs {
        report.add(
            value.at(),
            format!("`{}` is the same for every event", value.key),
            format!(
                "take it from the event, for example {} = \"{{json:data.id}}\"",
                value.key
            ),
        );
    }
    differs.then_some(template)
}
