//! The JavaScript interface of the decoders: it takes the official files one by one and returns pixels and labels for
//! the engine's [`Dataset`](super::data). It is a separate module, which the page loads only to read files. It
//! contains only conversions.

use super::convert::{JsResult, from_js, throw, to_js};
use super::progress::{JsProgress, report};
use crate::data::{Dataset as Data, DatasetHead, ImageFiles, Images, Loader, ParquetFiles, TableOptions};
use crate::experiment::ImageSource;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A data set's name, classes and image shape.
    #[wasm_bindgen(typescript_type = "DatasetHead")]
    pub type JsDatasetHead;
}

#[wasm_bindgen]
extern "C" {
    /// The parts of an experiment that say how image files are read.
    #[wasm_bindgen(typescript_type = "ImageSource | undefined")]
    pub type JsImageSource;
    /// Files that were left out.
    #[wasm_bindgen(typescript_type = "{ path: string, reason: string }[]")]
    pub type JsLeftOut;
}

/// Reads the files of a data set one by one, in any order.
#[wasm_bindgen]
pub struct DatasetLoader(Files);

enum Files {
    Known(Loader),
    Images(ImageFiles),
    Tables(ParquetFiles),
}

#[wasm_bindgen]
impl DatasetLoader {
    /// A loader for the data set `name`, or for image files as `source` wants them.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, source: JsImageSource) -> JsResult<DatasetLoader> {
        let source: JsValue = source.into();
        if source.is_undefined() {
            return Loader::new(name).map(|loader| Self(Files::Known(loader))).map_err(throw);
        }
        let ImageSource { dataset, input_shape, seed } = from_js(source)?;
        let options = dataset.image_options(input_shape, seed);
        if dataset.name == "parquet" {
            let (image_column, label_column) = (dataset.image_column, dataset.label_column);
            let options = TableOptions { images: options, image_column, label_column };
            return ParquetFiles::new(options).map(|tables| Self(Files::Tables(tables))).map_err(throw);
        }
        ImageFiles::new(options).map(|images| Self(Files::Images(images))).map_err(throw)
    }

    /// Selects CIFAR-100's 20 superclasses instead of its 100 classes.
    pub fn coarse_labels(&mut self, coarse: bool) -> JsResult<()> {
        match &mut self.0 {
            Files::Known(loader) => loader.coarse_labels(coarse).map_err(throw),
            Files::Images(_) | Files::Tables(_) => Ok(()),
        }
    }

    /// Decodes the file at `path` below the folder that was dropped; returns a description of what it was recognised as.
    pub fn add(&mut self, path: &str, bytes: &[u8], progress: JsProgress) -> JsResult<String> {
        match &mut self.0 {
            Files::Known(loader) => loader.add(path, bytes, &mut report(progress)).map_err(throw),
            Files::Images(images) => images.add(path, bytes, &mut report(progress)).map(described).map_err(throw),
            Files::Tables(tables) => tables.add(path, bytes, &mut report(progress)).map(described).map_err(throw),
        }
    }

    /// The pixels of an image file, for `add_decoded` of another loader of the same set; undefined for a file that only `add` can take.
    pub fn decode(&self, path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        match &self.0 {
            Files::Images(images) => images.decode(path, bytes),
            Files::Known(_) | Files::Tables(_) => None,
        }
    }

    /// Takes an image that another loader has decoded; returns a description of it.
    pub fn add_decoded(&mut self, path: &str, pixels: Vec<u8>) -> JsResult<String> {
        match &mut self.0 {
            Files::Images(images) => images.add_decoded(path, pixels).map(described).map_err(throw),
            Files::Known(_) | Files::Tables(_) => Ok(described(0)),
        }
    }

    /// Descriptions of the files that are still missing.
    pub fn missing(&self) -> Vec<String> {
        match &self.0 {
            Files::Known(loader) => loader.missing(),
            Files::Images(images) => images.missing(),
            Files::Tables(tables) => tables.missing(),
        }
    }

    /// The image files that cannot be used, with the reasons.
    pub fn left_out(&self) -> JsResult<JsLeftOut> {
        to_js(&match &self.0 {
            Files::Known(_) => Vec::new(),
            Files::Images(images) => images.left_out(),
            Files::Tables(tables) => tables.left_out(),
        })
    }

    /// The data set.
    ///
    /// # Errors
    /// Throws if a file is missing.
    pub fn finish(self) -> JsResult<DecodedSet> {
        let data = match self.0 {
            Files::Known(loader) => loader.finish(),
            Files::Images(images) => images.finish(),
            Files::Tables(tables) => tables.finish(),
        };
        data.map(DecodedSet).map_err(throw)
    }
}

/// A decoded data set as one NumPy archive.
///
/// # Errors
/// Throws if its parts do not fit together.
#[wasm_bindgen]
pub fn npz(
    head: JsDatasetHead,
    train_pixels: Vec<u8>,
    train_labels: Vec<u8>,
    test_pixels: Vec<u8>,
    test_labels: Vec<u8>,
) -> JsResult<Vec<u8>> {
    let head: DatasetHead = from_js(head.into())?;
    let size = head.size;
    let train = Images::new(size, train_pixels, train_labels).map_err(throw)?;
    let test = Images::new(size, test_pixels, test_labels).map_err(throw)?;
    Data::of_parts(head, train, test).and_then(|data| data.npz()).map_err(throw)
}

fn described(images: usize) -> String {
    match images {
        0 => "no image".to_string(),
        1 => "an image".to_string(),
        images => format!("{images} images"),
    }
}

/// A decoded data set. Its parts are moved out one by one, so that memory holds no second copy.
#[wasm_bindgen]
pub struct DecodedSet(Data);

#[wasm_bindgen]
impl DecodedSet {
    /// Name, classes and image shape.
    pub fn head(&self) -> JsResult<JsDatasetHead> {
        to_js(&self.0.head())
    }

    /// Moves out the pixels of the training or the test images, shape (n, height, width, channels), 0 to 255.
    pub fn take_pixels(&mut self, test: bool) -> Vec<u8> {
        std::mem::take(&mut self.images(test).pixels)
    }

    /// Moves out the labels of the training or the test images, shape (n).
    pub fn take_labels(&mut self, test: bool) -> Vec<u8> {
        std::mem::take(&mut self.images(test).labels)
    }

    fn images(&mut self, test: bool) -> &mut Images {
        if test { &mut self.0.test } else { &mut self.0.train }
    }
}
