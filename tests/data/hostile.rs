//! Files that are damaged, of a wrong kind or malicious: each gives one clear error, without a panic.

use super::build::{Pickle, binary, gzip, idx, npy, pickle, python_batch, tar, zip};
use super::refuses;
use convlab::data::Loader;
use proptest::prelude::*;

const IMAGES: &str = "train-images-idx3-ubyte.gz";

fn label(i: usize) -> u8 {
    (i % 10) as u8
}

#[test]
fn files_of_another_kind_are_named() {
    let page = b"\n  <!DOCTYPE html><html><body>404 Not Found</body></html>";
    for (name, file) in [("mnist", IMAGES), ("cifar10", "data_batch_1.bin"), ("cifar100", "train.bin"), ("custom", "x")]
    {
        refuses(name, file, page, &["looks like a web page", "download failed"]);
        refuses(name, file, &gzip(page), &["looks like a web page"]);
        refuses(name, file, b"<?xml version='1.0'?><Error><Code>AccessDenied", &["looks like a web page"]);
        refuses(name, file, b"\x89PNG\r\n\x1a\n____IHDR", &["a PNG image"]);
        refuses(name, file, b"version https://git-lfs.github.com/spec/v1\n", &["Git LFS pointer"]);
        refuses(name, file, b"hello there", &["text that begins", "hello there"]);
        refuses(name, file, b"", &["empty", "0 bytes"]);
    }
    refuses(
        "mnist",
        "data_batch_1",
        &python_batch("training batch 1 of 5", 0..1, &[("labels", label)]),
        &["Python pickle"],
    );
    refuses("cifar10", "train-images-idx3-ubyte", &idx(&[1, 28, 28], &[0; 784]), &["an IDX file"]);
}

#[test]
fn idx_headers_are_checked() {
    refuses("mnist", IMAGES, &[0, 0, 13, 3, 0, 0, 0, 1], &["unsigned bytes", "0d"]);
    refuses("mnist", IMAGES, &[0, 0, 8, 7, 0, 0, 0, 1], &["not 7"]);
    refuses("mnist", IMAGES, &[0, 0, 8, 3, 0, 0, 0], &["cut short"]);
    refuses("mnist", IMAGES, &idx(&[3, 28, 28], &[0; 784]), &["cut short", "3 x 28 x 28", "784"]);
    refuses("mnist", IMAGES, &idx(&[1, 28, 28], &[0; 785]), &["too long"]);
    refuses("mnist", IMAGES, &idx(&[0, 28, 28], &[]), &["no values"]);
    refuses("custom", IMAGES, &idx(&[u32::MAX, u32::MAX, u32::MAX, u32::MAX], &[]), &["MiB", "4294967295"]);
    refuses("custom", IMAGES, &gzip(&idx(&[u32::MAX, u32::MAX, 2], &[1])), &["MiB"]);
    refuses("custom", IMAGES, &idx(&[1 << 16, 1 << 15, 1], &[]), &["640 MiB"]);
    refuses("mnist", "train-labels-idx1-ubyte", &idx(&[2], &[9, 12]), &["0 to 9", "12 for image 1"]);
}

#[test]
fn damaged_gzip_is_refused() {
    let good = gzip(&idx(&[10, 28, 28], &(0..7840).map(|i| (i * i % 251) as u8).collect::<Vec<_>>()));
    for end in [3, 10, 15, 18, 40, good.len() / 2, good.len() - 8, good.len() - 1] {
        refuses("mnist", IMAGES, &good[..end], &["cut short"]);
    }
    // A flipped bit in the checksum: the images may be wrong.
    let mut flipped = good.clone();
    let at = flipped.len() - 6;
    flipped[at] ^= 1;
    refuses("mnist", IMAGES, &flipped, &["damaged"]);
    refuses("mnist", IMAGES, &gzip(&gzip(b"twice")), &["a gzip file"]);
}

#[test]
fn damaged_archives_are_refused() {
    let batch = binary(0..2, |i| vec![label(i)]);
    let archive = tar(&[("data_batch_1.bin", &batch), ("test_batch.bin", &batch)]);
    let name = "cifar-10-binary.tar.gz";
    for end in [600, 512 + 6146, 512 + 6656 + 100, 512 + 6656 + 512 + 3000] {
        refuses("cifar10", name, &archive[..end], &["cut short"]);
    }
    let packed = gzip(&archive);
    for end in [packed.len() / 3, packed.len() - 8, packed.len() - 1] {
        refuses("cifar10", name, &packed[..end], &["cut short"]);
    }
    // The checksum follows the last file, and is verified nevertheless.
    let mut flipped = packed.clone();
    let at = flipped.len() - 6;
    flipped[at] ^= 1;
    refuses("cifar10", name, &flipped, &["damaged"]);

    let mut header = archive.clone();
    header[512 + 6656 + 20] ^= 1;
    refuses("cifar10", name, &header, &["damaged"]);
    refuses(
        "cifar10",
        name,
        &gzip(&tar(&[("readme.html", b"hi"), ("a/b.txt", b"x")])),
        &["an archive with readme.html, b.txt"],
    );
    refuses("cifar10", name, &tar(&[("data_batch_1.bin", b"<html></html>")]), &["data_batch_1.bin", "web page"]);
    refuses("cifar10", name, &tar(&[("data_batch_1.bin", &archive)]), &["a tar archive"]);

    let zipped = zip(&[("data_batch_1.bin", &batch)], true);
    refuses("cifar10", "a.zip", &zipped[..zipped.len() - 10], &["damaged"]);
    let mut flipped = zipped.clone();
    flipped[60] ^= 0x10;
    refuses("cifar10", "a.zip", &flipped, &["damaged"]);
}

