//! Digits that look handwritten: strokes in several styles with random pen, slant, warp and position, over faint
//! clutter.

use super::canvas::{Canvas, Point, spline};
use super::draw::{Draw, cos_sin};

const SIZE: usize = 28;

/// Strokes, each a smooth curve through points in a box of 100 x 100; two points are a line. Separate strokes form
/// corners.
type Style = &'static [&'static [[u8; 2]]];

/// The styles of each digit.
#[rustfmt::skip]
const STYLES: [&[Style]; 10] = [
    &[
        &[&[[50, 4], [22, 20], [14, 52], [26, 86], [50, 96], [76, 84], [86, 50], [76, 16], [50, 4]]],
        &[&[[62, 5], [34, 18], [20, 55], [30, 90], [52, 94], [74, 70], [80, 32], [62, 5]]],
        &[&[[66, 14], [44, 4], [20, 26], [16, 64], [34, 94], [64, 92], [84, 58], [78, 22], [56, 6], [40, 12]]],
    ],
    &[
        &[&[[52, 4], [48, 96]]],
        &[&[[28, 28], [56, 4]], &[[56, 4], [54, 96]]],
        &[&[[32, 24], [54, 5]], &[[54, 5], [52, 95]], &[[28, 95], [78, 95]]],
    ],
    &[
        &[&[[18, 26], [34, 8], [58, 4], [80, 20], [74, 44], [48, 70], [16, 94]], &[[16, 94], [86, 93]]],
        &[&[[20, 22], [46, 4], [76, 18], [72, 46], [40, 78], [20, 90], [18, 78], [34, 76], [60, 92], [88, 86]]],
        &[&[[22, 16], [60, 6], [78, 28], [50, 60], [18, 92]], &[[18, 92], [52, 86], [84, 94]]],
    ],
    &[
        &[&[[18, 16], [46, 4], [74, 14], [74, 36], [42, 47]], &[[42, 47], [78, 56], [84, 78], [54, 96], [16, 86]]],
        &[&[[20, 7], [78, 6]], &[[78, 6], [44, 42]], &[[44, 42], [78, 52], [82, 80], [50, 96], [16, 86]]],
        &[&[[22, 12], [60, 4], [74, 26], [52, 46], [40, 48], [62, 50], [82, 72], [58, 95], [18, 90]]],
    ],
    &[
        &[&[[32, 6], [18, 56]], &[[18, 56], [86, 54]], &[[68, 16], [66, 96]]],
        &[&[[64, 4], [14, 66]], &[[14, 66], [90, 65]], &[[64, 4], [64, 97]]],
        &[&[[26, 8], [22, 36], [28, 54], [54, 54], [72, 40]], &[[78, 6], [70, 50], [64, 96]]],
    ],
    &[
        &[&[[78, 6], [28, 7]], &[[28, 7], [22, 46]], &[[22, 46], [52, 36], [82, 52], [80, 82], [48, 96], [16, 86]]],
        &[&[[82, 10], [46, 4], [26, 20], [34, 42], [64, 54], [80, 74], [58, 95], [18, 88]]],
        &[&[[36, 10], [26, 44], [58, 42], [78, 62], [70, 88], [42, 96], [18, 86]], &[[36, 10], [84, 6]]],
    ],
    &[
        &[&[[72, 6], [40, 22], [20, 60], [32, 92], [62, 94], [82, 72], [64, 52], [36, 58], [22, 76]]],
        &[&[[54, 4], [28, 40], [18, 74], [36, 96], [66, 92], [76, 70], [54, 56], [22, 74]]],
        &[&[[84, 12], [56, 4], [24, 30], [16, 70], [40, 96], [74, 84], [72, 58], [44, 52], [18, 68]]],
    ],
    &[
        &[&[[16, 8], [84, 7]], &[[84, 7], [56, 48], [42, 96]]],
        &[&[[16, 10], [82, 8]], &[[82, 8], [40, 96]], &[[34, 52], [76, 50]]],
        &[&[[18, 26], [20, 8]], &[[20, 8], [50, 12], [84, 6]], &[[84, 6], [62, 46], [54, 96]]],
    ],
    &[
        &[&[[76, 18], [52, 4], [26, 18], [34, 38], [66, 58], [80, 80], [52, 96], [22, 82], [36, 58], [66, 38], [76, 18]]],
        &[&[[50, 4], [26, 24], [50, 46], [74, 24], [50, 4]], &[[50, 46], [20, 72], [50, 96], [80, 72], [50, 46]]],
        &[&[[78, 14], [48, 5], [28, 24], [52, 46], [74, 70], [52, 95], [28, 78], [44, 52], [78, 14]]],
    ],
    &[
        &[&[[78, 24], [58, 5], [30, 10], [20, 34], [40, 50], [66, 42], [78, 24]], &[[78, 24], [74, 60], [64, 96]]],
        &[&[[76, 20], [46, 4], [22, 26], [36, 48], [64, 42], [76, 20]], &[[76, 20], [80, 62], [62, 92], [28, 92]]],
        &[&[[72, 10], [38, 8], [22, 32], [44, 50], [72, 34], [74, 8]], &[[74, 8], [72, 50], [70, 97]]],
    ],
];

