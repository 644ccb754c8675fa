//! The data set on the device: pixels in chunks of at most one binding. Labels stay on the host, which sends them with
//! each batch.

use super::compile::Ready;
use super::device::Device;
use super::fault::fault;
use crate::base::error::Result;
use crate::data::Images;
use crate::engine::step::Source;
use crate::kernels::gpu::data::HEADER;
use crate::network::program::Dispatch;
use crate::tensor::transform::Transform;

/// The largest chunk in bytes, even if the device allows more, so that byte offsets fit in 32 bits.
const LARGEST: u64 = 1 << 30;

/// The images of one split.
#[derive(Debug)]
struct File {
    chunks: Vec<wgpu::Buffer>,
    labels: Vec<u8>,
    /// For each chunk, the pass that loads images without augmentation, the one with it, and the one that mixes images.
    load: Vec<Vec<Ready>>,
}

/// The data set on the device.
#[derive(Debug)]
pub struct Data {
    train: File,
    test: File,
}

/// How the images of a step are changed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// Each by a transform.
    pub changed: bool,
    /// Transforms mix images.
    pub mixed: bool,
    /// Transforms change colors.
    pub colors: bool,
}

impl Changes {
    /// By a step's transforms, which may mix images where `mixes` says so.
    pub fn of(transforms: &[Transform], mixes: bool) -> Self {
        let changed = !transforms.is_empty();
        #[cfg(feature = "extended")]
        let colors = transforms.iter().any(|transform| transform.colors.is_some());
        #[cfg(not(feature = "extended"))]
        let colors = false;
        Self { changed, mixed: mixes && changed, colors }
    }
}

impl Data {
    /// Copies both splits to the device.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if one image does not fit into a binding.
    pub fn new(
        device: &Device,
        load: &[Dispatch],
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

    /// The passes that fill the input, one per chunk; before them those that compute means where colors are changed, after them
    /// those that mix where images are mixed.
    pub fn load(&self, source: Source, change: Changes) -> impl Iterator<Item = &Ready> {
        let load = &self.file(source).load;
        let means = load.iter().filter_map(move |chunk| chunk.get(3).filter(|_| change.colors));
        let mixing = load.iter().filter_map(move |chunk| chunk.get(2).filter(|_| change.mixed));
        means.chain(load.iter().map(move |chunk| &chunk[usize::from(change.changed)])).chain(mixing)
    }

    /// The label of an image.
    pub fn label(&self, source: Source, index: u32) -> u8 {
        self.file(source).labels.get(index as usize).copied().unwrap_or_default()
    }

    /// The entry of an image in the list of rows: its index and its label.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if there is no such image.
    pub fn row(&self, source: Source, index: u32) -> Result<[u32; 2]> {
        let labels = &self.file(source).labels;
        match labels.get(index as usize) {
            Some(&label) => Ok([index, u32::from(label)]),
            None => Err(fault(format!("image {index} does not exist. Received: {} images", labels.len()))),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        self.train.chunks.iter().chain(&self.test.chunks).for_each(wgpu::Buffer::destroy);
    }
}

impl File {
    fn new(device: &Device, load: &[Dispatch], buffers: &[wgpu::Buffer], images: &Images) -> Result<Self> {
        let header = 4 * HEADER as u64;
        let length = images.image_len();
        let per_chunk = (device.most.min(LARGEST) - header) as usize / length;
        if per_chunk == 0 {
            return Err(fault(format!("one image of {length} bytes is too large for {}", device.name)));
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
            let ready = load.iter().map(|dispatch| {
                compiler.ready(&device.device, dispatch, |bound| bound.buffer.map_or(chunk, |buffer| &buffers[buffer]))
            });
            ready.collect()
        });
        let load = ready.collect();
        Ok(Self { chunks, labels: images.labels.clone(), load })
    }
}

fn chunk(device: &Device, first: usize, count: usize, bytes: &[u8]) -> wgpu::Buffer {
    let header = 4 * HEADER;
    let buffer = device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("images"),
        size: (header + bytes.len().next_multiple_of(4)) as u64,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    device.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(&[first as u32, count as u32, 0, 0]));
    // Writes must be multiples of 4 bytes, so the remaining bytes are padded.
    let (words, rest) = bytes.split_at(bytes.len() / 4 * 4);
    device.queue.write_buffer(&buffer, header as u64, words);
    if !rest.is_empty() {
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        device.queue.write_buffer(&buffer, (header + words.len()) as u64, &last);
    }
    buffer
}
