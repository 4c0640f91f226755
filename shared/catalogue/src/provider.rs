//! What is known of a provider, beyond how it signs.

use crate::{
    asked::Asked,
    encrypted::Encrypted,
    handshake::{Accepted, Handshake, Method},
    identity::Identity,
    leaked::leaked,
    scheme::{Field, Scheme},
    size::BodyLimit,
    template::{INTO, Place, Template},
};

/// An entry of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The name that `landfall.toml` and the command line use: `[a-z0-9-]`.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// Where the provider documents its webhooks.
    pub docs: &'static str,
    /// The day on which this entry was last held against what says so, as `2026-11-30`.
    pub checked: &'static str,
    /// What was read for it, in words: pages, libraries at their version, receivers of others. Empty: its page, and
    /// what its vectors name.
    pub read: &'static str,
    /// Which facts of this entry no document of the provider's settles.
    pub unconfirmed: &'static [Fact],
    /// What an operator should know of this entry, and of what is unconfirmed in it; may be empty.
    pub note: &'static str,
    /// How it signs, those last that a source must name under `versions`. A secret belongs to the first scheme whose key
    /// form asks for its prefix, else to the first scheme; and to every other scheme with the same key form.
    pub schemes: &'static [Scheme],
    /// Why several of its schemes count though no source names them: no delivery that is signed by one
    /// can be made to pass as another's. Empty where only one does.
    pub side_by_side: &'static str,
    /// Why a message of it counts though its parts can't all be told from each other
    /// ([`Scheme::ambiguity`]). Empty where they can.
    pub joined: &'static str,
    /// Where the keys come from.
    pub keys: &'static KeyOrigin,
    /// What a source must say beside: texts that the operator has from the provider.
    pub settings: &'static [Setting],
    /// What tells an event from every other.
    pub identity: Identity,
    /// What kind of event it is, where the provider says.
    pub event_type: Option<Template>,
    /// A further name for the event that operators search the logs for: field name and template.
    pub reference: Option<&'static (&'static str, Template)>,
    /// The field that holds the event's JSON, in deliveries whose body is a form.
    pub payload_field: Option<&'static str>,
    /// Headers that handlers get, beside those that the templates above name.
    pub headers: &'static [&'static str],
    /// What of a delivery isn't signed though handlers may read it, in words; empty: all is.
    pub unsigned: &'static str,
    /// What the provider sends to prove the endpoint, and what it wants back.
    pub handshakes: &'static [Handshake],
    /// The methods by which deliveries come, where the operator may choose one over there: those only
    /// whose data stands in a body, which is signed.
    pub methods: &'static [Method],
    /// What it wants to hear of a delivery that was taken.
    pub accepted: Accepted,
    /// How it hands over the secret itself, where the operator isn't shown one.
    pub enrolment: Option<&'static Enrolment>,
    /// How it asks, once, whether it may send.
    pub subscription: Option<&'static Subscription>,
    /// How a delivery that carries several events is taken apart.
    pub bundle: Option<&'static Bundle>,
    /// What of an event it encrypts, for those who have asked it to.
    pub encrypted: Option<&'static Encrypted>,
    /// The status that answers a refused delivery. Its body is one for every reason: ours, or none
    /// where `accepted` is fixed.
    pub refusal_status: u16,
    /// What the provider makes of an answer; `None` where its documentation doesn't say.
    pub answers: Option<Answers>,
    /// The largest body that it says it sends, in bytes, where that is more than is taken by default.
    pub largest_body_bytes: Option<usize>,
    /// The largest body that a source of it takes unless the source says otherwise.
    pub max_body: BodyLimit,
    /// How long the provider waits for an answer, in seconds, where it says.
    pub deadline_seconds: Option<u16>,
    /// How long it goes on sending an event again, in hours; the ledger must remember longer.
    pub retry_hours: u16,
    /// Its retry schedule, and what stops it, in a sentence.
    pub retries: &'static str,
    /// Which addresses it sends from, or where it lists them; empty: it doesn't say.
    pub source_ips: &'static str,
    /// What an operator does over there: where the endpoint is entered and the secret is found.
    pub setup: &'static str,
}

/// What a provider makes of an answer, as its documentation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The statuses that it takes for "delivered", from and to. It sends again, or gives up, after others.
    pub delivered: &'static [(u16, u16)],
    /// What else it reads in an answer, in a sentence; may be empty.
    pub note: &'static str,
    /// The page that says so.
    pub source: &'static str,
}

