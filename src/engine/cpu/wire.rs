//! The serialisation of requests and replies: a sequence of arrays, each preceded by its length. Both ends run this
//! code on the same machine, so the format needs neither a version nor a fixed byte order.

use super::remote::{Load, Reply, Request};
use crate::base::error::{Error, Result};
#[cfg(feature = "extended")]
use crate::tensor::color::ColorChange;
use crate::tensor::loss::LossSums;
#[cfg(feature = "extended")]
use crate::tensor::transform::Mix;
use crate::tensor::transform::{FillMode, Transform};
use bytemuck::Pod;
use std::borrow::Cow;

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn put<T: Pod>(&mut self, values: &[T]) {
        self.0.extend_from_slice(&(values.len() as u64).to_ne_bytes());
        self.0.extend_from_slice(bytemuck::cast_slice(values));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn cut(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len).ok_or_else(|| Error::Engine {
            engine: "cpu",
            message: "a worker sent a truncated message; start the run again".into(),
        })?;
        self.0 = tail;
        Ok(head)
    }
    fn take<T: Pod>(&mut self) -> Result<Vec<T>> {
        let mut len = [0; 8];
        len.copy_from_slice(self.cut(8)?);
        let bytes = self.cut((u64::from_ne_bytes(len) as usize).saturating_mul(size_of::<T>()))?;
        Ok(bytemuck::pod_collect_to_vec(bytes))
    }
}

/// The number of words of a [`Mix`].
#[cfg(feature = "extended")]
const MIX: usize = 8;

/// How an image is mixed, as words; the first one is 0 where it is not.
#[cfg(feature = "extended")]
fn mix_words(transform: &Transform) -> [u32; MIX] {
    transform.mix.map_or([0; MIX], |Mix { partner, share, window, inside }| {
        let [top, bottom, left, right] = window.map(|edge| edge as u32);
        [1, partner, share.to_bits(), top, bottom, left, right, inside.to_bits()]
    })
}

#[cfg(feature = "extended")]
fn mix_of(words: &[u32]) -> Option<Mix> {
    let &[1, partner, share, top, bottom, left, right, inside] = words else { return None };
    let window = [top, bottom, left, right].map(|edge| edge as i32);
    Some(Mix { partner, share: f32::from_bits(share), window, inside: f32::from_bits(inside) })
}

/// How an image's colors are changed, as numbers; the first one is 0 where they are not.
#[cfg(feature = "extended")]
fn color_numbers(transform: &Transform) -> [f32; 5] {
    transform.colors.map_or([0.0; 5], |ColorChange { brightness, contrast, saturation, hue }| {
        [1.0, brightness, contrast, saturation, hue]
    })
}

#[cfg(feature = "extended")]
fn colors_of(numbers: &[f32]) -> Option<ColorChange> {
    let &[1.0, brightness, contrast, saturation, hue] = numbers else { return None };
    Some(ColorChange { brightness, contrast, saturation, hue })
}

impl Request<'_> {
    /// Serialises the request into `memory`, which is reused between calls.
    pub fn encode(&self, memory: &mut Vec<u8>) {
        memory.clear();
        let mut out = Writer(memory);
        out.put(&[self.stage.map_or(0, |stage| stage as u64 + 1), u64::from(self.load.is_some())]);
        out.put(&self.sums);
        if let Some(load) = &self.load {
            out.put(&load.weights);
            out.put(&load.state);
            out.put(&load.pixels);
            out.put(&load.labels);
            out.put(&load.transforms.iter().flat_map(|t| t.map).collect::<Vec<_>>());
            let rest =
                load.transforms.iter().flat_map(|t| t.hole.map(|edge| edge as u64).into_iter().chain([t.fill as u64]));
            out.put(&rest.collect::<Vec<_>>());
            #[cfg(feature = "extended")]
            out.put(&load.transforms.iter().flat_map(mix_words).collect::<Vec<_>>());
            #[cfg(feature = "extended")]
            out.put(&load.transforms.iter().flat_map(color_numbers).collect::<Vec<_>>());
            out.put(&[load.rows as u64, load.total_rows as u64, load.first_row as u64, u64::from(load.step)]);
        }
    }

    /// Deserialises a request.
    ///
    /// # Errors
    /// [`Error::Engine`] if the bytes are truncated.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Reader(bytes);
        let head = from.take::<u64>()?;
        let at = |numbers: &[u64], i: usize| numbers.get(i).copied().unwrap_or_default() as usize;
        let sums = from.take()?;
        let stage = at(&head, 0).checked_sub(1);
        if at(&head, 1) == 0 {
            return Ok(Self { load: None, stage, sums });
        }
        let (weights, state) = (Cow::Owned(from.take()?), Cow::Owned(from.take()?));
        let (pixels, labels) = (from.take()?, from.take()?);
        let (maps, rest) = (from.take::<f32>()?, from.take::<u64>()?);
        let transforms = maps.chunks_exact(6).zip(rest.chunks_exact(5)).map(|(map, rest)| Transform {
            hole: [0, 1, 2, 3].map(|i| rest[i] as i32),
            ..Transform::new([0, 1, 2, 3, 4, 5].map(|i| map[i]), FillMode::of_code(rest[4]))
        });
        #[cfg(feature = "extended")]
        let (mixes, colors) = (from.take::<u32>()?, from.take::<f32>()?);
        #[cfg(feature = "extended")]
        let transforms = transforms
            .zip(mixes.chunks_exact(MIX).zip(colors.chunks_exact(5)))
            .map(|(transform, (mix, colors))| Transform { mix: mix_of(mix), colors: colors_of(colors), ..transform });
        let transforms = transforms.collect();
        let place = from.take::<u64>()?;
        let load = Load {
            weights,
            state,
            pixels,
            labels,
            transforms,
            rows: at(&place, 0),
            total_rows: at(&place, 1),
            first_row: at(&place, 2),
            step: at(&place, 3) as u32,
        };
        Ok(Self { load: Some(load), stage, sums })
    }
}

impl Reply<'_> {
    /// Serialises the reply into `memory`, which is reused between calls.
    pub fn encode(&self, memory: &mut Vec<u8>) {
        memory.clear();
        let mut out = Writer(memory);
        out.put(&self.values);
        out.put(&self.partials);
        out.put(&self.losses.iter().flat_map(|sums| [sums.loss, sums.correct as f64]).collect::<Vec<_>>());
    }

    /// Deserialises a reply.
    ///
    /// # Errors
    /// [`Error::Engine`] if the bytes are truncated.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Reader(bytes);
        let (values, partials, losses) = (from.take()?, from.take()?, from.take::<f64>()?);
        let losses = losses.chunks_exact(2).map(|pair| LossSums { loss: pair[0], correct: pair[1] as usize });
        Ok(Self { values: Cow::Owned(values), partials, losses: losses.collect() })
    }
}
