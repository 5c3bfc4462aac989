//! Choices of a generator, all from one number: the same number makes the same choices again.

/// Where choices come from (splitmix64).
#[derive(Debug, Clone)]
pub struct Draw {
    state: u64,
}

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In [0, 1).
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.uniform() < share
    }

    /// Both ends included.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + (self.next() % u64::from(most - least + 1)) as u32
    }

    /// Two decimals, as people write shares.
    pub fn share(&mut self, least: f64, most: f64) -> f64 {
        ((least + self.uniform() * (most - least)) * 100.0).round() / 100.0
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.next() as usize % of.len()].clone()
    }

    /// At least one of them, in their order.
    pub fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let sure = self.next() as usize % of.len();
        let chosen = of
            .iter()
            .enumerate()
            .filter(|(index, _)| *index == sure || self.chance(0.4));
        chosen.map(|(_, one)| one.clone()).collect()
    }

    /// A length of time, as likely short as long; now and then one that shares its instants with nothing.
    pub fn time(&mut self, least_m: u32, most_m: u32) -> String {
        let mut most = most_m;
        while most > least_m.max(1) * 2 && self.chance(0.5) {
            most /= 2;
        }
        let minutes = self.between(least_m, most.max(least_m));
        if self.chance(0.8) {
            format!("\"{minutes}m\"")
        } else {
            let ms = u64::from(minutes) * 60_000 + u64::from(self.between(1, 59_999));
            format!("\"{ms}ms\"")
        }
    }

    pub fn law(&mut self, least_m: u32, most_m: u32) -> String {
        let time = self.time(least_m, most_m);
        match self.between(0, 6) {
            0 | 1 => format!("{{ deterministic = {time} }}"),
            2 | 3 => format!("{{ exponential = {time} }}"),
            4 => format!("{{ lognormal = {{ median = {time}, sigma = 0.8 }} }}"),
            5 => format!("{{ erlang = {{ mean = {time}, stages = 3 }} }}"),
            _ => format!("{{ empirical = [{time}, {}] }}", self.time(least_m, most_m)),
        }
    }
}
