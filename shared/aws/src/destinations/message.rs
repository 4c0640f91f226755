//! The attributes of a message in a queue or a topic, which holds so many and no more.

use std::collections::BTreeMap;

use catalogue::hops;
use protocol::outgoing::{Outgoing, Refusal};

use crate::attributes::{self, printable};

/// How many attributes a message may have.
const MOST_ATTRIBUTES: usize = 10;

/// Those of a message, with the content type and what the route says: names and texts.
pub(super) fn attributes(
    kind: &str,
    outgoing: &Outgoing,
) -> Result<Vec<(String, String)>, Refusal> {
    let mut all: BTreeMap<String, String> = (outgoing.headers.iter())
        .map(|(name, text)| (name.to_ascii_lowercase(), printable(text)))
        .collect();
    all.insert("content-type".into(), printable(&outgoing.content_type));
    let ours = attributes::attributes(outgoing).into_iter();
    all.extend(ours.map(|(name, text)| (name.to_owned(), text)));
    all.retain(|_, text| !text.is_empty());
    if all.len() > MOST_ATTRIBUTES {
        // Of all of them the one that a message can do without: it leads back by no way but its receiver's own.
        all.remove(hops::HEADER);
    }
    if all.len() > MOST_ATTRIBUTES {
        return Err(Refusal::permanent(format!(
            "a message of {kind} has {MOST_ATTRIBUTES} attributes at most, and with the route's headers it would have {}",
            all.len()
        )));
    }
    Ok(all.into_iter().collect())
}

/// What a message counts for with its attributes: their names, types and texts.
pub(super) fn size(body: &str, attributes: &[(String, String)]) -> usize {
    let size = |(name, text): &(String, String)| name.len() + "String".len() + text.len();
    body.len() + attributes.iter().map(size).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{super::testing::outgoing, *};

    #[test]
    fn a_message_without_room_for_all_of_them_goes_without_its_hops() {
        let headers = |count| {
            (0..count)
                .map(|at| (format!("x-{at}"), "a".to_owned()))
                .collect()
        };
        let told = |headers| {
            let event = Outgoing {
                headers,
                ..outgoing()
            };
            let told = attributes("SQS", &event)?;
            Ok::<_, Refusal>(told.iter().any(|(name, _)| name == hops::HEADER))
        };
        // Six of ours, and the content type.
        assert_eq!(told(headers(3)), Ok(true));
        assert_eq!(told(headers(4)), Ok(false));
        assert!(told(headers(5)).is_err());
    }
}
