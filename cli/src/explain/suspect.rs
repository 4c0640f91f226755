//! A refused delivery, and the guesses that are tried on it.

use std::cell::Cell;

use catalogue::{KeyForm, Scheme, Source};
use webhook::{
    keys::{Keys, Secret},
    reading::delivery::Delivery,
    refusal::Refusal,
};

use crate::{
    delivery::Case,
    input::GivenSecret,
    trial::{Trial, timeless},
};

/// How many bytes are hashed at most before the search ends: a second or two, whatever the body's length.
const BUDGET: u64 = 2 << 30;

/// What a try costs beside the body.
const EACH: u64 = 4_096;

/// A refused delivery.
pub(crate) struct Suspect<'c> {
    pub(super) case: &'c Case,
    pub(super) refusal: &'c Refusal,
    /// The source, without a look at the clock.
    as_it_is: Option<Trial>,
    left: Cell<u64>,
}

/// What may have happened to a delivery.
pub(super) struct Guess {
    pub(super) change: Change,
    /// What it says, if it is so. In one sentence.
    pub(super) sentence: String,
    /// What to do about it.
    pub(super) mend: String,
}

/// How the delivery, or what it is held against, must be changed to be authentic.
pub(super) enum Change {
    /// In no way: the delivery itself shows it.
    Evident,
    /// But for the clock in no way.
    Clock,
    Url(String),
    Method(&'static str),
    Body(Vec<u8>),
    /// One of the secrets is this key, of the form in which it may be told.
    Key {
        secret: usize,
        key: Vec<u8>,
        form: Option<KeyForm>,
    },
    Schemes(Vec<Scheme>),
    /// The schemes as they are, and no look at what could be a challenge.
    NoHandshakes,
    /// The schemes of another source.
    Source(Box<Source>),
}

impl<'c> Suspect<'c> {
    pub(crate) fn new(case: &'c Case, refusal: &'c Refusal) -> Self {
        let secrets: Vec<Secret> = case.secrets.iter().map(GivenSecret::secret).collect();
        Self {
            case,
            refusal,
            as_it_is: Trial::new(&case.source, timeless(case.source.schemes), &secrets),
            left: Cell::new(BUDGET),
        }
    }

    pub(super) fn schemes(&self) -> &'static [Scheme] {
        self.case.source.schemes
    }

    /// The provider's name, as people say it.
    pub(super) fn title(&self) -> &'static str {
        self.case
            .source
            .provider
            .map_or("the provider", |provider| provider.title)
    }

    pub(super) fn header(&self, name: &str) -> Option<&'c str> {
        self.case.headers.get(name)
    }

    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.case.secrets.iter().map(GivenSecret::secret).collect()
    }

    /// Whether there is no more time to try anything.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// Takes what a try of this body costs.
    pub(super) fn pay(&self, body: usize) {
        let cost = u64::try_from(body).unwrap_or(u64::MAX).saturating_add(EACH);
        self.left.set(self.left.get().saturating_sub(cost));
    }

    /// Whether the delivery is authentic with this change.
    pub(super) fn holds(&self, change: &Change) -> bool {
        let case = self.case;
        let delivery = case.delivery();
        let as_it_is = |delivery: Delivery<'_>| self.passes(self.as_it_is.as_ref(), delivery);
        match change {
            Change::Evident => true,
            Change::Clock => as_it_is(delivery),
            Change::Url(url) => {
                as_it_is(Delivery::new(&case.method, url, &case.headers, &case.body))
            }
            Change::Method(method) => as_it_is(Delivery { method, ..delivery }),
            Change::Body(body) => as_it_is(Delivery { body, ..delivery }),
            Change::Key { key, .. } => {
                let schemes = timeless(case.source.schemes);
                let in_hex = schemes
                    .into_iter()
                    .filter(|scheme| !scheme.algorithm.is_public_key());
                let in_hex = in_hex
                    .map(|scheme| Scheme {
                        key: KeyForm::Hex,
                        ..scheme
                    })
                    .collect();
                let secret = Secret::new(hex::encode(key), "guess");
                self.passes(
                    Trial::new(&case.source, in_hex, &[secret]).as_ref(),
                    delivery,
                )
            }
            Change::Schemes(schemes) => {
                let trial = Trial::new(&case.source, timeless(schemes), &self.secrets());
                self.passes(trial.as_ref(), delivery)
            }
            Change::NoHandshakes => {
                let trial =
                    Trial::new(&case.source, timeless(case.source.schemes), &self.secrets());
                self.passes(trial.map(Trial::without_handshakes).as_ref(), delivery)
            }
            Change::Source(source) => {
                let trial = Trial::new(source, timeless(source.schemes), &self.secrets());
                self.passes(trial.as_ref(), delivery)
            }
        }
    }

    fn passes(&self, trial: Option<&Trial>, delivery: Delivery<'_>) -> bool {
        if self.is_spent() {
            return false;
        }
        self.pay(delivery.body.len());
        trial.is_some_and(|trial| trial.verdict(delivery, self.case.now).is_ok())
    }

    /// The secrets that are no keys of the source's schemes, and why.
    pub(super) fn faults(&self) -> Vec<String> {
        let (_, faults) = Keys::load(self.schemes(), &self.secrets());
        faults.iter().map(ToString::to_string).collect()
    }
}
