//! Where the points of a sweep lie in the unit cube: a grid, a Latin hypercube or a Sobol' design.
//!
//! A coordinate is a place from 0 to 1 on an axis; what value of the scenario that is, is the axis' business. A design is a
//! pure function of (kind, axes, number of points, seed).

use super::sobol;
use crate::random::{Key, Purpose, Stream, open01};

/// How points are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// Every level of every axis with every level of the others.
    Grid,
    /// A Latin hypercube (McKay, Beckman & Conover 1979): every axis in as many strata as there are points, one point in each;
    /// of many random ones, one whose points keep their distance.
    LatinHypercube,
    /// Owen-scrambled Sobol' points, a power of two: more can be added without moving the first.
    Sobol,
}

impl Design {
    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Design::Grid => "grid",
            Design::LatinHypercube => "lhs",
            Design::Sobol => "sobol",
        }
    }

    /// How many points are worth their while on so many axes: ten an axis (Loeppky, Sacks & Welch 2009), for Sobol' the next
    /// power of two.
    pub fn default_points(self, axes: usize) -> usize {
        match self {
            Design::Grid | Design::LatinHypercube => 10 * axes,
            Design::Sobol => (10 * axes).next_power_of_two(),
        }
    }
}

/// Most axes of a Sobol' design.
pub const SOBOL_AXES: usize = sobol::DIMENSIONS;

/// Every combination of levels, the last axis fastest: `levels[axis]` levels each, as indices.
pub(super) fn grid(levels: &[usize]) -> Vec<Vec<usize>> {
    let mut points = vec![Vec::new()];
    for count in levels {
        let longer = |point: &Vec<usize>| {
            let point = point.clone();
            (0..*count).map(move |level| {
                let mut point = point.clone();
                point.push(level);
                point
            })
        };
        points = points.iter().flat_map(longer).collect();
    }
    points
}

/// Uniform numbers, one after another.
struct Draws {
    stream: Stream,
    taken: u32,
}

impl Draws {
    fn of(seed: u64, entity: u64) -> Draws {
        Draws {
            stream: Stream::new(Key::of_seed(seed), Purpose::DESIGN, 0, entity),
            taken: 0,
        }
    }

    fn word(&mut self) -> u64 {
        let [word, _] = self.stream.block(self.taken);
        self.taken += 1;
        word
    }

    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.word()) * bound as u128) >> 64) as usize
    }
}

/// So many hypercubes are tried at most, fewer where there are many points: what can be measured in about a second.
const TRIES: usize = 200;
const DISTANCES: usize = 100_000_000;

/// A Latin hypercube of `points` × `axes`, the best of many by the least distance between two points, then improved by
/// exchanging places on one axis.
pub(super) fn latin_hypercube(axes: usize, points: usize, seed: u64) -> Vec<Vec<f64>> {
    let cost = (points * points * axes).max(1);
    let tries = (DISTANCES / cost).clamp(1, TRIES);
    let mut draws = Draws::of(seed, 0);
    let mut best: Option<(f64, Vec<Vec<f64>>)> = None;
    for _ in 0..tries {
        let cube = hypercube(axes, points, &mut draws);
        let distance = if tries > 1 { least_distance(&cube) } else { 0.0 };
        if best.as_ref().is_none_or(|(least, _)| distance > *least) {
            best = Some((distance, cube));
        }
    }
    let mut cube = best.map(|(_, cube)| cube).unwrap_or_default();
    if points > 2 && tries == TRIES {
        exchange(&mut cube, axes, &mut draws);
    }
    cube
}

fn hypercube(axes: usize, points: usize, draws: &mut Draws) -> Vec<Vec<f64>> {
    let mut cube = vec![Vec::with_capacity(axes); points];
    for _ in 0..axes {
        let mut strata: Vec<usize> = (0..points).collect();
        for last in (1..points).rev() {
            strata.swap(last, draws.below(last + 1));
        }
        for (point, stratum) in cube.iter_mut().zip(strata) {
            point.push((stratum as f64 + open01(draws.word())) / points as f64);
        }
    }
    cube
}

