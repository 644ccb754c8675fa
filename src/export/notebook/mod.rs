//! A notebook for Colab or Jupyter: it fetches the data, builds the network in Keras 3, trains it with the same hyperparameters
//! and draws the curves. Its layers are written as those of the script for Keras.

mod augmentation;
pub mod classes;
mod data;
mod needs;
mod network;
mod training;
mod values;

use super::keras::definitions;
use crate::base::document;
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use needs::Needs;
use serde_json::{Value, json};

const CURVES: &str = include_str!("curves.py");

/// Parts of a document that a notebook has, or that do not change what it computes.
const WRITTEN: [&str; 18] = [
    "name",
    "title",
    "text",
    "dataset",
    "input_shape",
    "layers",
    "loss",
    "label_smoothing",
    "alpha",
    "gamma",
    "class_weight",
    "optimizer",
    "learning_rate_schedule",
    "augmentation",
    "early_stopping",
    "model_checkpoint",
    "batch_size",
    "epochs",
];

/// Writes the notebook of an experiment.
pub fn write(spec: &Experiment, graph: &Graph) -> String {
    let mut needs = Needs::default();
    let changes = augmentation::layers(spec, &mut needs);
    let network = network::cell(spec, graph, &changes, &mut needs);
    let training = training::cell(spec, graph, &mut needs);
    let others = document::fields(spec).into_iter().filter(|(key, value)| {
        !WRITTEN.contains(&&**key) && !["seed", "micro_batch_size"].contains(&&**key) && !value.is_null()
    });
    needs.left_out.extend(others.map(|(key, _)| key));
    let own = |area: &str| {
        let of_area = needs.classes.iter().filter(|class| class.area == area);
        of_area.map(|class| class.text.to_string() + "\n\n").collect::<String>()
    };
    let definitions = definitions(graph);
    let definitions = if network.contains("layers.Normalization(") { String::new() } else { definitions };
    let definitions = if definitions.is_empty() { definitions } else { definitions.trim().to_string() + "\n\n\n" };
    let imports = "import math\n\nimport keras\nimport numpy as np\nfrom keras import layers\n\n".to_string();
    let code = [
        imports + &format!("keras.utils.set_random_seed({})", spec.seed),
        data::cell(spec, graph.classes()),
        definitions + &own("layers") + &network,
        own("optimizers.schedules") + &training,
        CURVES.trim_end().into(),
        "model.evaluate(x_test, y_test)".into(),
    ];
    let code = code.iter().map(|code| ("code", code.as_str()));
    let about = about(spec, &needs.left_out);
    let cells = std::iter::once(("markdown", about.as_str())).chain(code);
    let cells: Vec<Value> = cells.enumerate().map(|(index, (kind, source))| cell(index, kind, source)).collect();
    let kernel = json!({"display_name": "Python 3", "language": "python", "name": "python3"});
    let metadata = json!({"kernelspec": kernel, "language_info": {"name": "python"}});
    let notebook = json!({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5});
    format!("{notebook:#}\n")
}

/// What the notebook is, and what it lacks.
fn about(spec: &Experiment, left_out: &[String]) -> String {
    let (title, name) = (values::markdown(spec.title.as_deref().unwrap_or(&spec.name)), values::markdown(&spec.name));
    let mut text = format!(
        "# {title}\n\nConvlab's experiment {name} in Keras 3: the same network, data and hyperparameters. Random numbers \
         are Keras's own, so figures differ a little from run to run."
    );
    if let Some(source) = data::source(spec) {
        text += &format!("\n\n**Data.** {source}");
    }
    if !left_out.is_empty() {
        text += &format!("\n\n**Left out**, since Keras lacks it: {}.", left_out.join(", "));
    }
    text
}

fn cell(index: usize, kind: &str, source: &str) -> Value {
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let mut cell = json!({"cell_type": kind, "id": format!("cell-{index}"), "metadata": {}, "source": lines});
    if kind == "code" {
        cell["execution_count"] = Value::Null;
        cell["outputs"] = json!([]);
    }
    cell
}
