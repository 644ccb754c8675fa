//! The order in which Keras lists the layers of a model, which the names in its files of weights follow: by the length of
//! the longest way to the output, and among equals in the order in which a search from the output meets them.

/// The objects in Keras's order. `inputs` are the objects that each one reads, all of them before it; the last is the
/// network's output.
pub fn keras_order(inputs: &[Vec<usize>]) -> Vec<usize> {
    let mut depths = vec![0; inputs.len()];
    for (object, read) in inputs.iter().enumerate().rev() {
        for &input in read {
            depths[input] = depths[input].max(depths[object] + 1);
        }
    }
    let met = met(inputs);
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by_key(|&object| (std::cmp::Reverse(depths[object]), met[object]));
    order
}

/// The position at which a depth-first search from the output first meets each object.
fn met(inputs: &[Vec<usize>]) -> Vec<usize> {
    let mut met = vec![usize::MAX; inputs.len()];
    let mut count = 0;
    let mut open: Vec<usize> = inputs.len().checked_sub(1).into_iter().collect();
    while let Some(object) = open.pop() {
        if met[object] == usize::MAX {
            met[object] = count;
            count += 1;
            open.extend(inputs[object].iter().rev());
        }
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_listed_by_their_distance_from_the_output() {
        // 0 -> 1 -> 2 -> 4 (add) and 1 -> 3 -> 4, the shortcut read first.
        let inputs = [vec![], vec![0], vec![1], vec![1], vec![3, 2]];
        assert_eq!(keras_order(&inputs), [0, 1, 3, 2, 4]);
        // A longer branch comes first wherever it is read.
        let inputs = [vec![], vec![0], vec![0], vec![2], vec![1, 3]];
        assert_eq!(keras_order(&inputs), [0, 2, 1, 3, 4]);
    }
}
