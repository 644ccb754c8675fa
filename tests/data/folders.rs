//! Data sets in typical folder layouts.

use super::build::{binary, gzip, idx, python_batch, tar};
use super::message;
use convlab::data::{Dataset, Loader, load_dir, load_dir_into};
use std::path::{Path, PathBuf};

/// A temporary folder for a test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("convlab-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// The four files of MNIST, `value` in every pixel.
    fn put_mnist(&self, folder: &str, value: u8, pack: fn(&[u8]) -> Vec<u8>, end: &str) {
        for (split, n) in [("train", 2_u32), ("t10k", 1)] {
            let pixels = vec![value; n as usize * 784];
            self.put(&format!("{folder}/{split}-images-idx3-ubyte{end}"), &pack(&idx(&[n, 28, 28], &pixels)));
            self.put(&format!("{folder}/{split}-labels-idx1-ubyte{end}"), &pack(&idx(&[n], &vec![3; n as usize])));
        }
    }

    fn load(&self, name: &str) -> Result<Dataset, convlab::Error> {
        load_dir(name, &self.0, &mut |done, all| assert!(done <= all))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn label(i: usize) -> u8 {
    (i % 10) as u8
}

#[test]
fn mnist_and_fashion_mnist_are_distinguished_by_their_folders() {
    let folder = Folder::new("twins");
    folder.put_mnist("FashionMNIST/raw", 1, <[u8]>::to_vec, "");
    folder.put_mnist("MNIST/raw", 2, gzip, ".gz");
    folder.put_mnist("MNIST/raw", 2, <[u8]>::to_vec, "");
    assert_eq!(folder.load("mnist").unwrap().train.pixels[0], 2);
    assert_eq!(folder.load("fashion_mnist").unwrap().train.pixels[0], 1);
    std::fs::remove_dir_all(folder.0.join("FashionMNIST")).unwrap();
    assert!(message(folder.load("fashion_mnist")).contains("no files of Fashion-MNIST"));
}

#[test]
fn cifar10_is_found_unpacked_packed_and_as_keras_keeps_it() {
    let batch = |value: u8| binary(0..1, move |_| vec![value]);
    let members =
        [("cifar-10-batches-bin/data_batch_1.bin", batch(4)), ("cifar-10-batches-bin/test_batch.bin", batch(5))];
    let members: Vec<_> = members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();

    let folder = Folder::new("cifar");
    folder.put("cifar-100-binary/train.bin", &binary(0..1, |_| vec![1, 1]));
    folder.put("cifar-100-binary/test.bin", &binary(0..1, |_| vec![1, 1]));
    assert!(message(folder.load("cifar10")).contains("no files of CIFAR-10"));
    folder.put("other/data_batch_3.bin", &batch(9));
    assert!(message(folder.load("cifar10")).contains("test_batch"));

    // A part of a set yields to a more complete one; of two that are equally complete, one has to be chosen.
    folder.put("my cifar10 part.tar.gz", &gzip(&tar(&members)));
    assert_eq!(folder.load("cifar10").unwrap().train.labels, [4]);
    let python = tar(&[
        ("cifar-10-batches-py/data_batch_1", &python_batch("training batch 1 of 5", 6..7, &[("labels", label)])),
        ("cifar-10-batches-py/test_batch", &python_batch("testing batch 1 of 1", 7..8, &[("labels", label)])),
    ]);
    folder.put("deep/er/cifar-10-python.tar.gz", &gzip(&python));
    let error = message(folder.load("cifar10"));
    assert!(error.contains("my cifar10 part.tar.gz") && error.contains("cifar-10-python.tar.gz"), "{error}");
    for i in 1..=5 {
        let batch = python_batch(&format!("training batch {i} of 5"), 8..9, &[("labels", label)]);
        folder.put(&format!("datasets/cifar-10-batches-py-target/cifar-10-batches-py/data_batch_{i}"), &batch);
    }
    let test = python_batch("testing batch 1 of 1", 8..9, &[("labels", label)]);
    folder.put("datasets/cifar-10-batches-py-target/cifar-10-batches-py/test_batch", &test);
    assert_eq!(folder.load("cifar10").unwrap().train.labels, [8; 5]);

    assert_eq!(folder.load("cifar100").unwrap().train.labels, [1]);
    let mut loader = Loader::new("cifar100").unwrap();
    loader.coarse_labels(true).unwrap();
    assert_eq!(load_dir_into(loader, &folder.0, &mut |_, _| ()).unwrap().classes.len(), 20);

    // A file instead of a folder.
    let file = folder.0.join("my cifar10 part.tar.gz");
    assert_eq!(load_dir("cifar10", &file, &mut |_, _| ()).unwrap().train.labels, [4]);
}

#[test]
fn a_folder_without_data_says_what_was_looked_for() {
    let folder = Folder::new("empty");
    assert!(message(folder.load("mnist")).contains("holds nothing"));
    folder.put("holiday.jpg", b"\xff\xd8\xff");
    let error = message(folder.load("mnist"));
    assert!(error.contains("train-images-idx3-ubyte") && error.contains("holiday.jpg"), "{error}");
    let error = message(load_dir("mnist", Path::new("/no/such/folder"), &mut |_, _| ()));
    assert!(error.contains("no such data folder") && error.contains("/no/such/folder"), "{error}");

    folder.put_mnist("a", 1, <[u8]>::to_vec, "");
    folder.put("a/t10k-images-idx3-ubyte", b"<html>not found</html>");
    let error = message(folder.load("mnist"));
    assert!(error.contains("web page") && error.contains("t10k-images-idx3-ubyte"), "{error}");
}

#[test]
fn synthetic_sets_need_no_folder() {
    let data = load_dir("synthetic_digits", Path::new("/no/such/folder"), &mut |_, _| ()).unwrap();
    assert!(data.synthetic && data.train.len() == convlab::data::synthetic::TRAIN);
}
