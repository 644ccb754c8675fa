//! Sets of image files: pixels compared with Keras's loader, classes and parts by folders, hostile files.

use super::build::{gzip, tar, zip};
use super::message;
use convlab::Error;
use convlab::data::{ColorMode, Dataset, ImageFiles, ImageOptions, Interpolation, load_images};
use std::fs;
use std::path::{Path, PathBuf};

pub fn options(size: [usize; 2]) -> ImageOptions {
    ImageOptions {
        image_size: size,
        color_mode: ColorMode::Rgb,
        interpolation: Interpolation::Bilinear,
        crop_to_aspect_ratio: false,
        validation: 0.0,
        test: 0.2,
        seed: 1,
    }
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

pub fn file(name: &str) -> Vec<u8> {
    fs::read(golden().join("image_files").join(name)).unwrap()
}

pub fn try_set(options: &ImageOptions, files: &[(&str, &[u8])]) -> Result<Dataset, Error> {
    let mut images = ImageFiles::new(options.clone())?;
    for (path, bytes) in files {
        images.add(path, bytes, &mut |done, all| assert!(done <= all))?;
    }
    images.finish()
}

pub fn set(options: &ImageOptions, files: &[(&str, &[u8])]) -> Dataset {
    try_set(options, files).unwrap_or_else(|error| panic!("{error}"))
}

/// The pixels of one file.
pub fn decoded(bytes: &[u8], options: &ImageOptions) -> Vec<u8> {
    let good = file("rgb.png");
    set(options, &[("train/a/1.png", &good), ("train/b/1.png", &good), ("test/a/it", bytes)]).test.pixels
}

/// A PNG file of one colour, so that images can be told apart.
pub fn png(value: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[value; 4]).unwrap();
    bytes
}

#[test]
fn images_decoded_side_by_side_make_the_same_set() {
    let options = options([4, 3]);
    let images: Vec<(String, Vec<u8>)> =
        (0..12_u8).map(|i| (format!("{}/{i}.png", ["a", "b"][usize::from(i % 2)]), png(20 * i))).collect();
    let given: Vec<(&str, &[u8])> = images.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let alone = set(&options, &given);
    let other = ImageFiles::new(options.clone()).unwrap();
    let mut together = ImageFiles::new(options.clone()).unwrap();
    for (path, bytes) in given.iter().rev() {
        assert_eq!(together.add_decoded(path, other.decode(path, bytes).unwrap()).unwrap(), 1);
    }
    assert_eq!(together.finish().unwrap(), alone);
    // What is no readable image is left to the instance that holds the set.
    assert_eq!(other.decode("a/1.png", b"not an image"), None);
    assert_eq!(other.decode("a.zip", &zip(&[("a/1.png", &png(1))], false)), None);
    let error = ImageFiles::new(options).unwrap().add_decoded("a/1.png", vec![0; 5]).unwrap_err();
    assert!(error.to_string().contains("36 values"), "{error}");
}

