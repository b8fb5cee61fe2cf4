//! Pictures, as SVG.
//!
//! They have the colours of a light page. The page's style replaces each of them if the page is dark.

use std::io;

use html_escape::encode_double_quoted_attribute;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::Axis;
use super::points::Row;
use crate::eval::{Calibration, Interval, ReliabilityBin};
use crate::text::Grouped;

/// Units per pixel; drawing is to whole units.
const UNIT: u32 = 4;
/// The width of a picture in pixels, which fits a phone.
const WIDTH: u32 = 400;
/// The width of row names in pixels.
const NAMES: u32 = 116;
/// The number of characters that fit there.
const NAME: usize = 15;
/// The height of an axis's numbers in pixels.
const NUMBERS: u32 = 24;
/// The height of an axis's title in pixels.
const TITLE: u32 = 16;

const DIM: RGBColor = RGBColor(0x5b, 0x5b, 0x66);
const RULE: RGBColor = RGBColor(0xdc, 0xdc, 0xe2);
/// The colours of systems, in rotation.
const SYSTEMS: [RGBColor; N_COLOURS] = [
    RGBColor(0x1f, 0x5f, 0xbf),
    RGBColor(0xa8, 0x4a, 0x12),
    RGBColor(0x2a, 0x70, 0x30),
    RGBColor(0x7a, 0x3f, 0xb0),
    RGBColor(0xb3, 0x20, 0x3a),
    RGBColor(0x0a, 0x6f, 0x76),
];
/// The number of colours.
pub(super) const N_COLOURS: usize = 6;
/// The shapes of systems, in rotation, as characters; pictures have the same shapes.
pub(super) const SHAPES: [&str; 5] = ["●", "▲", "■", "◆", "✕"];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<io::Error>>;

/// Rows of points on one axis, with whiskers for their intervals. `alternative` describes the picture in words.
pub(super) fn whiskers(rows: &[Row], alternative: &str) -> String {
    let n_systems = rows.iter().map(|row| row.points.len()).max().unwrap_or(0);
    let height = 10 + NUMBERS + rows.len() as u32 * (12 + 12 * n_systems as u32);
    drawn(height, alternative, |area| {
        let points = rows.iter().flat_map(|row| &row.points).flatten();
        let across = Axis::around(points.flat_map(|point| match point.interval {
            Some(Interval { low, high }) => [low, high],
            None => [point.value; 2],
        }));
        let places: Vec<f64> = (0..rows.len()).map(|row| row as f64 + 0.5).collect();
        let down = Axis::new(rows.len() as f64..0.0, places);
        let mut chart = ChartBuilder::on(area)
            .margin_top(units(6))
            .margin_right(units(14))
            .x_label_area_size(units(NUMBERS))
            .y_label_area_size(units(NAMES))
            .build_cartesian_2d(across, down)?;
        let name = |place: &f64| rows.get(*place as usize).map_or_else(String::new, |row| shortened(&row.name));
        chart
            .configure_mesh()
            .disable_y_mesh()
            .x_label_formatter(&number)
            .y_label_formatter(&name)
            .label_style(text(12))
            .bold_line_style(line(RULE, 1))
            .light_line_style(TRANSPARENT)
            .axis_style(line(RULE, 1))
            .set_tick_mark_size(LabelAreaPosition::Left, units(5))
            .draw()?;
        for (row, points) in rows.iter().map(|row| &row.points).enumerate() {
            let step = 0.7 / n_systems as f64;
            for (system, point) in points.iter().enumerate() {
                let Some(point) = point else { continue };
                let y = row as f64 + 0.15 + step * (system as f64 + 0.5);
                if let Some(Interval { low, high }) = point.interval {
                    let cap = 0.22 * step;
                    stroke(&mut chart, &[(low, y), (high, y)], line(colour(system), 2))?;
                    stroke(&mut chart, &[(low, y - cap), (low, y + cap)], line(colour(system), 2))?;
                    stroke(&mut chart, &[(high, y - cap), (high, y + cap)], line(colour(system), 2))?;
                }
                mark(&mut chart, (point.value, y), system)?;
            }
        }
        Ok(())
    })
}

