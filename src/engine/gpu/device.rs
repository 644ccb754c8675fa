//! The device: choice of the adapter, its limits, its errors.

use super::compile::Compiler;
use super::fault::fault;
use crate::base::error::{Error, Result};
use crate::experiment::optimizer::Optimizer;
use crate::kernels::gpu::tuning::Tuning;
use crate::network::graph::Graph;
use crate::network::program::{Capacity, Program};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// An open device.
#[derive(Debug)]
pub struct Device {
    /// The device, which creates buffers and pipelines.
    pub device: wgpu::Device,
    /// The queue, to which work is submitted.
    pub queue: wgpu::Queue,
    /// Adapter, backend and driver, for display.
    pub name: String,
    /// The tuning of kernels for this kind of device.
    pub tuning: Tuning,
    /// Compiles pipelines, and caches them.
    pub compiler: RefCell<Compiler>,
    /// The largest buffer that can be bound, in bytes.
    pub most: u64,
    faults: Arc<Faults>,
}

/// The errors of the device since it was opened.
#[derive(Debug, Default)]
struct Faults {
    lost: AtomicBool,
    first: Mutex<Option<String>>,
}

impl Faults {
    fn note(&self, message: String) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(message);
    }
}

impl Device {
    /// In a browser, the last device with its compiled pipelines, as long as it has no errors: on a slow adapter
    /// compiling takes seconds. Natively, where a process seldom creates a second engine, a new device.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if there is no adapter, or it does not open.
    pub async fn current() -> Result<Rc<Self>> {
        #[cfg(target_arch = "wasm32")]
        {
            thread_local!(static LAST: RefCell<Option<Rc<Device>>> = const { RefCell::new(None) });
            let sound = LAST.with_borrow_mut(|last| {
                last.take_if(|device| device.lost() || device.check().is_err());
                last.clone()
            });
            if let Some(device) = sound {
                return Ok(device);
            }
            let opened = Rc::new(Self::open().await?);
            // Concurrent callers must share one device: the first that is opened is kept.
            Ok(LAST.with_borrow_mut(|last| last.get_or_insert(opened).clone()))
        }
        #[cfg(not(target_arch = "wasm32"))]
        Self::open().await.map(Rc::new)
    }

    /// Opens a device on the fastest adapter.
    async fn open() -> Result<Self> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|error| {
            fault(format!("no WebGPU adapter was found ({error}); use the cpu engine, or another browser or driver"))
        })?;
        let info = adapter.get_info();
        let there = adapter.limits();
        // All other limits stay at the defaults, which WebGPU guarantees on every device.
        let required_limits = wgpu::Limits {
            max_buffer_size: there.max_buffer_size,
            max_storage_buffer_binding_size: there.max_storage_buffer_binding_size,
            ..wgpu::Limits::default()
        };
        let most = there.max_buffer_size.min(there.max_storage_buffer_binding_size);
        // For profiles. In browsers the timestamps are too coarse for them.
        let clock = wgpu::Features::TIMESTAMP_QUERY & adapter.features();
        let required_features = if cfg!(target_arch = "wasm32") { wgpu::Features::empty() } else { clock };
        let descriptor =
            wgpu::DeviceDescriptor { label: Some("convlab"), required_limits, required_features, ..Default::default() };
        let name = name(&info);
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| fault(format!("{name} refused to open: {error}")))?;
        let faults = Arc::new(Faults::default());
        let heard = faults.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| heard.note(error.to_string())));
        let heard = faults.clone();
        device.set_device_lost_callback(move |reason, message| {
            heard.lost.store(true, Ordering::Relaxed);
            let colon = if message.is_empty() { "" } else { ": " };
            heard.note(format!("the device was lost ({reason:?}){colon}{message}"));
        });
        let tuning = match (info.device_type, info.backend) {
            (wgpu::DeviceType::Cpu, wgpu::Backend::BrowserWebGpu) => Tuning::SOFTWARE,
            (wgpu::DeviceType::Cpu, _) => Tuning::NATIVE_SOFTWARE,
            _ => Tuning::HARDWARE,
        };
        let compiler = RefCell::new(Compiler::new(&device));
        Ok(Self { device, queue, name, tuning, compiler, most, faults })
    }

    /// The program of a network, checked against the device's limits.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] names what does not fit.
    pub fn plan(
        &self,
        tuning: Tuning,
        graph: &Graph,
        optimizer: &Optimizer,
        batch_size: usize,
        micro_batch_size: Option<usize>,
    ) -> Result<(Capacity, Program)> {
        let capacity = Capacity::new(batch_size, micro_batch_size, tuning);
        let program = Program::new(graph, optimizer, capacity, tuning);
        program.check(self.most).map_err(|message| fault(format!("{}: {message}", self.name)))?;
        Ok((capacity, program))
    }

    /// Whether the device is lost.
    pub fn lost(&self) -> bool {
        self.faults.lost.load(Ordering::Relaxed)
    }

    /// Checks that the device has reported no error.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] with the device's first message.
    pub fn check(&self) -> Result<()> {
        let first = self.faults.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.as_ref().map_or(Ok(()), |message| Err(fault(format!("{}: {message}", self.name))))
    }

    /// Records an error, so that the device is not used again.
    pub fn unsound(&self, message: String) -> Error {
        self.faults.note(message.clone());
        fault(message)
    }

    /// Runs `work` in error scopes. `wanted` is the message for a device out of memory: what needs how much.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device is out of memory or rejects an object.
    pub async fn guarded<T>(&self, wanted: impl Fn() -> String, work: impl FnOnce() -> T) -> Result<T> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validity = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let result = work();
        let (internal, validity, memory) = (internal.pop(), validity.pop(), memory.pop());
        if memory.await.is_some() {
            return Err(fault(format!("{} is out of memory: {}", self.name, wanted())));
        }
        match (validity.await, internal.await) {
            (Some(error), _) | (None, Some(error)) => Err(fault(format!("{}: {error}", self.name))),
            (None, None) => Ok(result),
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // In a browser, dropping a device does not free its memory.
        self.device.destroy();
    }
}

/// The description of an adapter, for display. Browsers give few details.
fn name(info: &wgpu::AdapterInfo) -> String {
    let name = if info.name.is_empty() { "GPU" } else { &info.name };
    let backend = match info.backend {
        wgpu::Backend::BrowserWebGpu => "WebGPU".to_string(),
        backend => format!("{backend:?}"),
    };
    let mut parts = vec![backend];
    parts.extend([&info.driver, &info.driver_info].into_iter().filter(|text| !text.is_empty()).cloned());
    if info.device_type == wgpu::DeviceType::Cpu {
        parts.push("software".to_string());
    }
    format!("{name} ({})", parts.join(", "))
}
