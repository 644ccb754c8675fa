//! The named sets beside MNIST and CIFAR, in the layouts in which their authors publish them.

use super::build::{gzip, idx, npy, zip};
use super::image_files::{options, png, set};
use super::{load, message, refuses, try_load};
use convlab::data::{ImageFiles, load_dir};
use std::fs;

/// An image whose pixels tell their row and column.
fn grid(side: usize) -> Vec<u8> {
    (0..side * side).map(|k| (k / side * 7 + k % side) as u8).collect()
}

fn transposed(image: &[u8], side: usize) -> Vec<u8> {
    (0..side * side).map(|k| image[k % side * side + k / side]).collect()
}

/// EMNIST's archive with two of its sets.
fn emnist() -> Vec<u8> {
    let mut files = Vec::new();
    for (set, labels) in [("letters", [1_u8, 26]), ("mnist", [0, 9])] {
        for split in ["train", "test"] {
            let pixels = [transposed(&grid(28), 28), transposed(&grid(28), 28)].concat();
            files.push((format!("gzip/emnist-{set}-{split}-images-idx3-ubyte.gz"), gzip(&idx(&[2, 28, 28], &pixels))));
            files.push((format!("gzip/emnist-{set}-{split}-labels-idx1-ubyte.gz"), gzip(&idx(&[2], &labels))));
        }
        files.push((format!("gzip/emnist-{set}-mapping.txt"), b"0 48\n1 49\n".to_vec()));
    }
    let files: Vec<_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip(&files, false)
}

#[test]
fn each_set_of_emnist_is_upright_and_counted_from_zero() {
    let letters = load("emnist/letters", &[("gzip.zip", &emnist())]);
    assert_eq!((letters.train.labels.clone(), letters.classes.len()), (vec![0, 25], 26));
    assert_eq!((letters.train.image(1), letters.name.as_str()), (grid(28).as_slice(), "emnist"));
    assert_eq!(letters.classes[25], "Z");
    assert_eq!(letters.title, "EMNIST Letters (2 of 124800 training images, 2 of 20800 test images)");
    assert_eq!(load("emnist/mnist", &[("gzip.zip", &emnist())]).train.labels, [0, 9]);
    assert!(message(try_load("emnist/digits", &[("gzip.zip", &emnist())])).contains("no file of EMNIST Digits"));
    refuses("emnist/letters", "emnist-letters-train-labels", &idx(&[2], &[0, 3]), &["counted from 1"]);
}

