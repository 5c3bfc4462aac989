//! The response curve of one factor: its mean at each level, a band that holds everywhere at once, and its knee.
//!
//! The band is the bootstrap of the largest studentised deviation over the levels: whole replications are resampled, so what
//! common random numbers do to the levels is in it (methods.md section 6). The knee is the level farthest from the chord
//! between the two ends. Random numbers come from the caller.

use super::interval::{Confidence, degrees};
use super::mean::Moments;
use super::special::normal_quantile;

/// How many times the replications are resampled.
pub const RESAMPLES: usize = 2_000;

/// A level of the factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The mean over replications.
    pub mean: f64,
    /// The simultaneous band; none of fewer than two replications.
    pub band: Option<(f64, f64)>,
    /// Share of the resamples in which this level is the knee; 0 everywhere where there is none.
    pub knee_share: f64,
}

/// A response curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// By level.
    pub points: Vec<CurvePoint>,
    /// The level farthest from the chord; none with fewer than three levels, on a straight line or of kinds.
    pub knee: Option<usize>,
}

/// The curve of a response: one level a row, one replication a column; `places` are the levels on the axis, ascending, or
/// empty for kinds without an order (which have no knee). `below(n)` is uniform among 0 … n − 1.
///
/// The critical value c is the `confidence` quantile of `max_x |X̄*(x) − X̄(x)| / se(x)` over [`RESAMPLES`] bootstrap samples. A
/// bootstrap of few replications is too narrow, so c is widened by `√(R/(R−1))` and by Student's t over the normal quantile.
/// `None` without levels or replications, or if rows differ in length.
pub fn curve(
    places: &[f64],
    rows: &[Vec<f64>],
    confidence: Confidence,
    below: &mut dyn FnMut(usize) -> usize,
) -> Option<Curve> {
    let replications = rows.first().map_or(0, Vec::len);
    if replications == 0 || rows.iter().any(|row| row.len() != replications) {
        return None;
    }
    let moments: Vec<Moments> = rows.iter().map(|row| row.iter().collect()).collect();
    let means: Vec<f64> = moments.iter().filter_map(Moments::mean).collect();
    let errors: Option<Vec<f64>> = moments.iter().map(Moments::standard_error).collect();
    let mut knees = vec![0_usize; rows.len()];
    let knee = knee(places, &means);
    let mut band = None;
    if let (Some(errors), Some(df)) = (errors, degrees(replications)) {
        let mut largest = Vec::with_capacity(RESAMPLES);
        let mut drawn = vec![0_usize; replications];
        for _ in 0..RESAMPLES {
            drawn.iter_mut().for_each(|one| *one = below(replications));
            let resampled: Vec<f64> = rows
                .iter()
                .map(|row| drawn.iter().map(|one| row[*one]).sum::<f64>() / replications as f64)
                .collect();
            let deviations = resampled.iter().zip(&means).zip(&errors);
            let deviation = |((found, mean), error): ((&f64, &f64), &f64)| match *error > 0.0 {
                true => (found - mean).abs() / error,
                false => 0.0,
            };
            largest.push(deviations.map(deviation).fold(0.0, f64::max));
            if knee.is_some() {
                let of_sample = self::knee(places, &resampled);
                of_sample.into_iter().for_each(|level| knees[level] += 1);
            }
        }
        largest.sort_by(f64::total_cmp);
        let rank = ((1.0 - confidence.alpha()) * RESAMPLES as f64).ceil() as usize;
        let few = (replications as f64 / df).sqrt() * confidence.t(df) / -normal_quantile(0.5 * confidence.alpha());
        let critical = few * largest[rank.clamp(1, RESAMPLES) - 1];
        band = Some(errors.iter().map(|error| critical * error).collect::<Vec<f64>>());
    }
    let points = means
        .iter()
        .zip(knees)
        .enumerate()
        .map(|(level, (mean, knees))| CurvePoint {
            mean: *mean,
            band: band.as_ref().map(|half| (mean - half[level], mean + half[level])),
            knee_share: knees as f64 / RESAMPLES as f64,
        });
    Some(Curve {
        points: points.collect(),
        knee,
    })
}