#[test]
fn pixels_are_those_of_keras() {
    let bytes = fs::read(golden().join("image_files.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert!(tensors.len() > 30);
    for (name, tensor) in tensors.tensors() {
        let words: Vec<&str> = name.split(' ').collect();
        let [path, mode, method, height, width, crop] = words[..] else { panic!("{name}") };
        let options = ImageOptions {
            color_mode: serde_json::from_value(mode.into()).unwrap(),
            interpolation: serde_json::from_value(method.into()).unwrap(),
            crop_to_aspect_ratio: crop == "True",
            ..options([height.parse().unwrap(), width.parse().unwrap()])
        };
        let ours = decoded(&file(path), &options);
        // Without interpolation Keras keeps bytes.
        let theirs: Vec<f32> = match tensor.dtype() {
            safetensors::Dtype::U8 => tensor.data().iter().map(|&byte| f32::from(byte)).collect(),
            _ => tensor
                .data()
                .as_chunks::<4>()
                .0
                .iter()
                .map(|&bytes| f32::from_le_bytes(bytes).clamp(0.0, 255.0))
                .collect(),
        };
        let differences: Vec<f32> =
            ours.iter().zip(theirs).map(|(&ours, theirs)| (f32::from(ours) - theirs).abs()).collect();
        assert_eq!(differences.len(), ours.len());
        let largest = differences.iter().copied().fold(0.0, f32::max);
        let mean = differences.iter().sum::<f32>() / differences.len() as f32;
        // Rounding to a whole number is half a level; decoders of JPEG differ among themselves.
        let most = if path.ends_with(".jpg") { (8.0, 2.0) } else { (1.0, 0.5) };
        assert!(largest <= most.0 && mean <= most.1, "{name}: at most {largest}, on average {mean}");
    }
}

#[test]
fn folders_are_classes_in_the_order_of_their_bytes() {
    let values: Vec<Vec<u8>> = (0..12).map(png).collect();
    let names = ["b/x.png", "b/y.png", "Zebra/1.png", "Zebra/2.png", "a/deep/er/1.png", "a/2.PNG"];
    let files: Vec<_> = names.iter().enumerate().map(|(i, name)| (format!("my photos/{name}"), &values[i])).collect();
    let files: Vec<_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let data = set(&options([2, 2]), &files);
    assert_eq!(data.classes, ["Zebra", "a", "b"]);
    // Half of two is one: at least one of each class is drawn, and one is left.
    assert_eq!((data.train.class_counts(3), data.test.class_counts(3)), (vec![1; 3], vec![1; 3]));
    assert_eq!((data.name.as_str(), data.title.as_str(), data.validation), ("images", "Image files", 0));

    let parts = [
        ("train/a/1.png", 0),
        ("train/b/2.png", 1),
        ("val/a/3.png", 2),
        ("valid/b/4.png", 3),
        ("validation/a/7.png", 6),
        ("validation/b/8.png", 7),
        ("test/a/5.png", 4),
        ("test/b/6.png", 5),
    ];
    let files: Vec<_> = parts.iter().map(|&(name, i)| (name, values[i].as_slice())).collect();
    let data = set(&options([1, 1]), &files);
    assert_eq!((data.train.len(), data.validation, data.test.len()), (6, 4, 2));
    let of = |from: &[u8]| {
        let mut values: Vec<u8> = from.as_chunks::<3>().0.iter().map(|pixel| pixel[0]).collect();
        values.sort_unstable();
        values
    };
    assert_eq!(
        (of(&data.train.pixels[..6]), of(&data.train.pixels[6..]), of(&data.test.pixels)),
        (vec![0, 1], vec![2, 3, 6, 7], vec![4, 5])
    );
}

#[test]
fn parts_are_drawn_from_the_seed_and_stratified() {
    let one = png(9);
    let files: Vec<String> = (0..100).map(|i| format!("{}/{i}.png", if i < 80 { "many" } else { "few" })).collect();
    let files: Vec<_> = files.iter().map(|name| (name.as_str(), one.as_slice())).collect();
    let with = |seed: u32| set(&ImageOptions { validation: 0.25, seed, ..options([1, 1]) }, &files);
    let data = with(1);
    assert_eq!(
        (data.classes.clone(), data.test.class_counts(2)),
        (vec!["few".to_string(), "many".to_string()], vec![4, 16])
    );
    assert_eq!((data.train.len(), data.validation), (80, 20));
    let (train, validation) = data.train.labels.split_at(60);
    assert_eq!(validation.iter().filter(|&&label| label == 0).count(), 4);
    // Classes are mixed, so that the first images are of all.
    assert!(train[..30].contains(&0) && train[..30].contains(&1));
    assert_eq!(with(1), data);
    assert_ne!(with(2).train.labels, data.train.labels);
}

#[test]
fn archives_hold_the_same_sets() {
    let good = file("rgb.png");
    let files: Vec<(String, &[u8])> =
        (0..8).map(|i| (format!("set/{}/{i}.png", ["cat", "dog"][i % 2]), good.as_slice())).collect();
    let files: Vec<_> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let expected = set(&options([4, 4]), &files);
    for (name, bytes) in [("a.zip", zip(&files, true)), ("a.tar", tar(&files)), ("a.tar.gz", gzip(&tar(&files)))] {
        assert_eq!(set(&options([4, 4]), &[(name, &bytes)]), expected, "{name}");
    }
    let (train, test) = (zip(&files[..6], false), zip(&files[6..], false));
    let data = set(&options([4, 4]), &[("train.zip", &train), ("test.zip", &test)]);
    assert_eq!((data.train.len(), data.test.len()), (6, 2));
}

#[test]
fn what_cannot_be_read_is_listed_and_left_out() {
    let good = file("rgb.png");
    let mut images = ImageFiles::new(options([4, 4])).unwrap();
    let broken = &good[..good.len() / 2];
    let fine = ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"];
    for (path, bytes) in fine.iter().map(|path| (*path, good.as_slice())).chain([
        ("cat/cut.png", broken),
        ("cat/page.jpg", b"<html>".as_slice()),
        ("dog/empty.png", b""),
        ("dog/.hidden", b"x"),
        ("dog/Thumbs.db", b"x"),
        ("__MACOSX/dog/._1.png", b"x"),
        ("readme.md", b"x"),
    ]) {
        images.add(path, bytes, &mut |_, _| ()).unwrap();
    }
    let left_out = images.left_out();
    let left: Vec<_> = left_out.iter().map(|file| (file.path.as_str(), file.reason.as_str())).collect();
    assert_eq!(
        left.iter().map(|(path, _)| *path).collect::<Vec<_>>(),
        ["cat/cut.png", "cat/page.jpg", "dog/empty.png"]
    );
    assert!(
        left[0].1.contains("damaged") && left[1].1.contains("web page") && left[2].1.contains("0 bytes"),
        "{left:?}"
    );
    assert_eq!(images.finish().unwrap().title, "Image files (4 of 7 files)");

    // Images of a test folder without classes have no label.
    let mut images = ImageFiles::new(options([4, 4])).unwrap();
    for path in ["train/a/1.png", "train/a/2.png", "train/b/1.png", "train/b/2.png", "test/1.png"] {
        images.add(path, &good, &mut |_, _| ()).unwrap();
    }
    assert_eq!(images.left_out()[0].path, "test/1.png");
    assert_eq!(images.finish().unwrap().title, "Image files (4 of 5 files)");

    let error = |files: &[(&str, &[u8])]| message(try_set(&options([4, 4]), files));
    let lost = error(&[("cat/1.png", &good), ("cat/2.png", &good), ("dog/1.png", broken)]);
    assert!(lost.contains("\"dog\" has no image") && lost.contains("dog/1.png") && lost.contains("damaged"), "{lost}");
    assert!(error(&[("cat/1.png", &good)]).contains("1 classes"));
    assert!(error(&[("1.png", &good)]).contains("CLASS/image.png"));
    assert!(error(&[("a.zip", &zip(&[("a/b.txt", b"x")], true))]).contains("no image"));
}

#[test]
fn hostile_images_are_refused_in_bounded_time() {
    let started = std::time::Instant::now();
    let header = |width: u32, height: u32| {
        let mut bytes = Vec::new();
        let mut writer = png::Encoder::new(&mut bytes, width, height).write_header().unwrap();
        writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]).unwrap();
        drop(writer);
        bytes
    };
    for (bytes, word) in [
        (header(60_000, 60_000), "60000 x 60000"),
        (header(1, 65_000_000), "million pixels"),
        (b"BM\x36\x00\x00\x0c\0\0\0\0\x36\0\0\0\x28\0\0\0\x60\xea\0\0\x60\xea\0\0\x01\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), "million pixels"),
    ] {
        let mut images = ImageFiles::new(options([4, 4])).unwrap();
        assert_eq!(images.add("a/1.png", &bytes, &mut |_, _| ()).unwrap(), 0);
        assert!(images.left_out()[0].reason.contains(word), "{:?}", images.left_out());
    }
    // A member that unpacks to more than an image may have.
    let bomb = zip(&[("a/1.png", &vec![0; 130 << 20])], true);
    let mut images = ImageFiles::new(options([4, 4])).unwrap();
    assert!(message(images.add("bomb.zip", &bomb, &mut |_, _| ())).contains("128 MiB"));
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn a_folder_is_loaded_with_its_empty_classes() {
    let folder = std::env::temp_dir().join(format!("convlab-images-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    for class in ["cat", "dog", "fox"] {
        fs::create_dir_all(folder.join(class)).unwrap();
    }
    for name in ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"] {
        fs::write(folder.join(name), png(3)).unwrap();
    }
    let load = || load_images(&folder, options([2, 2]), &mut |done, all| assert!(done <= all));
    let error = message(load());
    assert!(error.contains("\"fox\"") && error.contains("empty"), "{error}");
    fs::remove_dir(folder.join("fox")).unwrap();
    let (data, left_out) = load().unwrap();
    assert_eq!((data.train.len(), data.test.len(), left_out.len()), (2, 2, 0));
    fs::remove_dir_all(&folder).unwrap();
}
