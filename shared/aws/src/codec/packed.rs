//! What of an event is read as a whole, in one attribute: a front, with all that has no attribute of its own, and behind it
//! the body. Compressed where that makes it smaller, after a dictionary: the words and shapes that webhooks are made of, so
//! that the first `"created_at":"20` of a body is a reference too.
//!
//! A dictionary never changes, for what was written with it can be read with no other. A better one gets a new number, and
//! this one stays.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::Cursor,
    sync::{LazyLock, Mutex, PoisonError},
};

use catalogue::size::LARGEST_BODY_BYTES;
use serde::{Deserialize, Serialize};
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::DecoderDictionary,
    zstd_safe::{CParameter, get_frame_content_size},
};

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

/// A frame of Zstandard after the first dictionary.
pub(super) const FIRST: u8 = 1;

/// The first dictionary: how frequent the bytes are that stand by themselves, made by `local/dictionary.py`, and the text
/// that is referred to. What is common stands at its end.
static DICTIONARY: [u8; HEAD.len() + TEXT.len()] = joined();
const HEAD: &[u8] = include_bytes!("dictionary-1.head");
const TEXT: &[u8] = include_bytes!("dictionary-1.txt");

const USUAL_BODY_BYTES: usize = 2_048;
const USUAL_FRONT_BYTES: usize = 512;

/// Smaller ones are not worth the trial: an item is paid for by the kilobyte.
const WORTH_COMPRESSING: usize = 512;

/// The largest front: API Gateway lets 10 KB of headers through, and JSON may take six bytes for one.
const LARGEST_FRONT_BYTES: usize = 131_072;

/// Of Zstandard's: the faster ones take hardly fewer instructions after a dictionary, the slower ones gain a few percent.
const LEVEL: i32 = 3;

/// Of its two tables of the dictionary, as powers of two. Zstandard would take four times as large ones, as for a dictionary of
/// 128 KB; a start has to write to all of them, 400 KB, and they save one byte in seventy.
const HASH_LOG: u32 = 14;
const CHAIN_LOG: u32 = 13;

static FOR_READING: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(&DICTIONARY));

/// One for all: its memory is asked for once. `None`: the library refuses the dictionary, which a test would have shown.
static COMPRESSOR: LazyLock<Option<Mutex<Compressor<'static>>>> = LazyLock::new(|| {
    let mut compressor = Compressor::with_dictionary(LEVEL, &DICTIONARY).ok()?;
    for parameter in [
        CParameter::HashLog(HASH_LOG),
        CParameter::ChainLog(CHAIN_LOG),
        // The byte before the frame says which one.
        CParameter::DictIdFlag(false),
    ] {
        compressor.set_parameter(parameter).ok()?;
    }
    Some(Mutex::new(compressor))
});

/// As the compressor.
static DECOMPRESSOR: LazyLock<Option<Mutex<Decompressor<'static>>>> = LazyLock::new(|| {
    let decompressor = Decompressor::with_prepared_dictionary(&FOR_READING).ok()?;
    Some(Mutex::new(decompressor))
});

#[expect(
    clippy::large_stack_arrays,
    reason = "it is on the stack of the compiler"
)]
const fn joined() -> [u8; HEAD.len() + TEXT.len()] {
    let mut whole = [0; HEAD.len() + TEXT.len()];
    let (head, text) = whole.split_at_mut(HEAD.len());
    head.copy_from_slice(HEAD);
    text.copy_from_slice(TEXT);
    whole
}

/// Readies the compressor, so that the first event needn't wait for it: the dictionary is read when something is compressed.
pub(crate) fn warm_up() {
    compress(&DICTIONARY[..USUAL_BODY_BYTES]);
}

/// Front and body in one.
pub(super) fn pack(front: &Front<'_>, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(USUAL_FRONT_BYTES + body.len());
    plain.push(PLAIN);
    // Texts and maps of texts are always JSON.
    let _ = serde_json::to_writer(&mut plain, front);
    plain.extend_from_slice(body);
    if plain.len() > WORTH_COMPRESSING
        && let Some(packed) = compress(&plain[1..])
    {
        return packed;
    }
    plain
}

/// What [`pack`] made one. `None`: it did not make this.
pub(super) fn unpack(packed: &[u8]) -> Option<(Front<'static>, Vec<u8>)> {
    let (&encoding, stored) = packed.split_first()?;
    let mut plain = match encoding {
        PLAIN => stored.to_vec(),
        FIRST => decompress(stored)?,
        _ => return None,
    };
    let mut values = serde_json::Deserializer::from_slice(&plain).into_iter::<Front>();
    let front = values.next()?.ok()?;
    let body = plain.split_off(values.byte_offset());
    Some((front, body))
}

/// `None`: it would not be smaller, for then the room doesn't suffice.
fn compress(plain: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::with_capacity(plain.len());
    packed.push(FIRST);
    let mut frame = Cursor::new(&mut packed);
    frame.set_position(1);
    let compressor = COMPRESSOR.as_ref()?.lock();
    let mut compressor = compressor.unwrap_or_else(PoisonError::into_inner);
    compressor.compress_to_buffer(plain, &mut frame).ok()?;
    Some(packed)
}

fn decompress(frame: &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(get_frame_content_size(frame).ok()??).ok()?;
    if length > LARGEST_BODY_BYTES + LARGEST_FRONT_BYTES {
        return None;
    }
    let decompressor = DECOMPRESSOR.as_ref()?.lock();
    let mut decompressor = decompressor.unwrap_or_else(PoisonError::into_inner);
    decompressor.decompress(frame, length).ok()
}

#[cfg(test)]
pub(super) fn dictionary() -> &'static [u8] {
    &DICTIONARY
}
