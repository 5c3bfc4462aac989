//! Closed forms of the simplest queues: Erlang's B, C and A.
//!
//! Used to sanity-check a scenario before it is run, and to hold the simulator against theory. They assume Poisson arrivals,
//! exponential work, one kind of agent and no night: they are not how the program estimates anything. Everywhere, `offered` is
//! the offered load in erlangs (arrivals per hour × mean hours of work), finite and ≥ 0; a negative one counts as 0.

/// Probability that an arriving ticket is lost in M/M/c/c (Erlang B).
///
/// Recursion `B₀ = 1, Bₖ = aBₖ₋₁ / (k + aBₖ₋₁)` with `a = offered`: stable for thousands of agents, where factorials overflow
/// at 171. Source: Erlang 1917; recursion as in Cooper 1981, *Introduction to Queueing Theory*.
///
/// ```
/// use escalade::stats::erlang::erlang_b;
/// assert!((erlang_b(2, 1.0) - 0.2).abs() < 1e-15);
/// ```
pub fn erlang_b(agents: u32, offered: f64) -> f64 {
    let offered = offered.max(0.0);
    (1..=agents).fold(1.0, |lost, k| lost_with_one_more(lost, k, offered))
}

/// Bₖ from Bₖ₋₁.
fn lost_with_one_more(lost: f64, k: u32, offered: f64) -> f64 {
    let waiting = offered * lost;
    waiting / (f64::from(k) + waiting)
}

/// Probability that an arriving ticket must wait in M/M/c (Erlang C): `C = B / (1 − ρ(1 − B))` with `ρ = offered / agents`.
///
/// 1 from `offered ≥ agents` on: everybody waits. Source: Erlang 1917.
///
/// ```
/// use escalade::stats::erlang::erlang_c;
/// assert!((erlang_c(3, 2.0) - 4.0 / 9.0).abs() < 1e-15);
/// ```
pub fn erlang_c(agents: u32, offered: f64) -> f64 {
    waiting_share(agents, offered, erlang_b(agents, offered))
}

fn waiting_share(agents: u32, offered: f64, lost: f64) -> f64 {
    let agents = f64::from(agents);
    if offered >= agents {
        return 1.0;
    }
    lost / (1.0 - offered.max(0.0) / agents * (1.0 - lost))
}

/// Mean wait in M/M/c, of all tickets, in the unit of `mean_work` (> 0): `C · mean_work / (agents − offered)`.
///
/// None from `offered ≥ agents` on: the queue grows without end.
///
/// ```
/// use escalade::stats::erlang::mean_wait;
/// assert!((mean_wait(1, 0.8, 1.0).unwrap() - 4.0).abs() < 1e-12);
/// assert_eq!(mean_wait(1, 1.0, 1.0), None);
/// ```
pub fn mean_wait(agents: u32, offered: f64, mean_work: f64) -> Option<f64> {
    let spare = f64::from(agents) - offered.max(0.0);
    (spare > 0.0).then(|| erlang_c(agents, offered) * mean_work / spare)
}

/// P(W > `time`) in M/M/c, first come first served: `C · exp(−(agents − offered) time / mean_work)`.
///
/// `time` ≥ 0 and `mean_work` > 0 in the same unit. 1 from `offered ≥ agents` on; otherwise 0 for no work at all.
///
/// ```
/// use escalade::stats::erlang::wait_longer_than;
/// // 10 erlangs, 13 agents, 10 minutes of work: 84.3 % are answered within 2 minutes
/// assert!((1.0 - wait_longer_than(2.0, 13, 10.0, 10.0) - 0.8434402559).abs() < 1e-10);
/// ```
pub fn wait_longer_than(time: f64, agents: u32, offered: f64, mean_work: f64) -> f64 {
    still_waiting(time, agents, offered, mean_work, erlang_b(agents, offered))
}

fn still_waiting(time: f64, agents: u32, offered: f64, mean_work: f64, lost: f64) -> f64 {
    let spare = f64::from(agents) - offered.max(0.0);
    if spare <= 0.0 {
        return 1.0;
    }
    if mean_work <= 0.0 {
        return 0.0;
    }
    waiting_share(agents, offered, lost) * libm::exp(-spare * time.max(0.0) / mean_work)
}

