//! Data sets: decoded ones from pixels and labels, synthetic ones, and access to their images.

use super::convert::{JsResult, from_js, throw, to_js};
use super::engine::{JsDatasetHead, JsDatasetInfo, JsExperiment, JsSplit, experiment, source};
use super::progress::{JsProgress, report};
use crate::base::error::Error;
use crate::data::{Dataset as Data, DatasetHead, Images, synthetic};
use crate::engine::Source;
use crate::inspect;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// A data set; sessions share it.
#[wasm_bindgen]
pub struct Dataset(pub(super) Arc<Data>);

#[wasm_bindgen]
impl Dataset {
    /// A data set from decoded pixels of shape (n, height, width, channels), 0 to 255, and labels of shape (n).
    #[wasm_bindgen(constructor)]
    pub fn new(
        head: JsDatasetHead,
        train_pixels: Vec<u8>,
        train_labels: Vec<u8>,
        test_pixels: Vec<u8>,
        test_labels: Vec<u8>,
    ) -> JsResult<Dataset> {
        let head: DatasetHead = from_js(head.into())?;
        let size = head.size;
        let train = Images::new(size, train_pixels, train_labels).map_err(throw)?;
        let test = Images::new(size, test_pixels, test_labels).map_err(throw)?;
        let data = Data::of_parts(head, train, test).map_err(throw)?;
        Ok(Self(Arc::new(data)))
    }

    /// Generates a synthetic data set.
    pub fn synthetic(name: &str, seed: u32, train: usize, test: usize, progress: JsProgress) -> JsResult<Dataset> {
        let data = synthetic::generate(name, seed, train, test, &mut report(progress)).map_err(throw)?;
        Ok(Self(Arc::new(data)))
    }

    /// Name, shape, classes and counts of the data set.
    pub fn info(&self) -> JsResult<JsDatasetInfo> {
        to_js(&self.0.info())
    }

    /// Pixels of the images at `indices`, shape (n, height, width, channels), 0 to 255.
    pub fn images(&self, split: JsSplit, indices: &[u32]) -> JsResult<Vec<u8>> {
        let images = self.split(&split)?;
        checked(images, indices)?;
        Ok(indices.iter().flat_map(|&index| images.image(index as usize)).copied().collect())
    }

    /// Labels of the images at `indices`, shape (n).
    pub fn labels(&self, split: JsSplit, indices: &[u32]) -> JsResult<Vec<u8>> {
        let images = self.split(&split)?;
        checked(images, indices)?;
        Ok(indices.iter().map(|&index| images.labels[index as usize]).collect())
    }

    /// Training images after an experiment's augmentation in `epoch` (from 0), shape (n, height, width, channels).
    pub fn augmented(&self, spec: JsExperiment, epoch: u32, indices: &[u32]) -> JsResult<Vec<u8>> {
        let (spec, images) = (experiment(spec)?, &self.0.train);
        checked(images, indices)?;
        Ok(inspect::augmented(&spec.augmentation, images, spec.seed, epoch, indices))
    }

    fn split(&self, split: &JsSplit) -> JsResult<&Images> {
        Ok(match source(split)? {
            Source::Train => &self.0.train,
            Source::Test => &self.0.test,
        })
    }
}

fn checked(images: &Images, indices: &[u32]) -> JsResult<()> {
    match indices.iter().find(|&&index| index as usize >= images.len()) {
        None => Ok(()),
        Some(index) => {
            Err(throw(Error::Data(format!("there are {} images, counted from 0. Received: {index}", images.len()))))
        }
    }
}
