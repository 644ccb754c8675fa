//! How much each field of a sweep explains of the differences between its runs.

use super::outcome::Outcome;
use serde_json::{Map, Value};

/// For each field the share of the variance of the best figures that its values explain by themselves, 0 to 1; no field where
/// there are fewer than three figures, or where all are equal.
///
/// # Formula
/// Of a field with repeated values, the correlation ratio η² = Σ nᵥ (mean of value v − mean of all)² / Σ (figure − mean of all)². Of
/// a field with a different number in nearly every run, the square of Spearman's rank correlation.
pub fn importance(outcomes: &[Outcome]) -> Map<String, Value> {
    let known: Vec<(&Outcome, f64)> = outcomes.iter().filter_map(|outcome| Some((outcome, outcome.best?))).collect();
    let figures: Vec<f64> = known.iter().map(|(_, figure)| *figure).collect();
    if figures.len() < 3 || figures.iter().all(|figure| *figure == figures[0]) {
        return Map::new();
    }
    let Some(fields) = known.first().map(|(outcome, _)| outcome.values.keys()) else { return Map::new() };
    let share = |field: &String| {
        let values: Vec<&Value> = known.iter().map(|(outcome, _)| &outcome.values[field]).collect();
        let numbers: Option<Vec<f64>> = values.iter().map(|value| value.as_f64()).collect();
        match numbers {
            Some(numbers) if distinct(&values) * 2 > values.len() => rank_correlation(&numbers, &figures).powi(2),
            _ => correlation_ratio(&values, &figures),
        }
    };
    fields.map(|field| (field.clone(), share(field).into())).collect()
}

fn distinct(values: &[&Value]) -> usize {
    values.iter().enumerate().filter(|(i, value)| !values[..*i].contains(value)).count()
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

fn correlation_ratio(values: &[&Value], figures: &[f64]) -> f64 {
    let all = mean(figures.iter().copied());
    let total: f64 = figures.iter().map(|figure| (figure - all).powi(2)).sum();
    let of_group =
        |value: &&Value| mean(values.iter().zip(figures).filter(|(v, _)| *v == value).map(|(_, figure)| *figure));
    values.iter().map(|value| (of_group(value) - all).powi(2)).sum::<f64>() / total
}

fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let (mean_a, mean_b) = (mean(a.iter().copied()), mean(b.iter().copied()));
    let sum = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum()
    };
    let spread = (sum(&a, mean_a, &a, mean_a) * sum(&b, mean_b, &b, mean_b)).sqrt();
    if spread > 0.0 { sum(&a, mean_a, &b, mean_b) / spread } else { 0.0 }
}

/// Ranks from 0; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let count = |of: &dyn Fn(&f64) -> bool| values.iter().filter(|value| of(value)).count() as f64;
    values.iter().map(|value| count(&|v| v < value) + (count(&|v| v == value) - 1.0) / 2.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome(values: Value, best: f64) -> Outcome {
        Outcome { values: values.as_object().cloned().unwrap(), best: Some(best), ..Outcome::default() }
    }

    #[test]
    fn the_field_that_decides_explains_all() {
        let outcomes = [
            outcome(json!({"a": 1, "b": "x"}), 1.0),
            outcome(json!({"a": 1, "b": "y"}), 1.0),
            outcome(json!({"a": 2, "b": "x"}), 3.0),
            outcome(json!({"a": 2, "b": "y"}), 3.0),
        ];
        assert_eq!(Value::Object(importance(&outcomes)), json!({"a": 1.0, "b": 0.0}));
        assert!(importance(&outcomes[..2]).is_empty());
    }

    #[test]
    fn numbers_that_differ_in_each_run_are_ranked() {
        let outcomes: Vec<Outcome> = [(0.001, 5.0), (0.1, 2.0), (0.01, 3.0), (1.0, 1.0)]
            .map(|(rate, best)| outcome(json!({"rate": rate}), best))
            .into();
        let share = importance(&outcomes)["rate"].as_f64().unwrap();
        assert!((share - 1.0).abs() < 1e-12, "{share}");
    }
}