/// The largest offered load for which [`least_agents`] searches.
const LARGEST_LOAD: f64 = 1e8;

/// The least number of agents with which at least the share `level` of tickets waits no longer than `time` in M/M/c.
///
/// `time` ≥ 0 and `mean_work` > 0 in the same unit. None unless `level` < 1 (no staff can promise everybody), `offered` is
/// at most 1e8 and `mean_work` is above zero.
///
/// ```
/// use escalade::stats::erlang::least_agents;
/// assert_eq!(least_agents(0.80, 2.0, 10.0, 10.0), Some(13));
/// assert_eq!(least_agents(0.95, 2.0, 10.0, 10.0), Some(15));
/// ```
pub fn least_agents(level: f64, time: f64, offered: f64, mean_work: f64) -> Option<u32> {
    let in_domain = level < 1.0 && offered <= LARGEST_LOAD && mean_work > 0.0;
    if !in_domain {
        return None;
    }
    let mut agents = 0;
    let mut lost = 1.0;
    while still_waiting(time, agents, offered, mean_work, lost) > 1.0 - level {
        agents += 1;
        lost = lost_with_one_more(lost, agents, offered.max(0.0));
    }
    Some(agents)
}

/// Below this share of the arrival rate, an abandonment rate would need too many terms.
const LEAST_IMPATIENCE: f64 = 1e-12;

/// What M/M/c+M says of impatient customers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Abandonment {
    /// The share of tickets that must wait, whether or not they are then served.
    pub wait_share: f64,
    /// The share that gives up.
    pub abandon_share: f64,
    /// The mean number waiting.
    pub queue: f64,
}

/// Erlang A (M/M/c+M; Palm 1957, Garnett, Mandelbaum & Reiman 2002): `arrivals`, `services` of one agent and `abandonments` of one
/// waiting customer, all rates per the same unit of time; the first ≥ 0, the others > 0.
///
/// With b Erlang's loss probability and `Lⱼ = Π_{i≤j} λ/(cμ + iθ)`: P(wait) = b(1 + ΣLⱼ)/(1 + bΣLⱼ), mean queue
/// b ΣjLⱼ/(1 + bΣLⱼ), P(abandon) = θ · queue / λ. None if a rate is out of its domain, or the
/// patience so long (a trillion arrivals) that it is Erlang C's case. Steady for any load.
///
/// ```
/// use escalade::stats::erlang::erlang_a;
/// let found = erlang_a(10, 60.0, 6.0, 3.0).unwrap();
/// assert!((found.wait_share - 0.6196552309).abs() < 1e-10);
/// assert!((found.abandon_share - 0.1039132123).abs() < 1e-10);
/// ```
pub fn erlang_a(agents: u32, arrivals: f64, services: f64, abandonments: f64) -> Option<Abandonment> {
    let in_domain = arrivals >= 0.0 && services > 0.0 && abandonments > 0.0;
    let in_domain = in_domain && abandonments >= LEAST_IMPATIENCE * arrivals;
    if !in_domain || !(arrivals / services).is_finite() {
        return None;
    }
    let capacity = f64::from(agents) * services;
    let lost = erlang_b(agents, arrivals / services);
    let (sum, weighted) = queue_weights(arrivals, capacity, abandonments);
    if !weighted.is_finite() {
        // So overloaded that an empty queue is never seen: what exceeds the capacity is what gives up.
        let abandon_share = 1.0 - capacity / arrivals;
        return Some(Abandonment {
            wait_share: 1.0,
            abandon_share,
            queue: abandon_share * arrivals / abandonments,
        });
    }
    let total = 1.0 + lost * sum;
    let queue = lost * weighted / total;
    let abandon_share = if arrivals > 0.0 {
        abandonments * queue / arrivals
    } else {
        0.0
    };
    Some(Abandonment {
        wait_share: lost * (1.0 + sum) / total,
        abandon_share,
        queue,
    })
}

