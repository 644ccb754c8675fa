//! The start of a run: checks that the data fits the experiment, divides the images into training, validation and test,
//! and chooses the engine.

use super::callbacks::Callbacks;
use super::event::Info;
use super::position::{Phase, Position};
use super::{Options, Trainer};
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::data::Dataset;
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
    let graph = Arc::new(Graph::new(&spec)?);
    let data = merged(&spec.dataset, data)?;
    check_fit(&spec, &graph, &data)?;
    let division = divide(&spec.dataset, &data)?;
    let setup = Setup {
        graph: graph.clone(),
        optimizer: spec.optimizer.clone(),
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
        notice,
        build: engine::build().to_string(),
        seed: spec.seed,
        steps_per_epoch: division.train.div_ceil(spec.batch_size),
        epochs: spec.epochs,
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

/// The data with merged classes; it is copied only if there are classes to merge.
fn merged(spec: &DatasetSpec, data: Arc<Dataset>) -> Result<Arc<Dataset>> {
    match &spec.merge_classes {
        None => Ok(data),
        Some(groups) => {
            let mut data = Arc::unwrap_or_clone(data);
            data.merge_classes(groups)?;
            Ok(Arc::new(data))
        }
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

/// Applies the limits first, then the validation split.
fn divide(spec: &DatasetSpec, data: &Dataset) -> Result<Division> {
    let limit = spec.limit.unwrap_or_default();
    let count = |name: &str, limit: Option<usize>, all: usize| match limit {
        Some(0) => Err(Error::Spec(format!("limit.{name} must be above zero. Received: 0"))),
        limit => Ok(limit.unwrap_or(all).min(all)),
    };
    let (train, test) = (count("train", limit.train, data.train.len())?, count("test", limit.test, data.test.len())?);
    let (train, validation) = match spec.validation {
        None => (train, None),
        Some(Validation::Named(NamedValidation::Test)) => (train, Some((Source::Test, 0..test as u32))),
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
