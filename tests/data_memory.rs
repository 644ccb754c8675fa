//! Decompression bombs stay within bounds of memory and time. The test has its own program, since it counts every
//! allocation.
#![cfg(not(target_arch = "wasm32"))]

use convlab::data::Loader;
use flate2::{Compression, write::GzEncoder};
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, with the bytes in use and their peak.
struct Counting;
static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(USED.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`, which is the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the pointer came from `alloc` above, and so from the system, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// `start`, then a gigabyte of zeros, as a gzip file of a megabyte.
fn bomb(start: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(start).unwrap();
    let zeros = vec![0; 1 << 20];
    (0..1024).for_each(|_| encoder.write_all(&zeros).unwrap());
    encoder.finish().unwrap()
}

/// A tar header for a file of this name, size and type.
fn header(name: &str, size: u64, kind: tar::EntryType) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name).unwrap();
    header.set_size(size);
    header.set_entry_type(kind);
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// Adds the file, which must fail, and returns the message and the peak memory.
fn refuse(name: &str, file: &str, bytes: &[u8]) -> (String, usize) {
    let mut loader = Loader::new(name).unwrap();
    let before = USED.load(Relaxed);
    PEAK.store(before, Relaxed);
    let error = loader.add(file, bytes, &mut |_, _| ()).unwrap_err().to_string();
    (error, PEAK.load(Relaxed) - before)
}

#[test]
fn bombs_are_bounded() {
    use tar::EntryType;
    const MIB: usize = 1 << 20;
    let idx = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28];
    let huge = header("data_batch_1.bin", 1 << 33, EntryType::Regular);
    let long_name = header("x", 1 << 30, EntryType::GNULongName);
    let pax = header("x", 1 << 30, EntryType::XHeader);
    let unwanted = header("unwanted.bin", 1 << 30, EntryType::Regular);
    let large = header("data_batch_1.bin", 200 << 20, EntryType::Regular);
    // Each with its memory limit, which is small if the header already reveals the size.
    for (name, file, bytes, limit, word) in [
        ("mnist", "train-images-idx3-ubyte.gz", bomb(&idx), 4 * MIB, "format can hold"),
        ("mnist", "train-images-idx3-ubyte.gz", bomb(b"nothing"), 200 * MIB, "format can hold"),
        ("cifar10", "cifar-10-binary.tar.gz", bomb(&huge), 4 * MIB, "unpacks to no more than"),
        ("cifar10", "cifar-10-binary.tar.gz", bomb(&long_name), 4 * MIB, "damaged"),
        ("cifar10", "cifar-10-binary.tar.gz", bomb(&pax), 4 * MIB, "damaged"),
        ("cifar10", "cifar-10-binary.tar.gz", bomb(&unwanted), 4 * MIB, "cut short"),
        ("cifar10", "cifar-10-binary.tar.gz", bomb(&large), 420 * MIB, "records of 3073 bytes"),
    ] {
        let (error, peak) = refuse(name, file, &bytes);
        assert!(error.contains(word), "{error}");
        assert!(peak <= limit, "{} MiB for: {error}", peak / MIB);
    }
    // A small file whose header announces a large size: memory is not allocated in advance.
    let tiny = [&[0, 0, 8, 3, 0, 0, 0xff, 0xff, 0, 0, 0, 28, 0, 0, 0, 28], [1; 100].as_slice()].concat();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&tiny).unwrap();
    let (error, peak) = refuse("mnist", "train-images-idx3-ubyte.gz", &encoder.finish().unwrap());
    assert!(error.contains("cut short") && peak < MIB, "{peak}: {error}");
}
