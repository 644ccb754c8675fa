//! Sums over the rows of a matrix.

use crate::tensor::real::Real;

/// The number of columns that are summed in registers at a time.
const COLUMNS: usize = 32;

/// Sums the rows of `data`, a matrix of shape `(n, sums.len())`, into `sums`.
pub fn sum_rows<T: Real>(data: &[T], sums: &mut [T]) {
    let width = sums.len();
    let mut first = 0;
    while first < width {
        let count = match width - first {
            COLUMNS.. => sum_columns::<T, COLUMNS>(data, first, sums),
            8.. => sum_columns::<T, 8>(data, first, sums),
            4.. => sum_columns::<T, 4>(data, first, sums),
            _ => sum_columns::<T, 1>(data, first, sums),
        };
        first += count;
    }
}

/// Sums `N` columns from column `first` on; returns `N`.
fn sum_columns<T: Real, const N: usize>(data: &[T], first: usize, sums: &mut [T]) -> usize {
    let mut totals = [T::zero(); N];
    for row in data.chunks_exact(sums.len()) {
        let Some(values) = row[first..].first_chunk::<N>() else { break };
        totals.iter_mut().zip(values).for_each(|(total, &value)| *total += value);
    }
    sums[first..first + N].copy_from_slice(&totals);
    N
}
