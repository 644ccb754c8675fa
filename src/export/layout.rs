//! The order of a tensor's axes, which is another one in other frameworks.

use ndarray::ArrayViewD;

/// The values of a tensor with its axes in another order, and its shape then; empty `axes` are the same order.
///
/// # Panics
/// Where there are more or fewer values than the shape says, or the axes are not those of the shape.
pub fn permuted(shape: &[usize], values: &[f32], axes: &[usize]) -> (Vec<usize>, Vec<f32>) {
    if axes.is_empty() {
        return (shape.to_vec(), values.to_vec());
    }
    let view = ArrayViewD::from_shape(shape, values).expect("a tensor has as many values as its shape says");
    let view = view.permuted_axes(axes);
    (view.shape().to_vec(), view.iter().copied().collect())
}

/// The axes that undo a permutation.
pub fn inverse(axes: &[usize]) -> Vec<usize> {
    let mut inverse = vec![0; axes.len()];
    axes.iter().enumerate().for_each(|(to, &from)| inverse[from] = to);
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_and_its_inverse_give_the_tensor_back() {
        let (shape, values): (_, Vec<f32>) = ([2, 3, 4, 5], (0..120).map(|i| i as f32).collect());
        let axes = [3, 2, 0, 1];
        let (turned, moved) = permuted(&shape, &values, &axes);
        assert_eq!((turned.as_slice(), moved[1]), ([5, 4, 2, 3].as_slice(), 20.0));
        assert_eq!(permuted(&turned, &moved, &inverse(&axes)), (shape.to_vec(), values));
    }
}
