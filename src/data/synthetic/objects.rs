//! Coloured, textured shapes on textured backgrounds. The class is the shape alone: colours, textures, size, rotation
//! and position have the same distribution for all classes, so that neither the mean colour nor a single pixel predicts
//! it.

use super::canvas::{Canvas, Point};
use super::draw::{Draw, cos_sin, smoothstep};

const SIZE: usize = 32;

type Colour = [f32; 3];

/// Draws the image of a label, and appends its bytes to `pixels`.
pub(super) fn draw(mut draw: Draw, label: u8, pixels: &mut Vec<u8>) {
    let (ground, figure, third) = colours(&mut draw);
    let (ground, figure) = (Texture::new(&mut draw, ground), Texture::new(&mut draw, figure));
    let place = Place::new(&mut draw);
    let shape = Shape::new(&mut draw, label, &place);
    let light = Light::new(&mut draw);
    let cover = Cover::new(&mut draw, &place);
    let grain = draw.range(4.0, 16.0);
    for y in 0..SIZE {
        for x in 0..SIZE {
            let p = [x as f32 + 0.5, y as f32 + 0.5];
            let mut colour = mix(ground.at(p), figure.at(p), shape.coverage(&place, p, x, y));
            colour = mix(colour, third, cover.coverage(p));
            let light = light.at(p);
            for value in colour {
                pixels.push((value * light + grain * draw.noise()).clamp(0.0, 255.0) as u8);
            }
        }
    }
}

fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    [0, 1, 2].map(|k| a[k] + (b[k] - a[k]) * share)
}

/// The colours of the background, of the figure, which contrasts with it, and of the bar that may cover a part.
fn colours(draw: &mut Draw) -> (Colour, Colour, Colour) {
    let mut any = || [0, 1, 2].map(|_| draw.range(20.0, 235.0));
    let (ground, third) = (any(), any());
    let mut figure = any();
    // The most different of five, so that nearly all figures contrast and any colour is possible.
    for _ in 0..4 {
        let other = any();
        if distance2(other, ground) > distance2(figure, ground) {
            figure = other;
        }
    }
    (ground, figure, third)
}

fn distance2(a: Colour, b: Colour) -> f32 {
    (0..3).map(|k| (a[k] - b[k]) * (a[k] - b[k])).sum()
}

/// A colour that varies smoothly: random values on a coarse grid, interpolated.
struct Texture {
    colour: Colour,
    grid: [[f32; 6]; 6],
    cells: f32,
    /// The amplitude of each channel.
    strength: Colour,
}

impl Texture {
    fn new(draw: &mut Draw, colour: Colour) -> Self {
        let cells = draw.range(1.5, 4.9);
        let strength = draw.range(0.0, 55.0);
        let grid = std::array::from_fn(|_| std::array::from_fn(|_| draw.range(-1.0, 1.0)));
        let strength = [0, 1, 2].map(|_| strength * draw.range(0.4, 1.0));
        Self { colour, grid, cells, strength }
    }

    fn at(&self, [x, y]: Point) -> Colour {
        let (u, v) = (x / SIZE as f32 * self.cells, y / SIZE as f32 * self.cells);
        let (i, j) = (u as usize, v as usize);
        let (s, t) = (smoothstep(0.0, 1.0, u - i as f32), smoothstep(0.0, 1.0, v - j as f32));
        let row = |j: usize| self.grid[j][i] + (self.grid[j][i + 1] - self.grid[j][i]) * s;
        let value = row(j) + (row(j + 1) - row(j)) * t;
        [0, 1, 2].map(|k| self.colour[k] + self.strength[k] * value)
    }
}

/// Position, rotation and size of the figure.
struct Place {
    centre: Point,
    turn: (f32, f32),
    /// Half the figure's extent, in pixels.
    radius: f32,
    /// The aspect ratio: height over width.
    squeeze: f32,
}

