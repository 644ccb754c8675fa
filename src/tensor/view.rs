//! Tensors as views that carry their shape: the images of a shard first, then the axes of one image, channels last. Values
//! lie in memory in that order.

use crate::tensor::list::SmallList;
use crate::tensor::shape::Shape;
use ndarray::{
    ArrayView, ArrayView1, ArrayView2, ArrayView4, ArrayViewD, ArrayViewMut, ArrayViewMut1, ArrayViewMut4,
    ArrayViewMutD,
};

/// A view of `$data` with the axes of a slice. With a number of axes that the compiler knows it is made several times as fast,
/// and a step makes thousands: those of tensors and parameters, one, two and four, are written out.
macro_rules! view {
    ($view:ident, $data:expr, $axes:expr) => {
        match *$axes {
            [a] => $view::from_shape(a, $data).map($view::into_dyn),
            [a, b] => $view::from_shape((a, b), $data).map($view::into_dyn),
            [a, b, c, d] => $view::from_shape((a, b, c, d), $data).map($view::into_dyn),
            _ => $view::from_shape($axes, $data),
        }
        .expect("as many values as the shape has")
    };
}

/// The axes of `rows` tensors.
fn axes(rows: usize, shape: &Shape) -> SmallList<usize> {
    std::iter::once(rows).chain(shape.0.iter().copied()).collect()
}

/// `rows` tensors of one shape, `(rows, …)`.
///
/// # Panics
/// Where `data` is shorter.
pub fn tensors<'a, T>(data: &'a [T], rows: usize, shape: &Shape) -> ArrayViewD<'a, T> {
    parameter(data, &axes(rows, shape))
}

/// The same to write to.
///
/// # Panics
/// Where `data` is shorter.
pub fn tensors_mut<'a, T>(data: &'a mut [T], rows: usize, shape: &Shape) -> ArrayViewMutD<'a, T> {
    parameter_mut(data, &axes(rows, shape))
}

/// A parameter.
///
/// # Panics
/// Where `data` is shorter.
pub fn parameter<'a, T>(data: &'a [T], shape: &[usize]) -> ArrayViewD<'a, T> {
    view!(ArrayView, data, shape)
}

/// The same to write to.
///
/// # Panics
/// Where `data` is shorter.
pub fn parameter_mut<'a, T>(data: &'a mut [T], shape: &[usize]) -> ArrayViewMutD<'a, T> {
    view!(ArrayViewMut, data, shape)
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
    ArrayView2::from_shape((tensors.len() / channels, channels), flat(tensors)).expect("whole pixels")
}

/// All values in one row.
///
/// # Panics
/// Where the view skips values.
pub fn values<'a, T>(view: &'a ArrayViewD<T>) -> ArrayView1<'a, T> {
    flat(view).into()
}

/// All values in one row.
///
/// # Panics
/// Where the view skips values.
pub fn values_mut<'a, T>(view: &'a mut ArrayViewMutD<T>) -> ArrayViewMut1<'a, T> {
    flat_mut(view).into()
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
