//! Parquet files in the layout of Hugging Face's Hub, written by pyarrow, and MATLAB files, written by SciPy: tests/golden/make_tables.py.

use super::{load, message, refuses, try_load};
use convlab::Error;
use convlab::data::{
    ColorMode, Dataset, ImageOptions, Interpolation, ParquetFiles, TableOptions, load_dir, load_parquet,
};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tables")
}

pub fn file(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).unwrap()
}

/// The image that make_tables.py draws.
fn pixels(index: usize, values: usize) -> Vec<u8> {
    (0..values).map(|k| (index * 31 + k * 7) as u8).collect()
}

pub fn options(image: Option<&str>, label: Option<&str>) -> TableOptions {
    let images = ImageOptions {
        image_size: [6, 5],
        color_mode: ColorMode::Rgb,
        interpolation: Interpolation::Bilinear,
        crop_to_aspect_ratio: false,
        validation: 0.0,
        test: 0.4,
        seed: 3,
    };
    TableOptions { images, image_column: image.map(str::to_string), label_column: label.map(str::to_string) }
}

pub fn try_table(options: TableOptions, files: &[(&str, &[u8])]) -> Result<Dataset, Error> {
    let mut set = ParquetFiles::new(options)?;
    for (path, bytes) in files {
        set.add(path, bytes, &mut |done, all| assert!(done <= all))?;
    }
    set.finish()
}

const FILES: [&str; 2] = ["train-00000-of-00001.parquet", "test-00000-of-00001.parquet"];

#[test]
fn the_hubs_files_of_known_sets_have_the_official_pixels() {
    for (set, size, labels) in [("mnist", 784, [0, 1]), ("cifar10", 3072, [0, 1]), ("cifar100", 3072, [0, 8])] {
        let [train, test] = FILES.map(|name| file(&format!("{set}/{name}")));
        let data = load(set, &[(FILES[1], &test), (FILES[0], &train)]);
        assert_eq!((data.train.len(), data.test.len()), (12, 5), "{set}");
        for i in 0..12 {
            assert_eq!(data.train.image(i), pixels(i, size), "{set}, image {i}");
        }
        assert_eq!(data.train.labels[..2], labels, "{set}");
        assert!(data.title.contains("12 of"), "{}", data.title);
        let folder = load_dir(set, &folder(), &mut |done, all| assert!(done <= all)).unwrap();
        assert_eq!(folder, data, "{set}");
    }
    // KMNIST's files have the layout of MNIST's.
    let kuzushiji = FILES.map(|name| file(&format!("mnist/{name}")));
    let kuzushiji = load("kmnist", &[(FILES[0], &kuzushiji[0]), (FILES[1], &kuzushiji[1])]);
    assert_eq!((kuzushiji.train.image(3), kuzushiji.classes[3].as_str()), (pixels(3, 784).as_slice(), "つ"));
    let mut coarse = convlab::data::Loader::new("cifar100").unwrap();
    coarse.coarse_labels(true).unwrap();
    for name in FILES {
        coarse.add(name, &file(&format!("cifar100/{name}")), &mut |_, _| ()).unwrap();
    }
    assert_eq!(coarse.finish().unwrap().train.labels[..4], [0, 1, 2, 3]);
    // The numbers and checksums of parts are not the name of a set.
    let parts = ["mnist/train-00000-of-00002-a09b74b3ef9c3b56.parquet", "mnist/test.parquet"];
    let [train, test] = FILES.map(|name| file(&format!("mnist/{name}")));
    assert_eq!(load("mnist", &[(parts[0], &train), (parts[1], &test)]).train.len(), 12);
}

