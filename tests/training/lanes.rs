//! Lanes of the CPU engine on other workers: the same bits, and what happens when one ends.

use super::SHAPE;
use super::common::{bits, dataset, experiment, mixed_layers, run};
use convlab::engine::choose::Choice;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::cpu::remote::{LaneHost, Local, Pool, RemoteLane, Reply, Request};
use convlab::engine::{ImageSets, Source, Step};
use convlab::experiment::augment;
use convlab::network::graph::Graph;
use convlab::train::{Event, Options, Trainer};
use pollster::block_on;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// A lane host in this thread with the interface of one on another worker.
struct Here(RefCell<LaneHost>, RefCell<VecDeque<Reply<'static>>>);

impl RemoteLane for Here {
    fn send(&self, request: Request) -> convlab::Result<()> {
        // Encodes and decodes, as between workers.
        let mut bytes = Vec::new();
        request.encode(&mut bytes);
        self.0.borrow_mut().run(Request::decode(&bytes)?).encode(&mut bytes);
        self.1.borrow_mut().push_back(Reply::decode(&bytes)?);
        Ok(())
    }
    fn receive(&self) -> Local<'_, convlab::Result<Reply<'static>>> {
        Box::pin(async { Ok(self.1.borrow_mut().pop_front().expect("a request came first")) })
    }
}

struct Hosts(Arc<Graph>, usize);

impl Pool for Hosts {
    fn lanes(&self) -> usize {
        self.1
    }
    fn spawn(&self, index: usize, batch: usize) -> Local<'_, convlab::Result<Box<dyn RemoteLane>>> {
        let host = LaneHost::new(self.0.clone(), index, self.1, batch, 5).unwrap();
        Box::pin(async { Ok(Box::new(Here(RefCell::new(host), RefCell::default())) as Box<dyn RemoteLane>) })
    }
}

#[test]
fn lanes_on_other_workers_give_the_same_bits_as_one_thread() {
    for changes in [
        json!([{"type": "random_rotation", "factor": 0.1}, {"type": "mix_up"}]),
        json!([{"type": "random_color_jitter", "brightness_factor": [-0.3, 0.3], "contrast_factor": [0.2, 0.6]},
            {"type": "random_erasing"}, {"type": "random_flip", "alternating": true}, {"type": "cut_mix"}]),
    ] {
        give_the_same_bits_on_lanes(&changes);
    }
}

