//! The CPU engine's lanes on other workers: what a session asks of them, and what such a worker runs.

use super::convert::{JsResult, throw};
use super::engine::{JsExperiment, experiment};
use crate::base::error::Error;
use crate::engine::cpu::lanes_of;
use crate::engine::cpu::remote::{LaneHost, Local, Pool, RemoteLane, Reply, Request};
use crate::network::graph::Graph;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What JavaScript has to bring: these are not documents, but objects that do something.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r"
/** Gives the CPU engine lanes on other workers. */
export interface LanePool {
  /** All lanes, the engine's own among them: 1, 2, 4 or 8. */
  readonly lanes: number;
  /** Starts a `LaneWorker` with these arguments on another worker. */
  spawn(experiment: Experiment, index: number, lanes: number, batch: number): Promise<LanePort>;
}

/** A `LaneWorker` on another worker. */
export interface LanePort {
  /** `LaneWorker.run` there. Requests are answered in order. */
  send(request: Uint8Array): Promise<Uint8Array>;
  /** The session needs it no longer. */
  close(): void;
}
";

#[wasm_bindgen]
extern "C" {
    /// Gives lanes on other workers.
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

    /// A pool, or nothing.
    #[wasm_bindgen(typescript_type = "LanePool | undefined")]
    pub type JsMaybePool;
}

/// One experiment's lanes on other workers.
pub(super) struct SessionPool {
    pub pool: JsPool,
    pub experiment: JsValue,
}

struct PortedLane {
    lane: JsLane,
    answers: RefCell<VecDeque<JsFuture>>,
    memory: RefCell<Vec<u8>>,
    /// The buffer of the last answer, for the next request: fresh memory would cost more than what is copied into it.
    spare: RefCell<Option<ArrayBuffer>>,
}

/// Copies `bytes` to JavaScript, into `buffer` where that is large enough.
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

/// A worker that failed, with its own words.
fn lane_error(error: &JsValue) -> Error {
    let reason = error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| error.message().into());
    Error::Engine { engine: "cpu", message: format!("a worker failed: {reason}") }
}

impl Pool for SessionPool {
    fn lanes(&self) -> usize {
        lanes_of(self.pool.lanes())
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
            let answer = answer.ok_or_else(|| lane_error(&"nothing was asked of it".into()))?;
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

/// A lane of another worker's session, on this worker.
#[wasm_bindgen]
pub struct LaneWorker {
    host: LaneHost,
    memory: Vec<u8>,
}

#[wasm_bindgen]
impl LaneWorker {
    /// Lane `index` of `lanes` for batches of up to `batch` pictures of an experiment.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsExperiment, index: usize, lanes: usize, batch: usize) -> JsResult<LaneWorker> {
        let spec = experiment(spec)?;
        let graph = Graph::new(&spec).map_err(throw)?;
        let host = LaneHost::new(Arc::new(graph), index, lanes, batch, spec.seed).map_err(throw)?;
        Ok(Self { host, memory: Vec::new() })
    }

    /// Does what a request asks; both are opaque bytes. The answer takes the request's place where it fits.
    pub fn run(&mut self, request: Uint8Array) -> JsResult<Uint8Array> {
        self.memory.resize(request.length() as usize, 0);
        request.copy_to(&mut self.memory);
        let work = Request::decode(&self.memory).map_err(throw)?;
        self.host.run(work).encode(&mut self.memory);
        Ok(to_js_bytes(&self.memory, Some(request.buffer())))
    }
}
