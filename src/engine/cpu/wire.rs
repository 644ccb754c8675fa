//! Requests and replies of lanes as bytes: arrays one after another, each with its length before it. Both ends are this
//! code on one machine, so there is no version and no byte order to mind.

use super::remote::{Load, Reply, Request};
use crate::augment::{FillMode, Transform};
use crate::error::{Error, Result};
use crate::loss::LossSums;

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn put<const N: usize>(&mut self, values: impl ExactSizeIterator<Item = [u8; N]>) {
        self.0.extend((values.len() as u64).to_le_bytes());
        self.0.reserve(values.len() * N);
        values.for_each(|value| self.0.extend(value));
    }
    fn numbers(&mut self, values: &[u64]) {
        self.put(values.iter().map(|value| value.to_le_bytes()));
    }
    fn floats(&mut self, values: &[f32]) {
        self.put(values.iter().map(|value| value.to_le_bytes()));
    }
    fn doubles(&mut self, values: &[f64]) {
        self.put(values.iter().map(|value| value.to_le_bytes()));
    }
    fn bytes(&mut self, values: &[u8]) {
        self.0.extend((values.len() as u64).to_le_bytes());
        self.0.extend_from_slice(values);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn cut(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len).ok_or_else(|| Error::Engine {
            engine: "cpu",
            message: "a worker sent a message that is cut off; start the run again".into(),
        })?;
        self.0 = tail;
        Ok(head)
    }
    fn take<const N: usize, T>(&mut self, make: impl Fn([u8; N]) -> T) -> Result<Vec<T>> {
        let mut len = [0; 8];
        len.copy_from_slice(self.cut(8)?);
        let bytes = self.cut((u64::from_le_bytes(len) as usize).saturating_mul(N))?;
        let value = |chunk: &[u8]| {
            let mut array = [0; N];
            array.copy_from_slice(chunk);
            make(array)
        };
        Ok(bytes.chunks_exact(N).map(value).collect())
    }
    fn numbers(&mut self) -> Result<Vec<u64>> {
        self.take(u64::from_le_bytes)
    }
    fn floats(&mut self) -> Result<Vec<f32>> {
        self.take(f32::from_le_bytes)
    }
    fn doubles(&mut self) -> Result<Vec<f64>> {
        self.take(f64::from_le_bytes)
    }
    fn bytes(&mut self) -> Result<Vec<u8>> {
        self.take(|[byte]: [u8; 1]| byte)
    }
}

impl Request {
    /// The request as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.numbers(&[self.stage.map_or(0, |stage| stage as u64 + 1), u64::from(self.load.is_some())]);
        out.doubles(&self.sums);
        if let Some(load) = &self.load {
            out.floats(&load.weights);
            out.floats(&load.state);
            out.bytes(&load.pixels);
            out.bytes(&load.labels);
            out.floats(&load.transforms.iter().flat_map(|t| t.map).collect::<Vec<_>>());
            let rest =
                load.transforms.iter().flat_map(|t| t.hole.map(|edge| edge as u64).into_iter().chain([t.fill as u64]));
            out.numbers(&rest.collect::<Vec<_>>());
            out.numbers(&[load.rows as u64, load.total_rows as u64, load.first_row as u64, u64::from(load.step)]);
        }
        out.0
    }

    /// The request from its bytes.
    ///
    /// # Errors
    /// [`Error::Engine`] where they are cut off.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Reader(bytes);
        let head = from.numbers()?;
        let at = |numbers: &[u64], i: usize| numbers.get(i).copied().unwrap_or_default() as usize;
        let sums = from.doubles()?;
        let stage = at(&head, 0).checked_sub(1);
        if at(&head, 1) == 0 {
            return Ok(Self { load: None, stage, sums });
        }
        let (weights, state) = (from.floats()?, from.floats()?);
        let (pixels, labels) = (from.bytes()?, from.bytes()?);
        let (maps, rest, place) = (from.floats()?, from.numbers()?, from.numbers()?);
        let transforms = maps.chunks_exact(6).zip(rest.chunks_exact(5)).map(|(map, rest)| Transform {
            map: [0, 1, 2, 3, 4, 5].map(|i| map[i]),
            hole: [0, 1, 2, 3].map(|i| rest[i] as i32),
            fill: match rest[4] {
                0 => FillMode::Constant,
                1 => FillMode::Reflect,
                _ => FillMode::Nearest,
            },
        });
        let load = Load {
            weights,
            state,
            pixels,
            labels,
            transforms: transforms.collect(),
            rows: at(&place, 0),
            total_rows: at(&place, 1),
            first_row: at(&place, 2),
            step: at(&place, 3) as u32,
        };
        Ok(Self { load: Some(load), stage, sums })
    }
}

impl Reply {
    /// The reply as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.floats(&self.values);
        out.doubles(&self.partials);
        out.doubles(&self.losses.iter().flat_map(|sums| [sums.loss, sums.correct as f64]).collect::<Vec<_>>());
        out.0
    }

    /// The reply from its bytes.
    ///
    /// # Errors
    /// [`Error::Engine`] where they are cut off.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Reader(bytes);
        let (values, partials, losses) = (from.floats()?, from.doubles()?, from.doubles()?);
        let losses = losses.chunks_exact(2).map(|pair| LossSums { loss: pair[0], correct: pair[1] as usize });
        Ok(Self { values, partials, losses: losses.collect() })
    }
}