/// Precision by score, with the diagonal of perfect calibration, above the number of predictions in each bin.
pub(super) fn reliability(calibration: &Calibration, system: usize, alternative: &str) -> String {
    drawn(400, alternative, |area| {
        let (upper, lower) = area.split_vertically(units(300));
        let bins = &calibration.equal_width;
        let axes = Axes { across: Axis::percent(), up: Axis::percent(), below: "", beside: "precision, %" };
        let mut chart = chart(&upper, axes)?;
        stroke(&mut chart, &[(0.0, 0.0), (100.0, 100.0)], line(DIM, 1))?;
        let points = bins.iter().filter_map(|bin| Some((100.0 * bin.mean_score?, 100.0 * bin.precision?)));
        let points: Vec<(f64, f64)> = points.collect();
        for &(score, precision) in &points {
            stroke(&mut chart, &[(score, score), (score, precision)], line(colour(system), 1))?;
        }
        stroke(&mut chart, &points, line(colour(system), 2))?;
        for &point in &points {
            mark(&mut chart, point, system)?;
        }
        counts(&lower, bins, system)
    })
}

/// A bar with its count for each bin.
fn counts(area: &Area<'_>, bins: &[ReliabilityBin], system: usize) -> Drawn {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1) as f64;
    // With room for the count above the highest bar.
    let up = Axis::new(0.0..1.4 * most, Vec::new());
    let axes = Axes { across: Axis::percent(), up, below: "score, %", beside: "predictions" };
    let mut chart = chart(area, axes)?;
    let above = text(11).pos(Pos::new(HPos::Center, VPos::Bottom));
    for bin in bins {
        let (left, right, count) = (100.0 * bin.lower, 100.0 * bin.upper, bin.count as f64);
        chart.draw_series([Rectangle::new([(left + 0.7, count), (right - 0.7, 0.0)], colour(system).filled())])?;
        chart.draw_series([Text::new(short(bin.count), (0.5 * (left + right), count), above.clone())])?;
    }
    Ok(())
}

/// Precision of the most confident predictions, from few to all.
pub(super) fn coverage(calibration: &Calibration, system: usize, alternative: &str) -> String {
    drawn(300, alternative, |area| {
        let curve = &calibration.curve;
        let up = Axis::around(curve.iter().map(|point| 100.0 * point.precision));
        let below = "most confident predictions, %";
        let axes = Axes { across: Axis::percent(), up, below, beside: "precision, %" };
        let mut chart = chart(area, axes)?;
        let points: Vec<(f64, f64)> =
            curve.iter().map(|point| (100.0 * point.coverage, 100.0 * point.precision)).collect();
        stroke(&mut chart, &points, line(colour(system), 2))
    })
}

/// The picture that `draw` draws, `height` pixels tall.
fn drawn(height: u32, alternative: &str, draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let (width, height) = (WIDTH * UNIT, height * UNIT);
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
    draw(&area)
        .and_then(|()| area.present())
        .expect("writing to a string succeeds, and the areas are larger than their margins");
    drop(area);
    // The opening tag has a fixed size and a namespace, which a picture inside a page does not need.
    let inside = svg.split_once('>').expect("a picture begins with a tag").1;
    let alternative = encode_double_quoted_attribute(alternative);
    format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{alternative}\">{inside}")
}

/// The axes of a chart.
struct Axes<'t> {
    across: Axis,
    up: Axis,
    /// The title of the axis across; may be empty.
    below: &'t str,
    /// The title of the axis up.
    beside: &'t str,
}

/// An empty chart.
fn chart<'a, 'b>(area: &'a Area<'b>, axes: Axes<'_>) -> Drawn<Chart<'a, 'b>> {
    let Axes { across, up, below, beside } = axes;
    let title = if below.is_empty() { 0 } else { TITLE };
    let mut chart = ChartBuilder::on(area)
        .margin_top(units(8))
        .margin_right(units(14))
        .x_label_area_size(units(NUMBERS + title))
        .y_label_area_size(units(NUMBERS + 8 + TITLE))
        .build_cartesian_2d(across, up)?;
    chart
        .configure_mesh()
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .x_desc(below)
        .y_desc(beside)
        .label_style(text(12))
        .axis_desc_style(text(12))
        .bold_line_style(line(RULE, 1))
        .light_line_style(TRANSPARENT)
        .axis_style(line(RULE, 1))
        .draw()?;
    Ok(chart)
}

