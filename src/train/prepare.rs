//! The start of a run: checks that the data fits the experiment, divides the images into training, validation and test,
//! and chooses the engine.

use super::callbacks::Callbacks;
use super::event::Info;
use super::position::{Phase, Position};
use super::{Options, Trainer};
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::base::text::grouped;
use crate::data::{Dataset, official_counts};
use crate::engine::choose::{Chosen, choose};
use crate::engine::cpu::remote::Pool;
use crate::engine::{self, ImageSets, Setup, Source};
use crate::experiment::{DatasetSpec, Experiment, NamedValidation, Validation};
use crate::network::graph::Graph;
use crate::results::history::History;
use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// The division of the images into training, validation and test.
struct Division {
    train: usize,
    validation: Option<(Source, Range<u32>)>,
    test: usize,
}

impl Division {
    /// How many of the training images are for validation.
    fn taken_for_validation(&self) -> usize {
        self.validation.as_ref().filter(|(source, _)| *source == Source::Train).map_or(0, |(_, indices)| indices.len())
    }
}

impl Trainer {
    /// Checks that experiment and data fit each other, builds the network and starts the engine.
    ///
    /// # Errors
    /// [`Error::Spec`] if the experiment is invalid or does not fit the data; [`Error::Data`] if images are missing;
    /// [`Error::Engine`] if no engine can run the network.
    pub async fn new(spec: Experiment, data: Arc<Dataset>, options: Options) -> Result<Self> {
        start(spec, data, options, None).await
    }

    /// The same, with a pool of workers for the CPU engine.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub async fn with_pool(
        spec: Experiment,
        data: Arc<Dataset>,
        options: Options,
        pool: Option<Rc<dyn Pool>>,
    ) -> Result<Self> {
        start(spec, data, options, pool).await
    }
}

async fn start(spec: Experiment, data: Arc<Dataset>, options: Options, pool: Option<Rc<dyn Pool>>) -> Result<Trainer> {
    spec.check()?;
    #[cfg_attr(not(feature = "extended"), allow(unused_mut, reason = "the small engine has no layers with statistics"))]
    let mut graph = Graph::new(&spec)?;
    let data = with_classes(&spec.dataset, data)?;
    check_fit(&spec, &graph, &data)?;
    let division = divide(&spec.dataset, &data)?;
    #[cfg(feature = "extended")]
    {
        super::statistics::fill(&mut graph, &data.train, division.train)?;
        super::whitening::fill(&mut graph, &data.train, division.train, spec.seed)?;
    }
    let graph = Arc::new(graph);
    #[cfg_attr(not(feature = "extended"), allow(unused_mut, reason = "the small engine does not look ahead"))]
    let mut optimizer = spec.optimizer.clone();
    #[cfg(feature = "extended")]
    optimizer.set_total_steps(spec.epochs.steps(division.train.div_ceil(spec.batch_size)));
    let setup = Setup {
        graph: graph.clone(),
        optimizer,
        batch: spec.batch_size.min(division.train),
        micro_batch: spec.micro_batch_size,
        seed: spec.seed,
        pool,
    };
    let sets = ImageSets { train: &data.train, test: &data.test };
    let Chosen { engine, reason, notice } = choose(&setup, options.engine, sets).await?;
    let info = Info {
        engine: engine.name().to_string(),
        device: engine.device(),
        reason,
        notice: joined(joined(notice, engine.notice()), partial_use(&spec.dataset.full_name(), &data, &division)),
        build: engine::build().to_string(),
        seed: spec.seed,
        steps_per_epoch: division.train.div_ceil(spec.batch_size),
        epochs: spec.epochs.count(),
        train_samples: division.train,
        validation_samples: division.validation.as_ref().map_or(0, |(_, indices)| indices.len()),
        test_samples: division.test,
        classes: data.classes.clone(),
    };
    let history = History {
        engine: info.engine.clone(),
        device: info.device.clone(),
        build: info.build.clone(),
        seed: spec.seed,
        ..History::default()
    };
    Ok(Trainer {
        callbacks: Callbacks::new(&spec),
        shuffle: options.shuffle,
        train_count: division.train,
        validation: division.validation,
        test_count: division.test,
        position: Position::default(),
        submitted: 0,
        phase: Phase::Train,
        order: Vec::new(),
        transforms: Vec::new(),
        best: None,
        saved: None,
        last_report: None,
        step_ms: None,
        fingerprint: OnceCell::new(),
        kept: None,
        failures: 0,
        told: Vec::new(),
        setup,
        spec,
        graph,
        data,
        engine,
        info,
        history,
    })
}

