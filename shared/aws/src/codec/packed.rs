//! What of an event is read as a whole, in one attribute: a front, with all that has no attribute of its own, and behind it
//! the body. Compressed where that makes it smaller, after a dictionary: the words and shapes that webhooks are made of, so
//! that the first `"created_at":"20` of a body is a reference too.
//!
//! A dictionary never changes, for what was written with it can be read with no other. A better one gets a new number, and
//! this one stays.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use catalogue::size::LARGEST_BODY_BYTES;
use miniz_oxide::{
    DataFormat,
    deflate::core::{
        CompressionStrategy, CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output,
    },
    inflate::{
        TINFLStatus,
        core::{
            DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        },
    },
};
use serde::{Deserialize, Serialize};

/// What all else of an event is. To be written it borrows from the event.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Front<'e> {
    /// The headers that handlers get.
    pub(super) headers: Cow<'e, BTreeMap<String, String>>,
    /// Which secret matched.
    #[serde(rename = "label")]
    pub(super) secret_label: Cow<'e, str>,
    /// What the signature covers.
    #[serde(rename = "signed")]
    pub(super) covered: Cow<'e, str>,
    /// The further name that operators search for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) reference: Option<Cow<'e, (String, String)>>,
    /// The delivery that this is an item of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) parent: Option<Cow<'e, str>>,
}

/// Stored as it is.
pub(super) const PLAIN: u8 = 0;

/// Deflated after the first dictionary.
pub(super) const FIRST: u8 = 1;

/// The first dictionary: what is common stands at its end, where references are shortest.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.txt");

/// Before what is stored: how, and how many bytes it is, the least significant first.
const HEAD: usize = 5;

/// Smaller ones are not worth the trial: an item is paid for by the kilobyte.
const WORTH_COMPRESSING: usize = 512;

/// The largest front: API Gateway lets 10 KB of headers through, and JSON may take six bytes for one.
const LARGEST_FRONT_BYTES: usize = 131_072;

/// Of miniz's ten: the slower ones gain a few percent, at several times the cost.
const LEVEL: u8 = 3;

/// A compressor that has the dictionary behind it. To copy it costs what a new one does.
static COMPRESSOR: LazyLock<CompressorOxide> = LazyLock::new(|| {
    let strategy = CompressionStrategy::Default;
    let mut compressor = CompressorOxide::with_params(DataFormat::Raw, LEVEL, strategy, 15);
    // What comes of it ends at a whole byte, and whoever reads has the dictionary instead.
    let _ = compress_to_output(&mut compressor, DICTIONARY, TDEFLFlush::Sync, |_| true);
    compressor
});

/// Readies the compressor, so that the first event needn't wait for it.
pub(crate) fn warm_up() {
    LazyLock::force(&COMPRESSOR);
}

/// Front and body in one.
pub(super) fn pack(front: &Front<'_>, body: &[u8]) -> Vec<u8> {
    // Texts and maps of texts are always JSON.
    let mut plain = serde_json::to_vec(front).unwrap_or_default();
    plain.extend_from_slice(body);
    if plain.len() >= WORTH_COMPRESSING {
        let mut packed = headed(FIRST, plain.len(), plain.len() / 2);
        if deflate(&plain, &mut packed) && packed.len() < HEAD + plain.len() {
            return packed;
        }
    }
    let mut packed = headed(PLAIN, plain.len(), plain.len());
    packed.extend_from_slice(&plain);
    packed
}

/// What [`pack`] made one. `None`: it did not make this.
pub(super) fn unpack(packed: &[u8]) -> Option<(Front<'static>, Vec<u8>)> {
    let (&[encoding, length @ ..], stored) = packed.split_first_chunk::<HEAD>()?;
    let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
    let mut plain = match encoding {
        PLAIN => stored.to_vec(),
        FIRST => inflate(stored, length)?,
        _ => return None,
    };
    let mut values = serde_json::Deserializer::from_slice(&plain).into_iter::<Front>();
    let front = values.next()?.ok()?;
    let body = plain.split_off(values.byte_offset());
    Some((front, body))
}

fn headed(encoding: u8, length: usize, room: usize) -> Vec<u8> {
    let mut packed = Vec::with_capacity(HEAD + room);
    packed.push(encoding);
    // A body is far smaller than that; one that isn't would be refused when it is read.
    packed.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    packed
}

/// Whether all of it could be written.
fn deflate(plain: &[u8], to: &mut Vec<u8>) -> bool {
    let mut compressor = COMPRESSOR.clone();
    let (status, _) = compress_to_output(&mut compressor, plain, TDEFLFlush::Finish, |bytes| {
        to.extend_from_slice(bytes);
        true
    });
    status == TDEFLStatus::Done
}

fn inflate(stored: &[u8], length: usize) -> Option<Vec<u8>> {
    if length > LARGEST_BODY_BYTES + LARGEST_FRONT_BYTES {
        return None;
    }
    let mut out = vec![0; DICTIONARY.len() + length];
    out[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut decompressor = DecompressorOxide::new();
    let (status, _, written) =
        decompress(&mut decompressor, stored, &mut out, DICTIONARY.len(), flags);
    (status == TINFLStatus::Done && written == length).then(|| out.split_off(DICTIONARY.len()))
}

#[cfg(test)]
pub(super) const fn dictionary() -> &'static [u8] {
    DICTIONARY
}
