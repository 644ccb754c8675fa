//! Writes the official formats byte by byte, so that the decoders are tested against independent encoders.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// An IDX file of unsigned bytes.
pub fn idx(shape: &[u32], values: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, shape.len() as u8];
    shape.iter().for_each(|n| file.extend(n.to_be_bytes()));
    file.extend(values);
    file
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar archive of plain files; names may be arbitrary, including `../`.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn zip(files: &[(&str, &[u8])], compressed: bool) -> Vec<u8> {
    let method = if compressed { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A JPEG file as a camera marks it: after its first two bytes stands a segment of EXIF with one tag, the orientation.
pub fn with_orientation(jpeg: &[u8], orientation: u8, is_big_endian: bool) -> Vec<u8> {
    let [before, after]: [&[u8]; 2] = match is_big_endian {
        true => [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[0; 6]],
        false => [b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[0; 7]],
    };
    let exif = [before, &[orientation], after].concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

/// NumPy's `.npy`, version 1.
pub fn npy(kind: &str, shape: &[usize], values: &[u8]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|n| format!("{n},")).collect();
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({sizes}), }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(values);
    file
}

/// Image `i` of shape (32, 32, 3): every value depends on its position, so that a wrong order is detected.
pub fn image(i: usize) -> Vec<u8> {
    (0..3072).map(|k| (i * 31 + k * 7 + k / 96) as u8).collect()
}

/// An image in CIFAR's layout: three planes, shape (3, 32, 32).
pub fn planar(image: &[u8]) -> Vec<u8> {
    (0..3).flat_map(|channel| image.iter().skip(channel).step_by(3).copied()).collect()
}

/// Image `i` in that layout.
pub fn planes(i: usize) -> Vec<u8> {
    planar(&image(i))
}

/// A binary batch of the images `numbers`; each record begins with the bytes that `labels` returns for its number.
pub fn binary(numbers: std::ops::Range<usize>, labels: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    numbers.flat_map(|i| [labels(i), planes(i)].concat()).collect()
}

/// Writes pickles of protocol 2 as Python 2's cPickle did for the official files: every value is memoised.
#[derive(Default)]
pub struct Pickle {
    pub bytes: Vec<u8>,
    remembered: u32,
}

impl Pickle {
    pub fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend(bytes);
        self
    }

    /// BINPUT, or LONG_BINPUT if the index needs more than one byte.
    pub fn remember(&mut self) -> &mut Self {
        self.remembered += 1;
        match u8::try_from(self.remembered) {
            Ok(index) => self.put(&[b'q', index]),
            Err(_) => self.put(&[b"r", self.remembered.to_le_bytes().as_slice()].concat()),
        }
    }

    /// SHORT_BINSTRING or BINSTRING.
    pub fn string(&mut self, text: &[u8]) -> &mut Self {
        match u8::try_from(text.len()) {
            Ok(length) => self.put(&[b'U', length]),
            Err(_) => self.put(&[b"T", (text.len() as u32).to_le_bytes().as_slice()].concat()),
        };
        self.put(text).remember()
    }

    /// BININT1, BININT2 or BININT.
    pub fn int(&mut self, value: i32) -> &mut Self {
        match (u8::try_from(value), u16::try_from(value)) {
            (Ok(byte), _) => self.put(&[b'K', byte]),
            (_, Ok(word)) => self.put(&[b"M", word.to_le_bytes().as_slice()].concat()),
            _ => self.put(&[b"J", value.to_le_bytes().as_slice()].concat()),
        }
    }

    pub fn list(&mut self, items: usize, mut item: impl FnMut(&mut Self, usize)) -> &mut Self {
        self.put(b"]").remember();
        // In batches of a thousand, as cPickle does.
        for start in (0..items).step_by(1000) {
            self.put(b"(");
            (start..items.min(start + 1000)).for_each(|i| item(self, i));
            self.put(b"e");
        }
        self
    }

    /// A NumPy array of unsigned bytes, with the calls that `ndarray.__reduce__` returns.
    pub fn array(&mut self, rows: usize, columns: usize, fortran: bool, values: &[u8]) -> &mut Self {
        self.put(b"cnumpy.core.multiarray\n_reconstruct\n").remember().put(b"cnumpy\nndarray\n").remember();
        self.int(0).put(b"\x85").remember().string(b"b").put(b"\x87").remember().put(b"R").remember();
        self.put(b"(").int(1).int(rows as i32).int(columns as i32).put(b"\x86").remember();
        self.put(b"cnumpy\ndtype\n")
            .remember()
            .string(b"u1")
            .int(0)
            .int(1)
            .put(b"\x87")
            .remember()
            .put(b"R")
            .remember();
        self.put(b"(").int(3).string(b"|").put(b"NNN").int(-1).int(-1).int(0).put(b"t").remember().put(b"b");
        self.put(if fortran { b"\x88" } else { b"\x89" }).string(values).put(b"t").remember().put(b"b")
    }
}

/// A complete pickle file: a dictionary of the entries that `fill` writes.
pub fn pickle(fill: impl FnOnce(&mut Pickle)) -> Vec<u8> {
    let mut out = Pickle::default();
    out.put(b"\x80\x02}").remember().put(b"(");
    fill(&mut out);
    out.put(b"u.");
    out.bytes
}

/// A list's key, and the label of each image in it.
type Labels<'a> = (&'a str, fn(usize) -> u8);

/// A python batch like the official ones.
pub fn python_batch(title: &str, numbers: std::ops::Range<usize>, labels: &[Labels]) -> Vec<u8> {
    let n = numbers.len();
    let data: Vec<u8> = numbers.clone().flat_map(planes).collect();
    pickle(|out| {
        out.string(b"batch_label").string(title.as_bytes());
        for (key, label) in labels {
            out.string(key.as_bytes()).list(n, |out, i| {
                out.int(i32::from(label(numbers.start + i)));
            });
        }
        out.string(b"data").array(n, 3072, false, &data);
        out.string(b"filenames").list(n, |out, i| {
            out.string(format!("image_s_{i:06}.png").as_bytes());
        });
    })
}
