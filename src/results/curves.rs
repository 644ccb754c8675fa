//! Figures that need the probability of every class: the precision–recall curve and the ROC curve of each class against the rest, and the
//! calibration of the predicted probabilities.

use crate::base::error::{Error, Result};
use crate::tensor::loss::arg_max;
use serde::Serialize;
use ts_rs::TS;

/// Points of a curve that are kept. Areas are computed from all points.
const MOST_POINTS: usize = 128;

/// Intervals of the confidence, as in Guo et al., "On calibration of modern neural networks" (2017).
const BINS: usize = 15;

/// All curves of an evaluated network.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Curves {
    /// Of each class against the rest.
    pub classes: Vec<ClassCurves>,
    /// The mean of the classes' average precision, over the classes that have one.
    pub mean_average_precision: Option<f64>,
    /// The mean of the classes' area under the ROC curve, over the classes that have one.
    pub mean_auc: Option<f64>,
    /// Whether predictions are as often right as their probabilities say.
    pub calibration: Calibration,
}

/// The curves of one class: an image counts as found if the probability of the class reaches a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ClassCurves {
    /// Recall and precision at falling thresholds.
    pub precision_recall: Vec<[f64; 2]>,
    /// The sum of the precisions, each times the recall that it adds; `None` without images of the class.
    pub average_precision: Option<f64>,
    /// The false and the true positive rate at falling thresholds, from (0, 0) to (1, 1).
    pub roc: Vec<[f64; 2]>,
    /// The area under the ROC curve; `None` if all images, or none of them, are of the class.
    pub auc: Option<f64>,
}

/// Confidence and accuracy of the predictions.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Calibration {
    /// Expected calibration error: the mean distance of accuracy and confidence over the bins, each weighted by its images.
    pub ece: f64,
    /// Fifteen equally wide intervals of the confidence, from 0 to 1.
    pub bins: Vec<CalibrationBin>,
}

/// The predictions whose probability lies in one interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, TS)]
pub struct CalibrationBin {
    /// Number of images.
    pub count: u32,
    /// Their mean probability; 0 without images.
    pub confidence: f64,
    /// The share of them that is right; 0 without images.
    pub accuracy: f64,
}

