//! The rules of an experiment's options, except those of its layers.

use super::dataset::dataset_names;
use super::{COST_SHEET_DATA, Experiment, MAX_AUGMENTATIONS, MAX_BATCH, MAX_EPOCHS, MAX_SIDE, Split, Validation};
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;

impl Experiment {
    /// Checks everything but the layers, which the network's graph checks.
    ///
    /// # Errors
    /// [`Error::Spec`] if a rule is broken; it names the field, the rule and the received value.
    pub fn check(&self) -> Result<()> {
        let between = |what: &str, value: usize, most: usize| {
            if (1..=most).contains(&value) {
                return Ok(());
            }
            Err(Error::Spec(format!("{what} must be between 1 and {most}. Received: {value}")))
        };
        between("batch_size", self.batch_size, MAX_BATCH)?;
        if !(self.epochs > 0.into() && self.epochs <= MAX_EPOCHS.into()) {
            return Err(Error::Spec(format!(
                "epochs must be above 0 and at most {MAX_EPOCHS}. Received: {}",
                self.epochs
            )));
        }
        if let Some(size) = self.micro_batch_size {
            between("micro_batch_size", size, self.batch_size)?;
        }
        for axis in self.input_shape {
            between("each axis of input_shape", axis, MAX_SIDE)?;
        }
        if let Some(Validation::Split(Split { split })) = self.dataset.validation
            && !(split > 0.0 && split < 1.0)
        {
            return Err(Error::Spec(format!(
                "validation split must lie between 0 and 1. Received: {}",
                PlainNumber(split)
            )));
        }
        self.check_data()?;
        self.check_monitors()?;
        #[cfg(feature = "extended")]
        self.check_loss()?;
        self.learning_rate_schedule.iter().try_for_each(|schedule| schedule.check())?;
        if self.augmentation.len() > MAX_AUGMENTATIONS {
            let found = self.augmentation.len();
            return Err(Error::Spec(format!(
                "augmentation may hold at most {MAX_AUGMENTATIONS} entries. Received: {found}"
            )));
        }
        let [height, width, _] = self.input_shape;
        #[cfg(feature = "extended")]
        self.check_colors()?;
        #[cfg(feature = "extended")]
        if self.augmentation.iter().filter(|change| change.mixes()).count() > 1 {
            return Err(Error::Spec("augmentation may hold one of mix_up and cut_mix, once".into()));
        }
        self.augmentation.iter().try_for_each(|augmentation| augmentation.check((height, width)))
    }

    /// Checks that colors are changed at most once, and only where there are colors.
    #[cfg(feature = "extended")]
    fn check_colors(&self) -> Result<()> {
        let [.., channels] = self.input_shape;
        let changes = || self.augmentation.iter().filter(|change| change.colors([0.0; 4]).is_some());
        if changes().count() > 1 {
            return Err(Error::Spec("augmentation may hold random_color_jitter once".into()));
        }
        if changes().any(|change| channels > 4 || (channels != 3 && change.needs_colors())) {
            return Err(Error::Spec(format!(
                "augmentation random_color_jitter takes saturation_factor and hue_factor for images with 3 channels, brightness_factor \
                 and contrast_factor for images with 1 to 4. Received: input_shape with {channels} channels"
            )));
        }
        Ok(())
    }

    fn check_data(&self) -> Result<()> {
        let name = &self.dataset.name;
        if let Some((field, sets)) = self.dataset.misplaced() {
            return Err(Error::Spec(format!(
                "dataset.{field}: only {sets} takes it; leave it out. Received: \"{name}\""
            )));
        }
        if name == COST_SHEET_DATA || crate::data::names().contains(&self.dataset.full_name().as_str()) {
            return Ok(());
        }
        let known = dataset_names();
        if known.contains(&name.as_str()) {
            let rule = if self.dataset.split.is_some() {
                "only emnist has splits"
            } else {
                "emnist needs a split, such as \"letters\""
            };
            return Err(Error::Spec(format!("dataset.split: {rule}. Received: {}", self.dataset.full_name())));
        }
        let known = known.join(", ");
        Err(Error::Spec(format!("dataset.name must be one of {known}. Received: \"{name}\"")))
    }

    fn check_monitors(&self) -> Result<()> {
        let stopping = self.early_stopping.as_ref().map(|stopping| ("early_stopping", stopping.monitor));
        let plateau = self.learning_rate_schedule.as_ref().and_then(|schedule| schedule.monitor());
        let plateau = plateau.map(|monitor| ("reduce_on_plateau", monitor));
        let keeping = self.model_checkpoint.as_ref().map(|keeping| ("model_checkpoint", keeping.monitor));
        for (what, monitor) in [stopping, plateau, keeping].into_iter().flatten() {
            if monitor.needs_validation() && self.dataset.validation.is_none() {
                return Err(Error::Spec(format!(
                    "{what} monitors {} but dataset.validation is null; set a split or \"test\", or monitor loss or \
                     accuracy",
                    document::write(&monitor).as_str().unwrap_or_default()
                )));
            }
        }
        Ok(())
    }
}