/// ΣLⱼ and ΣjLⱼ over j ≥ 1; infinite where they overflow.
fn queue_weights(arrivals: f64, capacity: f64, abandonments: f64) -> (f64, f64) {
    let (mut sum, mut weighted) = (0.0, 0.0);
    let mut term = 1.0;
    for j in 1..u32::MAX {
        let j = f64::from(j);
        let ratio = arrivals / (capacity + j * abandonments);
        term *= ratio;
        sum += term;
        weighted += j * term;
        // Beyond the peak the rest is below a geometric series.
        let rest = j * term * ratio / ((1.0 - ratio) * (1.0 - ratio));
        if (ratio < 1.0 && rest <= weighted * 1e-17) || !weighted.is_finite() {
            break;
        }
    }
    (sum, weighted)
}

/// Steps of the integral over the wait: enough for nine digits.
const WAIT_STEPS: u32 = 4096;

/// The share of all tickets that is served after a wait of at most `time` in M/M/c+M (Erlang A); rates per the unit of `time`,
/// as in [`erlang_a`].
///
/// The wait that a customer of endless patience would have has the density `λ p(x)` with
/// `p(x) = exp(λ(1 − e^(−θx))/θ − cμx)`, relative to the probability of c − 1 in the system (Baccelli & Hébuterne 1981): served
/// within t is `(E + λ∫₀ᵗ p e^(−θx)) / (E + λ∫₀^∞ p)` with `E = 1/B(c − 1)`, Erlang's loss probability with one agent less.
/// None outside of that domain.
///
/// ```
/// use escalade::stats::erlang::served_within;
/// // 40 an hour, 15 minutes of work, half an hour of patience, 12 agents: 88.5 % begun within 5 minutes
/// assert!((served_within(1.0 / 12.0, 12, 40.0, 4.0, 2.0).unwrap() - 0.885460904).abs() < 1e-8);
/// ```
pub fn served_within(time: f64, agents: u32, arrivals: f64, services: f64, abandonments: f64) -> Option<f64> {
    erlang_a(agents, arrivals, services, abandonments)?;
    if agents == 0 || time < 0.0 {
        return Some(0.0);
    }
    let capacity = f64::from(agents) * services;
    let exponent = |x: f64| -arrivals * libm::expm1(-abandonments * x) / abandonments - capacity * x;
    // The exponent is concave: its peak is where as many leave as are too many, or at the start.
    let peak = (libm::log(arrivals / capacity) / abandonments).max(0.0);
    let top = exponent(peak);
    let mut far = peak + 1.0 / capacity;
    while exponent(far) > top - 50.0 {
        far *= 2.0;
    }
    let loss = erlang_b(agents - 1, arrivals / services);
    let nobody_waits = libm::exp(-top) / loss;
    let all = simpson(far, |x| libm::exp(exponent(x) - top));
    let served = simpson(time.min(far), |x| libm::exp(exponent(x) - top - abandonments * x));
    Some((nobody_waits + arrivals * served) / (nobody_waits + arrivals * all))
}

/// Integral from 0 to `until` by Simpson's rule.
fn simpson(until: f64, of: impl Fn(f64) -> f64) -> f64 {
    let step = until / f64::from(WAIT_STEPS);
    let inner = (1..WAIT_STEPS).map(|k| f64::from(2 + 2 * (k % 2)) * of(f64::from(k) * step));
    step / 3.0 * (of(0.0) + inner.sum::<f64>() + of(until))
}

