//! `LearningRateScheduler(function)`: the function is followed for every epoch, and the rates are recognised, or listed.

use super::machine::Machine;
use super::part::Part;
use super::value::{Arguments, Object, Value};
use serde_json::json;

/// The most epochs that are followed.
const EPOCHS: i64 = 300;

/// How long a training lasts.
#[derive(Clone, Copy)]
pub struct Length {
    pub epochs: i64,
    /// The steps of an epoch, where the number of images is known.
    pub steps: Option<i64>,
}

/// Notes the callback, or gives the schedule that has the same rates.
pub fn scheduler<'a>(machine: &mut Machine<'a>, object: &Object<'a>, length: Length, parts: &mut Vec<Part>) {
    let place = object.place;
    let optimizer = parts.iter().find(|part| part.key == "optimizer");
    let start = optimizer.and_then(|part| part.value["learning_rate"].as_f64()).unwrap_or(0.001);
    let function = object.arguments.get(0, "schedule").cloned();
    let rates = function.and_then(|function| rates(machine, &function, start, length.epochs.clamp(1, EPOCHS)));
    let found = rates.as_deref().and_then(|rates| recognised(rates).or_else(|| listed(rates, length.steps?)));
    let Some((first, value)) = found else {
        let what = "LearningRateScheduler: rates that follow from the epoch and the rate before it are understood";
        return machine.note(place, what);
    };
    if length.epochs > EPOCHS {
        machine.note(place, format!("LearningRateScheduler: rates of later epochs than the first {EPOCHS}"));
    }
    if let Some(optimizer) = parts.iter_mut().find(|part| part.key == "optimizer") {
        optimizer.value["learning_rate"] = first.into();
    }
    if let Some(value) = value {
        parts.push(Part { key: "learning_rate_schedule", value, place, what: "LearningRateScheduler".into() });
    }
}

/// The rate of each epoch.
fn rates<'a>(machine: &mut Machine<'a>, function: &Value<'a>, start: f64, epochs: i64) -> Option<Vec<f64>> {
    let Value::Function(function) = function else { return None };
    let takes = function.parameters.map_or(0, |parameters| parameters.iter_non_variadic_params().count());
    let mut rate = start;
    (0..epochs)
        .map(|epoch| {
            let mut positional = vec![Value::Int(epoch), Value::Float(rate)];
            positional.truncate(takes.max(1));
            rate = machine
                .inline(function, Arguments { positional, named: Vec::new() }, function.place)
                .ok()?
                .as_float()?;
            (rate > 0.0).then_some(rate)
        })
        .collect()
}

/// The first rate, and the schedule, if the rates change.
fn recognised(rates: &[f64]) -> Option<(f64, Option<serde_json::Value>)> {
    let first = *rates.first()?;
    let Some(step) = rates.iter().position(|rate| *rate != first) else { return Some((first, None)) };
    // Seven digits, so that a factor of 0.9 that was computed stays one.
    let gamma = format!("{:.7e}", rates[step] / first).parse::<f64>().ok()?;
    let expected = |epoch: usize| first * gamma.powi((epoch / step) as i32);
    let fits = rates.iter().enumerate().all(|(epoch, rate)| (rate / expected(epoch) - 1.0).abs() < 1e-5);
    fits.then(|| (first, Some(json!({"type": "step_decay", "step_size": step, "gamma": gamma}))))
}

/// The first rate, and the rates of all epochs by their steps.
fn listed(rates: &[f64], steps: i64) -> Option<(f64, Option<serde_json::Value>)> {
    // Nine digits, so that a rate that was computed is as short as it was written.
    let tidy = |rate: f64| format!("{rate:.8e}").parse::<f64>().unwrap_or(rate);
    let (mut boundaries, mut values) = (Vec::new(), vec![tidy(*rates.first()?)]);
    for (epoch, pair) in (1..).zip(rates.windows(2)) {
        if pair[0] != pair[1] {
            // A boundary is the last step of a rate.
            boundaries.push(epoch * steps - 1);
            values.push(tidy(pair[1]));
        }
    }
    let first = values[0];
    Some((first, Some(json!({"type": "piecewise_constant_decay", "boundaries": boundaries, "values": values}))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_steps_are_recognised() {
        assert_eq!(recognised(&[0.1; 4]), Some((0.1, None)));
        let steps: Vec<f64> = (0..30).map(|epoch| 0.1 * 0.5f64.powi(epoch / 10)).collect();
        let schedule = json!({"type": "step_decay", "step_size": 10, "gamma": 0.5});
        assert_eq!(recognised(&steps), Some((0.1, Some(schedule))));
        let each: Vec<f64> = (0..30).map(|epoch| 0.001 * 0.95f64.powi(epoch)).collect();
        let schedule = json!({"type": "step_decay", "step_size": 1, "gamma": 0.95});
        assert_eq!(recognised(&each), Some((0.001, Some(schedule))));
        assert_eq!(recognised(&[0.1, 0.05, 0.04]), None);
        assert_eq!(recognised(&[]), None);
    }

    #[test]
    fn other_rates_are_listed_by_steps() {
        let schedule =
            json!({"type": "piecewise_constant_decay", "boundaries": [199, 299], "values": [0.1, 0.05, 0.3]});
        assert_eq!(listed(&[0.1, 0.1, 0.05, 0.1 + 0.2], 100), Some((0.1, Some(schedule))));
    }
}
