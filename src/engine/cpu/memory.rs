//! Whether a network fits in memory. This is checked before anything is allocated, because a failed allocation aborts
//! the program.

use crate::base::error::{Error, Result};
use crate::network::graph::Graph;
use crate::network::plan::{Plan, SHARDS, shard_rows};
use crate::tensor::gradient::GradientMode;

/// One allocation of the engine.
struct Need {
    bytes: u128,
    /// The tensor that it holds, if its size depends on the batch.
    tensor: Option<usize>,
}

/// An upper estimate of everything except the lanes' tensors and the large flat arrays, in bytes.
const REST: u128 = 4 << 20;

/// The bytes that a program can address. On 32 bits, 128 MiB are kept for everything else.
const ADDRESSES: u128 = if cfg!(target_pointer_width = "32") { (4 << 30) - (128 << 20) } else { 1 << 46 };

/// An estimate of the memory that an engine allocates.
pub struct MemoryEstimate<'a> {
    /// The network.
    pub graph: &'a Graph,
    /// The plan of a training step.
    pub plan: &'a Plan,
    /// The number of flat arrays as long as the weights: the weights, their gradient, the optimiser's slots.
    pub arrays: usize,
    /// The number of lanes in this memory, and the shards of each.
    pub lanes: (usize, usize),
    /// Bytes per value.
    pub value: usize,
}

impl MemoryEstimate<'_> {
    /// Checks that micro-batches of `piece` images fit.
    ///
    /// # Errors
    /// [`Error::Engine`] names the largest part, and a batch size that would fit.
    pub fn check(&self, piece: usize) -> Result<()> {
        let needs = self.needs(piece);
        if fits(&needs) {
            return Ok(());
        }
        let total: u128 = needs.iter().map(|need| need.bytes).sum();
        let of = |tensor: usize| needs.iter().filter(|n| n.tensor == Some(tensor)).map(|n| n.bytes).sum::<u128>();
        let largest = (0..=self.graph.nodes.len()).max_by_key(|&tensor| of(tensor)).unwrap_or(0);
        let name = largest.checked_sub(1).map_or("the images".to_string(), |node| {
            format!("the output of layer \"{}\"", self.graph.nodes[node].name)
        });
        let smaller = std::iter::successors(Some(piece / 2), |piece| Some(piece / 2));
        let advice = match smaller.take_while(|&piece| piece > 0).find(|&piece| fits(&self.needs(piece))) {
            Some(piece) => format!("set batch_size to {piece} or less, or cut the batch with micro_batch_size {piece}"),
            None => "make the network smaller".to_string(),
        };
        Err(Error::Engine {
            engine: "cpu",
            message: format!(
                "{piece} images at a time need {} of memory, most of it for {name} ({}), and less is available; {advice}",
                size(total),
                size(of(largest))
            ),
        })
    }

    /// The sum of all allocations, in bytes.
    pub fn bytes(&self, piece: usize) -> u64 {
        self.needs(piece).iter().map(|need| need.bytes).sum::<u128>().min(u64::MAX.into()) as u64
    }

    fn needs(&self, piece: usize) -> Vec<Need> {
        let Self { graph, plan, arrays, lanes: (lanes, shards), value } = self;
        let value = *value as u128;
        let flat = |values: usize| Need { bytes: values as u128 * value, tensor: None };
        let mut needs: Vec<Need> = (0..*arrays).map(|_| flat(graph.weights_len)).collect();
        needs.push(flat(2 * graph.state_len));
        let rows = |lane: usize| -> u128 {
            // The same as in `Lane::new`.
            let rows = (lane * shards..(lane + 1) * shards).map(|shard| shard_rows(piece, shard).len()).sum::<usize>();
            let capacity = if plan.synchronises() { rows + shards } else { piece.div_ceil(SHARDS) };
            capacity as u128
        };
        let widest = plan.stages.iter().map(|stage| stage.weights.len()).max().unwrap_or(0);
        for lane in 0..*lanes {
            let tensor = |tensor: usize| {
                let bytes = rows(lane) * graph.shape(tensor).len() as u128 * value;
                Need { bytes, tensor: Some(tensor) }
            };
            for t in 0..=graph.nodes.len() {
                needs.push(tensor(t));
                needs.extend(plan.needs[t].then(|| tensor(t)));
                needs.extend((t > 0 && plan.keeps_input(graph, t - 1)).then(|| tensor(t)));
            }
            // Second and further readers of a tensor write their gradient to a spare buffer, which all layers share.
            let second = |node: usize| {
                let inputs = graph.nodes[node].inputs.iter().zip(&plan.dx[node]);
                inputs.filter(|(_, dx)| **dx == GradientMode::Add).map(|(&t, _)| t)
            };
            let most = (0..graph.nodes.len()).map(|node| second(node).count()).max().unwrap_or(0);
            for k in 0..most {
                let kth = (0..graph.nodes.len()).filter_map(|node| second(node).nth(k));
                needs.extend(kth.map(tensor).max_by_key(|need| need.bytes));
            }
            needs.extend((0..shards.ilog2() + 2).map(|_| flat(widest)));
        }
        needs
    }
}

/// Tries to allocate everything at once, and frees it again.
fn fits(needs: &[Need]) -> bool {
    if needs.iter().map(|need| need.bytes).sum::<u128>() + REST > ADDRESSES {
        return false;
    }
    let mut held: Vec<Vec<u8>> = Vec::with_capacity(needs.len());
    needs.iter().all(|need| {
        let mut memory = Vec::new();
        let given = usize::try_from(need.bytes).is_ok_and(|bytes| memory.try_reserve_exact(bytes).is_ok());
        held.push(memory);
        given
    })
}

/// A size for display: "3.4 GiB".
fn size(bytes: u128) -> String {
    let rounded = |unit: u128| (bytes + unit / 2) / unit;
    if bytes < 1_000_000_000 {
        return format!("{} MiB", rounded(1 << 20));
    }
    let tenths = (10 * bytes + (1 << 29)) >> 30;
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}