/// A member's path is only used as a name, and links are not followed.
#[test]
fn path_tricks_are_only_names() {
    let batch = binary(0..1, |i| vec![label(i)]);
    let outside = std::env::temp_dir().join("convlab-path-trick").join("data_batch_1.bin");
    let absolute = outside.to_string_lossy().into_owned();
    let archive = tar(&[
        ("../../../../tmp/convlab-path-trick/data_batch_1.bin", &batch),
        (&absolute[..absolute.len().min(99)], &batch),
        ("..\\..\\test_batch.bin", &batch),
    ]);
    let mut loader = Loader::new("cifar10").unwrap();
    let found = loader.add("evil.tar", &archive, &mut |_, _| ()).unwrap();
    assert_eq!(found, "CIFAR-10: 1 training images, 1 test images");
    assert!(!outside.exists());

    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "data_batch_1.bin", "/etc/passwd").unwrap();
    refuses("cifar10", "link.tar", &builder.into_inner().unwrap(), &["is a link, which is not followed"]);
}

#[test]
fn cifar_records_are_checked() {
    let mut batch = binary(0..3, |i| vec![label(i)]);
    refuses("cifar10", "data_batch_1.bin", &batch[..9000], &["3073", "9000 bytes"]);
    batch[3073] = 10;
    refuses("cifar10", "data_batch_1.bin", &batch, &["0 to 9", "10 for image 1", "damaged or not a binary batch"]);
    refuses("cifar10", "images.bin", &binary(0..1, |_| vec![0]), &["training or the test"]);
    refuses("cifar100", "train.bin", &binary(0..1, |_| vec![20, 0]), &["0 to 19"]);
    refuses("cifar100", "train.bin", &binary(0..1, |_| vec![19, 100]), &["0 to 99"]);
}

#[test]
fn pickles_with_anything_but_plain_arrays_are_never_run() {
    let refuse = |bytes: &[u8], words: &[&str]| refuses("cifar10", "data_batch_1", bytes, words);
    let refuse_built = |words: &[&str], fill: &dyn Fn(&mut Pickle)| refuse(&pickle(fill), words);

    refuse(b"\x80\x02cos\nsystem\n(U\x04true\x85R.", &["refers to os.system", "no code in a pickle is run"]);
    refuse(b"\x80\x02c__builtin__\neval\n.", &["__builtin__.eval"]);
    refuse(b"\x80\x02cnumpy.core.multiarray\nscalar\n.", &["multiarray.scalar"]);
    for (code, name) in [(b'i', "0x69"), (b'o', "0x6f"), (0x81, "0x81"), (b'P', "0x50"), (b'Q', "0x51"), (0x82, "0x82")]
    {
        refuse(&[0x80, 2, b'(', code, b'.'], &[name]);
    }
    refuse(b"\x80\x04}.", &["protocol 4"]);
    refuse(b"\x80\x02]q\x01h\x01.", &["not plain"]);
    refuse(b"\x80\x02e.", &["never opened"]);
    refuse(b"\x80\x02\x87.", &["more values than there are"]);
    refuse(b"\x80\x02}(]]]u.", &["dictionary"]);
    refuse(b"\x80\x02K\x01K\x02R.", &["not a function"]);
    refuse(b"\x80\x02T\xff\xff\xff\xff", &["cut short"]);
    refuse(b"\x80\x02\x8a\xff.", &["64 bits"]);

    refuse_built(&["\"data\" and \"labels\""], &|out| {
        out.string(b"labels").list(1, |out, _| {
            out.int(1);
        });
    });
    refuse_built(&["4 x 3072"], &|out| {
        out.string(b"data").array(4, 3072, false, &[0; 3072]);
    });
    refuse_built(&["1 labels", "2 x 3072"], &|out| {
        out.string(b"labels").list(1, |out, _| {
            out.int(1);
        });
        out.string(b"data").array(2, 3072, false, &[0; 6144]);
    });
    for bad in [-1, 300, 10] {
        refuse_built(&["label"], &|out| {
            out.string(b"labels").list(1, |out, _| {
                out.int(bad);
            });
            out.string(b"data").array(1, 3072, false, &[0; 3072]);
        });
    }
    // Nesting that would overflow the stack when it is dropped, and a list that grows without input.
    refuse(&[b"\x80\x02N".as_slice(), &vec![0x85; 1 << 20]].concat(), &["tuple"]);
    refuse(&[b"\x80\x02".as_slice(), &vec![b']'; 1 << 21]].concat(), &["million"]);
}

