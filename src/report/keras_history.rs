//! The training history as Keras's `History.history`: a list of values for each key.

use crate::results::history::Epoch;

/// `{'loss': [2.1, …], 'accuracy': […], …}`, one key a line; without validation only the first two.
pub fn text(epochs: &[Epoch]) -> String {
    let list = |key: &str, value: &dyn Fn(&Epoch) -> Option<f64>| {
        let values: Option<Vec<String>> =
            epochs.iter().map(|epoch| value(epoch).map(|value| format!("{value:.4}"))).collect();
        values.filter(|values| !values.is_empty()).map(|values| format!("'{key}': [{}]", values.join(", ")))
    };
    let keys = [
        list("loss", &|epoch| Some(epoch.loss)),
        list("accuracy", &|epoch| Some(epoch.accuracy)),
        list("val_loss", &|epoch| epoch.val_loss),
        list("val_accuracy", &|epoch| epoch.val_accuracy),
    ];
    format!("history.history = {{\n  {}\n}}", keys.into_iter().flatten().collect::<Vec<_>>().join(",\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_of_keras() {
        let epoch = |epoch: usize, val_loss: Option<f64>| Epoch {
            epoch,
            loss: 2.0 / epoch as f64,
            accuracy: 0.25,
            val_loss,
            val_accuracy: val_loss.map(|_| 0.5),
            learning_rate: 0.1,
            seconds: 1.0,
            partial: false,
        };
        assert_eq!(
            text(&[epoch(1, Some(1.5)), epoch(2, Some(1.25))]),
            "history.history = {\n  'loss': [2.0000, 1.0000],\n  'accuracy': [0.2500, 0.2500],\n  \
             'val_loss': [1.5000, 1.2500],\n  'val_accuracy': [0.5000, 0.5000]\n}"
        );
        assert!(!text(&[epoch(1, None)]).contains("val_loss"));
    }
}
