//! Some providers want an HMAC of whatever a stranger sends, by the key that signs events, as an answer to a handshake. A
//! signature that anyone can have made proves no event.

use catalogue::Source;

use crate::reading::message::Message;

/// Whether anyone may have this message signed, as a challenge.
pub(crate) fn is_signed_for_strangers(source: &Source, message: &Message<'_>) -> bool {
    let bytes = || message.parts().map(<[u8]>::len).sum();
    source
        .handshakes
        .iter()
        .filter(|handshake| handshake.signs_for_strangers())
        // A message that is too long needn't be put together: nearly all are.
        .any(|handshake| {
            handshake.form.allows_length(bytes()) && handshake.form.allows(&message.whole())
        })
}