#[test]
fn npz_arrays_are_checked() {
    let refuse =
        |bytes: &[u8], words: &[&str]| refuses("mnist", "mnist.npz", &zip(&[("x_train.npy", bytes)], true), words);
    refuse(&npy("<c8", &[1, 28, 28], &[0; 6272]), &["uint8", "<c8"]);
    refuse(&npy("|O", &[1, 28, 28], &[0; 784]), &["uint8", "|O"]);
    refuse(&npy("|u1", &[2, 28, 28], &[0; 784]), &["cut short"]);
    refuse(&npy("|u1", &[usize::MAX, usize::MAX], &[0; 784]), &["MiB"]);
    refuse(&npy("<i8", &[1], &(-1_i64).to_le_bytes()), &["0 to 255"]);
    refuse(&npy("<i8", &[1], &300_i64.to_le_bytes()), &["0 to 255"]);
    refuse(b"\x93NUMPY\x01\x00\xff\xff{}", &["not a complete NumPy array"]);
    refuse(&npy("|u1", &[28, 28], &[0; 784]), &["labels have 1 dimension"]);
}

#[test]
fn unknown_names_are_refused() {
    let error = super::message(Loader::new("imagenet"));
    assert!(error.contains("cifar100") && error.contains("\"imagenet\""), "{error}");
    assert!(super::message(Loader::new("synthetic_digits")).contains("takes no files"));
}

/// Valid files of each kind, which the tests damage.
fn samples() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let batch = binary(0..2, |i| vec![label(i)]);
    let images = idx(&[3, 28, 28], &(0..2352).map(|i| (i % 256) as u8).collect::<Vec<_>>());
    let python = python_batch("training batch 1 of 5", 0..1, &[("labels", label)]);
    let arrays = [("x_train.npy", npy("|u1", &[2, 2, 2], &[7; 8])), ("y_test.npy", npy("<i8", &[1], &[0; 8]))];
    let arrays: Vec<_> = arrays.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let archive = tar(&[("data_batch_1.bin", &batch), ("batches.meta.txt", b"a\nb\n"), ("data_batch_2", &python)]);
    vec![
        ("custom", "train-images", images.clone()),
        ("custom", "train-images.gz", gzip(&images)),
        ("custom", "all.npz", zip(&arrays, true)),
        ("custom", "all.npz", zip(&arrays, false)),
        ("cifar10", "data_batch_1", python.clone()),
        ("cifar10", "data_batch_1.bin", batch),
        ("cifar10", "cifar.tar", archive.clone()),
        ("cifar10", "cifar.tar.gz", gzip(&archive)),
    ]
}

/// Adding any bytes returns a result; an error is a data error of one line, and progress does not exceed the total.
fn survives(name: &str, file: &str, bytes: &[u8]) {
    let mut loader = Loader::new(name).unwrap();
    let result = loader.add(file, bytes, &mut |done, all| assert!(done <= all));
    if result.is_err() {
        super::message(result);
    }
    let _ = loader.finish();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), start in 0_usize..9) {
        // Random bytes without a valid beginning would fail at the magic number.
        let magic: [&[u8]; 9] =
            [b"", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"\x80\x02", b"\x80\x02}(U\x04data", b"\0\0\x08\x01", b"\0\0\x08\x03", b"\x93NUMPY\x01\0", b"\x80\x02cnumpy\ndtype\n"];
        let bytes = [magic[start], &bytes].concat();
        for (name, file) in [("custom", "train"), ("cifar10", "data_batch_1"), ("cifar100", "test"), ("mnist", "t10k-labels")] {
            survives(name, file, &bytes);
            survives(name, file, &gzip(&bytes));
        }
    }

    #[test]
    fn no_damage_makes_it_panic(
        sample in 0_usize..8,
        cut in 0.0_f64..1.2,
        flips in proptest::collection::vec((0.0_f64..1.0, any::<u8>()), 0..6),
        near_start in any::<bool>(),
    ) {
        let (name, file, mut bytes) = samples().swap_remove(sample);
        // Half of the damage is in the headers, which are a small part of any file.
        let reach = if near_start { bytes.len().min(300) } else { bytes.len() } as f64;
        for (place, value) in flips {
            bytes[(place * reach) as usize] = value;
        }
        bytes.truncate((cut * bytes.len() as f64) as usize);
        survives(name, file, &bytes);
    }

    #[test]
    fn no_program_of_a_pickle_makes_it_panic(codes in proptest::collection::vec(
        proptest::sample::select(b"(.N\x88\x89KMJ\x8aUTX}])t\x85\x86\x87aesuqrhjcRb\0\x01\x02\x03".to_vec()), 0..200)
    ) {
        survives("cifar10", "data_batch_1", &[b"\x80\x02".as_slice(), &codes].concat());
    }
}
