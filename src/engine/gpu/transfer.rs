//! Reading values back from the device.

use super::device::Device;
use super::fault::fault;
use crate::base::error::Result;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// The state that a mapping callback shares with the future that waits for it.
#[derive(Default)]
struct Mapping {
    result: Option<std::result::Result<(), wgpu::BufferAsyncError>>,
    waker: Option<Waker>,
}

/// A staging buffer, which the host can map.
pub fn staging(device: &Device, label: &str, bytes: u64) -> wgpu::Buffer {
    device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Waits for the work submitted so far, then returns the first `values` values of a staging buffer.
///
/// # Errors
/// [`crate::base::error::Error::Engine`] if the device is lost.
pub async fn collect<T: bytemuck::Pod>(device: &Device, staging: &wgpu::Buffer, values: usize) -> Result<Vec<T>> {
    let mapping = Arc::new(Mutex::new(Mapping::default()));
    let sender = mapping.clone();
    let slice = staging.slice(..(size_of::<T>() * values) as u64);
    slice.map_async(wgpu::MapMode::Read, move |result| {
        let mut mapping = sender.lock().unwrap_or_else(PoisonError::into_inner);
        mapping.result = Some(result);
        if let Some(waker) = mapping.waker.take() {
            waker.wake();
        }
    });
    // Natively the device must be polled. In a browser the event loop does so, and this call has no effect.
    if let Err(error) = device.device.poll(wgpu::PollType::wait_indefinitely()) {
        return Err(fault(format!("{}: {error}", device.name)));
    }
    let mapped = poll_fn(|context| {
        let mut mapping = mapping.lock().unwrap_or_else(PoisonError::into_inner);
        match mapping.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                mapping.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    });
    // If the device is lost, wgpu may not call back.
    #[cfg(not(target_arch = "wasm32"))]
    if mapping.lock().unwrap_or_else(PoisonError::into_inner).result.is_none() {
        device.check()?;
        return Err(fault(format!("{}: the device does not respond", device.name)));
    }
    let mapped = mapped.await;
    device.check()?;
    // A browser may report the failed mapping before the loss of the device; in both cases it must not be used again.
    mapped.map_err(|error| device.unsound(format!("{}: reading back failed: {error}", device.name)))?;
    let view = slice.get_mapped_range().map_err(|error| fault(format!("{}: {error}", device.name)))?;
    let numbers = bytemuck::pod_collect_to_vec(&view);
    drop(view);
    staging.unmap();
    Ok(numbers)
}

/// Copies the first `values` values of a buffer on the device to the host.
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

/// Waits until the device has finished all submitted work.
///
/// # Errors
/// As [`collect`].
pub async fn settle(device: &Device) -> Result<()> {
    let nothing = staging(device, "nothing", 4);
    let done = collect::<u32>(device, &nothing, 1).await;
    nothing.destroy();
    done.map(drop)
}