/// The level farthest from the chord between the ends, both axes scaled to their ranges.
fn knee(places: &[f64], means: &[f64]) -> Option<usize> {
    let ([first, .., last], [low, .., high]) = (places, means) else {
        return None;
    };
    let (width, count) = (last - first, means.len());
    if places.len() != count || count < 3 || width <= 0.0 {
        return None;
    }
    let size = means.iter().fold(0.0_f64, |size, mean| size.max(mean.abs()));
    let distance = |level: usize| (means[level] - (low + (high - low) * (places[level] - first) / width)).abs();
    let farthest = (1..count - 1).fold(
        0,
        |best, level| if distance(level) > distance(best) { level } else { best },
    );
    (distance(farthest) > 1e-12 * size).then_some(farthest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::{Draws, assert_close};

    fn of(places: &[f64], rows: &[Vec<f64>]) -> Curve {
        let mut draws = Draws::seeded();
        curve(places, rows, Confidence::P95, &mut |n| draws.below(n as u64) as usize).unwrap()
    }

    #[test]
    fn the_band_covers_a_known_curve_as_a_whole() {
        let truth = [9.0, 4.0, 2.0, 1.0, 0.5];
        let mut draws = Draws::seeded();
        for replications in [8, 20] {
            let mut hits = 0;
            for _ in 0..300 {
                let shared: Vec<f64> = (0..replications).map(|_| draws.normal()).collect();
                let rows: Vec<Vec<f64>> = truth
                    .iter()
                    .map(|mean| {
                        shared
                            .iter()
                            .map(|shared| mean + shared + 0.7 * draws.normal())
                            .collect()
                    })
                    .collect();
                let found = of(&[1.0, 2.0, 3.0, 4.0, 5.0], &rows);
                let inside = |(point, mean): (&CurvePoint, &f64)| {
                    point.band.is_some_and(|(low, high)| low <= *mean && *mean <= high)
                };
                hits += u32::from(found.points.iter().zip(&truth).all(inside));
            }
            assert!(
                (270..=300).contains(&hits),
                "{hits} of 300 with {replications} replications"
            );
        }
    }

    #[test]
    fn the_knee_is_farthest_from_the_chord_and_has_its_share() {
        let rows: Vec<Vec<f64>> = [10.0, 2.0, 1.0, 0.5, 0.0]
            .iter()
            .map(|mean| vec![*mean, mean + 0.1, mean - 0.1, *mean])
            .collect();
        let found = of(&[6.0, 7.0, 8.0, 9.0, 10.0], &rows);
        assert_eq!(found.knee, Some(1));
        assert_close(
            found.points.iter().map(|point| point.knee_share).sum::<f64>(),
            1.0,
            1e-9,
        );
        assert!(found.points[1].knee_share > 0.99);
    }

    #[test]
    fn a_straight_line_two_levels_and_kinds_have_no_knee() {
        let straight: Vec<Vec<f64>> = [1.0, 2.0, 3.0].iter().map(|mean| vec![*mean; 3]).collect();
        assert_eq!(of(&[1.0, 2.0, 3.0], &straight).knee, None);
        assert_eq!(of(&[1.0, 2.0], &straight[..2]).knee, None);
        let bent: Vec<Vec<f64>> = [1.0, 9.0, 3.0].iter().map(|mean| vec![*mean; 3]).collect();
        assert_eq!(of(&[], &bent).knee, None);
        assert_eq!(of(&[], &bent).points[1].band, Some((9.0, 9.0)));
    }

    #[test]
    fn one_replication_has_no_band() {
        let found = of(&[1.0, 2.0, 3.0], &[vec![1.0], vec![5.0], vec![2.0]]);
        assert_eq!(found.points[0].band, None);
        assert_eq!(found.knee, Some(1));
    }
}
