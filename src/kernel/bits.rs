//! Some of a few numbered things, one bit each: a team's people by their places in it, lanes of a queue.

/// Some of them. One made without room is always empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Vec<u64>);

/// Words that hold so many.
pub(super) const fn words_for(count: usize) -> usize {
    count.div_ceil(64)
}

impl Bits {
    /// None of so many.
    pub(super) fn of(count: usize) -> Bits {
        Bits(vec![0; words_for(count)])
    }

    /// None of so many, in place of what it was.
    pub(super) fn empty(&mut self, count: usize) {
        self.0.clear();
        self.0.resize(words_for(count), 0);
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Says whether the one at a place is among them.
    #[inline]
    pub(super) fn set(&mut self, place: usize, is_one: bool) {
        if let Some(word) = self.0.get_mut(place / 64) {
            let bit = 1 << (place % 64);
            *word = (*word & !bit) | if is_one { bit } else { 0 };
        }
    }

    /// Whether the one at a place is among them.
    #[inline]
    pub(super) fn contains(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Them, 64 to a word.
    #[inline]
    pub(super) fn words(&self) -> &[u64] {
        &self.0
    }

    /// The first one from a place on.
    #[inline]
    pub(super) fn first_from(&self, place: usize) -> Option<usize> {
        let from = place / 64;
        let mut words = self.0.iter().enumerate().skip(from);
        words.find_map(|(index, word)| {
            let word = if index == from {
                word & (u64::MAX << (place % 64))
            } else {
                *word
            };
            (word != 0).then(|| index * 64 + word.trailing_zeros() as usize)
        })
    }
}

/// Places of those in some words, in ascending order.
#[inline]
pub(super) fn places(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(index, mut word)| {
        std::iter::from_fn(move || {
            let bit = word.trailing_zeros() as usize;
            word &= word.wrapping_sub(1);
            (bit < 64).then_some(index * 64 + bit)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_found_in_the_order_of_their_places() {
        let mut bits = Bits::of(200);
        let some = [0, 1, 63, 64, 130, 199];
        some.iter().for_each(|place| bits.set(*place, true));
        assert_eq!(places(bits.words().iter().copied()).collect::<Vec<_>>(), some);
        let from = |place| bits.first_from(place);
        assert_eq!(
            [from(0), from(2), from(64), from(65), from(131), from(200)],
            [Some(0), Some(63), Some(64), Some(130), Some(199), None]
        );
        assert!(some.iter().all(|place| bits.contains(*place)) && !bits.contains(65));
        some.iter().for_each(|place| bits.set(*place, false));
        assert!(bits.is_empty());
    }

    #[test]
    fn one_without_room_stays_empty() {
        let mut bits = Bits::default();
        bits.set(3, true);
        assert!(bits.is_empty());
        assert_eq!(bits.first_from(0), None);
    }
}
