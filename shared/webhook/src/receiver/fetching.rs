//! Receivers of providers whose public keys are fetched, and what they ask of the server that they are in.

use std::{future::Future, sync::Arc};

use catalogue::Source;
use protocol::time::UnixMillis;

use crate::{
    keys::{Keys, origin::Origin},
    reading::address::Address,
    receiver::{Begun, Denied, Received, Receiver, Request},
    refusal::Reason,
};

/// What a [`FetchingReceiver`] asks of its server: the keys at a provider's address.
///
/// Whoever implements it gets the text at [`Address::url`] over HTTPS, following no redirect and reading no more than
/// some 64 KiB of it, and has [`keys::fetched::read`](crate::keys::fetched::read) make keys of it, which checks whose
/// they are. Where deliveries name the address (Amazon SNS, PayPal), anybody can have one called that is of the
/// provider's form: keep what was found, and bound the calls. Where the provider gives a key for a credential alone (Circle,
/// eBay, Plaid), the source's [`KeyOrigin::Asked`](catalogue::KeyOrigin::Asked) says how it is shown; a receiver that is
/// given the keys themselves as secrets asks for none.
pub trait PublicKeys: Send + Sync {
    /// The keys at this address, as they were last read, or read now.
    fn keys(
        &self,
        source: &Source,
        address: &Address,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Arc<Keys>, Unfetched>> + Send;

    /// The keys at this address read once more, because those of before explain no signature: the provider may have
    /// new ones. `None`: there are no newer ones, or they were read a moment ago.
    fn newer(
        &self,
        source: &Source,
        address: &Address,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Option<Arc<Keys>>, Unfetched>> + Send;
}

/// Keys can't be had now. The text says why, and quotes no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider's public keys can't be had: {0}")]
pub struct Unfetched(pub String);

/// A [`Receiver`] whose public keys are fetched by its server.
#[derive(Debug)]
pub struct FetchingReceiver<P> {
    receiver: Receiver,
    public_keys: P,
}

impl<P: PublicKeys> FetchingReceiver<P> {
    pub(super) const fn new(receiver: Receiver, public_keys: P) -> Self {
        Self {
            receiver,
            public_keys,
        }
    }

    /// The receiver itself, which makes [requests](Receiver::request) and says what the provider wants to hear.
    #[must_use]
    pub const fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// What gets its keys.
    #[must_use]
    pub const fn public_keys(&self) -> &P {
        &self.public_keys
    }

    /// What this request is at this time.
    ///
    /// # Errors
    ///
    /// As [`Receiver::receive`]; and [`Denied::Unavailable`], where the keys can't be had.
    pub async fn receive<'r>(
        &'r self,
        request: &'r Request<'r>,
        now: UnixMillis,
    ) -> Result<Received<'r>, Denied> {
        let receiver = &self.receiver;
        let (address, checked) = match receiver.begin(request, now)? {
            Begun::Handshake(reply) => return Ok(Received::Handshake(reply)),
            Begun::Delivery(Origin::Secret, checked) => {
                return receiver.prove(&checked, &receiver.keys);
            }
            Begun::Delivery(
                Origin::Published(address) | Origin::Named(address) | Origin::Asked(address),
                checked,
            ) => (address, checked),
        };
        let source = receiver.source();
        let keys = self.public_keys.keys(source, &address, now).await?;
        let proven = receiver.prove(&checked, &keys);
        let Err(Denied::Refused { refusal, .. }) = &proven else {
            return proven;
        };
        if refusal.reason != Reason::Forged {
            return proven;
        }
        match self.public_keys.newer(source, &address, now).await? {
            Some(newer) => receiver.prove(&checked, &newer),
            None => proven,
        }
    }
}
