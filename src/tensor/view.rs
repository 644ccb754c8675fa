//! Tensors as views that carry their shape: the images of a shard first, then the axes of one image, channels last. Values
//! lie in memory in that order.

use crate::tensor::shape::Shape;
use ndarray::{
    ArrayView1, ArrayView2, ArrayView4, ArrayViewD, ArrayViewMut1, ArrayViewMut2, ArrayViewMut4, ArrayViewMutD,
    Dimension, IxDyn,
};

/// The shape of `rows` tensors.
fn dimensions(rows: usize, shape: &Shape) -> IxDyn {
    let mut dimensions = IxDyn::zeros(1 + shape.0.len());
    dimensions[0] = rows;
    dimensions.slice_mut()[1..].copy_from_slice(&shape.0);
    dimensions
}

/// `rows` tensors of one shape, `(rows, …)`.
///
/// # Panics
/// Where `data` is shorter.
pub fn tensors<'a, T>(data: &'a [T], rows: usize, shape: &Shape) -> ArrayViewD<'a, T> {
    ArrayViewD::from_shape(dimensions(rows, shape), data).expect("as many values as the shape has")
}

/// The same to write to.
///
/// # Panics
/// Where `data` is shorter.
pub fn tensors_mut<'a, T>(data: &'a mut [T], rows: usize, shape: &Shape) -> ArrayViewMutD<'a, T> {
    ArrayViewMutD::from_shape(dimensions(rows, shape), data).expect("as many values as the shape has")
}

/// A parameter.
///
/// # Panics
/// Where `data` is shorter.
pub fn parameter<'a, T>(data: &'a [T], shape: &[usize]) -> ArrayViewD<'a, T> {
    ArrayViewD::from_shape(shape, data).expect("as many values as the shape has")
}

/// The same to write to.
///
/// # Panics
/// Where `data` is shorter.
pub fn parameter_mut<'a, T>(data: &'a mut [T], shape: &[usize]) -> ArrayViewMutD<'a, T> {
    ArrayViewMutD::from_shape(shape, data).expect("as many values as the shape has")
}

/// `(n, h, w, c)`
///
/// # Panics
/// Where the tensors are no images.
pub fn images<'a, T>(tensors: &'a ArrayViewD<T>) -> ArrayView4<'a, T> {
    tensors.view().into_dimensionality().expect("images have four axes")
}

/// `(n, h, w, c)`
///
/// # Panics
/// Where the tensors are no images.
pub fn images_mut<'a, T>(tensors: &'a mut ArrayViewMutD<T>) -> ArrayViewMut4<'a, T> {
    tensors.view_mut().into_dimensionality().expect("images have four axes")
}

/// `(n h w, c)`, or `(n, features)` of flat tensors.
///
/// # Panics
/// Where the last axis is zero.
pub fn pixels<'a, T>(tensors: &'a ArrayViewD<T>) -> ArrayView2<'a, T> {
    let channels = tensors.shape().last().copied().unwrap_or(1);
    tensors.view().into_shape_with_order((tensors.len() / channels, channels)).expect("pixels lie one after another")
}

/// `(n h w, c)`, or `(n, features)` of flat tensors.
///
/// # Panics
/// Where the last axis is zero.
pub fn pixels_mut<'a, T>(tensors: &'a mut ArrayViewMutD<T>) -> ArrayViewMut2<'a, T> {
    let channels = tensors.shape().last().copied().unwrap_or(1);
    let rows = tensors.len() / channels;
    tensors.view_mut().into_shape_with_order((rows, channels)).expect("pixels lie one after another")
}

/// All values in one row.
///
/// # Panics
/// Where the view skips values.
pub fn values<'a, T>(view: &'a ArrayViewD<T>) -> ArrayView1<'a, T> {
    view.view().into_shape_with_order(view.len()).expect("the values lie one after another")
}

/// All values in one row.
///
/// # Panics
/// Where the view skips values.
pub fn values_mut<'a, T>(view: &'a mut ArrayViewMutD<T>) -> ArrayViewMut1<'a, T> {
    let len = view.len();
    view.view_mut().into_shape_with_order(len).expect("the values lie one after another")
}

/// A value a channel.
///
/// # Panics
/// Where the parameter has other axes.
pub fn channels<'a, T>(parameter: &'a ArrayViewD<T>) -> ArrayView1<'a, T> {
    parameter.view().into_dimensionality().expect("the parameter has one axis")
}

/// All values as the kernels take them, in the order of memory.
///
/// # Panics
/// Where the view skips values.
pub fn flat<'a, T>(view: &'a ArrayViewD<T>) -> &'a [T] {
    view.as_slice().expect("the values lie one after another")
}

/// The same to write to.
///
/// # Panics
/// Where the view skips values.
pub fn flat_mut<'a, T>(view: &'a mut ArrayViewMutD<T>) -> &'a mut [T] {
    view.as_slice_mut().expect("the values lie one after another")
}
