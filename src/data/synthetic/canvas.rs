//! Draws anti-aliased strokes on a small raster. Curves are cut into segments.

use super::draw::smoothstep;

/// A point on the canvas in pixels; x to the right, y down.
pub(super) type Point = [f32; 2];

/// A square raster of values from 0 to 1.
pub(super) struct Canvas<const N: usize> {
    pub values: [[f32; N]; N],
}

impl<const N: usize> Canvas<N> {
    pub fn new() -> Self {
        Self { values: [[0.0; N]; N] }
    }

    /// Draws a line from `a` to `b` with the value `ink`. Its half width changes linearly from `from` to `to`, and its
    /// edge is `soft` pixels wide. Overlapping strokes are combined by the maximum.
    pub fn segment(&mut self, a: Point, b: Point, [from, to]: [f32; 2], soft: f32, ink: f32) {
        let reach = from.max(to) + soft;
        let span = |axis: usize| {
            let low = (a[axis].min(b[axis]) - reach).floor().max(0.0) as usize;
            let high = (a[axis].max(b[axis]) + reach).ceil().max(0.0) as usize;
            low.min(N)..(high + 1).min(N)
        };
        for y in span(1) {
            for x in span(0) {
                // Values are sampled at the centre of a pixel.
                let (distance, along) = to_segment([x as f32 + 0.5, y as f32 + 0.5], a, b);
                let edge = from + (to - from) * along;
                let value = ink * (1.0 - smoothstep(edge - 0.5 * soft, edge + 0.5 * soft, distance));
                self.values[y][x] = self.values[y][x].max(value);
            }
        }
    }

    /// Draws a polyline; `width` gives the half width as a function of the position along it, 0..=1.
    pub fn path(&mut self, points: &[Point], width: impl Fn(f32) -> f32, soft: f32, ink: f32) {
        let last = points.len().saturating_sub(1).max(1) as f32;
        for (i, pair) in points.windows(2).enumerate() {
            let ends = [width(i as f32 / last), width((i + 1) as f32 / last)];
            self.segment(pair[0], pair[1], ends, soft, ink);
        }
    }
}

/// The distance from `p` to the segment, and the position of the nearest point along it (0..=1).
fn to_segment(p: Point, a: Point, b: Point) -> (f32, f32) {
    let (ab, ap) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let length2 = ab[0] * ab[0] + ab[1] * ab[1];
    let along = if length2 > 0.0 { ((ap[0] * ab[0] + ap[1] * ab[1]) / length2).clamp(0.0, 1.0) } else { 0.0 };
    let (dx, dy) = (ap[0] - along * ab[0], ap[1] - along * ab[1]);
    ((dx * dx + dy * dy).sqrt(), along)
}

/// Points of the smooth curve through `knots` (Catmull and Rom, 1974), `steps` per piece.
pub(super) fn spline(knots: &[Point], steps: usize, out: &mut Vec<Point>) {
    out.clear();
    let at = |i: isize| knots[i.clamp(0, knots.len() as isize - 1) as usize];
    // A closed curve is continued across its end, so that it has no corner there.
    let loops = knots.len() > 3 && knots.first() == knots.last();
    let n = knots.len() as isize - 1;
    let wrap = |i: isize| match loops {
        true => knots[i.rem_euclid(n) as usize],
        false => at(i),
    };
    for i in 0..n {
        let [p0, p1, p2, p3] = [wrap(i - 1), at(i), at(i + 1), wrap(i + 2)];
        for step in 0..steps {
            let t = step as f32 / steps as f32;
            out.push([0, 1].map(|k| {
                let (a, b, c) = (
                    p2[k] - p0[k],
                    2.0 * p0[k] - 5.0 * p1[k] + 4.0 * p2[k] - p3[k],
                    3.0 * (p1[k] - p2[k]) + p3[k] - p0[k],
                );
                p1[k] + 0.5 * t * (a + t * (b + t * c))
            }));
        }
    }
    out.extend(knots.last());
}
