//! From dispatches to pipelines and bind groups. Passes that differ in nothing but their buffers share a pipeline.

use crate::pass::Pass;
use crate::pass::program::{Bound, Dispatch};
use std::collections::HashMap;
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
pub type Made = (wgpu::ComputePipeline, wgpu::BindGroupLayout);

/// So many pipelines are remembered; no network needs half as many.
const MOST: usize = 1024;

/// Makes pipelines and remembers them.
#[derive(Debug)]
pub struct Compiler {
    /// The layout of the step's numbers, which every pipeline reads.
    pub step: wgpu::BindGroupLayout,
    modules: HashMap<String, wgpu::ShaderModule>,
    layouts: HashMap<Vec<(u32, bool)>, wgpu::BindGroupLayout>,
    pipelines: HashMap<String, Made>,
}

impl Compiler {
    /// A compiler for a device.
    pub fn new(device: &wgpu::Device) -> Self {
        let step = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("step"),
            entries: &[entry(0, wgpu::BufferBindingType::Uniform, true)],
        });
        Self { step, modules: HashMap::new(), layouts: HashMap::new(), pipelines: HashMap::new() }
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
    pub fn pipeline(&mut self, device: &wgpu::Device, pass: &Pass, label: &str) -> Made {
        let source = pass.source();
        let accesses: Vec<(u32, bool)> = pass.bindings.iter().map(|binding| (binding.number, binding.writes)).collect();
        let constants: Vec<(&str, u64)> = pass.constants.iter().map(|(name, value)| (*name, value.to_bits())).collect();
        let key = format!("{} {constants:?} {accesses:?} {source}", pass.entry);
        if let Some(made) = self.pipelines.get(&key) {
            return made.clone();
        }
        if self.pipelines.len() == MOST {
            self.pipelines.clear();
            self.modules.clear();
        }
        let layout = self.layout(device, accesses);
        let module = self.modules.entry(source).or_insert_with_key(|source| {
            let source = wgpu::ShaderSource::Wgsl(source.as_str().into());
            device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(pass.label), source })
        });
        let both = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(pass.label),
            bind_group_layouts: &[Some(&layout), Some(&self.step)],
            immediate_size: 0,
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(label),
            layout: Some(&both),
            module,
            entry_point: Some(pass.entry),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &pass.constants,
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        self.pipelines.insert(key, (pipeline.clone(), layout.clone()));
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
        self.layouts.entry(accesses).or_insert_with_key(make).clone()
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
