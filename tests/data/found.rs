//! Files as people have them: packed by other tools, with byte-order marks, several sets side by side.

use super::build::{binary, gzip, idx, npy, tar, zip};
use super::{load, message, try_load};
use convlab::Error;
use convlab::data::{Dataset, Loader, load_dir};
use std::fs;
use std::path::PathBuf;

/// A temporary folder, removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("convlab-found-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn put_all(&self, files: &[(String, Vec<u8>)]) {
        files.iter().for_each(|(name, bytes)| self.put(name, bytes));
    }

    fn load(&self, name: &str) -> Result<Dataset, Error> {
        load_dir(name, &self.0, &mut |done, all| assert!(done <= all))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The four files of a small set, its pixels all `value`; `name` makes their paths from "train-images" and its like.
fn four(value: u8, name: impl Fn(&str) -> String) -> Vec<(String, Vec<u8>)> {
    [("train", 3_u32), ("test", 2)]
        .into_iter()
        .flat_map(|(split, n)| {
            let pixels = vec![value; n as usize * 4];
            let labels: Vec<u8> = (0..n as u8).collect();
            [
                (name(&format!("{split}-images-idx3-ubyte")), idx(&[n, 2, 2], &pixels)),
                (name(&format!("{split}-labels-idx1-ubyte")), idx(&[n], &labels)),
            ]
        })
        .collect()
}

fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

fn batch(value: u8) -> Vec<u8> {
    binary(0..2, move |_| vec![value])
}

/// CIFAR-10 under a path of more than 100 characters.
fn long_paths() -> Vec<(String, Vec<u8>)> {
    let folder = "home/student/Documents/University/Semester 5/Deep Learning/assignment-3/data/downloads/cifar-10";
    let names =
        (1..=5).map(|i| (format!("{folder}/data_batch_{i}.bin"), i)).chain([(format!("{folder}/test_batch.bin"), 6)]);
    names.map(|(path, value)| (path, batch(value))).collect()
}

#[test]
fn archives_with_long_paths_are_read_whole() {
    // GNU's format, as the tar crate writes it by itself.
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in long_paths() {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    let gnu = builder.into_inner().unwrap();

    // The POSIX format: the path as an attribute, a cut one in the header.
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in long_paths() {
        builder
            .append_pax_extensions([("SCHILY.xattr.user", b"a\n\xff".as_slice()), ("path", path.as_bytes())])
            .unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.as_old_mut().name[..99].copy_from_slice(&path.as_bytes()[..99]);
        header.set_cksum();
        builder.append(&header, bytes.as_slice()).unwrap();
    }
    let posix = builder.into_inner().unwrap();
    for archive in [&gnu, &posix, &gzip(&gnu), &gzip(&posix)] {
        let data = load("cifar10", &[("cifar-10-binary.tar.gz", archive)]);
        assert_eq!(data.train.labels, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(data.test.labels, [6, 6]);
        assert_eq!(data.title, "CIFAR-10 (10 of 50000 training images, 2 of 10000 test images)");
    }
}

#[test]
fn sparse_members_are_refused_by_name() {
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("GNU.sparse.major", b"1".as_slice())]).unwrap();
    let bytes = batch(1);
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    builder.append_data(&mut header, "data_batch_1.bin", bytes.as_slice()).unwrap();
    super::refuses("cifar10", "a.tar", &builder.into_inner().unwrap(), &["data_batch_1.bin", "--sparse"]);
}

#[test]
fn zeros_may_follow_gzip_and_nothing_else() {
    let images = idx(&[3, 2, 2], &[7; 12]);
    let mut files = four(7, str::to_string);
    for padding in [1, 512, 70_000] {
        files[0].1 = [gzip(&images), vec![0; padding]].concat();
        assert_eq!(load("custom", &borrowed(&files)).train.pixels, [7; 12]);
    }
    // Several members, with padding between them.
    files[0].1 = [gzip(&images[..10]), vec![0; 3], gzip(&images[10..])].concat();
    assert_eq!(load("custom", &borrowed(&files)).train.pixels, [7; 12]);
    let archive = gzip(&tar(&[("cifar-10-batches-bin/data_batch_1.bin", &batch(1))]));
    for (set, name, whole) in [("custom", "train-images.gz", gzip(&images)), ("cifar10", "cifar-10.tar.gz", archive)] {
        for rest in [&b"more than nothing"[..], b"\0\0more", b"\x1f"] {
            super::refuses(set, name, &[whole.as_slice(), rest].concat(), &["bytes that are not gzip follow its end"]);
        }
    }
    let rest = gzip(&images[20..]);
    super::refuses(
        "custom",
        "train-images.gz",
        &[gzip(&images[..20]), rest[..rest.len() - 6].to_vec()].concat(),
        &["cut short"],
    );
}

#[test]
fn numpy_headers_are_read_as_numpy_reads_them() {
    // A header written by hand, and the values.
    let array = |header: &str, values: &[u8]| {
        let mut file = b"\x93NUMPY\x01\0".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        [file.as_slice(), header.as_bytes(), values].concat()
    };
    let pixels: Vec<u8> = (0..12).collect();
    let labels = [0_u8, 1, 2];
    let with = |x: Vec<u8>, y: Vec<u8>| {
        let test = [npy("|u1", &[2, 2, 2], &[5; 8]), npy("|u1", &[2], &[0, 1])];
        zip(&[("x_train.npy", &x), ("y_train.npy", &y), ("x_test.npy", &test[0]), ("y_test.npy", &test[1])], true)
    };
    let wide = |values: &[u8], width: usize, is_big: bool| -> Vec<u8> {
        let one = |&value: &u8| {
            let mut bytes = u64::from(value).to_le_bytes()[..width].to_vec();
            if is_big {
                bytes.reverse();
            }
            bytes
        };
        values.iter().flat_map(one).collect()
    };
    let floats = |values: &[u8]| values.iter().flat_map(|&value| f64::from(value).to_be_bytes()).collect::<Vec<_>>();
    let singles = |values: &[u8]| values.iter().flat_map(|&v| (f32::from(v) / 255.0).to_le_bytes()).collect::<Vec<_>>();
    // Half floats of 0, 1 and 2.
    let halves = [0_u16, 0x3c00, 0x4000].map(u16::to_le_bytes).concat();
    let column: Vec<u8> = (0..12).map(|k| pixels[(k % 3) * 4 + (k / 3 % 2) * 2 + k / 6]).collect();
    let plain_x = || npy("|u1", &[3, 2, 2], &pixels);
    let plain_y = || npy("|u1", &[3], &labels);
    for (what, x, y) in [
        ("<u1", npy("<u1", &[3, 2, 2], &pixels), plain_y()),
        (">u1", npy(">u1", &[3, 2, 2], &pixels), npy("=u1", &[3], &labels)),
        ("uint8", npy("uint8", &[3, 2, 2], &pixels), npy("int64", &[3], &wide(&labels, 8, false))),
        (">i8", plain_x(), npy(">i8", &[3], &wide(&labels, 8, true))),
        (">u2", npy(">u2", &[3, 2, 2], &wide(&pixels, 2, true)), npy("<i4", &[3, 1], &wide(&labels, 4, false))),
        (">f8", npy(">f8", &[3, 2, 2], &floats(&pixels)), npy(">f8", &[3], &floats(&labels))),
        ("0 to 1", npy("<f4", &[3, 2, 2], &singles(&pixels)), npy("<f2", &[3], &halves)),
        (
            "python 2",
            array("{'descr': '|u1', 'fortran_order': False, 'shape': (3L, 2L, 2L), }\n", &pixels),
            array("{'descr': '<i8', 'fortran_order': False, 'shape': (3L,), }\n", &wide(&labels, 8, false)),
        ),
        (
            "fortran",
            array("{\"descr\": \"|u1\", \"fortran_order\": True, \"shape\": (3, 2, 2)}", &column),
            array("{'shape':(3,),'fortran_order':True,'descr':'|u1'}", &labels),
        ),
    ] {
        let data = try_load("custom", &[("all.npz", &with(x, y))]).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((data.train.pixels, data.train.labels), (pixels.clone(), labels.to_vec()), "{what}");
    }
    for (bad, word) in [
        (npy("<f4", &[1, 1, 1], &300_f32.to_le_bytes()), "0 to 255"),
        (npy("<f4", &[1, 1, 1], &f32::NAN.to_le_bytes()), "0 to 255"),
        (npy("<f4", &[1, 1, 1], &1.5_f32.to_le_bytes()), "0 to 255"),
        (npy("<f4", &[1], &0.5_f32.to_le_bytes()), "0 to 255"),
        (npy("<c8", &[1, 1, 1], &[0; 8]), "<c8"),
        (array("{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (1,)}", &[0]), "uint8"),
        (array("{'descr': '|u1', 'fortran_order': 1, 'shape': (1,)}", &[0]), "fortran_order"),
        (array("{'descr': '|u1', 'fortran_order': False, 'shape': (1J,)}", &[0]), "whole numbers"),
    ] {
        super::refuses("custom", "x_train.npy", &bad, &[word]);
    }
}

#[test]
fn class_names_are_text_in_any_encoding_of_editors() {
    let mut files = four(1, str::to_string);
    let text = "Katze\r\nHund\r\nMaus\r\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    files.push(("classes.txt".to_string(), Vec::new()));
    for bytes in [format!("\u{feff}{text}").into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        files[4].1 = bytes;
        assert_eq!(load("custom", &borrowed(&files)).classes, ["Katze", "Hund", "Maus"]);
    }
}

#[test]
fn files_in_folders_of_their_own_names_are_found() {
    let folder = Folder::new("own");
    let own = |name: &str| format!("mnist/{name}/{name}");
    folder.put_all(&four(9, own));
    assert_eq!(folder.load("custom").unwrap().train.pixels, [9; 12]);
    // Kaggle's archive holds them twice.
    folder.put_all(&four(9, |name| format!("mnist/{}", name.replacen("-idx", ".idx", 1))));
    assert_eq!(folder.load("custom").unwrap().train.pixels, [9; 12]);

    let folder = Folder::new("splits");
    let by_split = |name: &str| name.replacen('-', "/", 1);
    folder.put_all(&four(8, by_split));
    assert_eq!(folder.load("custom").unwrap().train.pixels, [8; 12]);

    let members: Vec<_> = four(7, own);
    assert_eq!(load("custom", &[("a.zip", &zip(&borrowed(&members), true))]).train.pixels, [7; 12]);
}

#[test]
fn two_sets_are_a_question_and_never_mixed() {
    let (letters, digits) = (|n: &str| format!("emnist-letters-{n}"), |n: &str| format!("emnist-digits-{n}"));
    let folder = Folder::new("sets");
    folder.put_all(&four(1, letters));
    // Half of another set beside it.
    folder.put_all(&four(2, digits)[..2]);
    assert_eq!(folder.load("custom").unwrap().train.pixels, [1; 12]);
    folder.put_all(&four(2, digits));
    let error = message(folder.load("custom"));
    assert!(error.contains("letters") && error.contains("digits") && error.contains("alone"), "{error}");

    // A half of each, which together would be a whole.
    let folder = Folder::new("halves");
    folder.put_all(&four(1, letters)[..2]);
    folder.put_all(&four(2, digits)[2..]);
    let error = message(folder.load("custom"));
    assert!(
        error.contains("letters") && error.contains("digits") && error.contains("none of them complete"),
        "{error}"
    );

    // The same in an archive, and in a drop.
    let both: Vec<_> = four(1, |n| format!("a/{n}")).into_iter().chain(four(2, |n| format!("b/{n}"))).collect();
    super::refuses("custom", "two.zip", &zip(&borrowed(&both), false), &["\"two.zip/a\"", "\"two.zip/b\""]);
    let mut loader = Loader::new("custom").unwrap();
    for (path, bytes) in &both {
        loader.add(path, bytes, &mut |_, _| ()).unwrap();
    }
    assert!(loader.missing().is_empty());
    assert!(message(loader.finish()).contains("2 different sets"));

    // Equal ones are one, and one complete set is found among parts of others.
    let twice: Vec<_> = four(1, |n| format!("a/{n}")).into_iter().chain(four(1, |n| format!("b/{n}"))).collect();
    assert_eq!(load("custom", &[("two.zip", &zip(&borrowed(&twice), false))]).train.pixels, [1; 12]);
    assert_eq!(load("custom", &borrowed(&both[..7])).train.pixels, [1; 12]);
}

#[test]
fn archives_and_folders_that_differ_are_a_question() {
    let folder = Folder::new("archives");
    let archive = |value: u8| zip(&borrowed(&four(value, |n| format!("x/{n}"))), true);
    folder.put("a.zip", &archive(1));
    assert_eq!(folder.load("custom").unwrap().train.pixels, [1; 12]);
    folder.put_all(&four(1, |n| format!("unpacked/{n}")));
    folder.put("broken.zip", b"PK\x03\x04");
    assert_eq!(folder.load("custom").unwrap().train.pixels, [1; 12]);
    folder.put("b.zip", &archive(2));
    let error = message(folder.load("custom"));
    assert!(error.contains("b.zip") && error.contains("unpacked") && error.contains("3 training"), "{error}");
    // The path of one of them answers it.
    let one = load_dir("custom", &folder.0.join("b.zip"), &mut |_, _| ()).unwrap();
    assert_eq!(one.train.pixels, [2; 12]);
}

#[cfg(unix)]
#[test]
fn special_files_are_refused_at_once() {
    use std::os::unix::fs::symlink;
    let started = std::time::Instant::now();
    for (test, make) in [
        (
            "pipe",
            (|path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()))
                as fn(&PathBuf),
        ),
        ("device", |path| symlink("/dev/zero", path).unwrap()),
        ("socket", |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
    ] {
        let folder = Folder::new(test);
        folder.put_all(&four(1, str::to_string)[1..]);
        let path = folder.0.join("train-images-idx3-ubyte");
        make(&path);
        for place in [&folder.0, &path] {
            let error = load_dir("custom", place, &mut |_, _| ()).unwrap_err().to_string();
            assert!(error.contains("train-images-idx3-ubyte") && error.contains(test), "{error}");
        }
    }
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn the_header_tells_before_the_file_is_read() {
    let folder = Folder::new("sparse");
    folder.put_all(&four(1, str::to_string)[1..]);
    let path = folder.0.join("train-images-idx3-ubyte");
    folder.put("train-images-idx3-ubyte", &idx(&[3, 2, 2], &[]));
    fs::File::options().write(true).open(&path).unwrap().set_len(3 << 30).unwrap();
    let started = std::time::Instant::now();
    assert!(message(folder.load("custom")).contains("too long"));
    folder.put("train-images-idx3-ubyte", &idx(&[u32::MAX, 28, 28], &[]));
    fs::File::options().write(true).open(&path).unwrap().set_len(3 << 30).unwrap();
    assert!(message(folder.load("custom")).contains("640 MiB"));
    assert!(started.elapsed().as_secs() < 5);
}