/// Squared distance of the two nearest points.
fn least_distance(cube: &[Vec<f64>]) -> f64 {
    let rows = cube.iter().enumerate();
    rows.map(|(index, one)| nearest(one, &cube[index + 1..]))
        .fold(f64::INFINITY, f64::min)
}

fn nearest(one: &[f64], others: &[Vec<f64>]) -> f64 {
    let distance = |other: &Vec<f64>| one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum();
    others.iter().map(distance).fold(f64::INFINITY, f64::min)
}

/// Two points exchange their places on one axis if that moves the nearest two apart: strata stay filled once each.
fn exchange(cube: &mut [Vec<f64>], axes: usize, draws: &mut Draws) {
    let mut least = least_distance(cube);
    for _ in 0..20 * cube.len() {
        let (one, other, axis) = (draws.below(cube.len()), draws.below(cube.len()), draws.below(axes));
        swap(cube, one, other, axis);
        let after = least_distance(cube);
        match after > least {
            true => least = after,
            false => swap(cube, one, other, axis),
        }
    }
}

fn swap(cube: &mut [Vec<f64>], one: usize, other: usize, axis: usize) {
    let kept = cube[one][axis];
    cube[one][axis] = cube[other][axis];
    cube[other][axis] = kept;
}

/// The first `points` (at most 2³¹) scrambled Sobol' points in `axes` (at most [`SOBOL_AXES`]) dimensions.
pub(super) fn sobol_points(axes: usize, points: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut cube = vec![Vec::with_capacity(axes); points];
    for axis in 0..axes {
        let seed = Draws::of(seed, 1 + axis as u64).word() as u32;
        let coordinates = sobol::coordinates(axis, points as u32);
        for (point, coordinate) in cube.iter_mut().zip(coordinates) {
            let scrambled = sobol::scrambled(coordinate, seed);
            point.push((f64::from(scrambled) + 0.5) / 4_294_967_296.0);
        }
    }
    cube
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fills_every_stratum_once(cube: &[Vec<f64>], axes: usize) {
        for axis in 0..axes {
            let mut strata: Vec<usize> = cube
                .iter()
                .map(|point| (point[axis] * cube.len() as f64) as usize)
                .collect();
            strata.sort_unstable();
            assert!(strata.into_iter().eq(0..cube.len()), "axis {axis}");
        }
    }

    #[test]
    fn a_grid_has_every_combination_once_the_last_axis_fastest() {
        assert_eq!(grid(&[2, 3]), [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        assert_eq!(grid(&[]).len(), 1);
        assert_eq!(grid(&[3, 0]).len(), 0);
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_every_stratum_of_every_axis() {
        for (axes, points) in [(1, 1), (2, 7), (3, 30), (5, 64), (2, 2_000)] {
            fills_every_stratum_once(&latin_hypercube(axes, points, 1), axes);
        }
    }

    #[test]
    fn a_latin_hypercube_keeps_its_points_apart() {
        let random: f64 = (0..20)
            .map(|entity| least_distance(&hypercube(2, 20, &mut Draws::of(1, 100 + entity))))
            .sum();
        assert!(least_distance(&latin_hypercube(2, 20, 1)) > 4.0 * random / 20.0);
    }

    #[test]
    fn sobol_points_fill_every_stratum_and_more_points_move_none() {
        let few = sobol_points(6, 64, 1);
        fills_every_stratum_once(&few, 6);
        assert_eq!(sobol_points(6, 128, 1)[..64], few);
    }

    #[test]
    fn a_design_is_a_function_of_its_seed() {
        assert_eq!(latin_hypercube(3, 20, 5), latin_hypercube(3, 20, 5));
        assert_ne!(latin_hypercube(3, 20, 5), latin_hypercube(3, 20, 6));
        assert_ne!(sobol_points(3, 16, 5), sobol_points(3, 16, 6));
    }
}
