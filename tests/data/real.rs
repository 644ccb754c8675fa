//! The official files, if `CONVLAB_DATA` or a folder beside the checkout has them.

use convlab::data::{Dataset, load_dir};
use std::io::Write;
use std::path::PathBuf;

/// Writes past the test runner's capture, so that `npm test` does not count the test as passed.
pub fn skip(why: &str) {
    writeln!(std::io::stderr(), "SKIPPED: {why}").expect("standard error is open");
}

/// The data set from the data folder; without one the test prints that it is skipped.
pub fn real(name: &str) -> Option<Dataset> {
    let given = std::env::var_os("CONVLAB_DATA").map(PathBuf::from);
    let must = given.is_some();
    let dir = given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    if !must && !dir.is_dir() {
        skip(&format!("no real {name}: set CONVLAB_DATA to a folder with the official files"));
        return None;
    }
    match load_dir(name, &dir, &mut |_, _| ()) {
        Ok(data) => Some(data),
        Err(error) if error.to_string().contains("no files of") => {
            skip(&format!("no real {name}: {error}"));
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn mnist_has_its_published_counts() {
    let Some(data) = real("mnist") else { return };
    assert_eq!((data.train.len(), data.test.len(), data.train.shape()), (60_000, 10_000, [28, 28, 1]));
    assert_eq!(data.train.class_counts(10), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert_eq!(data.test.class_counts(10), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    assert_eq!(data.train.labels[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert_eq!(data.title, "MNIST");
    // The well-known mean of MNIST's pixels: 0.1307.
    let mean = data.train.pixels.iter().map(|&p| f64::from(p)).sum::<f64>() / data.train.pixels.len() as f64 / 255.0;
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
    assert_eq!(convlab::experiment::Split { split: 0.2 }.training(data.train.len()), 48_000);
}

#[test]
fn cifar10_is_balanced_and_looks_like_photographs() {
    let Some(data) = real("cifar10") else { return };
    let (n, m) = (data.train.len(), data.test.len());
    assert_eq!((data.train.shape(), data.classes.len()), ([32, 32, 3], 10));
    if (n, m) == (50_000, 10_000) {
        assert_eq!(data.train.class_counts(10), [5000; 10]);
        assert_eq!(data.train.labels[..5], [6, 9, 9, 4, 1]);
        assert_eq!(data.title, "CIFAR-10");
    } else {
        assert!(data.title.contains(&format!("{n} of 50000")), "{}", data.title);
    }
    // If planes were read as pixels, neighbouring pixels would differ as much as distant ones.
    let step = |by: usize| {
        let pairs = data.train.pixels.iter().zip(&data.train.pixels[by..]);
        pairs.map(|(&a, &b)| f64::from(a.abs_diff(b))).sum::<f64>() / data.train.pixels.len() as f64
    };
    let (neighbour, stranger) = (step(3), step(3072 * 7));
    assert!(neighbour < 0.4 * stranger, "{neighbour} {stranger}");
}
