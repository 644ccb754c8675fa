//! The document of a sweep, and the runs that follow from it.

use super::draw::Distribution;
use super::field;
use super::outcome::Outcome;
use super::run::Run;
use super::stop::EarlyTermination;
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::experiment::monitor::Monitor;
use crate::experiment::{Experiment, presets};
use crate::network::graph::Graph;
use crate::results::history::History;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most runs of a sweep.
const MAX_RUNS: usize = 10_000;

/// A sweep as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// A name for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of a built-in experiment, or a document.
    pub experiment: Value,
    /// Values of fields, of which every combination is run. A field is a path, such as `optimizer.learning_rate`,
    /// `layers.dropout.rate` or `layers.0.filters`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub grid: Map<String, Value>,
    /// Distributions of fields, from which `samples` combinations are drawn; each is run with every combination of the grid.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub random: Map<String, Value>,
    /// The number of combinations that are drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    /// The seeds with which each combination is run; by default the experiment's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<u32>,
    /// The seed of what is drawn.
    #[serde(default)]
    pub seed: u32,
    /// The figure that ranks the runs; by default the validation loss, or the training loss where there is no validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<Monitor>,
    /// Stops runs that are worse than those before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_termination: Option<EarlyTermination>,
}

/// A sweep whose runs are checked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The document.
    pub sweep: Sweep,
    /// The figure that ranks the runs.
    pub monitor: Monitor,
    /// The runs, in order.
    pub runs: Vec<Run>,
}

impl Plan {
    /// Reads a document and makes its runs.
    ///
    /// # Errors
    /// [`Error::Spec`] if the document is invalid, or a run's experiment is; it names the run's values.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::new(document::parse(text).and_then(|value| document::read(&value)).map_err(wrong)?)
    }

    fn new(sweep: Sweep) -> Result<Self> {
        let base = sweep.base()?;
        let experiment = Experiment::from_value(base.clone())?;
        presets::check_trainable(&experiment)?;
        let monitor = sweep.monitor_of(&experiment)?;
        let seeds = if sweep.seeds.is_empty() { vec![experiment.seed] } else { sweep.seeds.clone() };
        if !sweep.seeds.is_empty() && [&sweep.grid, &sweep.random].iter().any(|fields| fields.contains_key("seed")) {
            return Err(wrong("the seed is given by seeds or by a field, not by both; leave one out".into()));
        }
        let combinations = sweep.combinations()?;
        let count = combinations.len().saturating_mul(seeds.len());
        if count > MAX_RUNS {
            return Err(wrong(format!("a sweep has at most {MAX_RUNS} runs. Received: {count}")));
        }
        if let Some(seed) = repeated(&sweep.seeds) {
            return Err(wrong(format!("seeds has a seed twice, which gives the same run twice. Received: {seed}")));
        }
        let mut runs = Vec::with_capacity(count);
        for values in combinations {
            for &seed in &seeds {
                let experiment = with_values(&base, &values, seed)?;
                let seed = experiment.seed;
                runs.push(Run { run: runs.len() + 1, values: values.clone(), seed, experiment });
            }
        }
        Ok(Self { sweep, monitor, runs })
    }

    /// Whether to stop a run after its last epoch, given the outcomes of the runs before it.
    pub fn is_hopeless(&self, run: &History, before: &[Outcome]) -> bool {
        let rule = self.sweep.early_termination.as_ref();
        rule.is_some_and(|rule| rule.is_hopeless(self.monitor, &run.epochs, before))
    }
}

impl Sweep {
    /// The experiment's document.
    fn base(&self) -> Result<Value> {
        match &self.experiment {
            Value::String(id) => Ok(document::write(&presets::find(id)?.experiment)),
            Value::Object(_) => Ok(self.experiment.clone()),
            other => {
                Err(wrong(format!("experiment must be a built-in experiment's id or a document. Received: {other}")))
            }
        }
    }

    fn monitor_of(&self, experiment: &Experiment) -> Result<Monitor> {
        let validates = experiment.dataset.validation.is_some();
        match self.monitor {
            Some(monitor) if monitor.needs_validation() && !validates => Err(wrong(
                "monitor needs validation images, but dataset.validation of the experiment is null; set a split or \
                 \"test\", or monitor loss or accuracy"
                    .into(),
            )),
            Some(monitor) => Ok(monitor),
            None => Ok(if validates { Monitor::ValLoss } else { Monitor::Loss }),
        }
    }

