//! Methods and attributes of models.

use super::fit;
use super::graph::layer_object;
use super::machine::{Eval, Machine};
use super::model::{Item, ModelKind};
use super::value::{Arguments, Value};

impl<'a> Machine<'a> {
    /// A method of a model.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn model_method(
        &mut self,
        model: usize,
        name: &str,
        arguments: Arguments<'a>,
        place: usize,
    ) -> Eval<Value<'a>> {
        match name {
            "add" => {
                let value = arguments.get(0, "layer").cloned().unwrap_or(Value::None);
                self.allocate(1, place)?;
                if let ModelKind::Sequential(items) = &mut self.models[model].kind {
                    items.push(Item { value, place });
                }
                Ok(Value::None)
            }
            "pop" => {
                if let ModelKind::Sequential(items) = &mut self.models[model].kind {
                    items.pop();
                }
                Ok(Value::None)
            }
            "compile" => {
                self.models[model].compiled = Some((with_optimizer(arguments, place), place));
                Ok(Value::None)
            }
            "fit" | "fit_generator" => {
                self.allocate(1, place)?;
                let arguments = fit::by_name(&arguments, name == "fit_generator");
                let model = &mut self.models[model];
                model.fits.push((arguments, place));
                if model.trained.is_none() {
                    model.trained = Some(Box::new((model.kind.clone(), model.compiled.clone())));
                }
                let loaded = model.loaded.take();
                loaded.into_iter().for_each(|place| self.note(place, "load_weights before fit"));
                Ok(Value::unknown(place, "the history of a training"))
            }
            "train_on_batch" => {
                self.note(place, "train_on_batch: fit is understood");
                Ok(Value::unknown(place, name))
            }
            "build" => {
                self.models[model].built = arguments.get(0, "input_shape").cloned();
                Ok(Value::None)
            }
            "load_weights" => {
                let model = &mut self.models[model];
                model.loaded = model.fits.is_empty().then_some(place);
                Ok(Value::None)
            }
            "evaluate" | "evaluate_generator" => {
                self.allocate(1, place)?;
                let images = arguments.get(0, "x").cloned().unwrap_or(Value::None);
                self.models[model].evaluated.push((images, place));
                Ok(Value::unknown(place, "model.evaluate()"))
            }
            "get_layer" => {
                let by_name = arguments.named("name").or(arguments.positional.first()).and_then(Value::as_text);
                let layers = self.layers(model).into_iter().find(|layer| match layer {
                    Value::Object(object) => {
                        by_name.is_some() && object.arguments.named("name").and_then(Value::as_text) == by_name
                    }
                    _ => false,
                });
                Ok(layers.unwrap_or_else(|| Value::unknown(place, "get_layer")))
            }
            _ => Ok(Value::unknown(place, format!("model.{name}()"))),
        }
    }

    /// An attribute of a model.
    pub fn model_attribute(&mut self, model: usize, name: &str) -> Option<Value<'a>> {
        match (name, &self.models[model].kind) {
            ("optimizer", _) => {
                let (compiled, _) = self.models[model].compiled.as_ref()?;
                compiled.get(0, "optimizer").filter(|optimizer| matches!(optimizer, Value::Object(_))).cloned()
            }
            ("layers", _) => Some(Value::list(self.layers(model))),
            ("input", &ModelKind::Functional { input, .. }) => Some(Value::Tensor(input)),
            ("output", &ModelKind::Functional { output, .. }) => Some(Value::Tensor(output)),
            ("input" | "output", ModelKind::Sequential(_)) => {
                let (input, output) = self.chain(model, None)?;
                Some(Value::Tensor(if name == "input" { input? } else { output }))
            }
            _ => None,
        }
    }
}

/// The arguments of `compile` with the optimizer as an object, whose rate may be set afterwards.
fn with_optimizer<'a>(mut arguments: Arguments<'a>, place: usize) -> Arguments<'a> {
    let named = arguments.named.iter_mut().find(|(name, _)| name == "optimizer").map(|(_, value)| value);
    if let Some(optimizer) = named.or(arguments.positional.first_mut())
        && let Value::Text(name) = optimizer
    {
        *optimizer = Value::Object(layer_object(format!("keras.optimizers.{name}"), Arguments::default(), place));
    }
    arguments
}