/// The least number of agents with which at least the share `level` of all tickets is served within `time` and at most
/// `abandon_at_most` gives up, in M/M/c+M; rates as in [`erlang_a`].
///
/// None unless both can be reached: `level` < 1, `abandon_at_most` > 0, rates in their domain and at most 1e6 agents.
///
/// ```
/// use escalade::stats::erlang::least_agents_impatient;
/// assert_eq!(least_agents_impatient(0.85, 1.0 / 12.0, 1.0, 40.0, 4.0, 2.0), Some(12));
/// ```
pub fn least_agents_impatient(
    level: f64,
    time: f64,
    abandon_at_most: f64,
    arrivals: f64,
    services: f64,
    abandonments: f64,
) -> Option<u32> {
    const MOST: u32 = 1_000_000;
    if !(level < 1.0 && abandon_at_most > 0.0) {
        return None;
    }
    let enough = |agents: u32| {
        let found = erlang_a(agents, arrivals, services, abandonments)?;
        let served = served_within(time, agents, arrivals, services, abandonments)?;
        Some(served >= level && found.abandon_share <= abandon_at_most)
    };
    let mut agents = 0;
    while !enough(agents)? {
        agents += 1;
        if agents > MOST {
            return None;
        }
    }
    Some(agents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{assert_close, assert_printed};

    #[test]
    fn erlang_c_is_that_of_methods_10_5() {
        let waiting = [
            0.682_118_204_7,
            0.449_388_224_3,
            0.285_270_453_0,
            0.174_131_933_6,
            0.102_042_367_0,
            0.057_340_330_9,
        ];
        let within_2_min = [
            0.441_528_848_6,
            0.698_766_064_8,
            0.843_440_255_9,
            0.921_757_478_7,
            0.962_460_711_0,
            0.982_729_424_2,
        ];
        for (at, agents) in (11..=16).enumerate() {
            assert_printed(erlang_c(agents, 10.0), waiting[at]);
            let found = 1.0 - wait_longer_than(2.0, agents, 10.0, 10.0);
            assert_printed(found, within_2_min[at]);
        }
        assert_eq!(least_agents(0.80, 2.0, 10.0, 10.0), Some(13));
        assert_eq!(least_agents(0.95, 2.0, 10.0, 10.0), Some(15));
    }

    #[test]
    fn erlang_c_of_a_hundred_erlangs_is_that_of_methods_10_5() {
        assert!((erlang_c(111, 100.0) - 0.1998).abs() < 5e-5);
        for (agents, waiting) in [(12, 0.449), (14, 0.174), (15, 0.102), (16, 0.057), (18, 0.016)] {
            assert!((erlang_c(agents, 10.0) - waiting).abs() < 5.1e-4);
        }
    }

    #[test]
    fn erlang_a_is_that_of_methods_10_5() {
        for (agents, wait, abandon) in [
            (8, 0.869_793_697_3, 0.227_218_427_5),
            (10, 0.619_655_230_9, 0.103_913_212_3),
            (12, 0.341_520_215_6, 0.039_181_148_5),
        ] {
            let found = erlang_a(agents, 60.0, 6.0, 3.0).unwrap();
            assert_printed(found.wait_share, wait);
            assert_printed(found.abandon_share, abandon);
        }
    }

    #[test]
    fn one_agent_is_the_queue_of_the_textbooks() {
        for load in [0.1, 0.5, 0.8, 0.99] {
            assert_close(erlang_c(1, load), load, 1e-14);
            assert_close(mean_wait(1, load, 3.0).unwrap(), 3.0 * load / (1.0 - load), 1e-12);
        }
        assert_close(erlang_c(3, 2.0), 4.0 / 9.0, 1e-14);
        assert_close(mean_wait(3, 2.0, 1.0).unwrap(), 4.0 / 9.0, 1e-14);
    }

    #[test]
    fn from_full_load_on_everybody_waits() {
        assert_eq!(erlang_c(5, 5.0), 1.0);
        assert_eq!(erlang_c(0, 0.5), 1.0);
        assert_eq!(mean_wait(5, 6.0, 1.0), None);
        assert_eq!(wait_longer_than(1e9, 5, 5.0, 1.0), 1.0);
    }

    #[test]
    fn no_load_waits_for_nobody() {
        assert_eq!(erlang_c(4, 0.0), 0.0);
        assert_eq!(mean_wait(4, 0.0, 1.0), Some(0.0));
        assert_eq!(least_agents(0.9, 0.0, 0.0, 1.0), Some(1));
        assert_eq!(erlang_a(4, 0.0, 1.0, 1.0).unwrap().abandon_share, 0.0);
    }

    #[test]
    fn thousands_of_agents_do_not_overflow() {
        let waiting = erlang_c(10_100, 10_000.0);
        assert!(waiting > 0.1 && waiting < 0.3, "{waiting}");
        // M/M/∞: hardly anybody waits
        assert!(erlang_b(100_000, 10_000.0) < 1e-300);
    }

    #[test]
    fn the_least_number_of_agents_is_the_least() {
        for (level, time, offered) in [(0.8, 0.3, 4.2), (0.5, 0.0, 0.01), (0.999, 1.0, 250.0)] {
            let agents = least_agents(level, time, offered, 1.0).unwrap();
            assert!(wait_longer_than(time, agents, offered, 1.0) <= 1.0 - level);
            assert!(wait_longer_than(time, agents - 1, offered, 1.0) > 1.0 - level);
        }
        assert_eq!(least_agents(1.0, 1.0, 2.0, 1.0), None);
        assert_eq!(least_agents(0.9, 1.0, f64::INFINITY, 1.0), None);
        assert_eq!(least_agents(0.9, 1.0, 2.0, 0.0), None);
        assert_eq!(wait_longer_than(0.0, 3, 1.0, 0.0), 0.0);
        assert_eq!(least_agents(0.0, 1.0, 2.0, 1.0), Some(0));
    }

    #[test]
    fn who_is_served_and_who_gives_up_make_up_all() {
        for (agents, arrivals, services, abandonments) in
            [(6, 10.0, 2.0, 1.0), (10, 24.0, 2.0, 4.0 / 3.0), (1, 1.5, 2.0, 0.5)]
        {
            let served = served_within(1e3, agents, arrivals, services, abandonments).unwrap();
            let found = erlang_a(agents, arrivals, services, abandonments).unwrap();
            assert_close(served + found.abandon_share, 1.0, 1e-9);
            let at_once = served_within(0.0, agents, arrivals, services, abandonments).unwrap();
            assert_close(at_once + found.wait_share, 1.0, 1e-9);
        }
        assert_eq!(served_within(1.0, 0, 5.0, 1.0, 1.0), Some(0.0));
        assert_eq!(served_within(1.0, 3, 5.0, 1.0, 0.0), None);
        assert!(served_within(0.5, 10, 1e4, 1.0, 1.0).unwrap() < 1e-3);
        assert_eq!(least_agents_impatient(1.0, 1.0, 1.0, 5.0, 1.0, 1.0), None);
        assert_eq!(least_agents_impatient(0.9, 1.0, 0.0, 5.0, 1.0, 1.0), None);
    }

    #[test]
    fn nearly_endless_patience_is_erlang_c() {
        let found = erlang_a(12, 10.0, 1.0, 1e-7).unwrap();
        assert_close(found.wait_share, erlang_c(12, 10.0), 1e-6);
        assert_close(found.queue, 10.0 * mean_wait(12, 10.0, 1.0).unwrap(), 1e-5);
    }

    #[test]
    fn in_a_hopeless_overload_the_excess_gives_up() {
        let found = erlang_a(10, 1e5, 1.0, 1.0).unwrap();
        assert_close(found.abandon_share, 1.0 - 10.0 / 1e5, 1e-9);
        assert_close(found.wait_share, 1.0, 1e-12);
    }

    #[test]
    fn served_and_abandoned_make_up_the_arrivals() {
        // with no agent at all everybody gives up
        let found = erlang_a(0, 5.0, 1.0, 2.0).unwrap();
        assert_close(found.abandon_share, 1.0, 1e-12);
        assert_close(found.wait_share, 1.0, 1e-12);
        assert_eq!(erlang_a(3, 5.0, 0.0, 2.0), None);
        assert_eq!(erlang_a(3, 5.0, 1.0, 0.0), None);
        assert_eq!(erlang_a(5, 5.0, 1.0, 1e-300), None);
        assert!(erlang_a(5, 5.0, 1.0, 1e-11).is_some());
        assert_eq!(erlang_a(3, f64::NAN, 1.0, 1.0), None);
    }
}
