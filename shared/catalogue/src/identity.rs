//! What tells an event from every other, and a redelivery of it from a new one.
//!
//! Identity is what the provider makes unique, never a guess: an event that is taken for another is answered
//! "duplicate" and lost. Which row holds is worked out from the scheme that proved the delivery, for a source may
//! have several: [`Identity::told_by`].
//!
//! | the signature covers | there is | an event is |
//! |---|---|---|
//! | the id | an id | the id |
//! | the body, and not the id | an id | the id, with a digest of the signed bytes |
//! | not the body, but a text that is new each time | | the signed bytes: one signature, one event, whatever else is said |
//! | neither of the two | an id | the id, with a digest of the body |
//! | anything | no id, but a reason why the signed bytes are unique | the signed bytes; the body, if nothing is signed |
//! | anything | neither | every delivery |

use crate::{scheme::Scheme, template::Template};

/// How the events of a provider are told from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The text that is the same in every redelivery of an event, and in no other event, where the provider
    /// has one.
    pub id: Option<Template>,
    /// Why no two events of which that text is missing are signed over the same bytes, in words: a digest of
    /// these bytes is the id then. Where nobody can say why, every delivery without an id is an event of its own.
    pub unique: Option<&'static str>,
    /// The signature doesn't cover the body, and the texts that it covers may be those of two events, as a time in
    /// seconds and a type: then one signature is not one event.
    pub signed_repeats: bool,
}

/// By what an event of one delivery is told from others: the rows of the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// The provider's id, which is signed.
    Id,
    /// The provider's id and the signed bytes.
    IdAndSigned,
    /// The provider's id and the body.
    IdAndBody,
    /// The signed bytes.
    Signed,
    /// The body, of which nothing is signed.
    Body,
    /// Nothing: the delivery is an event of its own.
    Nothing,
}

impl Identity {
    /// By what an event is told from others that this scheme proved. `id_signed`: whether the signature covers
    /// the id; `None` where there is none.
    #[must_use]
    pub fn told_by(&self, scheme: &Scheme, id_signed: Option<bool>) -> ToldBy {
        match id_signed {
            Some(true) => ToldBy::Id,
            // Whoever has such a signature can send it with any body, and any id in that.
            _ if self.is_told_by_signature(scheme) => ToldBy::Signed,
            Some(false) if scheme.covers_body() => ToldBy::IdAndSigned,
            Some(false) => ToldBy::IdAndBody,
            None if self.unique.is_none() => ToldBy::Nothing,
            None if scheme.covers_body() => ToldBy::Signed,
            None => ToldBy::Body,
        }
    }

    /// Whether one signature by this scheme is one event, whatever body is sent with it.
    #[must_use]
    pub fn is_told_by_signature(&self, scheme: &Scheme) -> bool {
        !self.signed_repeats && scheme.signs_a_number_used_once()
    }

    /// Nothing in a delivery tells its redelivery from a new event.
    pub const EVERY_DELIVERY: Self = Self {
        id: None,
        unique: None,
        signed_repeats: false,
    };

    /// The provider's id; a delivery in which it is missing is an event of its own.
    #[must_use]
    pub const fn id(template: &'static str) -> Self {
        Self {
            id: Some(Template::new(template)),
            ..Self::EVERY_DELIVERY
        }
    }

    /// No id, but signed bytes that are unique, for this reason.
    #[must_use]
    pub const fn unique(because: &'static str) -> Self {
        Self {
            unique: Some(because),
            ..Self::EVERY_DELIVERY
        }
    }

    /// The same of an entry whose signed texts, which the body isn't among, may be those of two events.
    #[must_use]
    pub const fn though_signed_repeats(self) -> Self {
        Self {
            signed_repeats: true,
            ..self
        }
    }

    /// The same, and where the id is missing the signed bytes are unique, for this reason.
    #[must_use]
    pub const fn or_unique(self, because: &'static str) -> Self {
        Self {
            unique: Some(because),
            ..self
        }
    }

    /// With the source's own texts for `{setting:name}`.
    #[must_use]
    pub(crate) fn with_settings(self, settings: &[(&str, &str)]) -> Self {
        Self {
            id: self.id.map(|template| template.with_settings(settings)),
            ..self
        }
    }
}