fn stroke(chart: &mut Chart<'_, '_>, points: &[(f64, f64)], style: ShapeStyle) -> Drawn {
    chart.draw_series([PathElement::new(points, style)]).map(|_| ())
}

/// The shape of a system, in its colour.
fn mark(chart: &mut Chart<'_, '_>, at: (f64, f64), system: usize) -> Drawn {
    let size = units(4);
    let style = colour(system).filled();
    let area = chart.plotting_area();
    let place = EmptyElement::at(at);
    match system % SHAPES.len() {
        0 => area.draw(&Circle::new(at, size, style)),
        1 => area.draw(&TriangleMarker::new(at, size * 5 / 4, style)),
        2 => area.draw(&(place + Rectangle::new([(1 - size, 1 - size), (size - 1, size - 1)], style))),
        3 => area.draw(&(place + Polygon::new(vec![(0, -size), (size, 0), (0, size), (-size, 0)], style))),
        _ => area.draw(&Cross::new(at, size, line(colour(system), 2))),
    }
}

fn colour(system: usize) -> RGBColor {
    SYSTEMS[system % N_COLOURS]
}

fn units(pixels: u32) -> i32 {
    i32::try_from(pixels * UNIT).expect("a picture is small")
}

fn line(colour: RGBColor, pixels: u32) -> ShapeStyle {
    colour.stroke_width(pixels * UNIT)
}

fn text(pixels: u32) -> TextStyle<'static> {
    // The SVG backend divides sizes by 1.24.
    TextStyle::from(("sans-serif", 1.24 * f64::from(pixels * UNIT)).into_font()).color(&DIM)
}

fn number(value: &f64) -> String {
    format!("{value}")
}