#[test]
fn the_hubs_files_of_svhn_have_digits_from_zero() {
    let folder = folder().join("svhn_hub");
    let [train, test] = FILES.map(|name| file(&format!("svhn_hub/{name}")));
    let extra = "extra-00000-of-00002.parquet";
    let data = load("svhn", &[(FILES[1], &test), (FILES[0], &train)]);
    assert_eq!((data.train.labels[9..11].to_vec(), data.train.image(9)), (vec![9, 0], pixels(9, 3072).as_slice()));
    assert_eq!(data.title, "SVHN (12 of 73257 training images, 5 of 26032 test images)");
    assert_eq!(load_dir("svhn", &folder, &mut |_, _| ()).unwrap(), data);
    assert!(message(load_dir("svhn", &self::folder().join("mnist"), &mut |_, _| ())).contains("32 x 32"));
    refuses("svhn", extra, &train, &["training or the test part"]);
    refuses("svhn", FILES[0], &file("mnist/train-00000-of-00001.parquet"), &["32 x 32", "28 x 28"]);
}

#[test]
fn files_of_another_set_are_refused() {
    refuses("cifar10", FILES[0], &file("mnist/train-00000-of-00001.parquet"), &["row 0", "32 x 32", "28 x 28"]);
    refuses("cifar10", FILES[0], &file("cifar100/train-00000-of-00001.parquet"), &["labels run from 0 to 9"]);
    refuses("cifar100", FILES[0], &file("cifar10/train-00000-of-00001.parquet"), &["no column \"fine_label\""]);
    refuses("custom", FILES[0], &file("mnist/train-00000-of-00001.parquet"), &["data set \"parquet\""]);
}

#[test]
fn every_codec_and_both_page_versions_give_the_same_rows() {
    let all: Vec<Dataset> = ["none", "snappy", "gzip", "zstd", "pages-v2"]
        .iter()
        .map(|name| try_table(options(None, None), &[("train.parquet", &file(&format!("codecs/{name}.parquet")))]))
        .map(|data| data.unwrap_or_else(|error| panic!("{error}")))
        .collect();
    assert_eq!(all[0].classes, ["daisy", "rose", "tulip"]);
    // Of three images of each class, one is drawn for testing; all keep their order.
    assert_eq!((all[0].train.len(), all[0].test.len()), (6, 3));
    assert!(all.iter().all(|data| *data == all[0]));
    let brotli = try_table(options(None, None), &[("train.parquet", &file("codecs/brotli.parquet"))]);
    assert!(message(brotli).contains("codec that is not read here"), "brotli is refused by name");
    let delta = try_table(options(None, None), &[("train.parquet", &file("codecs/delta.parquet"))]);
    assert!(message(delta).contains("DELTA_BINARY_PACKED"));
}

#[test]
fn columns_are_named_or_asked_for() {
    let bytes = file("columns.parquet");
    let question = message(try_table(options(None, None), &[("train.parquet", &bytes)]));
    assert!(question.contains("\"image_column\"") && question.contains("left (image files)"), "{question}");
    let none = message(try_table(options(Some("middle"), None), &[("train.parquet", &bytes)]));
    assert!(none.contains("no column \"middle\""), "{none}");
    let data = try_table(options(Some("right"), Some("kind")), &[("train.parquet", &bytes), ("test.parquet", &bytes)]);
    let data = data.unwrap();
    // Texts are classes in the order of their bytes.
    assert_eq!((data.classes.join(" "), data.train.labels[..3].to_vec()), ("daisy rose tulip".into(), vec![2, 0, 1]));
    assert_eq!((data.train.image(0), data.test.len()), (pixels(8, 90).as_slice(), 9));
    let both = [("train.parquet", bytes.as_slice()), ("test.parquet", bytes.as_slice())];
    let numbers = try_table(options(Some("left"), Some("number")), &both).unwrap();
    assert_eq!(numbers.classes.len(), 9);
}

#[test]
fn rows_without_a_readable_image_are_listed_and_rows_without_a_value_refused() {
    let mut set = ParquetFiles::new(options(None, None)).unwrap();
    assert_eq!(set.add("train.parquet", &file("broken-rows.parquet"), &mut |_, _| ()).unwrap(), 4);
    assert_eq!(set.left_out()[0].path, "train.parquet, row 4");
    assert!(set.finish().unwrap().title.contains("4 of 5 rows"));
    let nulls = message(try_table(options(None, None), &[("train.parquet", &file("nulls.parquet"))]));
    assert!(nulls.contains("no image among rows 0 to 1"), "{nulls}");
    let error = load_parquet(&folder().join("svhn"), options(None, None), &mut |_, _| ()).unwrap_err();
    assert!(error.to_string().contains("no .parquet file"));
}

