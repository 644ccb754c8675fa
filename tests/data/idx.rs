//! MNIST and custom images: IDX plain, gzipped and zipped, and Keras's `.npz`.

use super::build::{gzip, idx, npy, zip};
use super::{load, message, refuses, try_load};
use convlab::data::Loader;

/// Four training images of 28 x 28, two test images.
fn mnist() -> [(&'static str, Vec<u8>); 4] {
    let pixels = |n: usize| (0..n * 784).map(|i| (i / 784 * 40 + i % 784 % 100) as u8).collect::<Vec<_>>();
    [
        ("train-images-idx3-ubyte", idx(&[4, 28, 28], &pixels(4))),
        ("train-labels-idx1-ubyte", idx(&[4], &[5, 0, 4, 9])),
        ("t10k-images-idx3-ubyte", idx(&[2, 28, 28], &pixels(2))),
        ("t10k-labels-idx1-ubyte", idx(&[2], &[7, 2])),
    ]
}

fn borrowed<'a>(files: &'a [(&'a str, Vec<u8>)]) -> Vec<(&'a str, &'a [u8])> {
    files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect()
}

#[test]
fn mnist_loads_plain_gzipped_and_in_any_order() {
    let plain = mnist();
    let data = load("mnist", &borrowed(&plain));
    assert_eq!((data.train.len(), data.test.len(), data.train.shape()), (4, 2, [28, 28, 1]));
    assert_eq!(data.train.labels, [5, 0, 4, 9]);
    assert_eq!(data.train.image(2)[..3], [80, 81, 82]);
    assert_eq!(data.classes[9], "9");
    assert_eq!(data.title, "MNIST (4 of 60000 training images, 2 of 10000 test images)");
    assert!(!data.synthetic);

    let mut gzipped: Vec<_> = plain.iter().map(|(name, bytes)| (format!("{name}.gz"), gzip(bytes))).collect();
    gzipped.reverse();
    let gzipped: Vec<_> = gzipped.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert_eq!(load("mnist", &gzipped), data);

    // A name with folders, and a gzip file of two members, as some programs write.
    let (first, second) = plain[0].1.split_at(1000);
    let two = [gzip(first), gzip(second)].concat();
    let mut files = gzipped;
    files[3] = ("some\\folder/train-images.idx3-ubyte.gz", &two);
    assert_eq!(load("mnist", &files), data);
}

#[test]
fn mnist_loads_from_a_zip_of_gzipped_files_and_from_keras_npz() {
    let plain = mnist();
    let data = load("mnist", &borrowed(&plain));
    let members: Vec<_> = plain.iter().map(|(name, bytes)| (format!("archive/{name}.gz"), gzip(bytes))).collect();
    let members: Vec<_> = members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert_eq!(load("mnist", &[("archive.zip", &zip(&members, false))]), data);

    let wide = |labels: &[u8]| labels.iter().flat_map(|&label| i64::from(label).to_le_bytes()).collect::<Vec<_>>();
    for compressed in [false, true] {
        let npz = zip(
            &[
                ("x_test.npy", &npy("|u1", &[2, 28, 28], &data.test.pixels)),
                ("x_train.npy", &npy("|u1", &[4, 28, 28, 1], &data.train.pixels)),
                ("y_train.npy", &npy("|u1", &[4], &data.train.labels)),
                ("y_test.npy", &npy("<i8", &[2, 1], &wide(&data.test.labels))),
            ],
            compressed,
        );
        assert_eq!(load("mnist", &[("mnist.npz", &npz)]), data);
    }
}

#[test]
fn a_loader_says_what_it_recognised_and_what_is_missing() {
    let files = mnist();
    let mut loader = Loader::new("mnist").unwrap();
    assert_eq!(loader.missing().len(), 4);
    let mut seen = Vec::new();
    let found = loader.add("train-images-idx3-ubyte", &files[0].1, &mut |done, all| seen.push((done, all))).unwrap();
    assert_eq!(found, "MNIST: 4 training images");
    assert_eq!(seen.last(), Some(&(files[0].1.len(), files[0].1.len())));
    assert_eq!(loader.missing()[0], "training labels (train-labels-idx1-ubyte)");
    assert_eq!(loader.add("readme.html", b"<html>", &mut |_, _| ()).unwrap(), "readme.html: not needed");
    let error = message(loader.finish());
    assert!(error.contains("not complete") && error.contains("t10k-labels-idx1-ubyte"), "{error}");
}

#[test]
fn a_failed_file_changes_nothing_and_a_second_one_replaces_the_first() {
    let files = mnist();
    let mut loader = Loader::new("mnist").unwrap();
    for (name, bytes) in &files {
        loader.add(name, bytes, &mut |_, _| ()).unwrap();
    }
    message(loader.add("train-labels-idx1-ubyte", &idx(&[4], &[5, 0, 4, 10]), &mut |_, _| ()));
    loader.add("t10k-labels-idx1-ubyte", &idx(&[2], &[1, 1]), &mut |_, _| ()).unwrap();
    let data = loader.finish().unwrap();
    assert_eq!((data.train.labels, data.test.labels), (vec![5, 0, 4, 9], vec![1, 1]));
}

#[test]
fn custom_images_may_have_any_size_channels_and_class_names() {
    let files = |names: &[u8]| {
        load(
            "custom",
            &[
                ("train-images", &idx(&[3, 2, 5, 3], &[7; 90])),
                ("train-labels", &idx(&[3], &[0, 3, 1])),
                ("test-images", &idx(&[1, 2, 5, 3], &[9; 30])),
                ("test-labels", &idx(&[1], &[2])),
                ("classes.txt", names),
            ],
        )
    };
    let data = files(b"ant\nbee\r\n\ncat\ndog\nelk\n");
    assert_eq!((data.train.shape(), data.classes.len()), ([2, 5, 3], 5));
    assert_eq!(data.classes[3], "dog");
    assert_eq!(data.title, "Own images");

    let unnamed = try_load(
        "custom",
        &[
            ("train-images", &idx(&[1, 2, 2], &[7; 4])),
            ("train-labels", &idx(&[1], &[3])),
            ("test-images", &idx(&[1, 2, 2], &[7; 4])),
            ("test-labels", &idx(&[1], &[0])),
        ],
    );
    assert_eq!(unnamed.unwrap().classes, ["0", "1", "2", "3"]);
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let good = mnist();
    let with = |name: &str, at: usize, bytes: Vec<u8>| {
        let mut files = good.clone();
        files[at].1 = bytes;
        message(try_load(name, &borrowed(&files)))
    };
    let error = with("mnist", 1, idx(&[3], &[1, 2, 3]));
    assert!(error.contains("4 images, 3 labels"), "{error}");
    let error = with("custom", 2, idx(&[2, 28, 29], &[0; 1624]));
    assert!(error.contains("one size"), "{error}");
    refuses("mnist", "t10k-images-idx3-ubyte", &idx(&[1, 32, 32, 3], &[0; 3072]), &["28 x 28 x 1", "32 x 32 x 3"]);
    refuses("custom", "images.idx", &good[0].1, &["training or the test"]);

    // Complete Fashion-MNIST labels under MNIST's name, and vice versa.
    let even: Vec<u8> = (0..60_000_u32).map(|i| (i % 10) as u8).collect();
    let counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    let uneven: Vec<u8> = counts.iter().enumerate().flat_map(|(class, &n)| vec![class as u8; n]).collect();
    for (name, labels, other) in [("mnist", even, "Fashion-MNIST"), ("fashion_mnist", uneven, "MNIST")] {
        let mut files = good.clone();
        files[0].1 = idx(&[60_000, 28, 28], &vec![0; 60_000 * 784]);
        files[1].1 = idx(&[60_000], &labels);
        let error = message(try_load(name, &borrowed(&files)));
        assert!(error.contains(&format!("Received: {other}")), "{error}");
    }
}
