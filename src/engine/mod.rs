//! The engines: `cpu` (ndarray, SIMD) and `gpu` (wgpu). Both run the same [`Graph`](crate::network::graph::Graph) over the same
//! batches and report the same figures; everything that the two must agree on is defined here.

pub mod choose;
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod step;

pub use step::{Parameters, Pictures, Source, Step, StepFigures};

use crate::base::error::Result;
use crate::experiment::optimizer::Optimizer;
use crate::network::graph::{Graph, Param};
use std::rc::Rc;
use std::sync::Arc;

/// A network on one of the two engines.
pub enum Engine {
    /// ndarray and SIMD.
    Cpu(Box<cpu::CpuEngine<f32>>),
    /// WebGPU.
    #[cfg(feature = "gpu")]
    Gpu(Box<gpu::GpuEngine>),
}

/// What every engine is made from.
#[derive(Clone)]
pub struct Setup {
    /// The network.
    pub graph: Arc<Graph>,
    /// The update rule.
    pub optimizer: Optimizer,
    /// Pictures a step.
    pub batch: usize,
    /// Pictures a piece of a step.
    pub micro_batch: Option<usize>,
    /// Where all randomness comes from.
    pub seed: u32,
    /// Lanes on other workers for the CPU engine, where the platform has no threads.
    pub pool: Option<Rc<dyn cpu::remote::Pool>>,
}

impl Engine {
    /// The CPU engine.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the memory does not suffice.
    pub async fn cpu(setup: &Setup) -> Result<Self> {
        let Setup { graph, optimizer, batch, micro_batch, seed, pool } = setup;
        let graph = graph.clone();
        let engine = match pool {
            Some(pool) => {
                apart(cpu::CpuEngine::with_pool(graph, optimizer, *batch, *micro_batch, *seed, &**pool)).await?
            }
            None => cpu::CpuEngine::new(graph, optimizer, *batch, *micro_batch, *seed)?,
        };
        Ok(Self::Cpu(Box::new(engine)))
    }

    /// The WebGPU engine.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where there is no adapter, or where the network does not fit it.
    #[cfg(feature = "gpu")]
    pub async fn gpu(setup: &Setup) -> Result<Self> {
        let Setup { graph, optimizer, batch, micro_batch, seed, .. } = setup;
        let engine = apart(gpu::GpuEngine::new(graph, optimizer, *batch, *micro_batch, *seed)).await?;
        Ok(Self::Gpu(Box::new(engine)))
    }

    /// The WebGPU engine, which this build does not have.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "gpu"))]
    pub async fn gpu(_setup: &Setup) -> Result<Self> {
        Err(crate::base::error::Error::Engine { engine: "gpu", message: "this build has no WebGPU engine".into() })
    }

    /// Compiles ahead what the WebGPU engine needs.
    ///
    /// # Errors
    /// As [`Self::gpu`].
    #[cfg(feature = "gpu")]
    pub async fn warm_up(setup: &Setup) -> Result<()> {
        apart(gpu::GpuEngine::warm_up(&setup.graph, &setup.optimizer, setup.batch, setup.micro_batch)).await
    }

    /// `cpu` or `gpu`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "cpu",
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => "gpu",
        }
    }

    /// What it runs on, for people.
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

    /// Gives the engine its pictures; call it before the first step.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where they do not fit on the device.
    pub fn upload(&mut self, pictures: Pictures) -> Result<()> {
        let _ = pictures;
        match self {
            Self::Cpu(_) => Ok(()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.upload(pictures),
        }
    }

    /// Starts one training step; it may still be under way when this returns. A step whose loss is no number changes
    /// nothing.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
    pub async fn train_step(&mut self, pictures: Pictures<'_>, step: &Step<'_>) -> Result<()> {
        match self {
            Self::Cpu(engine) => apart(engine.train_step_pooled(pictures, step)).await,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.train_step(step),
        }
    }

    /// How many steps may be under way before [`Self::figures`] must be called.
    pub fn steps_in_flight(&self) -> usize {
        match self {
            Self::Cpu(_) => 1,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.capacity(),
        }
    }

    /// Waits for the steps under way; what each of them measured.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
    pub async fn figures(&mut self) -> Result<Vec<StepFigures>> {
        match self {
            Self::Cpu(engine) => Ok(engine.figures()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => apart(engine.figures()).await,
        }
    }

    /// Inference: logits of pictures, `(n, classes)`.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
    pub async fn logits(&mut self, pictures: Pictures<'_>, source: Source, indices: &[u32]) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(engine) => apart(engine.logits_pooled(pictures, source, indices)).await,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => apart(engine.logits(source, indices)).await,
        }
    }

    /// The output of a layer for the pictures of the last [`Self::logits`], which must have been few.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
    pub async fn output(&mut self, node: usize) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(engine) => Ok(engine.tensor(node + 1).to_vec()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => apart(engine.tensor(node)).await,
        }
    }

    /// The gradient of the last step, flat, as the optimiser used it.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
    pub async fn gradient(&mut self) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(engine) => Ok(engine.gradient().to_vec()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => apart(engine.gradients()).await,
        }
    }

    /// Whether its device, and every number on it, may be gone from one moment to the next.
    pub fn may_be_lost(&self) -> bool {
        !matches!(self, Self::Cpu(_))
    }

    /// Takes the device away, where there is one, as a driver's reset would: to see what follows.
    pub fn lose_device(&self) {
        match self {
            Self::Cpu(_) => {}
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.lose(),
        }
    }

    /// After a step whose loss was no number: what it left behind is put back, where the engine can do so itself.
    pub fn undo_bad_step(&mut self) {
        match self {
            Self::Cpu(engine) => engine.undo_bad_step(),
            // Its update steps over them by itself.
            #[cfg(feature = "gpu")]
            Self::Gpu(_) => {}
        }
    }

    /// The first parameter whose gradient of the last step is no number, where it is at hand.
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

    /// Everything that training changes.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
    pub async fn parameters(&mut self) -> Result<Parameters> {
        match self {
            Self::Cpu(engine) => Ok(engine.parameters()),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => apart(engine.parameters()).await,
        }
    }

    /// Goes on from other parameters.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the device is lost.
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

/// Keeps an engine's work out of the code around it, which runs on the other one, too: a page loads the code of one of them first.
fn apart<'a, T>(work: impl Future<Output = T> + 'a) -> cpu::remote::Local<'a, T> {
    Box::pin(work)
}

/// Which build of the arithmetic this is: relaxed SIMD may round differently between processors.
pub fn build() -> &'static str {
    match (cfg!(target_arch = "wasm32"), cfg!(target_feature = "relaxed-simd")) {
        (false, _) => "native",
        (true, false) => "simd128",
        (true, true) => "relaxed-simd",
    }
}