#[test]
fn damaged_tables_end_in_one_line() {
    let whole = file("mnist/train-00000-of-00001.parquet");
    for length in (0..whole.len()).step_by(97) {
        let mut cut = whole[..length].to_vec();
        assert!(try_table(options(None, None), &[("train.parquet", &cut)]).is_err(), "{length} bytes");
        cut.extend_from_slice(b"PAR1");
        assert!(try_table(options(None, None), &[("train.parquet", &cut)]).is_err(), "{length} bytes and an end");
    }
    // Each byte of the metadata and of the first pages is changed; what is still accepted has all rows.
    let footer = whole.len() - 8 - u32::from_le_bytes(whole[whole.len() - 8..][..4].try_into().unwrap()) as usize;
    for at in (0..1500).step_by(3).chain(footer..whole.len()) {
        for change in [0xff, 0x01] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            match try_table(options(None, None), &[("train.parquet", &bytes)]) {
                Ok(data) => assert!(data.train.len() + data.test.len() <= 12),
                Err(error) => assert!(!error.to_string().contains(char::is_control), "{error}"),
            }
        }
    }
}

#[test]
fn metadata_of_impossible_size_is_refused_before_it_is_read() {
    let with_footer = |footer: &[u8]| [b"PAR1", footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat();
    // A version, then a schema: each element a group of one more, or a list of more elements than bytes.
    let deep: Vec<u8> = [&[0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0x03][..], &[0x55, 2, 0].repeat(65_535)].concat();
    let long = [0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0];
    let nested = [vec![0x15, 2], vec![0x1c; 100_000]].concat();
    for footer in [deep, long.to_vec(), nested] {
        let error = message(try_table(options(None, None), &[("train.parquet", &with_footer(&footer))]));
        assert!(error.contains("damaged"), "{error}");
    }
}

#[test]
fn svhn_counts_ten_as_zero_and_turns_columns_to_rows() {
    let [train, test] = ["train", "test"].map(|split| file(&format!("svhn/{split}_32x32.mat")));
    let data = load("svhn", &[("train_32x32.mat", &train), ("test_32x32.mat", &test)]);
    assert_eq!((data.train.labels.as_slice(), data.test.len()), ([0, 1, 9, 5].as_slice(), 2));
    for i in 0..4 {
        assert_eq!(data.train.image(i), pixels(i, 3072));
    }
    assert_eq!(data.title, "SVHN (4 of 73257 training images, 2 of 26032 test images)");
    assert_eq!(load_dir("svhn", &folder().join("svhn"), &mut |_, _| ()).unwrap(), data);
    assert!(message(try_load("svhn", &[("train_32x32.mat", &train)])).contains("test_32x32.mat"));
    refuses("svhn", "train_32x32.mat", &test[..300], &["cut short"]);
    for at in (0..train.len()).step_by(3) {
        let mut bytes = train.clone();
        bytes[at] ^= 0x41;
        if let Err(error) = try_load("svhn", &[("train_32x32.mat", &bytes)]) {
            assert!(!error.to_string().contains(char::is_control));
        }
    }
}

#[test]
fn a_set_is_saved_as_one_archive_and_read_again() {
    let set = try_table(options(None, None), &[("train.parquet", &file("codecs/zstd.parquet"))]).unwrap();
    let again = load("custom", &[("own.npz", &set.npz().unwrap())]);
    assert_eq!((&again.train, &again.test, &again.classes), (&set.train, &set.test, &set.classes));
    let grey = load(
        "mnist",
        &FILES.map(|name| (name, file(&format!("mnist/{name}")))).each_ref().map(|(n, b)| (*n, b.as_slice())),
    );
    let own = convlab::data::Dataset { validation: 4, ..grey };
    let again = load("custom", &[("own.npz", &own.npz().unwrap())]);
    assert_eq!((again.train, again.validation), (own.train, 4));
}
