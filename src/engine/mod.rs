//! The engines: `cpu` (ndarray, SIMD) and `gpu` (wgpu). Both run the same [`Graph`](crate::network::graph::Graph) over
//! the same batches and report the same metrics. What both must agree on is defined here.

pub mod choose;
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod step;

pub use step::{ImageSets, Parameters, Source, Step, StepFigures};

use crate::base::error::Result;
use crate::experiment::optimizer::Optimizer;
use crate::network::graph::{Graph, Param};
use std::rc::Rc;
use std::sync::Arc;

/// A network on one of the two engines.
pub enum Engine {
    /// The CPU engine: ndarray and SIMD.
    Cpu(Box<cpu::CpuEngine<f32>>),
    /// The WebGPU engine.
    #[cfg(feature = "gpu")]
    Gpu(Box<gpu::GpuEngine>),
}

/// The arguments from which an engine is created.
#[derive(Clone)]
pub struct Setup {
    /// The network.
    pub graph: Arc<Graph>,
    /// The update rule.
    pub optimizer: Optimizer,
    /// The batch size.
    pub batch: usize,
    /// The micro-batch size, if a batch is processed in parts.
    pub micro_batch: Option<usize>,
    /// The seed of all random numbers.
    pub seed: u32,
    /// Lanes of the CPU engine on other workers, for platforms without threads.
    pub pool: Option<Rc<dyn cpu::remote::Pool>>,
}

impl Engine {
    /// Creates the CPU engine.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if there is not enough memory.
    pub async fn cpu(setup: &Setup) -> Result<Self> {
        let Setup { graph, optimizer, batch, micro_batch, seed, pool } = setup;
        let graph = graph.clone();
        let engine = match pool {
            Some(pool) => cpu::CpuEngine::with_pool(graph, optimizer, *batch, *micro_batch, *seed, &**pool).await?,
            None => cpu::CpuEngine::new(graph, optimizer, *batch, *micro_batch, *seed)?,
        };
        Ok(Self::Cpu(Box::new(engine)))
    }

    /// Creates the WebGPU engine.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if there is no adapter, or the network does not fit the device.
    #[cfg(feature = "gpu")]
    pub async fn gpu(setup: &Setup) -> Result<Self> {
        let Setup { graph, optimizer, batch, micro_batch, seed, .. } = setup;
        let engine = gpu::GpuEngine::new(graph, optimizer, *batch, *micro_batch, *seed).await?;
        Ok(Self::Gpu(Box::new(engine)))
    }

    /// This build has no WebGPU engine.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "gpu"))]
    pub async fn gpu(_setup: &Setup) -> Result<Self> {
        Err(crate::base::error::Error::Engine { engine: "gpu", message: "this build has no WebGPU engine".into() })
    }

    /// Compiles the pipelines that the WebGPU engine needs, before it is created.
    ///
    /// # Errors
    /// As [`Self::gpu`].
    #[cfg(feature = "gpu")]
    pub async fn warm_up(setup: &Setup) -> Result<()> {
        gpu::GpuEngine::warm_up(&setup.graph, &setup.optimizer, setup.batch, setup.micro_batch).await
    }

