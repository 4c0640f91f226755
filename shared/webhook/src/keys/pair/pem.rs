//! Takes PEM armour off key material, and puts it on. `rustls-pki-types` reads neither `RSA PUBLIC KEY` nor what
//! dashboards and environment variables make of a PEM file: one line, or `\n` as two characters.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{keys::pair::BEGIN, reading::base64::LENIENT};

/// The armour around these bytes.
pub(crate) fn armoured(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<String> = (text.as_bytes().chunks(64))
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// What stood between the first BEGIN and END.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) der: Vec<u8>,
}

/// The first block that holds a key or a certificate; `None` if it can't be read.
pub(crate) fn read(text: &str) -> Option<Block> {
    find(text, |_| true)
}

/// The first of them whose label is one of these.
pub(crate) fn find(text: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Block> {
    let text = text.replace("\\r", "").replace("\\n", "\n");
    let mut rest = text.as_str();
    loop {
        let (_, after) = rest.split_once(BEGIN)?;
        let (label, after) = after.split_once("-----")?;
        let (content, after) = after.split_once(&format!("-----END {label}-----"))?;
        rest = after;
        // OpenSSL writes the curve's parameters before an old-style EC key.
        if label == "EC PARAMETERS" || !is_wanted(label) {
            continue;
        }
        let content: String = content.split_whitespace().collect();
        return Some(Block {
            label: label.to_owned(),
            der: LENIENT.decode(content).ok()?,
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_however_it_was_copied() {
        for text in [
            "-----BEGIN PUBLIC KEY-----\nAQID\nBAUG\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\r\nAQID\r\nBAUG\r\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\\nAQID\\nBAUG\\n-----END PUBLIC KEY-----\\n",
            "-----BEGIN PUBLIC KEY----- AQID BAUG -----END PUBLIC KEY-----",
            "\"-----BEGIN PUBLIC KEY-----AQIDBAUG-----END PUBLIC KEY-----\"",
            "note\n-----BEGIN EC PARAMETERS-----\nAA==\n-----END EC PARAMETERS-----\n\
             -----BEGIN PUBLIC KEY-----\nAQIDBAUG\n-----END PUBLIC KEY-----",
        ] {
            let block = read(text).unwrap();
            assert_eq!(
                (block.label.as_str(), &block.der[..]),
                ("PUBLIC KEY", &[1, 2, 3, 4, 5, 6][..]),
                "{text}"
            );
        }
    }

    #[test]
    fn a_broken_block_is_no_block() {
        for text in [
            "",
            "AQID",
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nAQID\n",
            "-----BEGIN PUBLIC KEY-----\nAQID\n-----END CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END RSA PRIVATE KEY-----",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
