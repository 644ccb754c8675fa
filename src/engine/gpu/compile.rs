//! From dispatches to pipelines and bind groups. Passes that differ in nothing but their buffers share a pipeline.

use crate::kernels::gpu::pass::Pass;
use crate::network::program::{Bound, Dispatch};
use std::num::NonZeroU64;

/// A dispatch, ready to be encoded.
#[derive(Debug)]
pub struct Ready {
    /// What runs.
    pub pipeline: wgpu::ComputePipeline,
    /// On what.
    pub buffers: wgpu::BindGroup,
    /// How often.
    pub grid: [u32; 3],
}

/// A pipeline and the layout of its buffers.
pub type Pipeline = (wgpu::ComputePipeline, wgpu::BindGroupLayout);

/// What was made, and what for. There is so little that a list does.
type Resources<K, T> = Vec<(K, T)>;

/// What was made for `key`, or is now.
fn made<K: PartialEq, T: Clone>(list: &mut Resources<K, T>, key: K, make: impl FnOnce(&K) -> T) -> T {
    if let Some((_, there)) = list.iter().find(|(other, _)| *other == key) {
        return there.clone();
    }
    let new = make(&key);
    list.push((key, new.clone()));
    new
}

/// So many pipelines are remembered; no network needs half as many.
const MOST: usize = 1024;

/// What makes one pipeline differ from another; constants by their bits.
#[derive(Debug, PartialEq)]
struct Key {
    entry: &'static str,
    constants: Vec<(&'static str, u64)>,
    accesses: Vec<(u32, bool)>,
    source: String,
}

/// Makes pipelines and remembers them.
#[derive(Debug)]
pub struct Compiler {
    /// The layout of the step's numbers, which every pipeline reads.
    pub step: wgpu::BindGroupLayout,
    modules: Resources<String, wgpu::ShaderModule>,
    layouts: Resources<Vec<(u32, bool)>, wgpu::BindGroupLayout>,
    pipelines: Resources<Key, Pipeline>,
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

    /// Makes a dispatch ready; `buffer` gives the buffer of each of its bindings.
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

    /// The pipeline of a pass, compiled where it is new.
    pub fn pipeline(&mut self, device: &wgpu::Device, pass: &Pass, label: &str) -> Pipeline {
        let source = pass.source();
        let accesses: Vec<(u32, bool)> = pass.bindings.iter().map(|binding| (binding.number, binding.writes)).collect();
        let constants = pass.constants.iter().map(|(name, value)| (*name, value.to_bits())).collect();
        let key = Key { entry: pass.entry, constants, accesses: accesses.clone(), source: source.clone() };
        if let Some((_, there)) = self.pipelines.iter().find(|(other, _)| *other == key) {
            return there.clone();
        }
        if self.pipelines.len() == MOST {
            self.pipelines.clear();
            self.modules.clear();
        }
        let layout = self.layout(device, accesses);
        let module = made(&mut self.modules, source, |source| {
            let source = wgpu::ShaderSource::Wgsl(source.as_str().into());
            let descriptor = wgpu::ShaderModuleDescriptor { label: Some(pass.label), source };
            if pass.in_bounds {
                // SAFETY: the shader says that it reads and writes nothing outside its buffers and arrays, and its loops end.
                // In a browser this does nothing.
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
        made(&mut self.layouts, accesses, make)
    }
}

/// An entry of a layout.
fn entry(binding: u32, ty: wgpu::BufferBindingType, has_dynamic_offset: bool) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
        count: None,
    }
}
