//! Fits a network to other data: its input to the size of the images, its output to the number of classes.

use super::graph::Graph;
use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use serde_json::json;

/// The experiment for images of `shape` in `classes` classes: `input_shape`, and the units (or filters) of the last layer that has
/// some.
///
/// # Errors
/// [`Error::Spec`] or [`Error::Layer`] if the network cannot be fitted: no layer decides the number of its outputs, or the images are
/// too small for it.
pub fn fit(mut experiment: Experiment, shape: [usize; 3], classes: usize) -> Result<Experiment> {
    experiment.input_shape = shape;
    let deciding = experiment.layers.iter_mut().rev().find_map(|layer| {
        let key = ["units", "filters"].into_iter().find(|key| layer.contains_key(*key))?;
        layer.get_mut(key)
    });
    if let Some(count) = deciding {
        *count = json!(classes);
    }
    let outputs = Graph::new(&experiment)?.classes();
    if outputs == classes {
        return Ok(experiment);
    }
    Err(Error::Spec(format!(
        "the network cannot be fitted to {classes} classes by its last layer with units or filters; set the layers by hand. \
         Received: {outputs} outputs"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::presets;

    #[test]
    fn presets_fit_other_images_and_classes() {
        for (id, shape) in [
            ("mnist-10", [32, 48, 3]),
            ("net-1", [64, 64, 1]),
            ("conv-only", [96, 96, 3]),
            ("residual-18", [64, 64, 3]),
        ] {
            let fitted = fit(presets::find(id).unwrap().experiment.clone(), shape, 3).unwrap();
            assert_eq!((fitted.input_shape, Graph::new(&fitted).unwrap().classes()), (shape, 3), "{id}");
        }
        let error = fit(presets::find("net-1").unwrap().experiment.clone(), [4, 4, 3], 3).unwrap_err();
        assert!(matches!(error, Error::Layer { .. }), "{error}");
    }
}