#[test]
fn kmnist_is_read_from_idx_files_and_from_its_arrays() {
    let folder = std::env::temp_dir().join(format!("convlab-kmnist-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for split in ["train", "test"] {
        let put = |name: &str, array: Vec<u8>| {
            fs::write(folder.join(format!("kmnist-{split}-{name}.npz")), zip(&[("arr_0.npy", &array)], true)).unwrap();
        };
        put("imgs", npy("|u1", &[1, 28, 28], &grid(28)));
        put("labels", npy("|u1", &[1], &[7]));
    }
    let data = load_dir("kmnist", &folder, &mut |_, _| ()).unwrap();
    assert_eq!((data.train.image(0), data.test.labels.as_slice()), (grid(28).as_slice(), [7].as_slice()));
    assert_eq!(data.classes[7], "や");
    fs::remove_dir_all(&folder).unwrap();
    let files = [
        ("train-images-idx3-ubyte.gz", gzip(&idx(&[1, 28, 28], &grid(28)))),
        ("train-labels-idx1-ubyte.gz", gzip(&idx(&[1], &[3]))),
        ("t10k-images-idx3-ubyte.gz", gzip(&idx(&[1, 28, 28], &grid(28)))),
        ("t10k-labels-idx1-ubyte.gz", gzip(&idx(&[1], &[4]))),
    ];
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    assert_eq!(load("kmnist", &files).train.labels, [3]);
}

#[test]
fn medmnist_brings_its_validation_images() {
    let images = |n: usize, value: u8| npy("|u1", &[n, 2, 2, 3], &vec![value; n * 12]);
    let labels = |labels: &[u8]| npy("|u1", &[labels.len(), 1], labels);
    let arrays = [
        ("train_images.npy", images(3, 1)),
        ("val_images.npy", images(2, 2)),
        ("test_images.npy", images(1, 3)),
        ("train_labels.npy", labels(&[0, 1, 2])),
        ("val_labels.npy", labels(&[1, 1])),
        ("test_labels.npy", labels(&[0])),
    ];
    let arrays: Vec<_> = arrays.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let data = load("medmnist", &[("pathmnist.npz", &zip(&arrays, true))]);
    assert_eq!((data.train.len(), data.validation, data.test.len()), (5, 2, 1));
    assert_eq!((data.train.labels.as_slice(), data.train.image(3)), ([0, 1, 2, 1, 1].as_slice(), [2; 12].as_slice()));
    let info = data.info();
    assert_eq!((info.train, info.validation, info.test), (3, 2, 1));
}

#[test]
fn stl10_is_stored_column_by_column() {
    const SIDE: usize = 96;
    let plane = |channel: usize| (0..SIDE * SIDE).map(move |k| ((k / SIDE) * 2 + k % SIDE + channel * 50) as u8);
    let stored: Vec<u8> = (0..3).flat_map(|channel| transposed(&plane(channel).collect::<Vec<_>>(), SIDE)).collect();
    let image: Vec<u8> =
        (0..SIDE * SIDE).flat_map(|k| (0..3).map(move |c| plane(c).nth(k).unwrap())).take(300).collect();
    let files: Vec<(&str, &[u8])> =
        vec![("train_X.bin", &stored), ("train_y.bin", &[1]), ("test_X.bin", &stored), ("test_y.bin", &[10])];
    let data = load("stl10", &files);
    assert_eq!(data.train.shape(), [SIDE, SIDE, 3]);
    assert_eq!((&data.train.image(0)[..300], data.train.labels[0], data.test.labels[0]), (image.as_slice(), 0, 9));
    assert!(message(try_load("stl10", &files[..2])).contains("test_X.bin"));
    refuses("stl10", "train_X.bin", &stored[1..], &["27648 bytes"]);
    refuses("stl10", "train_y.bin", &[0], &["counted from 1"]);
}

#[test]
fn tiny_imagenet_is_read_in_its_own_layout() {
    let root = "tiny-imagenet-200";
    let table = b"val_0.JPEG\tn02\t0\t0\t1\t1\nval_1.JPEG\tn01\t0\t0\t1\t1\n";
    let files: Vec<(String, Vec<u8>)> = [
        ("wnids.txt", b"n01\nn02\n".to_vec()),
        ("train/n01/images/n01_0.JPEG", png(10)),
        ("train/n02/images/n02_0.JPEG", png(20)),
        ("train/n02/n02_boxes.txt", b"n02_0.JPEG\t0\t0\t1\t1".to_vec()),
        ("val/images/val_0.JPEG", png(30)),
        ("val/images/val_1.JPEG", png(40)),
        ("val/val_annotations.txt", table.to_vec()),
        ("test/images/test_0.JPEG", png(50)),
    ]
    .into_iter()
    .map(|(path, bytes)| (format!("{root}/{path}"), bytes))
    .collect();
    let mut images = ImageFiles::new(options([2, 2])).unwrap();
    for (path, bytes) in &files {
        images.add(path, bytes, &mut |_, _| ()).unwrap();
    }
    let left_out = images.left_out();
    assert_eq!((left_out.len(), left_out[0].path.as_str()), (1, "tiny-imagenet-200/test/images/test_0.JPEG"));
    let data = images.finish().unwrap();
    assert_eq!((data.classes.join(" "), data.train.len(), data.validation), ("n01 n02".to_string(), 2, 0));
    let mut test: Vec<(u8, u8)> = (0..2).map(|i| (data.test.labels[i], data.test.image(i)[0])).collect();
    test.sort_unstable();
    assert_eq!(test, [(0, 40), (1, 30)]);
    // The same as an archive.
    let members: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    assert_eq!(set(&options([2, 2]), &[("tiny-imagenet-200.zip", &zip(&members, true))]).test, data.test);
}
