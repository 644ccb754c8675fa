//! From a graph to buffers and dispatches: everything that the GPU engine will allocate and run, worked out and checked
//! before it touches a device.

mod build;
pub mod update;

use crate::kernels::gpu::pass::{Global, Pass};
use crate::kernels::gpu::tuning::Tuning;

/// A buffer to allocate.
#[derive(Debug, Clone)]
pub struct BufferSpec {
    /// For errors: `conv2d: output`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Whether a smaller batch makes it smaller.
    pub per_row: bool,
}

/// Part of a buffer in its place in a shader.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// The binding's number.
    pub number: u32,
    /// An index into [`Program::buffers`]; none for [`Global::Pictures`], which come later.
    pub buffer: Option<usize>,
    /// Where the part starts, in bytes.
    pub offset: u64,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// Whether the shader writes to it.
    pub writes: bool,
}

/// A pass and the buffers it runs on.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// For errors and profiles: `conv2d_1: conv2d forward`.
    pub label: String,
    /// What runs.
    pub pass: Pass,
    /// On what.
    pub bounds: Vec<Bound>,
}

/// The buffers of the whole network; few enough that a list is searched sooner than a table.
#[derive(Debug, Default)]
pub struct Globals(Vec<(Global, usize)>);

impl Globals {
    /// The buffer of one that every network has.
    pub fn of(&self, global: Global) -> usize {
        let found = self.0.iter().find(|(other, _)| *other == global);
        found.expect("every network has it").1
    }
}

/// A network as work for a GPU.
#[derive(Debug)]
pub struct Program {
    /// Buffers to allocate.
    pub buffers: Vec<BufferSpec>,
    /// Fills the input from one chunk of pictures: as they are, and changed.
    pub load: [Dispatch; 2],
    /// Training, up to the logits.
    pub forward: Vec<Dispatch>,
    /// Inference, up to the logits.
    pub infer: Vec<Dispatch>,
    /// Loss and gradients.
    pub backward: Vec<Dispatch>,
    /// New weights.
    pub update: Vec<Dispatch>,
    /// The buffer of each tensor's values.
    pub tensors: Vec<usize>,
    /// The buffers of the whole network.
    pub globals: Globals,
    /// The moving statistics' buffer.
    pub state: usize,
    /// The most pictures at once.
    pub rows: usize,
}

/// How many rows and metrics the rings hold.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// Pictures that pass through the network at once.
    pub piece: usize,
    /// Entries of the list of rows.
    pub rows: usize,
    /// Pictures of a batch, each with its transform.
    pub transforms: usize,
    /// Steps whose figures wait to be read.
    pub steps: usize,
}

/// Rows that inference sends at once, at least.
const INFERENCE_ROWS: usize = 4096;

impl Capacity {
    /// For batches of `batch_size` that may be cut into pieces.
    pub fn new(batch_size: usize, micro_batch_size: Option<usize>, device: Tuning) -> Self {
        Self {
            piece: micro_batch_size.unwrap_or(batch_size).min(batch_size),
            rows: batch_size.max(INFERENCE_ROWS),
            transforms: batch_size,
            // A pause is answered when the steps under way are done, and on a software adapter steps are slow.
            steps: if device.software { 8 } else { 32 },
        }
    }
}

impl Program {
    /// Every dispatch, to compile.
    pub fn dispatches(&self) -> impl Iterator<Item = &Dispatch> {
        self.load.iter().chain(&self.forward).chain(&self.infer).chain(&self.backward).chain(&self.update)
    }

    /// What it takes memory for, and what to do where there is not as much: devices do not say how much they have.
    pub fn wanted(&self) -> String {
        let total: u64 = self.buffers.iter().map(|buffer| buffer.bytes).sum();
        let largest = self.buffers.iter().max_by_key(|buffer| buffer.bytes);
        let (name, bytes) = largest.map_or(("", 0), |buffer| (&buffer.name, buffer.bytes));
        let advice = match self.rows {
            0 | 1 => "make the network smaller".to_string(),
            rows => format!("set batch_size or micro_batch_size to {} or less", rows / 2),
        };
        let rows = self.rows;
        format!(
            "{rows} pictures at a time need {total} bytes, {bytes} of them for {name}; {advice}, or close other programs"
        )
    }

    /// Whether every buffer fits into `most` bytes and every grid into the 65 535 workgroups of an axis.
    ///
    /// # Errors
    /// Names the first that does not fit, and a batch that would.
    pub fn check(&self, most: u64) -> Result<(), String> {
        if let Some(buffer) = self.buffers.iter().find(|buffer| buffer.bytes > most) {
            let rows = self.rows as u64;
            let fits = rows * most / buffer.bytes;
            let advice = match fits {
                _ if !buffer.per_row => "the network is too large for this device; make it smaller".to_string(),
                0 => {
                    "one picture alone is too large for this device; make the pictures or the layer smaller".to_string()
                }
                fits => format!("set batch_size or micro_batch_size to {fits} or less. Received: {rows}"),
            };
            let (name, bytes) = (&buffer.name, buffer.bytes);
            return Err(format!("{name} needs {bytes} bytes, and this device allows {most} for one buffer; {advice}"));
        }
        match self.dispatches().find(|dispatch| dispatch.pass.grid.iter().any(|&groups| groups > 65_535)) {
            Some(Dispatch { label, pass, .. }) => Err(format!(
                "{label} needs a grid of {:?} workgroups, and WebGPU allows 65535 along an axis; make the layer or the batch \
                 smaller",
                pass.grid
            )),
            None => Ok(()),
        }
    }
}
