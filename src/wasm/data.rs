//! Data sets: official files taken one by one, synthetic ones drawn, their pictures shown.

use super::convert::{JsResult, throw, to_js};
use super::engine::{JsDatasetInfo, JsExperiment, JsProgress, JsSplit, experiment, source};
use crate::data::{Dataset as Data, Images, Loader, synthetic};
use crate::engine::Source;
use crate::error::Error;
use crate::inspect;
use js_sys::Function;
use serde::Serialize;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Calls back with progress; what the callback throws is its own affair.
fn report(progress: JsProgress) -> impl FnMut(usize, usize) {
    let callback = JsValue::from(progress).dyn_into::<Function>().ok();
    move |done, total| {
        if let Some(callback) = &callback {
            let _ = callback.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        }
    }
}

/// Takes the official files one by one, in any order.
#[wasm_bindgen]
pub struct DatasetLoader(Loader);

#[wasm_bindgen]
impl DatasetLoader {
    /// For the data set called `name`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> JsResult<DatasetLoader> {
        Loader::new(name).map(Self).map_err(throw)
    }

    /// CIFAR-100's 20 superclasses instead of its 100 classes.
    pub fn coarse_labels(&mut self, coarse: bool) -> JsResult<()> {
        self.0.coarse_labels(coarse).map_err(throw)
    }

    /// Decodes a file; returns what it was recognised as.
    pub fn add(&mut self, file_name: &str, bytes: &[u8], progress: JsProgress) -> JsResult<String> {
        self.0.add(file_name, bytes, &mut report(progress)).map_err(throw)
    }

    /// What is still needed.
    pub fn missing(&self) -> Vec<String> {
        self.0.missing()
    }

    /// The data set; throws where something is missing.
    pub fn finish(self) -> JsResult<Dataset> {
        self.0.finish().map(|data| Dataset(Arc::new(data))).map_err(throw)
    }
}

/// A decoded data set; sessions share it.
#[wasm_bindgen]
pub struct Dataset(pub(super) Arc<Data>);

#[derive(Serialize)]
struct DatasetInfo<'a> {
    name: &'a str,
    title: &'a str,
    synthetic: bool,
    classes: &'a [String],
    height: usize,
    width: usize,
    channels: usize,
    train: usize,
    test: usize,
    class_counts: Vec<usize>,
}

#[wasm_bindgen]
impl Dataset {
    /// Draws a built-in synthetic set.
    pub fn synthetic(name: &str, seed: u32, train: usize, test: usize, progress: JsProgress) -> JsResult<Dataset> {
        let data = synthetic::generate(name, seed, train, test, &mut report(progress)).map_err(throw)?;
        Ok(Self(Arc::new(data)))
    }

    /// What it holds.
    pub fn info(&self) -> JsResult<JsDatasetInfo> {
        let Data { name, title, synthetic, classes, train, test } = &*self.0;
        to_js(&DatasetInfo {
            name,
            title,
            synthetic: *synthetic,
            classes,
            height: train.height,
            width: train.width,
            channels: train.channels,
            train: train.len(),
            test: test.len(),
            class_counts: train.class_counts(classes.len()),
        })
    }

    /// Pixels of pictures, `(n, height, width, channels)`, 0 to 255.
    pub fn images(&self, split: JsSplit, indices: &[u32]) -> JsResult<Vec<u8>> {
        let images = self.split(&split)?;
        checked(images, indices)?;
        Ok(indices.iter().flat_map(|&index| images.picture(index as usize)).copied().collect())
    }

    /// Labels of pictures.
    pub fn labels(&self, split: JsSplit, indices: &[u32]) -> JsResult<Vec<u8>> {
        let images = self.split(&split)?;
        checked(images, indices)?;
        Ok(indices.iter().map(|&index| images.labels[index as usize]).collect())
    }

    /// Training pictures as an experiment's augmentation shows them in an epoch, counted from 0.
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
            Err(throw(Error::Data(format!("there are {} pictures, counted from 0. Received: {index}", images.len()))))
        }
    }
}
