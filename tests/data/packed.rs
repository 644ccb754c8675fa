//! What archives and folders hold besides plain files: links, whole sets side by side, archives that are not read.

use super::build::{gzip, idx, npy, tar, zip};
use super::image_files::{options, png, set, try_set};
use super::{load, message, refuses, try_load};
use convlab::data::{ImageFiles, load_dir, load_images};
use std::fs;
use std::path::PathBuf;
use tar::{Builder, EntryType, Header};

/// A tar archive of files, and of links of a kind with their targets after them.
fn linked(files: &[(&str, &[u8])], links: &[(EntryType, &str, &str)]) -> Vec<u8> {
    let plain = tar(files);
    let end = plain.len() - 1024;
    let mut builder = Builder::new(plain[..end].to_vec());
    for (kind, path, target) in links {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_size(0);
        builder.append_link(&mut header, path, target).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn hard_links_are_the_files_to_which_they_lead() {
    let [images, labels] = [idx(&[2, 2, 2], &[7; 8]), idx(&[2], &[0, 1])];
    let long = format!("z/{}", "labels".repeat(30));
    let files: [(&str, &[u8]); 3] = [
        ("train-images-idx3-ubyte", &images),
        ("train-labels-idx1-ubyte", &labels),
        ("test-images-idx3-ubyte", &images),
    ];
    let to = |target| linked(&files, &[(EntryType::Link, "test-labels-idx1-ubyte", target)]);
    for archive in
        [to("train-labels-idx1-ubyte"), to("./train-labels-idx1-ubyte"), gzip(&to("train-labels-idx1-ubyte"))]
    {
        assert_eq!(load("custom", &[("a.tar", &archive)]).test.labels, [0, 1]);
    }
    // A link to a link, and to a file that is not needed itself.
    let chain = [
        (EntryType::Link, "a/test-labels", "train-labels-idx1-ubyte"),
        (EntryType::Link, "test-labels-idx1-ubyte", "a/test-labels"),
    ];
    assert_eq!(load("custom", &[("a.tar", &linked(&files, &chain))]).test.labels, [0, 1]);
    let mut builder = Builder::new(Vec::new());
    let mut put = |kind: EntryType, path: &str, bytes: &[u8]| {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        match kind {
            EntryType::Link => builder.append_link(&mut header, path, &long).unwrap(),
            _ => builder.append_data(&mut header, path, bytes).unwrap(),
        }
    };
    files.iter().for_each(|(path, bytes)| put(EntryType::Regular, path, bytes));
    put(EntryType::Regular, &long, &labels);
    put(EntryType::Link, "test-labels-idx1-ubyte", &[]);
    assert_eq!(load("custom", &[("a.tar", &builder.into_inner().unwrap())]).test.labels, [0, 1]);
    let missing = message(try_load("custom", &[("a.tar", &to("nothing"))]));
    assert!(missing.contains("test labels"), "{missing}");
}

#[test]
fn links_of_images_are_followed_or_listed() {
    let files = [("a/1.png", png(1)), ("a/2.png", png(2)), ("b/1.png", png(3))];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    let links = [(EntryType::Link, "b/2.png", "a/1.png"), (EntryType::Symlink, "b/3.png", "../a/2.png")];
    let mut images = ImageFiles::new(options([2, 2])).unwrap();
    assert_eq!(images.add("set.tar", &linked(&files, &links), &mut |_, _| ()).unwrap(), 4);
    let left_out = images.left_out();
    assert_eq!((left_out.len(), left_out[0].path.as_str()), (1, "set/b/3.png"));
    assert!(left_out[0].reason.contains("a link"), "{left_out:?}");
    assert_eq!(images.finish().unwrap().train.class_counts(2), [1, 1]);
}

#[test]
fn archives_of_whole_sets_side_by_side_are_a_question() {
    let files = |classes: [&str; 2]| {
        let files = classes.map(|class| [1, 2].map(|i| (format!("{class}/{i}.png"), png(i)))).concat();
        zip(&files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect::<Vec<_>>(), true)
    };
    let [pets, cars] = [files(["cat", "dog"]), files(["bus", "van"])];
    let image = png(5);
    for other in [("b.zip", cars.as_slice()), ("cat/3.png", &image)] {
        let error = message(try_set(&options([2, 2]), &[("a.zip", &pets), other]));
        assert!(error.contains("several sets") && error.contains("\"a\" with the folders cat, dog"), "{error}");
    }
    // Archives of parts and of classes, and an archive beside an image of no class.
    assert_eq!(set(&options([2, 2]), &[("train.zip", &pets), ("test.zip", &pets)]).test.len(), 4);
    let class = zip(&[("1.png", &image), ("2.png", &image)], true);
    assert_eq!(set(&options([2, 2]), &[("cat.zip", &class), ("dog.zip", &class)]).classes, ["cat", "dog"]);
    assert_eq!(set(&options([2, 2]), &[("a.zip", &pets), ("logo.png", &image)]).classes, ["cat", "dog"]);
}

/// The archive with every header of its members changed, in the directory and before the member.
fn with_headers(mut bytes: Vec<u8>, change: impl Fn(&mut [u8])) -> Vec<u8> {
    for at in 0..bytes.len().saturating_sub(30) {
        match bytes[at..at + 4] {
            [b'P', b'K', 1, 2] => change(&mut bytes[at + 8..]),
            [b'P', b'K', 3, 4] => change(&mut bytes[at + 6..]),
            _ => {}
        }
    }
    bytes
}

#[test]
fn archives_that_are_not_read_say_what_helps() {
    let labels = idx(&[2], &[0, 1]);
    let plain = zip(&[("train-labels-idx1-ubyte", &labels)], true);
    let locked = with_headers(plain.clone(), |flags| flags[0] |= 1);
    refuses("custom", "a.zip", &locked, &["password", "unpack it"]);
    let packed = with_headers(plain, |flags| flags[2] = 12);
    refuses("custom", "a.zip", &packed, &["packed by BZIP2", "unpack it"]);
    let image = png(3);
    let inner = zip(&[("a/1.png", &image), ("b/1.png", &image)], true);
    let error = message(try_set(&options([2, 2]), &[("a.zip", &zip(&[("b.zip", &inner)], false))]));
    assert!(error.contains("a/b.zip: an archive in an archive is not unpacked"), "{error}");
}

#[test]
fn overlapping_members_are_refused() {
    let noise: Vec<u8> = (0..4000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let one = zip(&[("a/1.png", &noise)], false);
    let find = |sign: &[u8]| one.windows(4).rposition(|part| part == sign).unwrap();
    let (directory, end) = (find(b"PK\x01\x02"), find(b"PK\x05\x06"));
    let mut tail = one[end..].to_vec();
    [8, 10].into_iter().for_each(|at| tail[at] = 100);
    tail[12..16].copy_from_slice(&((end - directory) as u32 * 100).to_le_bytes());
    let bomb = [&one[..directory], &one[directory..end].repeat(100), &tail].concat();
    let error = message(try_set(&options([2, 2]), &[("a.zip", &bomb)]));
    assert!(error.contains("overlap"), "{error}");
}

#[test]
fn arrays_of_black_and_white_are_not_nearly_black() {
    let floats = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
    let labels = npy("|b1", &[2], &[0, 1]);
    let binary = [0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    let shades = [0.2, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    let bytes = binary.map(|value| value as u8);
    let load = |kind: &str, train: &[u8], test: &[u8]| {
        let [train, test] = [train, test].map(|values| npy(kind, &[2, 2, 2], values));
        let files = [("x_train.npy", &train), ("y_train.npy", &labels), ("x_test.npy", &test), ("y_test.npy", &labels)];
        load("custom", &[("a.npz", &zip(&files.map(|(name, bytes)| (name, bytes.as_slice())), true))])
    };
    let data = load("<f4", &floats(&shades), &floats(&binary));
    assert_eq!((data.train.pixels[..2].to_vec(), data.test.pixels[..2].to_vec()), (vec![51, 255], vec![0, 255]));
    assert_eq!(load("<f4", &floats(&binary), &floats(&binary)).train.pixels, data.test.pixels);
    let truths = load("|b1", &bytes, &bytes);
    assert_eq!((truths.train.pixels, truths.train.labels), (data.test.pixels, vec![0, 1]));
    // Bytes and large floats are pixels as they are.
    assert_eq!(load("|u1", &bytes, &bytes).train.pixels, bytes);
    assert_eq!(load("<f4", &floats(&[255.0; 8]), &floats(&binary)).train.pixels, [255; 8]);
}

#[test]
fn an_array_that_is_not_needed_does_not_stop_an_archive() {
    let [images, labels] = [npy("|u1", &[2, 2, 2], &[7; 8]), npy("|u1", &[2], &[0, 1])];
    let mean = npy("<f4", &[], &0.5_f32.to_le_bytes());
    let files =
        [("x_train", &images), ("y_train", &labels), ("x_test", &images), ("y_test", &labels), ("mean_train", &mean)];
    let files = files.map(|(name, bytes)| (format!("{name}.npy"), bytes.as_slice()));
    let files = files.each_ref().map(|(name, bytes)| (name.as_str(), *bytes));
    assert_eq!(load("custom", &[("a.npz", &zip(&files, true))]).train.pixels, [7; 8]);
    // Where the set is not complete without it, it is named.
    refuses("custom", "a.npz", &zip(&files[2..], true), &["mean_train.npy"]);
    refuses("custom", "a.npz", &zip(&[("x_train.npy", &npy("|u1", &[], &[1]))], true), &["Received: a single number"]);
}

#[test]
fn tables_of_annotations_are_text_in_any_encoding_of_editors() {
    let table = "val_0.JPEG\tn02\nval_1.JPEG\tn01\n";
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let paths =
        ["train/n01/images/0.JPEG", "train/n02/images/0.JPEG", "val/images/val_0.JPEG", "val/images/val_1.JPEG"];
    let images = [1, 2, 3, 4].map(png);
    let mut files: Vec<(&str, &[u8])> = paths.into_iter().zip(images.iter().map(Vec::as_slice)).collect();
    files.push(("val/val_annotations.txt", &utf16));
    let test = set(&options([2, 2]), &files).test;
    assert_eq!(test.class_counts(2), [1, 1]);
}

/// A temporary folder.
fn folder(test: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("convlab-packed-{test}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn a_folder_is_visited_once_whatever_links_lead_to_it() {
    use std::os::unix::fs::symlink;
    let folder = folder("loop");
    for path in ["hidden/cat/1.png", "hidden/cat/2.png", "set/dog/1.png", "set/dog/2.png"] {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), png(3)).unwrap();
    }
    symlink("..", folder.join("set/dog/loop")).unwrap();
    symlink("dog", folder.join("set/a-dog")).unwrap();
    symlink(folder.join("hidden/cat"), folder.join("set/cat")).unwrap();
    let (data, left_out) = load_images(&folder.join("set"), options([2, 2]), &mut |_, _| ()).unwrap();
    assert_eq!((data.classes.join(" "), data.train.len() + data.test.len()), ("cat dog".to_string(), 4));
    assert!(left_out.is_empty(), "{left_out:?}");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_size_in_a_message_is_that_of_the_file() {
    let folder = folder("size");
    let mut floats = idx(&[2, 2, 2], &[0; 8000]);
    floats[2] = 0x0d;
    fs::write(folder.join("train-images-idx3-ubyte"), &floats).unwrap();
    fs::write(folder.join("train-labels-idx1-ubyte"), idx(&[2], &[0, 1])).unwrap();
    let error = message(load_dir("custom", &folder, &mut |_, _| ()));
    assert!(error.contains("an IDX file (8016 bytes)") && error.contains("type 0d"), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}