impl Answers {
    /// Every status from 200 to 299 means "delivered".
    #[must_use]
    pub const fn any_2xx(source: &'static str) -> Self {
        Self::only(&[(200, 299)], source)
    }

    /// These statuses do.
    #[must_use]
    pub const fn only(delivered: &'static [(u16, u16)], source: &'static str) -> Self {
        Self {
            delivered,
            note: "",
            source,
        }
    }

    /// The same, and what else the provider reads in an answer.
    #[must_use]
    pub const fn noting(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether the provider takes this status for "delivered".
    #[must_use]
    pub fn is_delivered(&self, status: u16) -> bool {
        let mut ranges = self.delivered.iter();
        ranges.any(|(from, to)| (*from..=*to).contains(&status))
    }
}

/// What may be known of a provider for certain, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// How it signs.
    Signature,
    /// Where the event id is.
    EventId,
    /// Where the event type is.
    EventType,
    /// How old a delivery may be: the number is ours.
    Tolerance,
    /// How the endpoint is proven.
    Handshake,
    /// How several events come in one delivery.
    Bundle,
    /// Which answers it takes for "delivered".
    Answer,
    /// How long it waits for an answer.
    Deadline,
    /// When it sends again, and what stops it.
    Retries,
}

/// Where the keys come from that a source's deliveries are verified with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// The operator puts them into the source's secret.
    Secret,
    /// The provider publishes all of them at one address, as a JSON Web Key Set or as one key.
    Published {
        /// The address, over HTTPS; it may have `{setting:name}` in it.
        url: &'static str,
    },
    /// Every delivery names the address of its own, a key or a certificate, which stays what it is.
    Named {
        /// Where the address stands.
        place: Place,
        /// The hosts that may be called. A label `{region}` stands for the name of an AWS region.
        hosts: &'static [&'static str],
        /// Those of the provider's own test environment, which may be called too, but not in `live`.
        sandbox: &'static [&'static str],
        /// The form of the path: `{hex}` stands for digits of hex in lower case, `{id}` for letters, digits
        /// and `-`. Empty: any.
        path: &'static str,
        /// The names of which a certificate must have one, as its common name or a DNS name; `{region}` as in
        /// `hosts`. Empty: keys and certificates of any name.
        names: &'static [&'static str],
    },
    /// Every delivery names a key by its id, and the provider gives it for a credential: the source's secret.
    Asked(Asked),
}

impl KeyOrigin {
    /// With the source's own texts for `{setting:name}`, where one is asked for.
    #[must_use]
    pub(crate) fn with_settings(&'static self, settings: &[(&str, &str)]) -> &'static Self {
        match self {
            Self::Published { url } if Template::new(url).has_setting() => {
                leaked(Self::Published {
                    url: Template::new(url).with_settings(settings).text(),
                })
            }
            origin => origin,
        }
    }
}

/// A text that a source must give under `settings`, for `{setting:name}` in the entry's templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, in lower case with underscores.
    pub name: &'static str,
    /// What it is and where the operator finds it.
    pub help: &'static str,
    /// What one looks like.
    pub example: &'static str,
}

/// How a delivery that carries several events is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The dotted path of the array of items in the JSON body; empty: the body is the array. Behind `>` stands the path of
    /// a list in an item, `entry>changes`: an item with several elements there is several events, each of which has one
    /// of them and all else of the item.
    pub items: &'static str,
    /// The id of an item, a template over the item's own JSON (`{json:sg_event_id}`); `None`: the
    /// digest of the delivery and the item's index.
    pub item_id: Option<Template>,
    /// The type of an item, likewise.
    pub item_type: Option<Template>,
}

impl Bundle {
    /// The path of the array of items, and that of a list in an item at which items are cut, where they are.
    #[must_use]
    pub fn paths(&self) -> (&'static str, Option<&'static str>) {
        match self.items.split_once(INTO) {
            Some((items, each)) => (items, Some(each)),
            None => (self.items, None),
        }
    }

