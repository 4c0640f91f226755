//! Chance for tests: numbers that look random and are the same for a seed, everywhere and for ever. So a history, a walk
//! or an input that failed once can be had again by its seed, and what a page says of seed 1 stays true; a crate's
//! generator may draw other numbers with its next version.

/// Draws numbers, by `SplitMix64`.
#[derive(Clone, Debug, Default)]
pub struct Chance(u64);

impl Chance {
    /// What is drawn from this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    #[inline]
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one; 0 if there is none.
    #[inline]
    pub fn below(&mut self, end: usize) -> usize {
        let drawn = u128::from(self.draw()) * (end as u128);
        usize::try_from(drawn >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers that the algorithm's authors' own code draws from this seed: <https://prng.di.unimi.it/splitmix64.c>.
    #[test]
    fn the_numbers_are_those_of_the_algorithm() {
        let mut chance = Chance::new(1_234_567);
        let drawn = [(); 3].map(|()| chance.draw());
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn every_number_below_the_end_is_drawn_and_no_other() {
        let mut chance = Chance::new(1);
        let mut found = [0; 5];
        for _ in 0..1_000 {
            found[chance.below(5)] += 1;
        }
        assert!(found.iter().all(|count| *count > 150), "{found:?}");
        assert_eq!(chance.below(0), 0);
    }
}