impl Place {
    fn new(draw: &mut Draw) -> Self {
        let radius = draw.range(7.5, 13.0);
        let room = SIZE as f32 * 0.5 - radius + 1.0;
        let middle = 0.5 * SIZE as f32;
        let centre = [middle + draw.range(-room, room), middle + draw.range(-room, room)];
        Self { centre, turn: cos_sin(draw.range(0.0, 1.0)), radius, squeeze: draw.range(0.8, 1.0) }
    }

    /// Converts a point from canvas to figure coordinates: relative to the centre, rotated back, in units of the
    /// radius.
    fn local(&self, p: Point) -> Point {
        let (x, y) = (p[0] - self.centre[0], p[1] - self.centre[1]);
        let (cos, sin) = self.turn;
        [(cos * x + sin * y) / self.radius, (cos * y - sin * x) / (self.radius * self.squeeze)]
    }

    /// The inverse of [`Self::local`].
    fn global(&self, [x, y]: Point) -> Point {
        let (x, y) = (x * self.radius, y * self.radius * self.squeeze);
        let (cos, sin) = self.turn;
        [self.centre[0] + cos * x - sin * y, self.centre[1] + sin * x + cos * y]
    }
}

/// A figure, defined by the signed distance to its edge (negative inside), in units of its radius.
enum Shape {
    Disc,
    Square,
    Triangle,
    Ring(f32),
    Cross(f32),
    Star(f32),
    /// Bands of this width, within an outline.
    Stripes(f32, Outline),
    /// Squares of this width, within an outline.
    Checker(f32, Outline),
    Crescent(f32),
    /// A line that winds outward, already drawn.
    Spiral(Box<Canvas<SIZE>>),
}

/// The outline of a pattern. It is independent of the pattern, so that it does not predict the class.
#[derive(Clone, Copy)]
enum Outline {
    Disc,
    Square,
}

impl Shape {
    fn new(draw: &mut Draw, label: u8, place: &Place) -> Self {
        let outline = if draw.chance(0.5) { Outline::Disc } else { Outline::Square };
        match label {
            0 => Self::Disc,
            1 => Self::Square,
            2 => Self::Triangle,
            3 => Self::Ring(draw.range(0.18, 0.3)),
            4 => Self::Cross(draw.range(0.2, 0.36)),
            5 => Self::Star(draw.range(0.26, 0.31)),
            6 => Self::Stripes(draw.range(0.26, 0.4), outline),
            7 => Self::Checker(draw.range(0.34, 0.5), outline),
            8 => Self::Crescent(draw.range(0.35, 0.6)),
            _ => Self::Spiral(Box::new(spiral(draw, place))),
        }
    }

    /// The fraction of the pixel that the figure covers, 0..=1.
    fn coverage(&self, place: &Place, p: Point, x: usize, y: usize) -> f32 {
        if let Self::Spiral(canvas) = self {
            return canvas.values[y][x];
        }
        // The edge is one pixel wide.
        let edge = 0.6 / place.radius;
        smoothstep(edge, -edge, self.distance(place.local(p)))
    }

    fn distance(&self, [x, y]: Point) -> f32 {
        let length = (x * x + y * y).sqrt();
        let (across, along) = (x.abs(), y.abs());
        match *self {
            Self::Disc => length - 0.9,
            Self::Square => across.max(along) - 0.78,
            Self::Triangle => (0.866 * across + 0.5 * y).max(-y) - 0.5,
            Self::Ring(half) => (length - 0.72).abs() - half,
            Self::Cross(arm) => (across - arm).max(along - 0.95).min((along - arm).max(across - 0.95)),
            Self::Star(inner) => star(x, y, inner),
            Self::Stripes(band, outline) => outline.distance(x, y).max(wave(x, band)),
            Self::Checker(field, outline) => outline.distance(x, y).max(checks(x, y, field)),
            Self::Crescent(offset) => {
                let bite = ((x - offset) * (x - offset) + y * y).sqrt();
                (length - 0.95).max(0.78 - bite)
            }
            Self::Spiral(_) => 1.0,
        }
    }
}

