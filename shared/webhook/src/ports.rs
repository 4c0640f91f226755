//! What the functions ask of the world in order to verify: keys, places for handed-over secrets, and the addresses
//! that a proven delivery names. As with the ports of the protocol, each trait has two implementations: the AWS
//! service, and the world of the tests.

use std::{future::Future, net::IpAddr, sync::Arc};

use catalogue::Source;
use protocol::{fault::Fault, ports::Written, time::UnixMillis};

#[cfg(feature = "public-keys")]
use crate::keys::PrivateKeys;
use crate::{
    endpoint::{enrolment::Offer, quarantine::Kept},
    keys::{Keys, origin::Origin},
    reading::address::Address,
    refusal::Reason,
};

/// The sources' keys, which outlive many deliveries.
pub trait Secrets: Send + Sync {
    /// The keys of a source as they were last read; where there are none, those that one read now may
    /// bring. A fault names the secret or says that it is the provider's keys, and why there are none.
    fn keys(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Arc<Keys>, Fault>> + Send;
    /// An event was proven by the keys of a source: reads them again if that is due, or keeps the address that the
    /// delivery named, so that a later process knows it from its start. Those of old stay where it fails.
    fn refresh(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> impl Future<Output = ()> + Send;
    /// Reads the keys of a source again because they explain no signature: once a source and minute.
    /// `None`: not now, or nothing has changed. A fault: the last read failed, so that nobody knows.
    fn refetch(
        &self,
        source: &Source,
        origin: &Origin,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Option<Arc<Keys>>, Fault>> + Send;
    /// Until when the operator has what this source refuses for this reason kept, as it was last read with the secrets.
    /// `None`: that was not asked for. They are read again for a forged delivery alone, and where that is due anyway.
    fn quarantined_until(
        &self,
        source: &Source,
        reason: Reason,
        now: UnixMillis,
    ) -> impl Future<Output = Option<UnixMillis>> + Send;
}

/// What the front proves itself by, where one stands before the stack's own address.
pub trait Front: Send + Sync {
    /// Whether what a request shows is the front's. A fault: nobody knows, for what the front shows can't be read.
    fn knows(
        &self,
        shown: &str,
        now: UnixMillis,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
    /// Reads what it shows again if that is due. What was read before stays where it fails.
    fn refresh(&self, now: UnixMillis) -> impl Future<Output = ()> + Send;
}

/// The entries in which secrets that providers hand over wait for the operator.
pub trait Enrolments: Send + Sync {
    /// Keeps a secret, where the source's entry [takes](crate::endpoint::enrolment::Entry::takes) it. When and
    /// from where it came first stays.
    fn keep(
        &self,
        source: &str,
        offer: &Offer,
        from: Option<IpAddr>,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Written, Fault>> + Send;
}

/// Deliveries that were refused, and are kept while the operator has opened their source's quarantine.
pub trait Quarantine: Send + Sync {
    /// Keeps one, where there is [room](crate::endpoint::quarantine::Room::take) for it when it came. Whoever found none for one of
    /// a source may keep none of that source's for ten seconds.
    fn keep(&self, kept: &Kept) -> impl Future<Output = Result<Written, Fault>> + Send;
}

/// The private keys of the certificates for which providers encrypt, which outlive many events.
#[cfg(feature = "public-keys")]
pub trait Opening: Send + Sync {
    /// Those of a source, as they were last read. A fault: nobody knows them, or there is none.
    fn private_keys(
        &self,
        source: &str,
        now: UnixMillis,
    ) -> impl Future<Output = Result<Arc<PrivateKeys>, Fault>> + Send;
    /// Those that it has by now, because what it had opens nothing. They are read again once a source and minute.
    fn latest_private_keys(
        &self,
        source: &str,
        now: UnixMillis,
    ) -> impl Future<Output = Option<Arc<PrivateKeys>>> + Send;
}

/// The addresses at which providers have their questions answered.
pub trait Callbacks: Send + Sync {
    /// Gets this address, and returns the status of the answer. Follows no redirect, sends no word of
    /// ours, and reads nothing of the answer's body.
    fn get(&self, callback: &Address) -> impl Future<Output = Result<u16, Fault>> + Send;
}
