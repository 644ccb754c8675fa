//! Compares a submission with its replay: to the last bit, or, where the assignment allows an engine that rounds differently,
//! within a tolerance, because training amplifies small differences.

use super::Submission;
use super::assignment::Assignment;
use super::verdict::{Difference, Judgement, Verdict};
use crate::base::text::shortened;
use crate::results::history::{Epoch, History};

/// Allowed absolute difference of an accuracy, in addition to the sampling error.
pub const ACCURACY_TOLERANCE: f64 = 0.03;
/// Allowed difference of a loss, relative to the replayed one.
pub const LOSS_TOLERANCE: f64 = 0.1;
/// Allowed difference of a loss, in addition to the relative one.
pub const LOSS_OFFSET: f64 = 0.05;
/// Standard deviations of an accuracy's sampling error that are allowed.
pub const DEVIATIONS: f64 = 3.0;

/// The most characters of a foreign value in a difference.
const SHOWN: usize = 80;

/// Judges a submission by its replays, each with other rounding.
pub fn judge(assignment: &Assignment, submission: &Submission, replays: &[&Submission]) -> Judgement {
    let exact: Vec<Vec<Difference>> = replays.iter().map(|replay| differences(submission, replay, false)).collect();
    let run = run_text(submission);
    if exact.iter().any(Vec::is_empty) {
        return match submission.used_gpu() {
            false => {
                Judgement::new(Verdict::Confirmed, format!("repeated with the same figures to the last bit ({run})"))
            }
            true => plausible(&run, "the figures are those of a run on the CPU"),
        };
    }
    let nearest = exact.into_iter().min_by_key(Vec::len).unwrap_or_default();
    if !assignment.allows_tolerance() {
        return Judgement::by_differences(nearest);
    }
    if replays.iter().any(|replay| same_curves(&submission.history, &replay.history)) {
        // The weights of the last epoch are those of the replay, so all that follows from them must be, too.
        return Judgement::by_differences(nearest);
    }
    let tolerant: Vec<Vec<Difference>> = replays.iter().map(|replay| differences(submission, replay, true)).collect();
    if tolerant.iter().any(Vec::is_empty) {
        return plausible(&run, "rounding differs between engines and processors");
    }
    Judgement::by_differences(tolerant.into_iter().min_by_key(Vec::len).unwrap_or_default())
}

fn plausible(run: &str, why: &str) -> Judgement {
    Judgement::new(
        Verdict::Plausible,
        format!(
            "repeated within the tolerance that this assignment allows, since {why}: a loss may differ by {:.0} % + \
             {LOSS_OFFSET}, an accuracy by {:.0} points and {DEVIATIONS} standard deviations of chance ({run})",
            100.0 * LOSS_TOLERANCE,
            100.0 * ACCURACY_TOLERANCE
        ),
    )
}

fn run_text(submission: &Submission) -> String {
    format!(
        "{}, seed {}, {} epochs, test accuracy {:.4}",
        shortened(submission.experiment["name"].as_str().unwrap_or("?"), SHOWN),
        submission.history.seed,
        submission.history.epochs.len(),
        submission.test.test_accuracy
    )
}

/// Whether all figures of all epochs are equal to the last bit.
fn same_curves(theirs: &History, ours: &History) -> bool {
    let figures = |epoch: &Epoch| (epoch.loss, epoch.accuracy, epoch.val_loss, epoch.val_accuracy);
    theirs.epochs.len() == ours.epochs.len()
        && theirs.epochs.iter().zip(&ours.epochs).all(|(theirs, ours)| figures(theirs) == figures(ours))
}

fn differences(submitted: &Submission, replay: &Submission, tolerant: bool) -> Vec<Difference> {
    let mut found = Comparison { tolerant, differences: Vec::new() };
    found.all(submitted, replay);
    found.differences
}

struct Comparison {
    tolerant: bool,
    differences: Vec<Difference>,
}

impl Comparison {
    fn all(&mut self, submitted: &Submission, replay: &Submission) {
        self.same("the images' checksum", &submitted.data.sha256, &replay.data.sha256);
        self.same("the number of training images", &submitted.data.train, &replay.data.train);
        self.same("the number of test images", &submitted.data.test, &replay.data.test);
        self.same("the seed", &submitted.history.seed, &replay.history.seed);
        let (theirs, ours) = (&submitted.history.epochs, &replay.history.epochs);
        // Early stopping may end a run with other rounding at another epoch.
        let may_stop = self.tolerant && !replay.experiment["early_stopping"].is_null();
        if may_stop {
            let most = replay.experiment["epochs"].as_f64().unwrap_or(1.0).ceil() as u64;
            let possible = (1..=most).contains(&(theirs.len() as u64));
            self.unless(possible, "the number of epochs", theirs.len(), format!("at most {most}"));
        } else {
            self.same("the number of epochs", &theirs.len(), &ours.len());
            self.same("whether it was stopped early", &submitted.test.stopped_early, &replay.test.stopped_early);
        }
        for (theirs, ours) in theirs.iter().zip(ours) {
            self.epoch(theirs, ours, replay);
        }
        if !may_stop {
            self.rates(submitted, replay);
        }
        self.test(submitted, replay);
        if !self.tolerant {
            self.same("the final weights' checksum", &submitted.weights_sha256, &replay.weights_sha256);
        }
    }

