//! Numbers that look random and are the same everywhere.

/// SplitMix64: a few operations on 64 bits, so that no library's next version changes the numbers.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The numbers that belong to one thing of a seed, whatever was drawn for others.
    pub(super) fn of(seed: u64, kind: u64, index: u64) -> Self {
        let mut random = Self(seed);
        for part in [kind, index] {
            random = Self(random.next() ^ part);
        }
        random
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below the bound, which is small against 2^32.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// Whether something happens that happens so many times in a thousand.
    pub(super) fn in_thousand(&mut self, times: usize) -> bool {
        self.below(1000) < times
    }

    /// A place among `count`, of which each `half` further ones are chosen half as often; whole numbers alone, as
    /// fractions may differ between machines.
    pub(super) fn skewed(&mut self, count: usize, half: usize) -> usize {
        let halvings = usize::try_from(self.next().leading_zeros()).unwrap_or_default();
        let place = halvings * half + self.below(half);
        match place < count {
            true => place,
            false => self.below(half.min(count)),
        }
    }

    /// As many different places among `count` as are asked for.
    pub(super) fn places(&mut self, wanted: usize, count: usize, half: usize) -> Vec<usize> {
        let mut places = Vec::with_capacity(wanted);
        while places.len() < wanted {
            let place = self.skewed(count, half);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn gives_the_numbers_of_the_published_algorithm() {
        let mut random = Random(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
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
    fn prefers_the_first_places() {
        let mut random = Random::of(1, 2, 3);
        let mut chosen = [0_u32; 12];
        for _ in 0..16_000 {
            chosen[random.skewed(12, 2)] += 1;
        }
        assert!(chosen[0] > 3500 && chosen[1] > 3500, "{chosen:?}");
        assert!(chosen[2] > 1700 && chosen[2] < 2300, "{chosen:?}");
        assert!(chosen[11] > 30 && chosen[11] < 250, "{chosen:?}");
        let mut places = random.places(4, 4, 1);
        places.sort_unstable();
        assert_eq!(places, [0, 1, 2, 3]);
    }
}