fn give_the_same_bits_on_lanes(augmentation: &Value) {
    let data = dataset(SHAPE, 4, 100, 70);
    let spec = experiment(SHAPE, mixed_layers(4), json!({"augmentation": augmentation}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let sets = ImageSets { train: &data.train, test: &data.test };
    let run = |lanes: usize| {
        let pool = Hosts(graph.clone(), lanes);
        let engine = CpuEngine::with_pool(graph.clone(), &spec.optimizer, 40, Some(21), 5, &pool);
        let mut engine = block_on(engine).unwrap();
        for step in 0..5u32 {
            let rows = if step == 4 { 3 } else { 40 };
            let indices: Vec<u32> = (0..rows).map(|i| (i + step * 13) % 100).collect();
            let transforms: Vec<_> =
                indices.iter().map(|&i| augment::draw(&spec.augmentation, (10, 9), 100, 5, step, i)).collect();
            let step = Step { indices: &indices, transforms: &transforms, step, learning_rate: 0.01 };
            block_on(engine.train_step_pooled(sets, &step)).unwrap();
        }
        let indices: Vec<u32> = (0..70).collect();
        let logits = block_on(engine.logits_pooled(sets, Source::Test, &indices)).unwrap();
        (engine.parameters(), logits, engine.figures())
    };
    let one = run(1);
    for lanes in [2, 4, 8] {
        assert!(one == run(lanes), "{lanes} lanes differ from one with {augmentation}");
    }
}

/// A pool whose lanes end with their worker, as in a browser: the n-th request to any lane finds it ended.
struct Ending {
    hosts: Hosts,
    left: Rc<Cell<usize>>,
}

struct EndingLane(Box<dyn RemoteLane>, Rc<Cell<usize>>);

impl RemoteLane for EndingLane {
    fn send(&self, request: Request) -> convlab::Result<()> {
        self.0.send(request)
    }
    fn receive(&self) -> Local<'_, convlab::Result<Reply<'static>>> {
        self.1.set(self.1.get().wrapping_sub(1));
        if self.1.get() == 0 {
            let message = "a worker failed: the browser ended it".to_string();
            return Box::pin(async { Err(convlab::Error::Engine { engine: "cpu", message }) });
        }
        self.0.receive()
    }
}

impl Pool for Ending {
    fn lanes(&self) -> usize {
        self.hosts.lanes()
    }
    fn spawn(&self, index: usize, batch: usize) -> Local<'_, convlab::Result<Box<dyn RemoteLane>>> {
        Box::pin(async move {
            let lane = self.hosts.spawn(index, batch).await?;
            Ok(Box::new(EndingLane(lane, self.left.clone())) as Box<dyn RemoteLane>)
        })
    }
}

#[test]
fn a_worker_that_ends_costs_the_steps_since_the_last_snapshot_and_no_bit() {
    let data = dataset(SHAPE, 4, 100, 70);
    let spec = experiment(SHAPE, mixed_layers(4), json!({"seed": 5, "epochs": 2}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let options = Options { engine: Choice::Cpu, ..Options::default() };
    let left = Rc::new(Cell::new(0));
    let pooled = || {
        let pool = Rc::new(Ending { hosts: Hosts(graph.clone(), 2), left: left.clone() });
        block_on(Trainer::with_pool(spec.clone(), data.clone(), options, Some(pool))).unwrap()
    };
    let mut whole = pooled();
    run(&mut whole);
    // In the first step, between two snapshots, and again before the next one.
    for ends in [vec![1], vec![9], vec![20, 3, 4]] {
        let mut trainer = pooled();
        let mut told = Vec::new();
        let times = ends.len();
        let mut ends = ends.into_iter();
        left.set(ends.next().unwrap());
        while !trainer.is_done() {
            for event in block_on(trainer.advance(0.0)).unwrap() {
                if let Event::Interrupted { message, engine, .. } = event {
                    assert!(
                        message.contains("continues with new workers") && message.contains("ended it"),
                        "{message}"
                    );
                    assert_eq!(engine, "cpu");
                    told.push(message);
                    left.set(ends.next().unwrap_or(0));
                }
            }
        }
        assert_eq!((told.len(), trainer.history().interruptions.len()), (times, times));
        // The finished run answers after a worker has ended, too.
        let before = block_on(whole.predictions(false)).unwrap();
        left.set(1);
        assert_eq!(block_on(trainer.predictions(false)).unwrap(), before);
        assert_eq!(bits(&whole), bits(&trainer));
        assert_eq!(block_on(whole.weights()).unwrap(), block_on(trainer.weights()).unwrap());
    }
}

#[test]
fn workers_that_always_end_end_the_run_with_their_error() {
    let data = dataset(SHAPE, 4, 100, 70);
    let spec = experiment(SHAPE, mixed_layers(4), json!({"seed": 5}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let options = Options { engine: Choice::Cpu, ..Options::default() };
    let left = Rc::new(Cell::new(0));
    let pool = Rc::new(Ending { hosts: Hosts(graph, 2), left: left.clone() });
    let mut trainer = block_on(Trainer::with_pool(spec, data, options, Some(pool))).unwrap();
    let mut attempts = 0;
    let error = loop {
        left.set(1);
        match block_on(trainer.advance(0.0)) {
            Ok(_) => attempts += 1,
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(attempts, 3);
    assert!(error.contains("a worker failed: the browser ended it"), "{error}");
}

/// A pool that notes when a lane is asked for, waited for and closed. One lane may fail to start.
struct Noting {
    hosts: Hosts,
    fails: usize,
    notes: Rc<RefCell<Vec<String>>>,
}

struct NotingLane(usize, Rc<RefCell<Vec<String>>>);

impl RemoteLane for NotingLane {
    fn send(&self, _request: Request) -> convlab::Result<()> {
        unreachable!("no step is made")
    }
    fn receive(&self) -> Local<'_, convlab::Result<Reply<'static>>> {
        unreachable!("no step is made")
    }
}

impl Drop for NotingLane {
    fn drop(&mut self) {
        self.1.borrow_mut().push(format!("{} closed", self.0));
    }
}

impl Pool for Noting {
    fn lanes(&self) -> usize {
        self.hosts.lanes()
    }
    fn spawn(&self, index: usize, _batch: usize) -> Local<'_, convlab::Result<Box<dyn RemoteLane>>> {
        self.notes.borrow_mut().push(format!("{index} begins"));
        Box::pin(async move {
            self.notes.borrow_mut().push(format!("{index} awaited"));
            if index == self.fails {
                let message = format!("worker {index} does not start");
                return Err(convlab::Error::Engine { engine: "cpu", message });
            }
            Ok(Box::new(NotingLane(index, self.notes.clone())) as Box<dyn RemoteLane>)
        })
    }
}

#[test]
fn lanes_start_side_by_side_and_without_one_of_them_none_is_left_open() {
    let spec = experiment(SHAPE, mixed_layers(4), json!({}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let notes = Rc::new(RefCell::new(Vec::<String>::new()));
    let start = |fails: usize| {
        let pool = Noting { hosts: Hosts(graph.clone(), 4), fails, notes: notes.clone() };
        let engine = block_on(CpuEngine::with_pool(graph.clone(), &spec.optimizer, 40, None, 5, &pool)).unwrap();
        let found = (engine.lanes(), engine.notice());
        drop(engine);
        let mut notes = notes.take();
        notes[6..].sort();
        (found, notes)
    };
    let begun = ["1 begins", "2 begins", "3 begins", "1 awaited", "2 awaited", "3 awaited"];
    let (found, notes) = start(0);
    assert_eq!(found, (4, None));
    assert_eq!(notes, [&begun[..], &["1 closed", "2 closed", "3 closed"]].concat());
    let ((lanes, notice), notes) = start(2);
    assert_eq!(lanes, 1);
    let notice = notice.unwrap();
    assert!(notice.contains("one thread") && notice.contains("worker 2 does not start"), "{notice}");
    assert_eq!(notes, [&begun[..], &["1 closed", "3 closed"]].concat());
}
