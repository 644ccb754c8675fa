//! Whole sets as Parquet files of PNG images, as Hugging Face's Hub has them, give the official files' images and labels to the byte and
//! in the official order; where they cannot, the set says so.

use super::build::{image, planar};
use super::load;
use super::real::{real, skip};
use convlab::data::{Dataset, Images};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

const FILES: [&str; 2] = ["train-00000-of-00001.parquet", "test-00000-of-00001.parquet"];

/// Images of a batch of CIFAR-10.
const BATCH: usize = 10_000;

/// The batches of CIFAR-10's training images in an order that is not the official one.
const OTHER_ORDER: [usize; 5] = [4, 3, 2, 5, 1];

/// The first labels of CIFAR-10's five training batches, and how often each batch has each label.
#[rustfmt::skip]
const LABELS: [([u8; 20], [usize; 10]); 5] = [
    ([6, 9, 9, 4, 1, 1, 2, 7, 8, 3, 4, 7, 7, 2, 9, 9, 9, 3, 2, 6], [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]),
    ([1, 6, 6, 8, 8, 3, 4, 6, 0, 6, 0, 3, 6, 6, 5, 4, 8, 3, 2, 6], [984, 1007, 1010, 995, 1010, 988, 1008, 1026, 987, 985]),
    ([8, 5, 0, 6, 9, 2, 8, 3, 6, 2, 7, 4, 6, 9, 0, 0, 7, 3, 7, 2], [994, 1042, 965, 997, 990, 1029, 978, 1015, 961, 1029]),
    ([0, 6, 0, 2, 7, 2, 1, 2, 4, 1, 5, 6, 6, 3, 1, 3, 5, 5, 8, 1], [1003, 963, 1041, 976, 1004, 1021, 1004, 981, 1024, 983]),
    ([1, 8, 5, 1, 5, 7, 4, 3, 8, 2, 7, 2, 0, 1, 5, 9, 6, 2, 0, 8], [1014, 1014, 952, 1016, 997, 1025, 980, 977, 1003, 1022]),
];

/// The first labels of CIFAR-10's test images.
const TEST_LABELS: [u8; 20] = [3, 8, 8, 0, 6, 6, 1, 6, 3, 1, 0, 9, 5, 7, 9, 8, 5, 7, 8, 6];

fn png(pixels: &[u8], [height, width, channels]: [usize; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(if channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header().unwrap().write_image_data(pixels).unwrap();
    bytes
}

/// A Parquet file with these rows of a set, in the Hub's columns.
fn parquet(column: &str, images: &Images, rows: &[usize]) -> Vec<u8> {
    let schema = format!(
        "message schema {{
            optional group {column} {{ optional binary bytes; optional binary path (UTF8); }}
            optional int64 label;
        }}"
    );
    let mut file = Vec::new();
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::default()).unwrap();
    for rows in rows.chunks(1000) {
        let mut group = writer.next_row_group().unwrap();
        let files: Vec<ByteArray> = rows.iter().map(|&i| png(images.image(i), images.shape()).into()).collect();
        let paths: Vec<ByteArray> = rows.iter().map(|i| format!("{i}.png").into_bytes().into()).collect();
        // No value is missing: each has the highest level of its column.
        for values in [files, paths] {
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&vec![2; rows.len()]), None).unwrap();
            column.close().unwrap();
        }
        let labels: Vec<i64> = rows.iter().map(|&i| images.labels[i].into()).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&labels, Some(&vec![1; rows.len()]), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    file
}

fn all(images: &Images) -> Vec<usize> {
    (0..images.len()).collect()
}

/// Checks that two sets are one, without printing millions of pixels where they are not.
#[track_caller]
fn assert_equal(found: &Dataset, official: &Dataset) {
    assert_eq!((&found.name, &found.title, &found.classes), (&official.name, &official.title, &official.classes));
    for (found, official) in [(&found.train, &official.train), (&found.test, &official.test)] {
        assert_eq!(found.shape(), official.shape());
        assert!(found.labels == official.labels, "the labels differ");
        let differs = (0..official.len()).find(|&i| found.image(i) != official.image(i));
        assert!(found.len() == official.len() && differs.is_none(), "image {differs:?} differs");
    }
}

/// Reads the set as the Hub's two files, its training batches in another order.
fn check_cifar10(official: &Dataset) {
    let rows: Vec<usize> = OTHER_ORDER.iter().flat_map(|batch| (batch - 1) * BATCH..batch * BATCH).collect();
    let train = parquet("img", &official.train, &rows);
    let test = parquet("img", &official.test, &all(&official.test));
    assert_equal(&load("cifar10", &[(FILES[0], &train), (FILES[1], &test)]), official);
}

#[test]
fn cifar10_of_invented_images_comes_back_in_the_official_order() {
    // The official labels where they tell the order; each image begins with its number, so that no two are equal.
    let batch = |number: usize, labels: &[u8]| -> Vec<u8> {
        let record = |(i, &label): (usize, &u8)| {
            let index = number * BATCH + i;
            let mut image = image(index);
            image[..4].copy_from_slice(&(index as u32).to_be_bytes());
            [vec![label], planar(&image)].concat()
        };
        labels.iter().enumerate().flat_map(record).collect()
    };
    let mut files = Vec::new();
    for (index, (first, mut counts)) in LABELS.into_iter().enumerate() {
        first.iter().for_each(|&label| counts[usize::from(label)] -= 1);
        let rest = counts.iter().enumerate().flat_map(|(label, &count)| vec![label as u8; count]);
        let labels: Vec<u8> = first.into_iter().chain(rest).collect();
        files.push((format!("data_batch_{}.bin", index + 1), batch(index, &labels)));
    }
    let labels: Vec<u8> = TEST_LABELS.into_iter().chain((20..BATCH).map(|i| (i % 10) as u8)).collect();
    files.push(("test_batch.bin".to_string(), batch(5, &labels)));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let official = load("cifar10", &files);
    assert_eq!((official.title.as_str(), official.train.len()), ("CIFAR-10", 5 * BATCH));
    check_cifar10(&official);
}

#[test]
fn cifar10_comes_back_in_the_official_order() {
    let Some(official) = real("cifar10") else { return };
    let of_batch = |number: usize| official.train.labels.get(number * BATCH..).unwrap_or_default();
    let is_official = LABELS.iter().enumerate().all(|(number, (first, _))| of_batch(number).starts_with(first));
    if !is_official || official.title != "CIFAR-10" {
        return skip("the CIFAR-10 files are not the official ones, or not all of them");
    }
    check_cifar10(&official);
}

#[test]
fn mnist_is_called_official_in_the_official_order_alone() {
    let Some(official) = real("mnist") else { return };
    let train = parquet("image", &official.train, &all(&official.train));
    let test = parquet("image", &official.test, &all(&official.test));
    assert_equal(&load("mnist", &[(FILES[1], &test), (FILES[0], &train)]), &official);
    let mut rows = all(&official.test);
    rows.swap(0, 1);
    let test = parquet("image", &official.test, &rows);
    let other = load("mnist", &[(FILES[1], &test), (FILES[0], &train)]);
    assert_eq!(other.title, "MNIST (not in the official order)");
    assert_eq!((other.test.image(0), other.test.image(1)), (official.test.image(1), official.test.image(0)));
}
