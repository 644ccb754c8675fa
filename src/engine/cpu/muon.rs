//! Muon's update of a matrix: momentum, then Newton-Schulz iterations that bring its singular values to about one.
//!
//! # Formula
//! `m = momentum * m + g`, `x = (g + momentum * m) / |.|`, several times `x = a x + (b A + c A A) x` with `A = x x^T`,
//! `w -= rate * scale * x`. A matrix with more rows than columns is transposed for it.

use crate::experiment::optimizer::Orthogonal;
use crate::kernels::cpu::matrix::{Matrix, Panels, Rows, Start, panels_len};
use crate::layers::layer::Element;

/// Updates matrix `w` of this shape with gradient `g`; `rate` is the step's learning rate. The slots hold the momentum and the
/// direction.
pub fn update<T: Element>(
    rule: &Orthogonal,
    shape: [usize; 2],
    w: &mut [T],
    g: &[T],
    slots: &mut [&mut [T]],
    rate: f64,
) {
    let [m, direction] = slots else { unreachable!("Muon has two slots") };
    let momentum = T::of(rule.momentum);
    for ((m, direction), &g) in m.iter_mut().zip(direction.iter_mut()).zip(g) {
        *m = momentum * *m + g;
        *direction = if rule.nesterov { g + momentum * *m } else { *m };
    }
    let x = orthogonal(rule, shape, direction);
    let factor = T::of(rate * rule.scale(shape));
    let [rows, columns] = shape;
    for (i, w) in w.iter_mut().enumerate() {
        let at = if rows > columns { i % columns * rows + i / columns } else { i };
        *w -= factor * x[at];
    }
}

/// The iterations' result for a matrix of `rows` and `columns`: its shorter side comes first.
fn orthogonal<T: Element>(rule: &Orthogonal, [rows, columns]: [usize; 2], values: &[T]) -> Vec<T> {
    let (m, n) = (rows.min(columns), rows.max(columns));
    let norm = values.iter().map(|v| v.f64() * v.f64()).sum::<f64>().sqrt();
    let scale = T::of((norm + 1e-7).recip());
    let at = |i: usize| if rows > columns { i % n * columns + i / n } else { i };
    let mut x: Vec<T> = (0..m * n).map(|i| values[at(i)] * scale).collect();
    let (mut gram, mut square, mut next) = (vec![T::zero(); m * m], vec![T::zero(); m * m], vec![T::zero(); m * n]);
    let longest = [panels_len::<T>(n, m), panels_len::<T>(m, m), panels_len::<T>(m, n)].into_iter().max();
    let mut memory = vec![T::zero(); longest.unwrap_or(0)];
    let [a, b, c] = rule.coefficients.map(T::of);
    for _ in 0..rule.steps {
        let product = Panels::pack(Matrix::dense(&x, n).t(), n, m, &mut memory);
        product.multiply(Matrix::dense(&x, n), m, 0..n, Start::Zero, Rows::dense(&mut gram, m));
        let product = Panels::pack(Matrix::dense(&gram, m), m, m, &mut memory);
        product.multiply(Matrix::dense(&gram, m), m, 0..m, Start::Zero, Rows::dense(&mut square, m));
        square.iter_mut().zip(&gram).for_each(|(square, &gram)| *square = b * gram + c * *square);
        next.iter_mut().zip(&x).for_each(|(next, &x)| *next = a * x);
        let product = Panels::pack(Matrix::dense(&x, n), m, n, &mut memory);
        product.multiply(Matrix::dense(&square, m), m, 0..m, Start::Add, Rows::dense(&mut next, n));
        std::mem::swap(&mut x, &mut next);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::random::normal;

    #[test]
    fn singular_values_are_about_one() {
        let coefficients = [3.4445, -4.775, 2.0315];
        let rule = Orthogonal { momentum: 0.0, nesterov: false, steps: 5, coefficients, rms_rate: 0.0 };
        for shape in [[5, 9], [9, 5], [1, 4], [4, 1], [6, 6]] {
            let [rows, columns] = shape;
            let g: Vec<f64> = (0..rows * columns).map(|i| normal(1, 0, 0, i as u32)).collect();
            let (mut w, mut m, mut d) = (vec![0.0; g.len()], vec![0.0; g.len()], vec![0.0; g.len()]);
            update(&rule, shape, &mut w, &g, &mut [&mut m, &mut d], 1.0);
            // The squares of the singular values sum to the squared norm.
            let norm = w.iter().map(|w| w * w).sum::<f64>() / rows.min(columns) as f64;
            assert!((0.4..1.5).contains(&norm), "{shape:?}: {norm}");
            // It descends.
            assert!(w.iter().zip(&g).map(|(w, g)| w * g).sum::<f64>() < 0.0);
        }
    }
}
