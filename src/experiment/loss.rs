//! The options of the loss that stand beside it in the document.

use super::{Alpha, Experiment, LossKind};
use crate::base::error::{Error, Result};
use crate::base::number::{NOT_NEGATIVE, PlainNumber, is_not_negative};
use crate::tensor::loss::Loss;
use crate::tensor::loss::extended::{Extended, Focal};

fn not_negative(what: &str, value: f64) -> Result<()> {
    if is_not_negative(value) {
        return Ok(());
    }
    Err(Error::Spec(format!("{what} {NOT_NEGATIVE}. Received: {}", PlainNumber(value))))
}

impl Experiment {
    /// Checks the options of the loss.
    pub(super) fn check_loss(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.label_smoothing) {
            let received = PlainNumber(self.label_smoothing);
            return Err(Error::Spec(format!("label_smoothing must lie between 0 and 1. Received: {received}")));
        }
        for (class, &weight) in &self.class_weight {
            not_negative(&format!("the class_weight of class {class:?}"), weight)?;
        }
        let focal = self.loss == LossKind::CategoricalFocalCrossentropy;
        if !focal && (self.alpha.is_some() || self.gamma.is_some()) {
            return Err(Error::Spec(format!(
                "alpha and gamma belong to the loss categorical_focal_crossentropy. Received: {}",
                crate::base::document::write(&self.loss)
            )));
        }
        match &self.alpha {
            Some(Alpha::All(value)) => not_negative("alpha", *value)?,
            Some(Alpha::Each(values)) => values.iter().try_for_each(|&value| not_negative("alpha", value))?,
            None => {}
        }
        not_negative("gamma", self.gamma.unwrap_or(0.0))
    }

    /// The loss of a network with this number of classes.
    ///
    /// # Errors
    /// [`Error::Spec`] where a weight is for a class that the network does not have, or `alpha` has another number of values.
    pub fn extended_loss(&self, classes: usize) -> Result<Loss> {
        let mut weights = if self.class_weight.is_empty() { Vec::new() } else { vec![1.0; classes] };
        for (class, &weight) in &self.class_weight {
            // "01" would be a second name of class 1.
            let index = class.parse::<usize>().ok().filter(|index| *class == index.to_string());
            match index.and_then(|index| weights.get_mut(index)) {
                Some(place) => *place = weight,
                None => {
                    return Err(Error::Spec(format!(
                        "class_weight is for classes 0 to {}, the last layer's outputs. Received: {class:?}",
                        classes - 1
                    )));
                }
            }
        }
        let alpha = match &self.alpha {
            Some(Alpha::Each(values)) if values.len() != classes => {
                let found = values.len();
                return Err(Error::Spec(format!(
                    "alpha must be a number or a list of {classes}, one for each output. Received: {found}"
                )));
            }
            Some(Alpha::Each(values)) => values.clone(),
            Some(Alpha::All(value)) => vec![*value; classes],
            None => vec![0.25; classes],
        };
        let is_focal = self.loss == LossKind::CategoricalFocalCrossentropy;
        let focal = is_focal.then(|| Focal { alpha, gamma: self.gamma.unwrap_or(2.0) });
        let smoothing = self.label_smoothing;
        let mixed = self.augmentation.iter().any(|change| change.mixes());
        if smoothing == 0.0 && weights.is_empty() && focal.is_none() && !mixed {
            return Ok(Loss::default());
        }
        Ok(Loss { extended: Some(Box::new(Extended { smoothing, weights, focal, mixed })) })
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::Experiment;
    use crate::network::graph::Graph;
    use serde_json::{Value, json};

    fn read(more: Value) -> Result<(Experiment, Graph), String> {
        let mut document = json!({
            "name": "t", "dataset": {"name": "custom"}, "input_shape": [4, 4, 1],
            "layers": [{"type": "flatten"}, {"type": "dense", "units": 3}],
            "loss": "categorical_crossentropy", "optimizer": {"type": "sgd"},
        });
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let spec = Experiment::from_value(document).map_err(|error| error.to_string())?;
        let graph = Graph::new(&spec).map_err(|error| error.to_string())?;
        Ok((spec, graph))
    }

    #[test]
    fn options_of_the_loss_are_read_and_written() {
        let focal = json!({"loss": "categorical_focal_crossentropy", "alpha": [1, 0.5, 2], "label_smoothing": 0.1,
            "class_weight": {"2": 3}});
        let (spec, graph) = read(focal).unwrap();
        let loss = graph.loss.extended.unwrap();
        let focal = loss.focal.clone().unwrap();
        assert_eq!(
            (loss.smoothing, loss.weights, focal.alpha, focal.gamma),
            (0.1, vec![1.0, 1.0, 3.0], vec![1.0, 0.5, 2.0], 2.0)
        );
        let again = read(serde_json::to_value(&spec).unwrap()).unwrap();
        assert_eq!(again.1.loss.extended.unwrap().focal, loss.focal);
        assert!(read(json!({})).unwrap().1.loss.extended.is_none());
        assert!(read(json!({"label_smoothing": 0})).unwrap().1.loss.extended.is_none());
    }

    #[test]
    fn wrong_options_are_refused() {
        let focal = "categorical_focal_crossentropy";
        for (more, expected) in [
            (json!({"label_smoothing": 1.5}), "Received: 1.5"),
            (json!({"class_weight": {"3": 1}}), "classes 0 to 2"),
            (json!({"class_weight": {"cat": 1}}), "Received: \"cat\""),
            (json!({"class_weight": {"0": -1}}), "zero or more"),
            (json!({"gamma": 2}), "belong to the loss"),
            (json!({"loss": focal, "alpha": [1, 2]}), "a list of 3"),
            (json!({"loss": focal, "alpha": "much"}), "a number, or a list"),
            (json!({"loss": focal, "gamma": -1}), "zero or more"),
        ] {
            let error = read(more.clone()).err().unwrap_or_else(|| panic!("{more} is taken"));
            assert!(error.contains(expected), "{more}: {error}");
        }
    }
}
