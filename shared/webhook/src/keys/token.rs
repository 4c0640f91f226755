//! A text that proves whoever shows it. It is kept as its digest, so that it can't be printed and texts of any length
//! compare in constant time.

use super::material::{is_token, token_digest};

/// What must be shown.
pub struct Token([u8; 32]);

impl Token {
    /// The token that is this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(token_digest(text.as_bytes()))
    }

    /// Whether this is its text.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        is_token(shown.as_bytes(), &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_its_whole_text_and_nothing_else() {
        let token = Token::new("a long and secret text");
        assert!(token.is("a long and secret text"));
        for other in [
            "",
            "a long and secret tex",
            "a long and secret text ",
            "A long and secret text",
        ] {
            assert!(!token.is(other), "{other}");
        }
    }
}
