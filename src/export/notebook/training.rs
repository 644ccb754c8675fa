//! The cell that trains: `compile`, the callbacks and `fit`.

use super::classes;
use super::data;
use super::data::is_one_hot;
use super::needs::Needs;
use super::values::{camel_case, float, keywords, value};
use crate::base::document;
use crate::experiment::{Experiment, Validation};
use crate::network::graph::Graph;
use serde_json::{Map, Value};

/// Writes it.
pub fn cell(spec: &Experiment, graph: &Graph, needs: &mut Needs) -> String {
    let fields = document::fields(spec);
    let mut fit = vec!["x_train".to_string(), "y_train".into(), format!("batch_size={}", spec.batch_size)];
    fit.push(format!("epochs={}", epochs(&fields, needs)));
    match spec.dataset.validation {
        Some(Validation::Split(split)) => fit.push(format!("validation_split={}", float(split.split))),
        Some(Validation::Named(_)) => fit.push("validation_data=(x_test, y_test)".into()),
        None => {}
    }
    if let Some(weights) = fields.get("class_weight").and_then(Value::as_object) {
        let pairs: Vec<String> = weights.iter().map(|(class, weight)| format!("{class}: {}", value(weight))).collect();
        fit.push(format!("class_weight={{{}}}", pairs.join(", ")));
    }
    let (rate, mut callbacks) = rate(spec, needs);
    callbacks.extend(stopping(&fields));
    let mut text = String::new();
    if rate.contains("total_steps=steps") {
        let (images, epochs) = (data::training_images(spec), epochs(&fields, needs));
        text += &format!("steps = {epochs} * math.ceil({images} / {})\n", spec.batch_size);
    }
    text += &format!(
        "model.compile(\n    optimizer={},\n    loss={},\n    metrics=[\"accuracy\"],\n)\n",
        optimizer(spec, &rate, needs),
        loss(&fields, spec, graph)
    );
    if !callbacks.is_empty() {
        let list: String = callbacks.iter().map(|callback| format!("    {callback},\n")).collect();
        text += &format!("callbacks = [\n{list}]\n");
        fit.push("callbacks=callbacks".into());
    }
    text + &format!("history = model.fit({})", fit.join(", "))
}

/// Keras trains for whole epochs.
fn epochs(fields: &Map<String, Value>, needs: &mut Needs) -> u64 {
    let epochs = fields.get("epochs").and_then(Value::as_f64).unwrap_or(1.0);
    let part = "the part of the last epoch that is not trained".to_string();
    if epochs.fract() != 0.0 && !needs.left_out.contains(&part) {
        needs.left_out.push(part);
    }
    epochs.ceil() as u64
}

fn optimizer(spec: &Experiment, rate: &str, needs: &mut Needs) -> String {
    let mut options = document::fields(&spec.optimizer);
    let class = match options.shift_remove("type").as_ref().and_then(Value::as_str).unwrap_or_default() {
        "sgd" => "SGD".into(),
        "adamw" => "AdamW".into(),
        "rmsprop" => "RMSprop".into(),
        other => camel_case(other),
    };
    options.shift_remove("learning_rate");
    for option in ["groups", "lookahead"] {
        if options.shift_remove(option).is_some_and(|value| !value.is_null()) {
            needs.left_out.push(format!("{option} of the optimizer"));
        }
    }
    let arguments = [format!("learning_rate={rate}")].into_iter().chain(keywords(&options));
    format!("keras.optimizers.{class}({})", arguments.collect::<Vec<_>>().join(", "))
}

fn loss(fields: &Map<String, Value>, spec: &Experiment, graph: &Graph) -> String {
    let class = match fields.get("loss").and_then(Value::as_str).unwrap_or_default() {
        "sparse_categorical_crossentropy" if is_one_hot(spec) => "CategoricalCrossentropy".into(),
        other => camel_case(other),
    };
    let logits = (!graph.softmax).then(|| "from_logits=True".to_string());
    let options = ["label_smoothing", "alpha", "gamma"].iter();
    let options = options.filter_map(|name| Some((name.to_string(), fields.get(*name)?.clone()))).collect();
    let arguments: Vec<String> = logits.into_iter().chain(keywords(&options)).collect();
    format!("keras.losses.{class}({})", arguments.join(", "))
}

/// The learning rate: a number or a schedule by steps; schedules by epochs are callbacks.
fn rate(spec: &Experiment, needs: &mut Needs) -> (String, Vec<String>) {
    let rate = float(spec.optimizer.learning_rate);
    let Some(schedule) = &spec.learning_rate_schedule else { return (rate, Vec::new()) };
    let mut fields = document::fields(schedule);
    let kind = fields.shift_remove("type").and_then(|kind| kind.as_str().map(String::from)).unwrap_or_default();
    let class = camel_case(&kind);
    match kind.as_str() {
        "inverse_time_decay" | "exponential_decay" | "cosine_decay" | "polynomial_decay" => {
            let arguments = keywords(&fields).join(", ");
            (format!("keras.optimizers.schedules.{class}(initial_learning_rate={rate}, {arguments})"), Vec::new())
        }
        "piecewise_constant_decay" => {
            (format!("keras.optimizers.schedules.{class}({})", keywords(&fields).join(", ")), Vec::new())
        }
        "step_decay" => {
            let number = |name: &str| fields.get(name).map_or_else(String::new, value);
            let (gamma, size) = (number("gamma"), number("step_size"));
            let rates = format!("lambda epoch: {rate} * {gamma} ** (epoch // {size})");
            (rate, vec![format!("keras.callbacks.LearningRateScheduler({rates})")])
        }
        "reduce_on_plateau" => {
            if let Some(least) = fields.shift_remove("min_learning_rate") {
                fields.insert("min_lr".into(), least);
            }
            (rate, vec![format!("keras.callbacks.ReduceLROnPlateau({})", keywords(&fields).join(", "))])
        }
        kind => match classes::of(kind) {
            Some(own) => {
                needs.class(own);
                let most = fields.shift_remove("max_learning_rate").filter(|most| !most.is_null());
                let mut arguments = vec![format!("max_learning_rate={}", most.as_ref().map_or(rate, value))];
                if fields.get("total_steps").is_some_and(Value::is_null) {
                    fields.shift_remove("total_steps");
                    arguments.push("total_steps=steps".into());
                }
                arguments.extend(keywords(&fields));
                (format!("{class}({})", arguments.join(", ")), Vec::new())
            }
            None => {
                needs.left_out.push(format!("the schedule {kind}"));
                (rate, Vec::new())
            }
        },
    }
}

/// The callbacks that watch a figure.
fn stopping(fields: &Map<String, Value>) -> Vec<String> {
    let of = |key: &str| fields.get(key).and_then(Value::as_object).map(|fields| keywords(fields).join(", "));
    let stopping = of("early_stopping").map(|options| format!("keras.callbacks.EarlyStopping({options})"));
    let checkpoint = of("model_checkpoint")
        .map(|options| format!("keras.callbacks.ModelCheckpoint(\"best.keras\", save_best_only=True, {options})"));
    stopping.into_iter().chain(checkpoint).collect()
}
