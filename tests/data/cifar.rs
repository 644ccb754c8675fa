//! CIFAR-10 and CIFAR-100, binary and Python versions, in archives and as single files.

use super::build::{binary, gzip, image, pickle, python_batch, tar, zip};
use super::{load, message, refuses, try_load};
use convlab::data::Loader;

fn label(i: usize) -> u8 {
    (i * 3 % 10) as u8
}

fn fine(i: usize) -> u8 {
    (i * 7 % 100) as u8
}

fn coarse(i: usize) -> u8 {
    (i * 7 % 20) as u8
}

/// The five training batches of three images each, and the test batch.
fn batches() -> Vec<(String, Vec<u8>)> {
    let batch = |i: usize| binary(3 * i..3 * i + 3, |i| vec![label(i)]);
    let mut files: Vec<_> =
        (0..5).map(|i| (format!("cifar-10-batches-bin/data_batch_{}.bin", i + 1), batch(i))).collect();
    files.push(("cifar-10-batches-bin/test_batch.bin".to_string(), batch(5)));
    files
}

fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

#[test]
fn its_class_names_are_not_taken_for_the_digits() {
    let mut files = batches();
    files.push(("batches.meta.txt".into(), b"airplane\n".to_vec()));
    refuses("mnist", "cifar-10-binary.tar.gz", &gzip(&tar(&borrowed(&files))), &["no file of MNIST", "train-images"]);
    refuses("mnist", "batches.meta.txt", &files[6].1, &["MNIST"]);
}

#[test]
fn cifar10_is_the_same_from_archives_folders_and_python() {
    let files = batches();
    let data = load("cifar10", &borrowed(&files));
    assert_eq!((data.train.len(), data.test.len(), data.train.shape()), (15, 3, [32, 32, 3]));
    for i in 0..15 {
        assert_eq!((data.train.image(i), data.train.labels[i]), (image(i).as_slice(), label(i)), "{i}");
    }
    assert_eq!(data.test.image(0), image(15));
    assert_eq!(data.classes[6], "frog");

    // The batches are in their own order, whatever the order of the files.
    let mut turned = files.clone();
    turned.reverse();
    let archive = tar(&borrowed(&turned));
    assert_eq!(load("cifar10", &[("cifar-10-binary.tar", &archive)]), data);
    assert_eq!(load("cifar10", &[("cifar-10-binary.tar.gz", &gzip(&archive))]), data);
    assert_eq!(load("cifar10", &[("cifar.zip", &zip(&borrowed(&turned), true))]), data);

    let python: Vec<_> = (0..6)
        .map(|i| {
            let title =
                if i < 5 { format!("training batch {} of 5", i + 1) } else { "testing batch 1 of 1".to_string() };
            // The batch is recognised by the file's contents, not by its name.
            (format!("file{}", 6 - i), python_batch(&title, 3 * i..3 * i + 3, &[("labels", label)]))
        })
        .collect();
    assert_eq!(load("cifar10", &borrowed(&python)), data);
}

#[test]
fn a_part_of_cifar10_loads_and_says_so() {
    let files = batches();
    let part = [files[2].clone(), files[5].clone()];
    let data = load("cifar10", &borrowed(&part));
    assert_eq!(data.train.image(0), image(6));
    assert_eq!(data.title, "CIFAR-10 (3 of 50000 training images, 3 of 10000 test images)");
    let error = message(try_load("cifar10", &borrowed(&files[..5])));
    assert!(error.contains("test_batch"), "{error}");
}

#[test]
fn cifar100_has_fine_and_coarse_labels() {
    let both = |i: usize| vec![coarse(i), fine(i)];
    let archive =
        tar(&[("cifar-100-binary/train.bin", &binary(0..4, both)), ("cifar-100-binary/test.bin", &binary(4..6, both))]);
    let archive = gzip(&archive);
    let data = load("cifar100", &[("cifar-100-binary.tar.gz", &archive)]);
    assert_eq!(data.train.labels, (0..4).map(fine).collect::<Vec<_>>());
    assert_eq!((data.classes.len(), data.classes[99].as_str()), (100, "worm"));
    assert_eq!(data.test.image(1), image(5));

    let mut loader = Loader::new("cifar100").unwrap();
    loader.coarse_labels(true).unwrap();
    loader.add("cifar-100-binary.tar.gz", &archive, &mut |_, _| ()).unwrap();
    let coarse_data = loader.finish().unwrap();
    assert_eq!(coarse_data.train.labels, (0..4).map(coarse).collect::<Vec<_>>());
    assert_eq!((coarse_data.classes.len(), coarse_data.classes[14].as_str()), (20, "people"));
    assert!(message(Loader::new("cifar10").unwrap().coarse_labels(true)).contains("cifar100"));

    let python = |title, range| python_batch(title, range, &[("coarse_labels", coarse), ("fine_labels", fine)]);
    let archive = tar(&[
        ("cifar-100-python/train", &python("training batch 1 of 1", 0..4)),
        ("cifar-100-python/test", &python("testing batch 1 of 1", 4..6)),
        ("cifar-100-python/file.txt~", b""),
    ]);
    assert_eq!(load("cifar100", &[("cifar-100-python.tar.gz", &gzip(&archive))]), data);
}

#[test]
fn class_names_are_read_from_either_version() {
    let files = batches();
    let names: Vec<String> = (0..10).map(|i| format!("class {i}")).collect();
    let text = format!("{}\n\n", names.join("\n"));
    let python = pickle(|out| {
        out.string(b"num_cases_per_batch").int(10_000);
        out.string(b"label_names").list(10, |out, i| {
            out.string(names[i].as_bytes());
        });
    });
    for (name, bytes) in [("batches.meta.txt", text.as_bytes()), ("batches.meta", &python)] {
        let mut with = borrowed(&files);
        with.push((name, bytes));
        assert_eq!(load("cifar10", &with).classes, names);
    }
    refuses("cifar10", "batches.meta.txt", b"one\ntwo\n", &["10 classes", "2 class names"]);
}

#[test]
fn python_arrays_in_column_order_are_transposed() {
    let planes: Vec<u8> = (0..2).flat_map(super::build::planes).collect();
    let columns: Vec<u8> = (0..3072).flat_map(|j| [planes[j], planes[3072 + j]]).collect();
    let batch = |title: &[u8]| {
        pickle(|out| {
            out.string(b"batch_label").string(title);
            out.string(b"labels").list(2, |out, i| {
                out.int(i as i32);
            });
            out.string(b"data").array(2, 3072, true, &columns);
        })
    };
    let data = load("cifar10", &[("a", &batch(b"training batch 1 of 5")), ("b", &batch(b"testing batch 1 of 1"))]);
    assert_eq!((data.train.image(0), data.train.image(1)), (image(0).as_slice(), image(1).as_slice()));
}

#[test]
fn the_other_cifar_is_named() {
    let hundred = binary(0..3, |i| vec![coarse(i), fine(i)]);
    refuses("cifar10", "data_batch_1.bin", &hundred, &["3073", "CIFAR-100"]);
    let archive = gzip(&tar(&[("cifar-10-batches-bin/data_batch_1.bin", &batches()[0].1)]));
    refuses("mnist", "cifar-10-binary.tar.gz", &archive, &["no file of MNIST", "data_batch_1.bin"]);
    let python = python_batch("training batch 1 of 1", 0..2, &[("coarse_labels", coarse), ("fine_labels", fine)]);
    refuses("cifar10", "train", &python, &["other CIFAR"]);
}
