//! Divergence: when the loss is NaN or infinite, this finds the first tensor with such a value and restores the state
//! before the step.

use super::Trainer;
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::engine::{ImageSets, Parameters, Source};
use crate::network::graph::{Graph, Param};

fn is_bad(values: &[f32]) -> bool {
    values.iter().any(|value| !value.is_finite())
}

/// The first trainable (or non-trainable) parameter that holds a NaN or an infinity.
fn bad_param<'a>(graph: &'a Graph, flat: &[f32], trainable: bool) -> Option<&'a Param> {
    graph.params.iter().find(|param| param.spec.trainable == trainable && is_bad(&flat[param.range()]))
}

/// The name of the first part of `parameters` that holds a NaN or an infinity.
pub(super) fn first_bad(graph: &Graph, Parameters { weights, state, slots }: &Parameters) -> Option<String> {
    let weight = || bad_param(graph, weights, true).map(|param| format!("the weights {}", param.name));
    let moved = || bad_param(graph, state, false).map(|param| format!("the moving statistics {}", param.name));
    let slot = || slots.iter().find_map(|slot| bad_param(graph, slot, true));
    weight().or_else(moved).or_else(|| slot().map(|param| format!("the optimizer's state of {}", param.name)))
}

impl Trainer {
    /// The error that ends a run at its current step; it names the first tensor with a NaN or an infinity. The run's
    /// state is restored to that before the step, or to the last snapshot.
    pub(super) async fn diverged(&mut self) -> Error {
        let step = self.position.step;
        let epoch = self.position.epoch;
        let rate = self.history.learning_rates.get(step).or(self.history.learning_rates.last()).copied();
        let tensor = match self.first_bad_tensor().await {
            Ok(Some(tensor)) => tensor,
            Ok(None) => "the loss".to_string(),
            Err(error) => return error,
        };
        if let Err(error) = self.step_back() {
            return error;
        }
        Error::Diverged(format!(
            "step {} (epoch {}) met a value that is not a number, first in {tensor}. The learning rate was {}: try a \
             smaller one, or clip the gradients. The last checkpoint is still good",
            step + 1,
            epoch + 1,
            PlainNumber(rate.unwrap_or_default())
        ))
    }

    /// Checks the layers in order, with the moving statistics after the bad step, because these include the batch's own
    /// statistics.
    async fn first_bad_tensor(&mut self) -> Result<Option<String>> {
        let parameters = self.engine.parameters().await?;
        if let Some(param) = bad_param(&self.graph, &parameters.weights, true) {
            return Ok(Some(format!("the weights {}", param.name)));
        }
        let first = self.position.step_in_epoch * self.spec.batch_size;
        let batch = self.order.get(first..(first + self.spec.batch_size).min(self.order.len())).unwrap_or_default();
        for index in batch.iter().copied() {
            let sets = ImageSets { train: &self.data.train, test: &self.data.test };
            if !is_bad(&self.engine.logits(sets, Source::Train, &[index]).await?) {
                continue;
            }
            for (i, node) in self.graph.clone().nodes.iter().enumerate() {
                if is_bad(&self.engine.output(i).await?[..node.output_shape.len()]) {
                    return Ok(Some(format!("the output of layer \"{}\"", node.name)));
                }
            }
        }
        if let Some(param) = self.engine.bad_gradient(&self.graph) {
            return Ok(Some(format!("the gradient by {}", param.name)));
        }
        Ok(first_bad(&self.graph, &parameters))
    }

    fn step_back(&mut self) -> Result<()> {
        let is_undone = self.engine.undo_bad_step();
        self.history.learning_rates.truncate(self.position.step);
        match self.kept.take() {
            Some(kept) if !is_undone => self.restore(kept.into_snapshot()),
            _ => Ok(()),
        }
    }
}
