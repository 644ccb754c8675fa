//! From dispatches to pipelines and bind groups. Passes that differ only in their buffers share a pipeline.

use crate::kernels::gpu::pass::Pass;
use crate::network::program::{Bound, Dispatch};
use std::num::NonZeroU64;

/// A dispatch with its pipeline and bind group.
#[derive(Debug)]
pub struct Ready {
    /// The pipeline.
    pub pipeline: wgpu::ComputePipeline,
    /// The bind group of its buffers.
    pub buffers: wgpu::BindGroup,
    /// The number of workgroups along x, y and z.
    pub grid: [u32; 3],
}

/// A pipeline and the layout of its bind group.
pub type Pipeline = (wgpu::ComputePipeline, wgpu::BindGroupLayout);

/// A cache with few entries, searched linearly.
type Cache<K, T> = Vec<(K, T)>;

/// The cached value of `key`; created with `make` if missing.
fn get_or_insert<K: PartialEq, T: Clone>(list: &mut Cache<K, T>, key: K, make: impl FnOnce(&K) -> T) -> T {
    if let Some((_, there)) = list.iter().find(|(other, _)| *other == key) {
        return there.clone();
    }
    let new = make(&key);
    list.push((key, new.clone()));
    new
}

/// The size at which the cache of pipelines is cleared. No network needs half as many.
const MAX_PIPELINES: usize = 1024;

/// The key of a pipeline in the cache; constants are compared by their bits.
#[derive(Debug, PartialEq)]
struct Key {
    entry: &'static str,
    constants: Vec<(&'static str, u64)>,
    accesses: Vec<(u32, bool)>,
    source: String,
}

/// Creates pipelines and caches them.
#[derive(Debug)]
pub struct Compiler {
    /// The bind group layout of the step's uniforms, which every pipeline reads.
    pub step: wgpu::BindGroupLayout,
    modules: Cache<String, wgpu::ShaderModule>,
    layouts: Cache<Vec<(u32, bool)>, wgpu::BindGroupLayout>,
    pipelines: Cache<Key, Pipeline>,
}

impl Compiler {
    /// A compiler for a device.
    pub fn new(device: &wgpu::Device) -> Self {
        let step = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("step"),
            entries: &[entry(0, wgpu::BufferBindingType::Uniform, true)],
        });
        Self { step, modules: Vec::new(), layouts: Vec::new(), pipelines: Vec::new() }
    }

    /// Creates the pipeline and the bind group of a dispatch; `buffer` returns the buffer of each of its bindings.
    pub fn ready<'b>(
        &mut self,
        device: &wgpu::Device,
        dispatch: &Dispatch,
        buffer: impl Fn(&Bound) -> &'b wgpu::Buffer,
    ) -> Ready {
        let (pipeline, layout) = self.pipeline(device, &dispatch.pass, &dispatch.label);
        let entries: Vec<wgpu::BindGroupEntry> = dispatch
            .bounds
            .iter()
            .map(|bound| wgpu::BindGroupEntry {
                binding: bound.number,
                resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                    buffer: buffer(bound),
                    offset: bound.offset,
                    size: NonZeroU64::new(bound.bytes),
                }),
            })
            .collect();
        let buffers = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(&dispatch.label),
            layout: &layout,
            entries: &entries,
        });
        Ready { pipeline, buffers, grid: dispatch.pass.grid }
    }

    /// The pipeline of a pass, compiled if it is not in the cache.
    pub fn pipeline(&mut self, device: &wgpu::Device, pass: &Pass, label: &str) -> Pipeline {
        let source = pass.source();
        let accesses: Vec<(u32, bool)> = pass.bindings.iter().map(|binding| (binding.number, binding.writes)).collect();
        let constants = pass.constants.iter().map(|(name, value)| (*name, value.to_bits())).collect();
        let key = Key { entry: pass.entry, constants, accesses: accesses.clone(), source: source.clone() };
        if let Some((_, there)) = self.pipelines.iter().find(|(other, _)| *other == key) {
            return there.clone();
        }
        if self.pipelines.len() == MAX_PIPELINES {
            self.pipelines.clear();
            self.modules.clear();
        }
        let layout = self.layout(device, accesses);
        let module = get_or_insert(&mut self.modules, source, |source| {
            let source = wgpu::ShaderSource::Wgsl(source.as_str().into());
            let descriptor = wgpu::ShaderModuleDescriptor { label: Some(pass.label), source };
            if pass.in_bounds {
                // SAFETY: `in_bounds` states that the shader accesses nothing outside its buffers and arrays, and that
                // its loops end. Browsers ignore this and keep their checks.
                unsafe { device.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked()) }
            } else {
                device.create_shader_module(descriptor)
            }
        });
        let both = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(pass.label),
            bind_group_layouts: &[Some(&layout), Some(&self.step)],
            immediate_size: 0,
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(label),
            layout: Some(&both),
            module: &module,
            entry_point: Some(pass.entry),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &pass.constants,
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        self.pipelines.push((key, (pipeline.clone(), layout.clone())));
        (pipeline, layout)
    }

    fn layout(&mut self, device: &wgpu::Device, accesses: Vec<(u32, bool)>) -> wgpu::BindGroupLayout {
        let make = |accesses: &Vec<(u32, bool)>| {
            let entries: Vec<wgpu::BindGroupLayoutEntry> = accesses
                .iter()
                .map(|&(number, writes)| entry(number, wgpu::BufferBindingType::Storage { read_only: !writes }, false))
                .collect();
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries })
        };
        get_or_insert(&mut self.layouts, accesses, make)
    }
}

/// An entry of a bind group layout.
fn entry(binding: u32, ty: wgpu::BufferBindingType, has_dynamic_offset: bool) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
        count: None,
    }
}