    /// Every combination of the grid with every sample of the distributions.
    fn combinations(&self) -> Result<Vec<Map<String, Value>>> {
        if let Some(field) = self.grid.keys().find(|field| self.random.contains_key(*field)) {
            return Err(wrong(format!("a field is in grid or in random, not in both. Received: \"{field}\"")));
        }
        let mut all = vec![Map::new()];
        for (field, values) in &self.grid {
            let values: Vec<Value> = document::read(values).map_err(|error| wrong(format!("grid.{field}: {error}")))?;
            if values.is_empty() {
                return Err(wrong(format!("grid.{field} needs at least one value. Received: []")));
            }
            if all.len().saturating_mul(values.len()) > MAX_RUNS {
                return Err(wrong(format!("a sweep has at most {MAX_RUNS} runs; grid asks for more")));
            }
            if let Some(value) = repeated(&values) {
                return Err(wrong(format!(
                    "grid.{field} has a value twice, which gives the same run twice. Received: {value}"
                )));
            }
            all = all.iter().flat_map(|before| values.iter().map(|value| with(before, field, value))).collect();
        }
        let samples = self.samples()?;
        Ok(all.iter().flat_map(|grid| samples.iter().map(|sample| joined(grid, sample))).collect())
    }

    fn samples(&self) -> Result<Vec<Map<String, Value>>> {
        let count = match (self.random.is_empty(), self.samples) {
            (true, None) => return Ok(vec![Map::new()]),
            (true, Some(_)) => return Err(wrong("samples needs fields in random; a grid has no samples".into())),
            (false, None | Some(0)) => {
                return Err(wrong("random needs samples, the number of combinations to draw".into()));
            }
            (false, Some(count)) => count,
        };
        if count > MAX_RUNS {
            return Err(wrong(format!("a sweep has at most {MAX_RUNS} runs. Received: samples {count}")));
        }
        let mut distributions = Vec::new();
        for (index, (field, value)) in self.random.iter().enumerate() {
            let read: Distribution = serde_json::from_value(value.clone())
                .map_err(|error| wrong(format!("random.{field}: {error}. Received: {value}")))?;
            read.check().map_err(|error| wrong(format!("random.{field}: {error}")))?;
            distributions.push((field.clone(), read, index as u32));
        }
        let sample =
            |i: u32| distributions.iter().map(move |(field, of, index)| (field.clone(), of.draw(self.seed, i, *index)));
        Ok((0..count as u32).map(|i| sample(i).collect()).collect())
    }
}

/// The first item that equals one before it.
fn repeated<T: PartialEq>(items: &[T]) -> Option<&T> {
    items.iter().enumerate().find(|(at, item)| items[..*at].contains(item)).map(|(_, item)| item)
}

fn with(before: &Map<String, Value>, field: &str, value: &Value) -> Map<String, Value> {
    let mut values = before.clone();
    values.insert(field.into(), value.clone());
    values
}

fn joined(a: &Map<String, Value>, b: &Map<String, Value>) -> Map<String, Value> {
    a.iter().chain(b).map(|(field, value)| (field.clone(), value.clone())).collect()
}

/// The experiment with these values, checked with its network.
fn with_values(base: &Value, values: &Map<String, Value>, seed: u32) -> Result<Experiment> {
    let mut changed = base.clone();
    for (field, value) in values {
        field::set(&mut changed, field, value.clone()).map_err(wrong)?;
    }
    if !values.contains_key("seed") {
        field::set(&mut changed, "seed", seed.into()).map_err(wrong)?;
    }
    let checked = Experiment::from_value(changed).and_then(|experiment| Graph::new(&experiment).map(|_| experiment));
    checked.map_err(|error| wrong(format!("with {}: {error}", Value::Object(values.clone()))))
}

