//! When the loss is no number any more: which tensor went bad first.

use super::Trainer;
use crate::engine::{Pictures, Source};
use crate::error::{Error, Result};

impl Trainer {
    /// The error that ends a run after the step at `position`, with the first bad tensor named.
    pub(super) async fn diverged(&mut self) -> Error {
        let step = self.position.step;
        let rate = self.history.learning_rates.get(step).copied().unwrap_or_default();
        let tensor = match self.first_bad_tensor().await {
            Ok(Some(tensor)) => tensor,
            Ok(None) => "the loss".to_string(),
            Err(error) => return error,
        };
        Error::Diverged(format!(
            "step {} (epoch {}) met a value that is not a number, first in {tensor}. The learning rate was {rate}: try a \
             smaller one, or clip the gradients. The last checkpoint is still good",
            step + 1,
            self.position.epoch + 1
        ))
    }

    async fn first_bad_tensor(&mut self) -> Result<Option<String>> {
        let bad = |values: &[f32]| values.iter().any(|value| !value.is_finite());
        let parameters = self.engine.parameters().await?;
        for param in &self.graph.params {
            let flat = if param.spec.trainable { &parameters.weights } else { &parameters.state };
            if bad(&flat[param.range()]) {
                return Ok(Some(format!("the weights {}", param.name)));
            }
        }
        let first = self.position.step_in_epoch * self.spec.batch_size;
        let batch = self.order[first..(first + self.spec.batch_size).min(self.order.len())].to_vec();
        for index in batch {
            let pictures = Pictures { train: &self.data.train, test: &self.data.test };
            if !bad(&self.engine.logits(pictures, Source::Train, &[index]).await?) {
                continue;
            }
            for (i, node) in self.graph.clone().nodes.iter().enumerate() {
                if bad(&self.engine.output(i).await?[..node.output_shape.len()]) {
                    return Ok(Some(format!("the output of layer \"{}\"", node.name)));
                }
            }
        }
        Ok(None)
    }
}
