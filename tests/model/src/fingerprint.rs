//! The fingerprint of a state.

/// The fingerprint under which a state is remembered.
#[must_use]
pub fn digest(value: &impl std::hash::Hash) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = Fold(0x9e37_79b9_7f4a_7c15);
    value.hash(&mut hasher);
    hasher.finish()
}

/// Folded 128-bit multiplication: fast over many small fields, and 64 good bits.
struct Fold(u64);

impl Fold {
    #[inline]
    fn take(&mut self, value: u64) {
        let product =
            u128::from(self.0 ^ value ^ 0xa076_1d64_78bd_642f) * 0xe703_7ed1_a0b4_28db_u128;
        #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
        let folded = (product >> 64) as u64 ^ product as u64;
        self.0 = folded.rotate_left(23).wrapping_add(0x8ebc_6af0_9c88_c6e3);
    }
}

impl std::hash::Hasher for Fold {
    #[inline]
    fn finish(&self) -> u64 {
        let mut last = Self(self.0);
        last.take(0x5895_65f1);
        last.0
    }
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(u64::from(*byte));
        }
    }
    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.take(u64::from(value));
    }
    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.take(value);
    }
    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.take(value as u64);
    }
}
