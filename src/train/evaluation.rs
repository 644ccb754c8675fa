//! Evaluation without training: validation, the test set, single predictions.

use super::event::{Done, Event, Prediction};
use super::position::Phase;
use super::{EVALUATION_PIECE, Trainer};
use crate::base::error::{Error, Result};
use crate::engine::{ImageSets, Source};
use crate::results::metrics::Evaluation;
use crate::tensor::loss::{arg_max, softmax};
use std::ops::Range;

impl Trainer {
    /// Evaluates the next [`EVALUATION_PIECE`] images of `indices`, for a test with test-time augmentation; true when all are done.
    async fn evaluate_piece(
        &mut self,
        source: Source,
        indices: Range<u32>,
        is_test: bool,
        evaluation: &mut Evaluation,
        next: &mut usize,
    ) -> Result<bool> {
        let from = indices.start + *next as u32;
        let piece: Vec<u32> = (from..indices.end.min(from + EVALUATION_PIECE as u32)).collect();
        let sets = ImageSets { train: &self.data.train, test: &self.data.test };
        let logits =
            if is_test { self.test_logits(&piece).await? } else { self.engine.logits(sets, source, &piece).await? };
        let images = match source {
            Source::Train => &self.data.train,
            Source::Test => &self.data.test,
        };
        let labels: Vec<u8> = piece.iter().map(|&index| images.labels[index as usize]).collect();
        evaluation.add(&logits, &labels, &self.graph.loss);
        *next += piece.len();
        Ok(*next == indices.len())
    }

    pub(super) async fn validate(&mut self, mut evaluation: Evaluation, mut next: usize) -> Result<()> {
        let Some((source, indices)) = self.validation.clone() else { return Ok(()) };
        self.evaluate_piece(source, indices, false, &mut evaluation, &mut next).await?;
        if !evaluation.loss().is_finite() {
            return Err(self.diverged().await);
        }
        self.phase = Phase::Validate(evaluation, next);
        Ok(())
    }

    pub(super) async fn test(
        &mut self,
        mut evaluation: Evaluation,
        mut next: usize,
        events: &mut Vec<Event>,
    ) -> Result<()> {
        let all =
            self.evaluate_piece(Source::Test, 0..self.test_count as u32, true, &mut evaluation, &mut next).await?;
        if !all {
            self.phase = Phase::Test(evaluation, next);
            return Ok(());
        }
        let penalty = self.penalty().await?;
        let position = &self.position;
        events.push(Event::Done(Done {
            test_loss: evaluation.loss() + penalty,
            test_accuracy: evaluation.accuracy(),
            test_top_5_accuracy: evaluation.top_5_accuracy(),
            confusion: evaluation.confusion.clone(),
            engine: self.info.engine.clone(),
            device: self.info.device.clone(),
            build: self.info.build.clone(),
            images_per_s: position.train_rows as f64 / position.train_seconds.max(1e-9),
            seconds: self.history.epochs.iter().map(|epoch| epoch.seconds).sum(),
            stopped_early: position.stopped_early,
            #[cfg(feature = "extended")]
            test_time_augmentation: self.spec.test_time_augmentation,
        }));
        self.phase = Phase::Done;
        Ok(())
    }

    pub(super) async fn penalty(&mut self) -> Result<f64> {
        if !self.graph.is_regularized() {
            return Ok(0.0);
        }
        let parameters = self.engine.parameters().await?;
        Ok(self.graph.penalty(&parameters.weights))
    }

    /// Evaluates the test set with the current weights, in any phase of the run. Returns the loss, penalties included,
    /// and the counts.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device fails.
    pub async fn evaluate(&mut self) -> Result<(f64, Evaluation)> {
        match self.evaluate_once().await {
            Ok(evaluation) => return Ok(evaluation),
            Err(error) => self.recover(error).await?,
        }
        self.evaluate_once().await
    }

    async fn evaluate_once(&mut self) -> Result<(f64, Evaluation)> {
        let (mut evaluation, mut next) = (Evaluation::new(self.graph.classes()), 0);
        let all = 0..self.test_count as u32;
        while !self.evaluate_piece(Source::Test, all.clone(), true, &mut evaluation, &mut next).await? {}
        Ok((evaluation.loss() + self.penalty().await?, evaluation))
    }

    /// The logits of test images, as the test computes them.
    pub(super) async fn test_logits(&mut self, indices: &[u32]) -> Result<Vec<f32>> {
        #[cfg(feature = "extended")]
        if let Some(kind) = self.spec.test_time_augmentation {
            return self.averaged_logits(kind, indices).await;
        }
        let sets = ImageSets { train: &self.data.train, test: &self.data.test };
        self.engine.logits(sets, Source::Test, indices).await
    }

    /// The class probabilities of one image.
    ///
    /// # Errors
    /// [`Error::Data`] if there is no image of this index; [`Error::Engine`] if the device fails.
    pub async fn predict(&mut self, source: Source, index: usize) -> Result<Prediction> {
        let images = match source {
            Source::Train => &self.data.train,
            Source::Test => &self.data.test,
        };
        let Some(&label) = images.labels.get(index) else {
            return Err(Error::Data(format!("there are {} images, counted from 0. Received: {index}", images.len())));
        };
        let logits = match self.logits_of(source, index as u32).await {
            Ok(logits) => logits,
            Err(error) => {
                self.recover(error).await?;
                self.logits_of(source, index as u32).await?
            }
        };
        let label = usize::from(label);
        Ok(Prediction { index, label, predicted: arg_max(&logits), probabilities: softmax(&logits) })
    }

    async fn logits_of(&mut self, source: Source, index: u32) -> Result<Vec<f32>> {
        if source == Source::Test {
            return self.test_logits(&[index]).await;
        }
        let sets = ImageSets { train: &self.data.train, test: &self.data.test };
        self.engine.logits(sets, source, &[index]).await
    }
}
