//! Getting numbers back from the device.

use super::device::Device;
use super::fault::fault;
use crate::base::error::Result;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// What a mapping callback leaves for the future that waits for it.
#[derive(Default)]
struct Letter {
    result: Option<std::result::Result<(), wgpu::BufferAsyncError>>,
    waker: Option<Waker>,
}

/// A buffer that the host can read.
pub fn staging(device: &Device, label: &str, bytes: u64) -> wgpu::Buffer {
    device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// The first `values` values of a staging buffer, when the work that was submitted so far is done.
///
/// # Errors
/// [`crate::base::error::Error::Engine`] where the device is lost.
pub async fn collect<T: bytemuck::Pod>(device: &Device, staging: &wgpu::Buffer, values: usize) -> Result<Vec<T>> {
    let letter = Arc::new(Mutex::new(Letter::default()));
    let sender = letter.clone();
    let slice = staging.slice(..(size_of::<T>() * values) as u64);
    slice.map_async(wgpu::MapMode::Read, move |result| {
        let mut letter = sender.lock().unwrap_or_else(PoisonError::into_inner);
        letter.result = Some(result);
        if let Some(waker) = letter.waker.take() {
            waker.wake();
        }
    });
    // Outside a browser nobody else turns the wheel; inside, this does nothing and the page's event loop does.
    if let Err(error) = device.device.poll(wgpu::PollType::wait_indefinitely()) {
        return Err(fault(format!("{}: {error}", device.name)));
    }
    let mapped = poll_fn(|context| {
        let mut letter = letter.lock().unwrap_or_else(PoisonError::into_inner);
        match letter.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                letter.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    });
    // Where a device is lost, wgpu may forget to call back.
    #[cfg(not(target_arch = "wasm32"))]
    if letter.lock().unwrap_or_else(PoisonError::into_inner).result.is_none() {
        device.check()?;
        return Err(fault(format!("{}: the device does not answer", device.name)));
    }
    let mapped = mapped.await;
    device.check()?;
    // A browser may tell of the failure before it tells that the device is gone; either way it is not to be used again.
    mapped.map_err(|error| device.unsound(format!("{}: reading back failed: {error}", device.name)))?;
    let view = slice.get_mapped_range().map_err(|error| fault(format!("{}: {error}", device.name)))?;
    let numbers = bytemuck::pod_collect_to_vec(&view);
    drop(view);
    staging.unmap();
    Ok(numbers)
}

/// The first `values` values of a buffer on the device.
///
/// # Errors
/// As [`collect`].
pub async fn read(device: &Device, buffer: &wgpu::Buffer, values: usize) -> Result<Vec<f32>> {
    if values == 0 {
        return Ok(Vec::new());
    }
    let bytes = 4 * values as u64;
    let wanted = || format!("{bytes} bytes to read back; close other programs");
    let staging = device.guarded(wanted, || staging(device, "read", bytes)).await?;
    let mut encoder = device.device.create_command_encoder(&Default::default());
    encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    let numbers = collect(device, &staging, values).await;
    staging.destroy();
    numbers
}

/// Waits until the device has done all that it was asked for.
///
/// # Errors
/// As [`collect`].
pub async fn settle(device: &Device) -> Result<()> {
    let nothing = staging(device, "nothing", 4);
    let done = collect::<u32>(device, &nothing, 1).await;
    nothing.destroy();
    done.map(drop)
}