    /// With the source's own texts for `{setting:name}`; the same where that changes nothing.
    #[must_use]
    pub(crate) fn with_settings(&'static self, settings: &[(&str, &str)]) -> &'static Self {
        let mut texts = self.item_id.into_iter().chain(self.item_type);
        if texts.all(Template::is_filled) {
            return self;
        }
        let fill = |template: Template| template.with_settings(settings);
        leaked(Self {
            item_id: self.item_id.map(fill),
            item_type: self.item_type.map(fill),
            ..*self
        })
    }
}

/// How a provider hands over the secret that it will sign with: in a first POST, which nothing signs.
/// It is taken only while the operator has opened enrolment, and is active only once the operator has
/// confirmed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrolment {
    /// It stands in a header of a request without a signature. The answer must be 200 with the same
    /// header.
    Echoed {
        /// The header, for example `X-Hook-Secret`.
        header: &'static str,
    },
    /// It stands in a JSON body that holds nothing else. The answer must be 200; then the operator
    /// enters it at the provider.
    Entered {
        /// The body's one field, for example `verification_token`.
        field: &'static str,
        /// What it begins with, for example `secret_`. It stays part of the secret.
        prefix: &'static str,
    },
    /// What it sends is no secret, but a text that somebody has to send back by its API: it stands in a JSON body with
    /// fields that are named, and nothing else. The answer must be 200. It is shown, and never confirmed.
    SentBack {
        /// The body's field, for example `verificationKey`.
        field: &'static str,
        /// Those beside it.
        beside: &'static [&'static str],
    },
}

/// A delivery by which a provider asks whether it may send: signed and recorded like every event, and
/// answered by the consumer, which gets the URL that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The path and the value of the JSON field that tell the question from an event.
    pub kind: (&'static str, &'static str),
    /// The path of the field with the URL.
    pub url: &'static str,
    /// The hosts that may be called. A label `{region}` stands for the name of an AWS region.
    pub hosts: &'static [&'static str],
}

impl Provider {
    /// An entry that says as little as it may. Entries name what they know; the name, the title, the
    /// link, the schemes and the set-up at least.
    pub const BASE: Self = Self {
        name: "",
        title: "",
        docs: "",
        checked: "",
        read: "",
        unconfirmed: &[],
        note: "",
        schemes: &[],
        side_by_side: "",
        joined: "",
        keys: &KeyOrigin::Secret,
        settings: &[],
        identity: Identity::EVERY_DELIVERY,
        event_type: None,
        reference: None,
        payload_field: None,
        headers: &[],
        unsigned: "",
        handshakes: &[],
        methods: &[Method::Post],
        accepted: Accepted::Outcome,
        enrolment: None,
        subscription: None,
        bundle: None,
        encrypted: None,
        refusal_status: 400,
        answers: None,
        largest_body_bytes: None,
        max_body: BodyLimit::DEFAULT,
        deadline_seconds: None,
        retry_hours: 72,
        retries: "not published",
        source_ips: "",
        setup: "",
    };

    /// The schemes that count unless a source names others.
    #[must_use]
    pub fn counting(&self) -> &'static [Scheme] {
        let counting = self.schemes.iter().take_while(|scheme| !scheme.opt_in);
        &self.schemes[..counting.count()]
    }

    /// The schemes of these versions. One that steps back behind another is on its own where that isn't
    /// among them.
    #[must_use]
    pub fn chosen(&self, versions: &[&str]) -> Vec<Scheme> {
        let is_chosen = |scheme: &&Scheme| versions.contains(&scheme.version);
        let passed_over = |field: &Field| {
            let mut others = self.schemes.iter().filter(|scheme| !is_chosen(scheme));
            others.any(|other| other.signature == *field)
        };
        let chosen = self.schemes.iter().filter(is_chosen);
        chosen
            .map(|scheme| Scheme {
                unless: scheme.unless.filter(|field| !passed_over(field)),
                ..*scheme
            })
            .collect()
    }

    /// Whether this fact is documented by the provider, or by a library of its own.
    #[must_use]
    pub fn confirms(&self, fact: Fact) -> bool {
        !self.unconfirmed.contains(&fact)
    }

    /// `confirmed` or `unconfirmed`: what is said of how it signs.
    #[must_use]
    pub fn confirmation(&self) -> &'static str {
        if self.confirms(Fact::Signature) {
            "confirmed"
        } else {
            "unconfirmed"
        }
    }
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Signature,
        Self::EventId,
        Self::EventType,
        Self::Tolerance,
        Self::Handshake,
        Self::Bundle,
        Self::Answer,
        Self::Deadline,
        Self::Retries,
    ];

    /// The fact in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::EventId => "event id",
            Self::EventType => "event type",
            Self::Tolerance => "tolerance",
            Self::Handshake => "handshake",
            Self::Bundle => "bundle",
            Self::Answer => "answer",
            Self::Deadline => "deadline",
            Self::Retries => "retries",
        }
    }
}
