//! The timeline as a picture: a band from first to ninth decile, the median, the target, and what was observed.
//!
//! Times are on a square-root axis: the first minutes matter as much as the last hours, and zero has a place.

use super::bands::Band;
use super::offset::words;
use super::paper::escaped;
use std::fmt::Write;

const LEFT: f64 = 190.0;
const WIDTH: f64 = 720.0;
/// Room for half of the last label.
const RIGHT: f64 = 40.0;
const ROW: f64 = 26.0;
const TOP: f64 = 14.0;

/// A picture of the bands; `observed` gives what a team reached, by the band's key.
pub fn timeline(bands: &[Band], observed: impl Fn(&str) -> Option<f64>) -> String {
    let times = bands.iter().flat_map(|band| {
        let observed = observed(&band.key());
        [band.p10.value, band.p50.value, band.p90.value, band.target_s, observed]
    });
    let longest = times.flatten().fold(60.0, f64::max);
    let x = |seconds: f64| LEFT + (WIDTH - LEFT - RIGHT) * (seconds.max(0.0) / longest).sqrt().min(1.0);
    let height = TOP + ROW * bands.len() as f64 + 48.0;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"system-ui, sans-serif\" font-size=\"11\">"
    );
    for share in [0.0, 0.05, 0.25, 0.5625, 1.0] {
        let (at, bottom) = (x(longest * share), TOP + ROW * bands.len() as f64);
        let _ = write!(
            svg,
            "<line x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{bottom:.1}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\" fill=\"#444\">{}</text>",
            bottom + 14.0,
            escaped(&words(longest * share)),
        );
    }
    for (index, band) in bands.iter().enumerate() {
        row(
            &mut svg,
            band,
            TOP + ROW * (index as f64 + 0.5),
            &x,
            longest,
            observed(&band.key()),
        );
    }
    let _ = write!(
        svg,
        "<text x=\"{LEFT}\" y=\"{:.1}\" fill=\"#444\">bar: first to ninth decile, line: median, triangle: target, circle: observed</text>\
         <text x=\"{LEFT}\" y=\"{:.1}\" fill=\"#444\">the axis goes by the square root of time</text></svg>",
        height - 18.0,
        height - 4.0
    );
    svg
}

fn row(svg: &mut String, band: &Band, y: f64, x: &impl Fn(f64) -> f64, longest: f64, observed: Option<f64>) {
    let label = match band.incident {
        1 => band.milestone.label().to_owned(),
        number => format!("{number}: {}", band.milestone.label()),
    };
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
        LEFT - 8.0,
        y + 4.0,
        escaped(&label)
    );
    let from = x(band.p10.value.unwrap_or(longest));
    let to = x(band.p90.value.unwrap_or(longest));
    let open = if band.p90.value.is_none() {
        " stroke-dasharray=\"3 2\""
    } else {
        ""
    };
    let _ = write!(
        svg,
        "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" fill=\"#b8cfe6\" stroke=\"#4a7bab\"{open}/>",
        y - 6.0,
        (to - from).max(1.0)
    );
    if let Some(median) = band.p50.value.map(x) {
        let _ = write!(
            svg,
            "<line x1=\"{median:.1}\" y1=\"{:.1}\" x2=\"{median:.1}\" y2=\"{:.1}\" stroke=\"#12395e\" stroke-width=\"2\"/>",
            y - 6.0,
            y + 6.0
        );
    }
    if let Some(target) = band.target_s.map(x) {
        let _ = write!(
            svg,
            "<path d=\"M{target:.1} {:.1} l-5 -8 h10 z\" fill=\"#8a1c1c\"/>",
            y + 1.0
        );
    }
    if let Some(seen) = observed.map(x) {
        let _ = write!(
            svg,
            "<circle cx=\"{seen:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"2\"/>"
        );
    }
}