impl Outline {
    fn distance(self, x: f32, y: f32) -> f32 {
        match self {
            Self::Disc => (x * x + y * y).sqrt() - 0.98,
            Self::Square => x.abs().max(y.abs()) - 0.84,
        }
    }
}

/// The signed distance to the nearest border of bands of equal width; every second band is inside.
fn wave(x: f32, band: f32) -> f32 {
    let phase = x / (2.0 * band) + 0.25;
    let phase = phase - phase.floor();
    ((phase - 0.5).abs() - 0.25) * 2.0 * band
}

/// The signed distance for a checkerboard: a point is inside if both bands or neither contain it.
fn checks(x: f32, y: f32, field: f32) -> f32 {
    let (a, b) = (wave(x + 0.5 * field, field), wave(y + 0.5 * field, field));
    a.max(b).min((-a).max(-b))
}

/// A star with five points, formed by five lines. A point inside is on the outer side of at most one line (in a tip),
/// so the second largest distance decides. `inner` is the distance of the lines from the centre.
fn star(x: f32, y: f32, inner: f32) -> f32 {
    let mut nearest = f32::NEG_INFINITY;
    let mut second = f32::NEG_INFINITY;
    for i in 0..5 {
        let (cos, sin) = cos_sin(0.2 * i as f32);
        let d = sin * x - cos * y - inner;
        if d > nearest {
            second = nearest;
            nearest = d;
        } else if d > second {
            second = d;
        }
    }
    second
}

/// A spiral line from the centre outward, of about two turns.
fn spiral(draw: &mut Draw, place: &Place) -> Canvas<SIZE> {
    let mut canvas = Canvas::new();
    let (turns, mirror) = (draw.range(1.7, 2.2), if draw.chance(0.5) { 1.0 } else { -1.0 });
    let half = place.radius * draw.range(0.09, 0.13);
    let steps = 44;
    let points: Vec<Point> = (0..=steps)
        .map(|i| {
            let t = i as f32 / steps as f32;
            let (cos, sin) = cos_sin(t * turns);
            place.global([0.95 * t * cos, 0.95 * t * sin * mirror])
        })
        .collect();
    canvas.path(&points, |_| half, 1.0, 1.0);
    canvas
}

/// Brightness that decreases linearly to one side.
struct Light {
    slope: Point,
}

impl Light {
    fn new(draw: &mut Draw) -> Self {
        let (cos, sin) = cos_sin(draw.range(0.0, 1.0));
        let strength = draw.range(0.0, 0.5) / SIZE as f32;
        Self { slope: [strength * cos, strength * sin] }
    }

    fn at(&self, [x, y]: Point) -> f32 {
        let middle = 0.5 * SIZE as f32;
        1.0 + self.slope[0] * (x - middle) + self.slope[1] * (y - middle)
    }
}

/// A bar that covers a part of some figures.
struct Cover {
    /// A point on the bar's centre line, the direction across it, and its half width; no bar if `half` is 0.
    at: Point,
    across: Point,
    half: f32,
}

impl Cover {
    fn new(draw: &mut Draw, place: &Place) -> Self {
        let (cos, sin) = cos_sin(draw.range(0.0, 1.0));
        let off = place.radius * draw.range(0.35, 1.1);
        let half = draw.range(0.8, 2.2);
        let half = if draw.chance(0.5) { half } else { 0.0 };
        Self { at: [place.centre[0] + off * cos, place.centre[1] + off * sin], across: [cos, sin], half }
    }

    fn coverage(&self, p: Point) -> f32 {
        if self.half == 0.0 {
            return 0.0;
        }
        let distance = (p[0] - self.at[0]) * self.across[0] + (p[1] - self.at[1]) * self.across[1];
        smoothstep(self.half + 0.5, self.half - 0.5, distance.abs())
    }
}