    fn epoch(&mut self, theirs: &Epoch, ours: &Epoch, replay: &Submission) {
        let named = |what: &str| format!("epoch {}'s {what}", ours.epoch);
        // The validation set is assumed to be about as large as the test set.
        let images = replay.data.test;
        self.same(&named("number"), &theirs.epoch, &ours.epoch);
        self.same(&named("mark of an epoch cut short"), &theirs.partial, &ours.partial);
        self.loss(&named("loss"), Some(theirs.loss), Some(ours.loss));
        self.accuracy(&named("accuracy"), (Some(theirs.accuracy), Some(ours.accuracy)), replay.data.train);
        self.loss(&named("val_loss"), theirs.val_loss, ours.val_loss);
        self.accuracy(&named("val_accuracy"), (theirs.val_accuracy, ours.val_accuracy), images);
        self.rate(&named("learning rate"), theirs.learning_rate, ours.learning_rate, replay);
    }

    /// Learning rates are equal on all engines, unless they follow from a figure of the run.
    fn rate(&mut self, what: &str, theirs: f64, ours: f64, replay: &Submission) {
        let follows = replay.experiment["learning_rate_schedule"]["type"] == "reduce_on_plateau";
        let same = theirs == ours || (self.tolerant && (follows || (theirs - ours).abs() <= 1e-9 * ours.abs()));
        self.unless(same, what, theirs, ours);
    }

    fn rates(&mut self, submitted: &Submission, replay: &Submission) {
        let (theirs, ours) = (&submitted.history.learning_rates, &replay.history.learning_rates);
        self.same("the number of steps", &theirs.len(), &ours.len());
        let before = self.differences.len();
        for (step, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
            if self.differences.len() == before {
                self.rate(&format!("step {}'s learning rate", step + 1), *theirs, *ours, replay);
            }
        }
    }

    fn test(&mut self, submitted: &Submission, replay: &Submission) {
        let (theirs, ours, images) = (&submitted.test, &replay.test, replay.data.test);
        self.loss("the test loss", Some(theirs.test_loss), Some(ours.test_loss));
        self.accuracy("the test accuracy", (Some(theirs.test_accuracy), Some(ours.test_accuracy)), images);
        let top_5 = (Some(theirs.test_top_5_accuracy), Some(ours.test_top_5_accuracy));
        self.accuracy("the top-5 accuracy", top_5, images);
        let views = |run: &Submission| run.test.test_time_augmentation.map_or("none", |views| views.name());
        self.same("the test-time augmentation", &views(submitted), &views(replay));
        if !self.tolerant {
            return self.unless(
                theirs.confusion == ours.confusion,
                "the confusion matrix",
                "another matrix",
                "this one",
            );
        }
        // The images of each class are the same on every engine.
        let sum = |row: &Vec<u32>| row.iter().map(|&count| u64::from(count)).sum();
        let labels = |confusion: &[Vec<u32>]| confusion.iter().map(sum).collect::<Vec<u64>>();
        let same = labels(&theirs.confusion) == labels(&ours.confusion);
        self.unless(same, "the number of test images in each class", "another one", "this one");
        self.last_epoch(submitted, replay);
    }

    /// Where the replay's last validation gave its test figures (the test set is the validation set, and no other weights were
    /// restored), that of the file must have done so, too.
    fn last_epoch(&mut self, submitted: &Submission, replay: &Submission) {
        let agrees = |run: &Submission, by: f64| {
            let test = &run.test;
            let Some(last) = run.history.epochs.last() else { return false };
            last.val_accuracy.is_some_and(|accuracy| (accuracy - test.test_accuracy).abs() < 1e-6)
                && last.val_loss.is_some_and(|loss| (loss - test.test_loss).abs() <= by * test.test_loss.abs() + 1e-6)
        };
        // The GPU may add the losses of the images in another order.
        let same = !agrees(replay, 1e-9) || agrees(submitted, 1e-3);
        self.unless(same, "the last validation on the test set", "not the test figures", "the test figures");
    }

    /// Allows, in addition to the tolerance, some standard deviations of the sampling error over this many images.
    fn accuracy(&mut self, what: &str, (theirs, ours): (Option<f64>, Option<f64>), images: usize) {
        let chance = |share: f64| DEVIATIONS * (share * (1.0 - share) / images.max(1) as f64).sqrt();
        self.figure(what, theirs, ours, |ours| ACCURACY_TOLERANCE + chance(ours));
    }

    fn loss(&mut self, what: &str, theirs: Option<f64>, ours: Option<f64>) {
        self.figure(what, theirs, ours, |ours| LOSS_TOLERANCE * ours.abs() + LOSS_OFFSET);
    }

    fn figure(&mut self, what: &str, theirs: Option<f64>, ours: Option<f64>, tolerance: impl Fn(f64) -> f64) {
        let same = match (theirs, ours) {
            (Some(theirs), Some(ours)) if self.tolerant => (theirs - ours).abs() <= tolerance(ours),
            (theirs, ours) => theirs == ours,
        };
        let shown = |value: Option<f64>| value.map_or_else(|| "absent".to_string(), |value| value.to_string());
        self.unless(same, what, shown(theirs), shown(ours));
    }

    fn same<T: PartialEq + ToString>(&mut self, what: &str, theirs: &T, ours: &T) {
        self.unless(theirs == ours, what, theirs.to_string(), ours.to_string());
    }

    fn unless(&mut self, same: bool, what: &str, theirs: impl ToString, ours: impl ToString) {
        if !same {
            let submitted = shortened(&theirs.to_string(), SHOWN).into_owned();
            self.differences.push(Difference { what: what.into(), submitted, replayed: ours.to_string() });
        }
    }
}
