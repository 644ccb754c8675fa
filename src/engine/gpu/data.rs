//! Data sets on the device: bytes in chunks that can be bound, labels on the host, which sends them with each batch.

use super::compile::Ready;
use super::device::Device;
use super::fault::fault;
use crate::base::error::Result;
use crate::data::Images;
use crate::engine::step::Source;
use crate::kernels::gpu::data::HEADER;
use crate::network::program::Dispatch;

/// No chunk is larger, whatever the device allows: offsets in bytes stay well inside 32 bits.
const LARGEST: u64 = 1 << 30;

/// One file of pictures on the device.
#[derive(Debug)]
struct File {
    chunks: Vec<wgpu::Buffer>,
    labels: Vec<u8>,
    /// For each chunk, the pass that reads pictures as they are, and the one that changes them.
    load: Vec<[Ready; 2]>,
}

/// The pictures on the device.
#[derive(Debug)]
pub struct Data {
    train: File,
    test: File,
}

impl Data {
    /// Copies both files to the device.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where they do not fit.
    pub fn new(
        device: &Device,
        load: &[Dispatch; 2],
        buffers: &[wgpu::Buffer],
        [train, test]: [&Images; 2],
    ) -> Result<Self> {
        let file = |images| File::new(device, load, buffers, images);
        Ok(Self { train: file(train)?, test: file(test)? })
    }

    fn file(&self, source: Source) -> &File {
        match source {
            Source::Train => &self.train,
            Source::Test => &self.test,
        }
    }

    /// The passes that fill the input, one for each chunk.
    pub fn load(&self, source: Source, changed: bool) -> impl Iterator<Item = &Ready> {
        self.file(source).load.iter().map(move |chunk| &chunk[usize::from(changed)])
    }

    /// The entry of a picture in the list of rows: its number and its label.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where there is no such picture.
    pub fn row(&self, source: Source, index: u32) -> Result<[u32; 2]> {
        let labels = &self.file(source).labels;
        match labels.get(index as usize) {
            Some(&label) => Ok([index, u32::from(label)]),
            None => Err(fault(format!("picture {index} does not exist. Received: {} pictures", labels.len()))),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        self.train.chunks.iter().chain(&self.test.chunks).for_each(wgpu::Buffer::destroy);
    }
}

impl File {
    fn new(device: &Device, load: &[Dispatch; 2], buffers: &[wgpu::Buffer], images: &Images) -> Result<Self> {
        let header = 4 * HEADER as u64;
        let length = images.picture_len();
        let per_chunk = (device.most.min(LARGEST) - header) as usize / length;
        if per_chunk == 0 {
            return Err(fault(format!("one picture of {length} bytes is too large for {}", device.name)));
        }
        let chunks: Vec<wgpu::Buffer> = (0..images.len())
            .step_by(per_chunk)
            .map(|first| {
                let count = per_chunk.min(images.len() - first);
                chunk(device, first, count, &images.pixels[first * length..][..count * length])
            })
            .collect();
        let mut compiler = device.compiler.borrow_mut();
        let ready = chunks.iter().map(|chunk| {
            load.each_ref().map(|dispatch| {
                compiler.ready(&device.device, dispatch, |bound| bound.buffer.map_or(chunk, |buffer| &buffers[buffer]))
            })
        });
        let load = ready.collect();
        Ok(Self { chunks, labels: images.labels.clone(), load })
    }
}

fn chunk(device: &Device, first: usize, count: usize, bytes: &[u8]) -> wgpu::Buffer {
    let header = 4 * HEADER;
    let buffer = device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("pictures"),
        size: (header + bytes.len().next_multiple_of(4)) as u64,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    device.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(&[first as u32, count as u32, 0, 0]));
    // Writes are whole words, so the last odd bytes travel on their own.
    let (words, rest) = bytes.split_at(bytes.len() / 4 * 4);
    device.queue.write_buffer(&buffer, header as u64, words);
    if !rest.is_empty() {
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        device.queue.write_buffer(&buffer, (header + words.len()) as u64, &last);
    }
    buffer
}