fn wrong(message: String) -> Error {
    Error::Spec(format!("sweep: {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plan(sweep: &Value) -> Result<Plan> {
        Plan::from_json(&sweep.to_string())
    }

    fn values(plan: &Plan) -> Vec<(Value, u32)> {
        plan.runs.iter().map(|run| (Value::Object(run.values.clone()), run.seed)).collect()
    }

    #[test]
    fn a_grid_is_every_combination_and_seed_in_the_order_of_the_document() {
        let sweep = json!({"experiment": "mnist-10", "grid": {"optimizer.learning_rate": [0.1, 0.01], "batch_size": [20, 50]},
            "seeds": [3, 4]});
        let plan = plan(&sweep).unwrap();
        let of = |rate: f64, batch: u32| json!({"optimizer.learning_rate": rate, "batch_size": batch});
        let expected = [of(0.1, 20), of(0.1, 50), of(0.01, 20), of(0.01, 50)];
        let expected: Vec<_> = expected.into_iter().flat_map(|values| [(values.clone(), 3), (values, 4)]).collect();
        assert_eq!(values(&plan), expected);
        let last = &plan.runs[7].experiment;
        assert_eq!((last.batch_size, last.seed, last.optimizer.learning_rate), (50, 4, 0.01));
    }

    #[test]
    fn a_run_has_the_seed_of_its_experiment() {
        let plan = plan(&json!({"experiment": "mnist-10", "grid": {"seed": [7, 9]}})).unwrap();
        let seeds: Vec<_> = plan.runs.iter().map(|run| (run.seed, run.experiment.seed)).collect();
        assert_eq!(seeds, [(7, 7), (9, 9)]);
    }

    #[test]
    fn samples_repeat_and_lie_in_their_range() {
        let sweep = json!({"experiment": "mnist-10", "samples": 50, "random": {
            "optimizer.learning_rate": {"log_uniform": [1e-4, 1e-1]}, "layers.conv2d_1.filters": {"int_uniform": [4, 6]},
            "batch_size": {"choice": [20, 40]}}});
        let (one, two) = (plan(&sweep).unwrap(), plan(&sweep).unwrap());
        assert_eq!((one.runs.len(), values(&one)), (50, values(&two)));
        let rates: Vec<f64> =
            one.runs.iter().map(|run| run.values["optimizer.learning_rate"].as_f64().unwrap()).collect();
        assert!(rates.iter().all(|rate| (1e-4..=1e-1).contains(rate)));
        let small = rates.iter().filter(|rate| **rate < 10f64.powf(-2.5)).count();
        assert!((10..40).contains(&small), "half of them are below the geometric mean: {small}");
        let filters = |n: u64| one.runs.iter().filter(|run| run.values["layers.conv2d_1.filters"] == n).count();
        assert!(filters(4) > 5 && filters(5) > 5 && filters(6) > 5 && filters(4) + filters(5) + filters(6) == 50);
    }

    #[test]
    fn mistakes_are_one_sentence_before_anything_runs() {
        let mistakes = [
            (json!({"experiment": "mnist-11"}), "there is no preset"),
            (json!({"experiment": 3}), "Received: 3"),
            (json!({"experiment": "mnist-10", "grid": {"optimizer.rate": [1]}}), "unknown field `rate`"),
            (json!({"experiment": "mnist-10", "grid": {"optimiser.rate": [1]}}), "\"optimiser\""),
            (json!({"experiment": "mnist-10", "grid": {"layers.9.filters": [1]}}), "\"9\""),
            (json!({"experiment": "mnist-10", "grid": {"layers.conv2d_7.filters": [1]}}), "\"conv2d_7\""),
            (json!({"experiment": "mnist-10", "grid": {"batch_size": []}}), "at least one value"),
            (json!({"experiment": "mnist-10", "grid": {"batch_size": 3}}), "grid.batch_size"),
            (json!({"experiment": "mnist-10", "grid": {"batch_size": [0]}}), "with {\"batch_size\":0}"),
            (json!({"experiment": "mnist-10", "samples": 3}), "samples needs fields in random"),
            (json!({"experiment": "mnist-10", "random": {"batch_size": {"choice": [1]}}}), "random needs samples"),
            (json!({"experiment": "mnist-10", "samples": 2, "random": {"batch_size": {"uniform": [2, 1]}}}), "2"),
            (json!({"experiment": "mnist-10", "samples": 2, "random": {"x": {"log_uniform": [0, 1]}}}), "above 0"),
            (
                json!({"experiment": "mnist-10", "grid": {"epochs": [1]}, "seeds": vec![0; 20_000]}),
                "at most 10000 runs",
            ),
            (
                json!({"experiment": "mnist-10", "seeds": [1, 2, 1]}),
                "a seed twice, which gives the same run twice. Received: 1",
            ),
            (json!({"experiment": "mnist-10", "seeds": [1], "grid": {"seed": [2]}}), "not by both"),
            (
                json!({"experiment": "mnist-10", "grid": {"batch_size": [20, 50, 20]}}),
                "grid.batch_size has a value twice",
            ),
            (json!({"experiment": "mnist-10", "grids": {}}), "grids"),
            (json!({"experiment": "alexnet"}), "cost sheet"),
        ];
        for (sweep, expected) in mistakes {
            let error = plan(&sweep).unwrap_err().to_string();
            assert!(error.contains(expected), "{sweep}: {error}");
        }
    }
}
