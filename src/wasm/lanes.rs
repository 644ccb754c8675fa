//! The CPU engine's lanes on other workers: the session's side, and the side of such a worker.

use super::convert::{JsResult, throw};
use super::engine::{JsExperiment, experiment};
use crate::base::error::Error;
use crate::engine::cpu::lane_count;
use crate::engine::cpu::remote::{LaneHost, Local, Pool, RemoteLane, Reply, Request};
use crate::network::graph::Graph;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The interfaces that JavaScript implements; they have methods, so they are not generated from documents.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r"
/** Provides lanes of the CPU engine on other workers. */
export interface LanePool {
  /** Number of lanes, including the engine's own: 1, 2, 4 or 8. */
  readonly lanes: number;
  /** Starts a `LaneWorker` with these arguments on another worker. */
  spawn(experiment: Experiment, index: number, lanes: number, batch: number): Promise<LanePort>;
}

/** A `LaneWorker` on another worker. */
export interface LanePort {
  /** Calls `LaneWorker.run` on that worker. Requests are answered in order. */
  send(request: Uint8Array): Promise<Uint8Array>;
  /** Releases the lane at the end of the session. */
  close(): void;
}
";

#[wasm_bindgen]
extern "C" {
    /// A pool of lanes on other workers.
    #[wasm_bindgen(typescript_type = "LanePool")]
    pub type JsPool;
    #[wasm_bindgen(method, getter)]
    fn lanes(this: &JsPool) -> usize;
    #[wasm_bindgen(method)]
    fn spawn(this: &JsPool, experiment: &JsValue, index: usize, lanes: usize, batch: usize) -> Promise;

    type JsLane;
    #[wasm_bindgen(method)]
    fn send(this: &JsLane, request: Uint8Array) -> Promise;
    #[wasm_bindgen(method)]
    fn close(this: &JsLane);

    /// A pool, or undefined.
    #[wasm_bindgen(typescript_type = "LanePool | undefined")]
    pub type JsMaybePool;
}

/// The lanes of one experiment on other workers.
pub(super) struct SessionPool {
    pub pool: JsPool,
    pub experiment: JsValue,
}

struct PortedLane {
    lane: JsLane,
    answers: RefCell<VecDeque<JsFuture>>,
    memory: RefCell<Vec<u8>>,
    /// The buffer of the last answer, reused for the next request: allocating a new one takes longer than the copy.
    spare: RefCell<Option<ArrayBuffer>>,
}

/// Copies `bytes` to JavaScript, into `buffer` if that is large enough.
fn to_js_bytes(bytes: &[u8], buffer: Option<ArrayBuffer>) -> Uint8Array {
    let len = bytes.len() as u32;
    match buffer.filter(|buffer| buffer.byte_length() >= len) {
        None => Uint8Array::from(bytes),
        Some(buffer) => {
            let array = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, len);
            array.copy_from(bytes);
            array
        }
    }
}

/// The error of a worker, with its message.
fn lane_error(error: &JsValue) -> Error {
    let reason = error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| error.message().into());
    Error::Engine { engine: "cpu", message: format!("a worker failed: {reason}") }
}

impl Pool for SessionPool {
    fn lanes(&self) -> usize {
        lane_count(self.pool.lanes())
    }

    fn spawn(&self, index: usize, batch: usize) -> Local<'_, crate::base::error::Result<Box<dyn RemoteLane>>> {
        let lane = JsFuture::from(self.pool.spawn(&self.experiment, index, Pool::lanes(self), batch));
        Box::pin(async move {
            let lane = lane.await.map_err(|error| lane_error(&error))?.unchecked_into();
            let (answers, memory, spare) = Default::default();
            Ok(Box::new(PortedLane { lane, answers, memory, spare }) as Box<dyn RemoteLane>)
        })
    }
}

impl RemoteLane for PortedLane {
    fn send(&self, request: Request) -> crate::base::error::Result<()> {
        let mut memory = self.memory.borrow_mut();
        request.encode(&mut memory);
        let answer = self.lane.send(to_js_bytes(&memory, self.spare.take()));
        self.answers.borrow_mut().push_back(JsFuture::from(answer));
        Ok(())
    }

    fn receive(&self) -> Local<'_, crate::base::error::Result<Reply<'static>>> {
        Box::pin(async {
            let answer = self.answers.borrow_mut().pop_front();
            let answer = answer.ok_or_else(|| lane_error(&"it has no pending request".into()))?;
            let bytes: Uint8Array = answer.await.map_err(|error| lane_error(&error))?.unchecked_into();
            let mut memory = self.memory.borrow_mut();
            memory.resize(bytes.length() as usize, 0);
            bytes.copy_to(&mut memory);
            self.spare.replace(Some(bytes.buffer()));
            Reply::decode(&memory)
        })
    }
}

impl Drop for PortedLane {
    fn drop(&mut self) {
        self.lane.close();
    }
}

/// The compiled code of this engine. The worker of a lane makes its own instance of it, without loading or compiling it again.
#[wasm_bindgen(unchecked_return_type = "WebAssembly.Module")]
pub fn compiled_code() -> JsValue {
    wasm_bindgen::module()
}

/// A lane that runs on this worker for the session of another worker.
#[wasm_bindgen]
pub struct LaneWorker {
    host: LaneHost,
    memory: Vec<u8>,
}

#[wasm_bindgen]
impl LaneWorker {
    /// Lane `index` of `lanes` for batches of up to `batch` images of an experiment.
    ///
    /// # Errors
    /// Throws if the experiment is invalid or memory does not suffice.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsExperiment, index: usize, lanes: usize, batch: usize) -> JsResult<LaneWorker> {
        let spec = experiment(spec)?;
        let graph = Graph::new(&spec).map_err(throw)?;
        let host = LaneHost::new(Arc::new(graph), index, lanes, batch, spec.seed).map_err(throw)?;
        Ok(Self { host, memory: Vec::new() })
    }

    /// Executes a request and returns the answer; both are opaque bytes. The answer reuses the request's buffer if that
    /// is large enough.
    ///
    /// # Errors
    /// Throws if the request cannot be decoded.
    pub fn run(&mut self, request: Uint8Array) -> JsResult<Uint8Array> {
        self.memory.resize(request.length() as usize, 0);
        request.copy_to(&mut self.memory);
        let work = Request::decode(&self.memory).map_err(throw)?;
        self.host.run(work).encode(&mut self.memory);
        Ok(to_js_bytes(&self.memory, Some(request.buffer())))
    }
}