/// The map from the unit box to the canvas: a low-frequency wave, then an affine map.
struct Warp {
    matrix: [[f32; 2]; 2],
    centre: Point,
    /// For each axis: amplitude, frequency along x and y (periods per box), and phase.
    waves: [[f32; 4]; 2],
}

impl Warp {
    fn new(draw: &mut Draw) -> Self {
        let (cos, sin) = cos_sin(draw.range(-0.05, 0.05));
        let height = draw.range(16.0, 21.0);
        let width = height * draw.range(0.6, 0.95);
        let slant = draw.range(-0.1, 0.35);
        let wave = |draw: &mut Draw| {
            [draw.range(0.0, 0.05), draw.range(-0.9, 0.9), draw.range(-0.9, 0.9), draw.range(0.0, 1.0)]
        };
        let waves = [wave(draw), wave(draw)];
        // The largest shift from the middle that keeps the digit (nearly) inside.
        let room = |extent: f32| (0.5 * (SIZE as f32 - extent)).max(0.0);
        let (room_x, room_y) = (room(width + 2.0).min(3.5), room(height + 1.0));
        let middle = 0.5 * SIZE as f32;
        let centre = [middle + draw.range(-room_x, room_x), middle + draw.range(-room_y, room_y)];
        // A shear moves the top to the right; then the digit is rotated.
        let matrix =
            [[cos * width, -cos * slant * width - sin * height], [sin * width, -sin * slant * width + cos * height]];
        Self { matrix, centre, waves }
    }

    /// Maps a point of the unit box to the canvas.
    fn apply(&self, [x, y]: Point) -> Point {
        let wave = |[far, along_x, along_y, begin]: [f32; 4]| far * cos_sin(along_x * x + along_y * y + begin).1;
        let (x, y) = (x - 0.5 + wave(self.waves[0]), y - 0.5 + wave(self.waves[1]));
        [0, 1].map(|k| self.centre[k] + self.matrix[k][0] * x + self.matrix[k][1] * y)
    }
}

/// Draws the image of a label, and appends its bytes to `pixels`.
pub(super) fn draw(mut draw: Draw, label: u8, pixels: &mut Vec<u8>) {
    let mut canvas = Canvas::<SIZE>::new();
    clutter(&mut draw, &mut canvas);
    digit(&mut draw, label, &mut canvas);
    let grain = draw.range(0.01, 0.07);
    for value in canvas.values.as_flattened() {
        let value = 255.0 * (value + grain * draw.noise());
        pixels.push(value.clamp(0.0, 255.0) as u8);
    }
}

/// Draws a few short, thin strokes at the edges, like parts of neighbouring digits on a form.
fn clutter(draw: &mut Draw, canvas: &mut Canvas<SIZE>) {
    let size = SIZE as f32;
    for _ in 0..draw.below(3) {
        let along = draw.range(0.0, size);
        let depth = draw.range(-1.0, 2.0);
        let from = [[along, depth], [along, size - depth], [depth, along], [size - depth, along]][draw.below(4)];
        let to = [from[0] + draw.range(-5.0, 5.0), from[1] + draw.range(-5.0, 5.0)];
        let width = draw.range(0.5, 1.1);
        canvas.segment(from, to, [width, width], 1.2, draw.range(0.2, 0.6));
    }
}

fn digit(draw: &mut Draw, label: u8, canvas: &mut Canvas<SIZE>) {
    let styles = STYLES[usize::from(label)];
    let style = styles[draw.below(styles.len())];
    let warp = Warp::new(draw);
    let (pen, soft, ink) = (draw.range(0.7, 1.7), draw.range(0.9, 1.8), draw.range(0.7, 1.0));
    let (swell, begin) = (draw.range(0.0, 0.3), draw.range(0.0, 1.0));
    let jitter = draw.range(0.0, 0.035);
    let mut path = Vec::new();
    // Strokes meet at a common knot. The jitter depends on the knot alone, so that corners stay closed.
    let shake: [[f32; 2]; 8] = std::array::from_fn(|_| [draw.noise() * jitter, draw.noise() * jitter]);
    for stroke in style {
        let knots: Vec<Point> = stroke
            .iter()
            .map(|&[x, y]| {
                let [dx, dy] = shake[(usize::from(x) * 7 + usize::from(y) * 3) % 8];
                [f32::from(x) * 0.01 + dx, f32::from(y) * 0.01 + dy]
            })
            .collect();
        spline(&knots, if knots.len() == 2 { 4 } else { 6 }, &mut path);
        for point in &mut path {
            *point = warp.apply(*point);
        }
        canvas.path(&path, |t| pen * (1.0 + swell * cos_sin(t + begin).1), soft, ink);
    }
}
