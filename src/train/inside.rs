//! Layer outputs, layer statistics and predictions of a run, between two calls of [`Trainer::advance`].

use super::{EVALUATION_PIECE, Trainer};
use crate::base::error::Result;
use crate::inspect::{self, Health};
use crate::tensor::loss::{arg_max, softmax};

impl Trainer {
    /// The outputs of all layers, concatenated in layer order, for one image of shape (height, width, channels).
    ///
    /// # Errors
    /// [`Error::Data`](crate::base::error::Error::Data) if the image has not the network's input shape.
    pub async fn outputs(&mut self, pixels: &[u8]) -> Result<Vec<f32>> {
        let parameters = self.engine.parameters().await?;
        Ok(inspect::outputs(&self.graph, &parameters, pixels)?.concat())
    }

    /// Statistics of each layer at the current step.
    ///
    /// # Errors
    /// As [`inspect::health`].
    pub async fn health(&mut self) -> Result<Health> {
        let parameters = self.engine.parameters().await?;
        let moment = (self.spec.seed, self.position.step);
        inspect::health(&self.graph, &parameters, &self.data.train, moment)
    }

    /// Three values for each test image: its label, the predicted class, and the probability of the predicted class. With `all` its
    /// label and the probability of every class.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if the device fails.
    pub async fn predictions(&mut self, all: bool) -> Result<Vec<f32>> {
        match self.predictions_once(all).await {
            Ok(predictions) => return Ok(predictions),
            Err(error) => self.recover(error).await?,
        }
        self.predictions_once(all).await
    }

    async fn predictions_once(&mut self, of_every_class: bool) -> Result<Vec<f32>> {
        let indices: Vec<u32> = (0..self.test_count as u32).collect();
        let mut all = Vec::with_capacity(3 * indices.len());
        for piece in indices.chunks(EVALUATION_PIECE) {
            let logits = self.test_logits(piece).await?;
            for (z, &index) in logits.chunks_exact(self.graph.classes()).zip(piece) {
                let (predicted, shares) = (arg_max(z), softmax(z));
                all.push(f32::from(self.data.test.labels[index as usize]));
                if of_every_class {
                    all.extend(shares);
                } else {
                    all.extend([predicted as f32, shares[predicted]]);
                }
            }
        }
        Ok(all)
    }
}