    /// `cpu` or `gpu`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "cpu",
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => "gpu",
        }
    }

    /// The device it runs on, for display.
    pub fn device(&self) -> String {
        match self {
            Self::Cpu(engine) => match engine.lanes() {
                1 => "CPU, 1 thread".to_string(),
                lanes => format!("CPU, {lanes} threads"),
            },
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.device().to_string(),
        }
    }

    /// A notice for the user, if it does not run as well as this device allows.
    pub fn notice(&self) -> Option<String> {
        match self {
            Self::Cpu(engine) => engine.notice(),
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => None,
        }
    }

    /// Uploads the images to the device; call it before the first step.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if they do not fit on the device.
    pub fn upload(&mut self, sets: ImageSets) -> Result<()> {
        let _ = sets;
        match self {
            Self::Cpu(_) => Ok(()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.upload(sets),
        }
    }

    /// Starts one training step; it may still be running when this returns. A step whose loss is NaN or infinite
    /// changes no weights.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub async fn train_step(&mut self, sets: ImageSets<'_>, step: &Step<'_>) -> Result<()> {
        match self {
            Self::Cpu(engine) => engine.train_step_pooled(sets, step).await,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.train_step(step),
        }
    }

    /// The number of steps that may be started before [`Self::figures`] must be called.
    pub fn steps_in_flight(&self) -> usize {
        match self {
            Self::Cpu(_) => 1,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.capacity(),
        }
    }

    /// Waits for the started steps, and returns their metrics in order.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub async fn figures(&mut self) -> Result<Vec<StepFigures>> {
        match self {
            Self::Cpu(engine) => Ok(engine.figures()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.figures().await,
        }
    }

    /// Runs inference: the logits of the images at `indices`, `(n, classes)`.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub async fn logits(&mut self, sets: ImageSets<'_>, source: Source, indices: &[u32]) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(engine) => engine.logits_pooled(sets, source, indices).await,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.logits(source, indices).await,
        }
    }

    /// The output of layer `node` for the images of the last [`Self::logits`], `(n, …)`. They must fit into one pass.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub async fn output(&mut self, node: usize) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(engine) => Ok(engine.tensor(node + 1).to_vec()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.tensor(node).await,
        }
    }

    /// The gradient of the last step, flat, after penalties and clipping.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub async fn gradient(&mut self) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(engine) => Ok(engine.gradient().to_vec()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.gradients().await,
        }
    }

    /// Whether the device can be lost at any time, with all data on it, or a worker with a share of the work.
    pub fn may_be_lost(&self) -> bool {
        match self {
            Self::Cpu(engine) => engine.has_workers(),
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => true,
        }
    }

    /// Simulates the loss of the device, for tests. Has no effect on the CPU engine.
    pub fn lose_device(&self) {
        match self {
            Self::Cpu(_) => {}
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.lose(),
        }
    }

    /// Restores the moving statistics after a step whose loss was NaN or infinite, if the engine keeps the earlier
    /// ones; returns whether it does.
    pub fn undo_bad_step(&mut self) -> bool {
        match self {
            Self::Cpu(engine) => {
                engine.undo_bad_step();
                true
            }
            // The GPU engine keeps no copy of them; the trainer restores its own.
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => false,
        }
    }

    /// The first parameter whose gradient of the last step has a NaN or infinite value; `None` also where the gradient
    /// is not on the host.
    pub fn bad_gradient<'a>(&self, graph: &'a Graph) -> Option<&'a Param> {
        match self {
            Self::Cpu(engine) => {
                let is_bad = |param: &Param| engine.gradient()[param.range()].iter().any(|value| !value.is_finite());
                graph.params.iter().find(|param| param.spec.trainable && is_bad(param))
            }
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => None,
        }
    }

    /// All values that training changes: weights, moving statistics, the optimiser's slots.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub async fn parameters(&mut self) -> Result<Parameters> {
        match self {
            Self::Cpu(engine) => Ok(engine.parameters()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.parameters().await,
        }
    }

    /// Replaces all values that training changes.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is lost.
    pub fn set_parameters(&mut self, parameters: &Parameters) -> Result<()> {
        match self {
            Self::Cpu(engine) => {
                engine.set_parameters(parameters);
                Ok(())
            }
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.set_parameters(parameters),
        }
    }
}

/// The kind of build, which determines rounding: `native`, `simd128` or `relaxed-simd`. Relaxed SIMD may round
/// differently from processor to processor.
pub fn build() -> &'static str {
    match (cfg!(target_arch = "wasm32"), cfg!(target_feature = "relaxed-simd")) {
        (false, _) => "native",
        (true, false) => "simd128",
        (true, true) => "relaxed-simd",
    }
}
