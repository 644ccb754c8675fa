//! Curves over epochs as inline SVG.

/// One curve; points without a value are omitted.
pub struct Curve<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// The CSS class that gives its colour.
    pub class: &'a str,
    /// One value per epoch.
    pub values: Vec<Option<f64>>,
}

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 36.0;

/// A chart of curves over epochs 1, 2, …; `mark` draws a dashed line at an epoch.
pub fn chart(title: &str, curves: &[Curve], mark: Option<usize>) -> String {
    let epochs = curves.iter().map(|curve| curve.values.len()).max().unwrap_or(0);
    let values = || curves.iter().flat_map(|curve| curve.values.iter().flatten().copied().filter(|v| v.is_finite()));
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if epochs == 0 || low > high {
        return String::new();
    }
    let step = tick_step(high - low);
    let (low, high) =
        ((low / step).floor() * step, ((high / step).ceil() * step).max((low / step).floor() * step + step));
    let x = |epoch: f64| {
        LEFT + (WIDTH - LEFT - RIGHT) * if epochs == 1 { 0.5 } else { (epoch - 1.0) / (epochs - 1) as f64 }
    };
    let y = |value: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low);
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title} by epoch\">\
         <text x=\"{LEFT}\" y=\"16\" class=\"title\">{title}</text>"
    );
    for i in 0..=((high - low) / step).round() as usize {
        let value = low + step * i as f64;
        let (at, label) = (y(value), tick_label(value, step));
        svg += &format!("<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" class=\"grid\"/>", WIDTH - RIGHT);
        svg += &format!("<text x=\"{}\" y=\"{:.1}\" class=\"tick end\">{label}</text>", LEFT - 6.0, at + 4.0);
    }
    let every = tick_step(epochs as f64).max(1.0) as usize;
    for epoch in (1..=epochs).filter(|epoch| *epoch == 1 || epoch.is_multiple_of(every)) {
        let at = x(epoch as f64);
        svg += &format!("<text x=\"{at:.1}\" y=\"{}\" class=\"tick middle\">{epoch}</text>", HEIGHT - BOTTOM + 16.0);
    }
    if let Some(epoch) = mark {
        let at = x(epoch as f64);
        svg += &format!("<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{}\" class=\"mark\"/>", HEIGHT - BOTTOM);
    }
    for (i, curve) in curves.iter().enumerate() {
        let points: Vec<(f64, f64)> = curve
            .values
            .iter()
            .enumerate()
            .filter_map(|(epoch, value)| value.filter(|v| v.is_finite()).map(|v| (x(epoch as f64 + 1.0), y(v))))
            .collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        svg += &format!("<polyline class=\"{}\" points=\"{}\"/>", curve.class, path.join(" "));
        if let [(x, y)] = points[..] {
            svg += &format!("<circle class=\"{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>", curve.class);
        }
        // More names than two have no room beside the title.
        if curves.len() > 2 {
            continue;
        }
        let at = WIDTH - RIGHT - 120.0 * (curves.len() - i) as f64;
        svg += &format!("<line class=\"{}\" x1=\"{at}\" x2=\"{}\" y1=\"12\" y2=\"12\"/>", curve.class, at + 16.0);
        svg += &format!("<text x=\"{}\" y=\"16\" class=\"tick\">{}</text>", at + 20.0, curve.name);
    }
    svg + &format!("<text x=\"{}\" y=\"{}\" class=\"tick end\">epoch</text></svg>", WIDTH - RIGHT, HEIGHT - 6.0)
}

/// A round step that divides `range` into about five parts.
fn tick_step(range: f64) -> f64 {
    let rough = (range / 5.0).max(1e-9);
    let power = 10f64.powf(rough.log10().floor());
    power * [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough * 0.999).unwrap_or(10.0)
}

fn tick_label(value: f64, step: f64) -> String {
    let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!([0.9, 2.3, 10.0, 47.0].map(|range| (tick_step(range) * 1e6).round() / 1e6), [0.2, 0.5, 2.0, 10.0]);
        assert_eq!(tick_label(0.30000000000000004, 0.1), "0.3");
    }

    #[test]
    fn a_chart_skips_what_is_no_number() {
        let curve =
            |values: &[f64]| Curve { name: "n", class: "c", values: values.iter().copied().map(Some).collect() };
        let svg = chart("Loss", &[curve(&[1.0, f64::NAN, 0.5])], Some(3));
        assert!(svg.contains("polyline") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        assert_eq!(chart("Loss", &[curve(&[])], None), "");
        assert!(!chart("Loss", &[curve(&[0.5])], None).contains("NaN"));
        assert!(!chart("Loss", &[curve(&[0.5, 0.5])], None).contains("NaN"));
    }
}
