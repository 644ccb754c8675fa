//! Keras's HDF5 files. Only what a network's layers are called is looked up, so a file with more, or with links in a circle, costs
//! no more than the network.

use super::super::imported::refused;
use super::super::network::{Tensor, checked_len};
use crate::base::error::{Error, Result};
use crate::network::graph::MAX_PARAMS;
use hdf5_pure::{AttrValue, File, Group};
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Display;

/// The most tensors of a layer that are read.
const MAX_TENSORS: usize = 32;

/// The most layers of a file that are read.
const MAX_LAYERS: usize = 10_000;

/// What a file holds.
pub enum Content {
    /// A model with its configuration, and how it was compiled, where that is there; both are JSON.
    Model { config: String, training: Option<String> },
    /// Weights only.
    Weights,
}

/// A file of weights.
pub struct Weights {
    file: File,
    /// Values read so far: a file may name the same values many times.
    values: Cell<usize>,
}

fn broken(why: &dyn Display) -> Error {
    refused(format!("the HDF5 file is damaged or of a kind that cannot be read ({why}); save the model again"))
}

impl Weights {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Error::Import`] where it is no HDF5 file.
    pub fn new(bytes: Vec<u8>) -> Result<Self> {
        let size = bytes.len() as u64;
        let file = File::from_bytes(bytes).map_err(|error| broken(&error))?;
        let end = file.superblock().eof_address;
        if end > size {
            return Err(broken(&format!("it is cut short: it should have {end} bytes and has {size}")));
        }
        Ok(Self { file, values: Cell::new(0) })
    }

    /// What the file holds.
    ///
    /// # Errors
    /// [`Error::Import`] where it cannot be read.
    pub fn content(&self) -> Result<Content> {
        let attributes = self.file.root().attrs().map_err(|error| broken(&error))?;
        let text = |name: &str| attributes.get(name).and_then(AttrValue::as_str).map(str::to_string);
        Ok(match text("model_config") {
            Some(config) => Content::Model { config, training: text("training_config") },
            None => Content::Weights,
        })
    }

    /// The group with a group a layer in files before Keras 3's, where it is there.
    fn legacy(&self) -> Result<Option<Group>> {
        let root = self.file.root();
        if strings(&root, "layer_names")?.is_some() {
            return Ok(Some(root));
        }
        match root.group("model_weights") {
            Ok(group) if strings(&group, "layer_names")?.is_some() => Ok(Some(group)),
            _ => Ok(None),
        }
    }

    /// The tensors of a model's layers by name, of those that have some; `layers` are names and the names of groups.
    ///
    /// # Errors
    /// [`Error::Import`] where a tensor cannot be read.
    pub fn of_model(&self, layers: Vec<(&str, &str)>) -> Result<HashMap<String, Vec<Tensor>>> {
        let mut found = HashMap::new();
        if let Some(group) = self.legacy()? {
            for (name, _) in layers {
                if let Ok(layer) = group.group(&escaped(name)) {
                    found.insert(name.to_string(), self.legacy_tensors(&layer)?);
                }
            }
            return Ok(found);
        }
        let Some(root) = self.layers() else { return Ok(found) };
        for (name, group) in layers {
            if let Ok(variables) = root.group(&format!("{group}/vars")) {
                found.insert(name.to_string(), self.numbered_tensors(&variables)?);
            }
        }
        Ok(found)
    }

    /// The group of layers in Keras 3's files; the first ones called it otherwise.
    fn layers(&self) -> Option<Group> {
        let root = self.file.root();
        root.group("layers").or_else(|_| root.group("_layer_checkpoint_dependencies")).ok()
    }

    /// The tensors of those of the named layers that the file has by name.
    ///
    /// # Errors
    /// As [`Self::of_model`].
    pub fn by_name(&self, names: &[String]) -> Result<HashMap<String, Vec<Tensor>>> {
        if self.legacy()?.is_some() {
            return self.of_model(names.iter().map(|name| (name.as_str(), "")).collect());
        }
        let mut found = HashMap::new();
        let Some(layers) = self.layers() else { return Ok(found) };
        for group in layers.groups().map_err(|error| broken(&error))?.into_iter().take(MAX_LAYERS) {
            let Ok(variables) = layers.group(&format!("{group}/vars")) else { continue };
            let attributes = variables.attrs().map_err(|error| broken(&error))?;
            let Some(name) = attributes.get("name").and_then(AttrValue::as_str) else { continue };
            if names.iter().any(|known| known == name) {
                found.insert(name.to_string(), self.numbered_tensors(&variables)?);
            }
        }
        Ok(found)
    }

    /// The tensors of layers by their place in the network; `layers` are places and names of groups, in order.
    ///
    /// # Errors
    /// As [`Self::of_model`].
    pub fn by_order(&self, layers: &[(usize, &str)]) -> Result<HashMap<usize, Vec<Tensor>>> {
        let mut found = HashMap::new();
        let Some(group) = self.legacy()? else {
            let groups = layers.iter().map(|(_, group)| (*group, *group)).collect();
            let tensors = self.of_model(groups)?;
            let of = |(place, group): &(usize, &str)| Some((*place, tensors.get(*group)?.clone()));
            return Ok(layers.iter().filter_map(of).collect());
        };
        let mut places = layers.iter().map(|(place, _)| *place);
        for name in strings(&group, "layer_names")?.unwrap_or_default().into_iter().take(MAX_LAYERS) {
            let layer = group.group(&escaped(&name)).map_err(|error| broken(&error))?;
            let tensors = self.legacy_tensors(&layer)?;
            if !tensors.is_empty()
                && let Some(place) = places.next()
            {
                found.insert(place, tensors);
            }
        }
        Ok(found)
    }

    /// Datasets called `0`, `1`, …
    fn numbered_tensors(&self, group: &Group) -> Result<Vec<Tensor>> {
        let count = group.datasets().map_err(|error| broken(&error))?.len();
        (0..count.min(MAX_TENSORS)).map(|index| self.tensor(group, &index.to_string())).collect()
    }

    /// Datasets whose names an attribute lists.
    fn legacy_tensors(&self, group: &Group) -> Result<Vec<Tensor>> {
        let names = strings(group, "weight_names")?.unwrap_or_default();
        names.iter().take(MAX_TENSORS).map(|name| self.tensor(group, name)).collect()
    }

    fn tensor(&self, group: &Group, name: &str) -> Result<Tensor> {
        let dataset = group.dataset(name).map_err(|error| broken(&error))?;
        let shape = dataset.shape().map_err(|error| broken(&error))?;
        let shape: Vec<usize> = shape.into_iter().map(|size| usize::try_from(size).unwrap_or(usize::MAX)).collect();
        let length = checked_len(name, &shape)?;
        self.values.set(self.values.get() + length);
        if self.values.get() > MAX_PARAMS {
            return Err(refused(format!("the file has more than {MAX_PARAMS} values; a network may have as many")));
        }
        let values = dataset.read_f32().map_err(|error| broken(&error))?;
        if values.len() != length {
            return Err(broken(&format!("\"{name}\" has {} values in place of {length}", values.len())));
        }
        Ok(Tensor { shape, values })
    }
}

/// A layer's name as one part of a path.
fn escaped(name: &str) -> String {
    name.trim_matches('/').to_string()
}

/// A list of strings in an attribute, or in several where it is too long for one: `layer_names0`, …
fn strings(group: &Group, name: &str) -> Result<Option<Vec<String>>> {
    let attributes = group.attrs().map_err(|error| broken(&error))?;
    let list = |name: &str| attributes.get(name).map(|value| value.as_strings().unwrap_or_default().to_vec());
    if let Some(list) = list(name) {
        return Ok(Some(list));
    }
    let parts: Vec<String> = (0..).map_while(|index| list(&format!("{name}{index}"))).flatten().collect();
    Ok((!parts.is_empty()).then_some(parts))
}