impl Curves {
    /// From rows of a label and the probability of every class.
    ///
    /// # Errors
    /// [`Error::Data`] if the values are not whole rows, or a label is not a class.
    pub fn new(rows: &[f32], classes: usize) -> Result<Self> {
        let is_row = |row: &[f32]| row[0] >= 0.0 && (row[0] as usize) < classes;
        if classes == 0 || !rows.len().is_multiple_of(classes + 1) || !rows.chunks_exact(classes + 1).all(is_row) {
            return Err(Error::Data(format!(
                "each image needs a label and {classes} probabilities. Received: {} values",
                rows.len()
            )));
        }
        let rows: Vec<(usize, &[f32])> =
            rows.chunks_exact(classes + 1).map(|row| (row[0] as usize, &row[1..])).collect();
        let list: Vec<ClassCurves> = (0..classes).map(|class| ClassCurves::new(&rows, class)).collect();
        Ok(Self {
            mean_average_precision: mean(list.iter().filter_map(|one| one.average_precision)),
            mean_auc: mean(list.iter().filter_map(|one| one.auc)),
            classes: list,
            calibration: Calibration::new(&rows),
        })
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

impl ClassCurves {
    fn new(rows: &[(usize, &[f32])], class: usize) -> Self {
        let mut scored: Vec<(f32, bool)> =
            rows.iter().map(|&(label, shares)| (shares[class], label == class)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let positives = scored.iter().filter(|(_, is_class)| *is_class).count() as f64;
        let negatives = scored.len() as f64 - positives;
        let (mut found, mut false_alarms, mut area, mut average) = (0.0, 0.0, 0.0, 0.0);
        let (mut precision_recall, mut roc) = (Vec::new(), vec![[0.0, 0.0]]);
        // Images with equal probabilities are found together, at one threshold.
        for group in scored.chunk_by(|a, b| a.0 == b.0) {
            let right = group.iter().filter(|(_, is_class)| *is_class).count() as f64;
            let wrong = group.len() as f64 - right;
            area += wrong * (found + right / 2.0);
            (found, false_alarms) = (found + right, false_alarms + wrong);
            let precision = found / (found + false_alarms);
            average += precision * right;
            precision_recall.push([found / positives, precision]);
            roc.push([false_alarms / negatives, found / positives]);
        }
        let (has_class, has_both) = (positives > 0.0, positives > 0.0 && negatives > 0.0);
        Self {
            precision_recall: if has_class { thinned(&precision_recall) } else { Vec::new() },
            average_precision: has_class.then(|| average / positives),
            roc: if has_both { thinned(&roc) } else { Vec::new() },
            auc: has_both.then(|| area / (positives * negatives)),
        }
    }
}

/// At most [`MOST_POINTS`] of the points, among them the first and the last one: a point is left out where it is close to the one before.
fn thinned(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let least = 2.0 / (MOST_POINTS - 2) as f64;
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for (i, point) in points.iter().enumerate() {
        // Along both axes together a monotonic curve is no longer than 2.
        let is_far = kept.last().is_none_or(|last| (point[0] - last[0]).abs() + (point[1] - last[1]).abs() >= least);
        if i + 1 == points.len() || (is_far && kept.len() + 1 < MOST_POINTS) {
            kept.push(*point);
        }
    }
    kept
}

impl Calibration {
    fn new(rows: &[(usize, &[f32])]) -> Self {
        let mut bins = vec![CalibrationBin::default(); BINS];
        for (label, shares) in rows {
            let predicted = arg_max(shares);
            let confidence = f64::from(shares[predicted]);
            // An interval contains its upper end.
            let at = ((confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
            bins[at].count += 1;
            bins[at].confidence += confidence;
            bins[at].accuracy += f64::from(u8::from(predicted == *label));
        }
        let distances: f64 = bins.iter().map(|bin| (bin.accuracy - bin.confidence).abs()).sum();
        for bin in &mut bins {
            let count = f64::from(bin.count.max(1));
            (bin.confidence, bin.accuracy) = (bin.confidence / count, bin.accuracy / count);
        }
        Self { ece: distances / rows.len().max(1) as f64, bins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six images of two classes. Expected values by hand, and the same as scikit-learn's `average_precision_score` and
    /// `roc_auc_score` of class 1.
    const ROWS: [f32; 18] =
        [0.0, 0.9, 0.1, 0.0, 0.6, 0.4, 1.0, 0.65, 0.35, 1.0, 0.2, 0.8, 1.0, 0.6, 0.4, 0.0, 0.25, 0.75];

    #[test]
    fn areas_of_a_small_case() {
        let curves = Curves::new(&ROWS, 2).unwrap();
        // Class 1 in the order of its probability: 0.8 right, 0.75 wrong, 0.4 one right and one wrong, 0.35 right, 0.1 wrong.
        let one = &curves.classes[1];
        assert_eq!(
            one.precision_recall,
            [[1.0 / 3.0, 1.0], [1.0 / 3.0, 0.5], [2.0 / 3.0, 0.5], [1.0, 0.6], [1.0, 0.5]]
        );
        assert!((one.average_precision.unwrap() - (1.0 + 0.5 + 0.6) / 3.0).abs() < 1e-12);
        assert_eq!(one.roc.first(), Some(&[0.0, 0.0]));
        assert_eq!(one.roc.last(), Some(&[1.0, 1.0]));
        // Of the nine pairs of a right and a wrong image 3 + 1.5 + 1 are in order, a tie counting a half.
        assert!((one.auc.unwrap() - 5.5 / 9.0).abs() < 1e-12);
        // With two classes the ROC curve of the other is the same one, read from its other end.
        assert!((curves.classes[0].auc.unwrap() - one.auc.unwrap()).abs() < 1e-6);
    }

    #[test]
    fn the_calibration_error_is_the_weighted_distance_of_the_bins() {
        let calibration = Curves::new(&ROWS, 2).unwrap().calibration;
        assert_eq!(calibration.bins.iter().map(|bin| bin.count).sum::<u32>(), 6);
        let distance = |bin: &CalibrationBin| f64::from(bin.count) * (bin.accuracy - bin.confidence).abs() / 6.0;
        assert!((calibration.ece - calibration.bins.iter().map(distance).sum::<f64>()).abs() < 1e-12);
        // Always certain and half of the time right.
        let certain = Curves::new(&[0.0, 1.0, 0.0, 1.0, 1.0, 0.0], 2).unwrap().calibration;
        assert_eq!((certain.ece, certain.bins[BINS - 1].count), (0.5, 2));
    }

    #[test]
    fn classes_without_images_have_no_areas() {
        let curves = Curves::new(&[0.0, 0.7, 0.2, 0.1, 1.0, 0.3, 0.6, 0.1], 3).unwrap();
        assert_eq!((curves.classes[2].average_precision, curves.classes[2].auc), (None, None));
        assert_eq!((curves.mean_auc, curves.mean_average_precision), (Some(1.0), Some(1.0)));
        let none = Curves::new(&[], 3).unwrap();
        assert_eq!((none.mean_auc, none.calibration.ece), (None, 0.0));
        for rows in [&[0.0, 1.0][..], &[5.0, 1.0, 0.0, 0.0], &[f32::NAN, 1.0, 0.0, 0.0]] {
            assert!(Curves::new(rows, 3).is_err(), "{rows:?}");
        }
    }

    #[test]
    fn long_curves_are_thinned_and_keep_their_ends() {
        let rows: Vec<f32> =
            (0..3000).flat_map(|i| [(i % 3 % 2) as f32, 1.0 - i as f32 / 3000.0, i as f32 / 3000.0]).collect();
        let curves = Curves::new(&rows, 2).unwrap();
        for class in &curves.classes {
            assert!(class.roc.len() <= MOST_POINTS && class.precision_recall.len() <= MOST_POINTS);
            assert_eq!((class.roc[0], class.roc[class.roc.len() - 1]), ([0.0, 0.0], [1.0, 1.0]));
        }
    }
}