/// A count in five characters or so.
fn short(count: u64) -> String {
    if count < 10_000 { Grouped(count).to_string() } else { format!("{} k", Grouped((count + 500) / 1000)) }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::report::html::points::Point;
    use crate::eval::{CoveragePoint, TunedThreshold};

    fn calibration() -> Calibration {
        let bin = |index: u32, count: u64| {
            let lower = f64::from(index) / 10.0;
            let middle = (count > 0).then_some(lower + 0.05);
            ReliabilityBin {
                lower,
                upper: lower + 0.1,
                count,
                correct: count / 2,
                mean_score: middle,
                precision: middle,
            }
        };
        Calibration {
            scored: 12_000,
            unscored: 0,
            equal_width: (0..10)
                .map(|index| bin(index, if index == 0 { 0 } else { 1_340 * u64::from(index) }))
                .collect(),
            equal_mass: Vec::new(),
            expected_calibration_error: 0.1,
            expected_calibration_error_equal_mass: 0.1,
            brier_score: 0.1,
            curve: vec![
                CoveragePoint { threshold: 0.9, coverage: 0.5, kept: 6_000, correct: 5_700, precision: 0.95 },
                CoveragePoint { threshold: 0.1, coverage: 1.0, kept: 12_000, correct: 9_600, precision: 0.8 },
            ],
            best_threshold: TunedThreshold {
                threshold: 0.5,
                kept: 1,
                correct: 1,
                gold: 1,
                f1: 1.0,
                tuned_on_gold: true,
            },
        }
    }

    fn rows(n_systems: usize) -> Vec<Row> {
        let points = |value: f64| {
            let interval = Some(Interval { low: value - 9.0, high: value });
            (0..n_systems).map(move |n| Some(Point { value: value - n as f64, interval }))
        };
        let mut rows = vec![
            Row { name: "precision".to_owned(), points: points(91.0).collect() },
            Row { name: "<&\"'> and a name that is too long".to_owned(), points: points(80.0).collect() },
        ];
        rows.push(Row { name: "undefined".to_owned(), points: vec![None; n_systems] });
        rows
    }

    /// The texts between `before` and the next quotation mark.
    fn values<'t>(svg: &'t str, before: &str) -> Vec<&'t str> {
        svg.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn the_style_knows_all_colours() {
        let style = include_str!("page.css");
        let mut pictures = whiskers(&rows(7), "figures");
        pictures += &reliability(&calibration(), 1, "reliability");
        pictures += &coverage(&calibration(), 2, "coverage");
        let mut seen = 0;
        for attribute in ["fill", "stroke"] {
            for colour in values(&pictures, &format!(" {attribute}=\"")).into_iter().filter(|colour| *colour != "none")
            {
                seen += 1;
                assert!(style.contains(&format!("svg [{attribute}=\"{colour}\"]")), "{attribute} {colour}");
            }
        }
        assert!(seen > 50, "{seen}");
    }

    /// The elements of a name in the colour of a system.
    fn elements<'t>(svg: &'t str, name: &str, system: usize) -> Vec<&'t str> {
        let RGBColor(r, g, b) = SYSTEMS[system];
        let (name, colour) = (format!("<{name} "), format!("\"#{r:02X}{g:02X}{b:02X}\""));
        svg.lines().filter(|line| line.starts_with(&name) && line.contains(&colour)).collect()
    }

    #[test]
    fn draws_a_shape_a_system_and_a_whisker_with_two_caps() {
        let shapes = [("circle", 1), ("polygon", 1), ("rect", 1), ("polygon", 1), ("line", 2)];
        for n_systems in 1..=5 {
            let svg = whiskers(&rows(n_systems), "figures");
            for (system, (shape, strokes)) in shapes.into_iter().enumerate() {
                // Two of the three rows are defined.
                let times = if system < n_systems { 2 } else { 0 };
                assert_eq!(elements(&svg, "polyline", system).len(), 3 * times, "whiskers of {system} of {n_systems}");
                assert_eq!(elements(&svg, shape, system).len(), strokes * times, "shapes of {system} of {n_systems}");
            }
        }
    }

    #[test]
    fn whiskers_are_to_scale() {
        let point = Point { value: 25.0, interval: Some(Interval { low: 0.0, high: 100.0 }) };
        let svg = whiskers(&[Row { name: "F1".to_owned(), points: vec![Some(point)] }], "figures");
        let whisker = values(elements(&svg, "polyline", 0)[0], "points=\"")[0];
        let across = |point: &str| point.split(',').next().and_then(|x| x.parse::<f64>().ok()).expect("a place");
        let ends: Vec<f64> = whisker.split_whitespace().map(across).collect();
        let at = across(values(elements(&svg, "circle", 0)[0], "cx=\"")[0]);
        assert!((at - (0.75 * ends[0] + 0.25 * ends[1])).abs() <= 1.0, "{at} in {ends:?}");
        assert!(ends[0] >= f64::from(NAMES * UNIT) && ends[1] <= f64::from(WIDTH * UNIT), "{ends:?}");
    }

    #[test]
    fn names_are_escaped_and_cut() {
        let svg = whiskers(&rows(1), "a \"quoted\" <alternative>");
        assert!(svg.contains("&lt;&amp;&quot;&apos;&gt; and a na…"), "{svg}");
        assert!(svg.contains("aria-label=\"a &quot;quoted&quot; &lt;alternative&gt;\""), "{svg}");
        assert!(!svg.contains("http"), "{svg}");
    }

    #[test]
    fn counts_are_short() {
        let cases = [(0, "0"), (999, "999"), (9_999, "9,999"), (10_499, "10 k"), (1_234_567, "1,235 k")];
        for (count, want) in cases {
            assert_eq!(short(count), want);
        }
    }

    #[test]
    fn every_bin_shows_its_count() {
        let svg = reliability(&calibration(), 0, "reliability");
        for count in ["1,340", "8,040", "12 k"] {
            assert!(svg.contains(&format!(">\n{count}\n<")), "{count}: {svg}");
        }
    }
}