/// The data with the classes that the experiment names or merges; it is copied only if there are such.
fn with_classes(spec: &DatasetSpec, data: Arc<Dataset>) -> Result<Arc<Dataset>> {
    if spec.classes.is_none() && spec.merge_classes.is_none() {
        return Ok(data);
    }
    let mut data = Arc::unwrap_or_clone(data);
    if let Some(names) = &spec.classes {
        data.name_classes(names)?;
    }
    if let Some(groups) = &spec.merge_classes {
        data.merge_classes(groups)?;
    }
    Ok(Arc::new(data))
}

/// What is said where fewer images are used than the full set has.
fn partial_use(name: &str, data: &Dataset, division: &Division) -> Option<String> {
    // A set's own validation images are not part of the training images.
    let taken = if data.validation > 0 { 0 } else { division.taken_for_validation() };
    let used = [division.train + taken, division.test];
    let all = official_counts(name)
        .filter(|_| !data.synthetic)
        .unwrap_or([data.train.len() - data.validation, data.test.len()]);
    (used[0] < all[0] || used[1] < all[1]).then(|| {
        let [train, all_train, test, all_test] = [used[0], all[0], used[1], all[1]].map(|count| grouped(count as u64));
        format!("{train} of {all_train} training images and {test} of {all_test} test images are used")
    })
}

fn joined(notice: Option<String>, more: Option<String>) -> Option<String> {
    match (notice, more) {
        (Some(notice), Some(more)) => Some(format!("{notice}; {more}")),
        (notice, more) => notice.or(more),
    }
}

fn check_fit(spec: &Experiment, graph: &Graph, data: &Dataset) -> Result<()> {
    let received = [data.train.height, data.train.width, data.train.channels];
    if spec.input_shape != received {
        return Err(Error::Spec(format!(
            "input_shape {:?} does not fit the images of {}. Received: {received:?}",
            spec.input_shape, data.title
        )));
    }
    if data.classes.len() > graph.classes() {
        return Err(Error::Spec(format!(
            "the last layer gives {} values but {} has {} classes; give the last layer as many units",
            graph.classes(),
            data.title,
            data.classes.len()
        )));
    }
    if data.train.is_empty() || data.test.is_empty() {
        return Err(Error::Data(format!(
            "training and test images are needed. Received: {} and {}",
            data.train.len(),
            data.test.len()
        )));
    }
    Ok(())
}

/// Applies the limits first, then the validation split. Where a set has validation images of its own, they are used, unless the
/// test set is to be.
fn divide(spec: &DatasetSpec, data: &Dataset) -> Result<Division> {
    let limit = spec.limit.unwrap_or_default();
    let count = |name: &str, limit: Option<usize>, all: usize| match limit {
        Some(0) => Err(Error::Spec(format!("limit.{name} must be above zero. Received: 0"))),
        limit => Ok(limit.unwrap_or(all).min(all)),
    };
    let own = data.train.len() - data.validation;
    let (train, test) = (count("train", limit.train, own)?, count("test", limit.test, data.test.len())?);
    let (train, validation) = match spec.validation {
        Some(Validation::Named(NamedValidation::Test)) => (train, Some((Source::Test, 0..test as u32))),
        _ if data.validation > 0 => (train, Some((Source::Train, own as u32..data.train.len() as u32))),
        None => (train, None),
        Some(Validation::Split(split)) => {
            let kept = split.training(train);
            if kept == 0 || kept == train {
                return Err(Error::Spec(format!(
                    "a validation split of {} leaves nothing to train or to validate on. Received: {train} images",
                    PlainNumber(split.split)
                )));
            }
            (kept, Some((Source::Train, kept as u32..train as u32)))
        }
    };
    Ok(Division { train, validation, test })
}
