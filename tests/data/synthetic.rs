//! The synthetic data sets: pure functions of their seed, balanced, with colours and brightness independent of the
//! class.

use super::message;
use convlab::data::{Dataset, synthetic};

fn draw(name: &str, seed: u32, train: usize, test: usize) -> Dataset {
    synthetic::generate(name, seed, train, test, &mut |_, _| ()).unwrap()
}

/// The FNV-1a hash of a whole data set.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn a_set_is_a_function_of_its_seed() {
    for name in ["synthetic_digits", "synthetic_objects"] {
        let data = draw(name, 7, 60, 30);
        assert_eq!(data, draw(name, 7, 60, 30));
        // A smaller set is the beginning of a larger one, and the splits are disjoint.
        let fewer = draw(name, 7, 25, 30);
        assert_eq!(fewer.train.pixels, data.train.pixels[..25 * data.train.image_len()]);
        assert_eq!(fewer.test, data.test);
        assert_ne!(data.train.image(0), data.test.image(0));
        assert_ne!(draw(name, 8, 60, 30).train.pixels, data.train.pixels);
        assert!(data.synthetic && data.title.contains("synthetic"));
    }
}

/// The bytes are equal on all machines. A change of the generator changes the data of every seed, so it must be
/// deliberate.
#[test]
fn the_bytes_are_the_same_everywhere() {
    let hashes = ["synthetic_digits", "synthetic_objects"].map(|name| hash(&draw(name, 0, 50, 10).train.pixels));
    assert_eq!(hashes, [0xfa80_45e8_df92_b8c8, 0x6dc3_0ff0_cf3f_e7e9], "{hashes:#x?}");
}

#[test]
fn classes_are_balanced_and_in_random_order() {
    let data = draw("synthetic_digits", 3, 1000, 100);
    assert_eq!(data.train.class_counts(10), [100; 10]);
    assert_eq!(data.test.class_counts(10), [10; 10]);
    assert_ne!(data.train.labels[..10], data.train.labels[10..20]);
    assert_ne!(data.train.labels[..100], data.test.labels[..100]);
}

/// Classes differ in shape, not in colour: their mean colours are about equal.
#[test]
fn colour_does_not_give_an_object_away() {
    let data = draw("synthetic_objects", 1, 3000, 1);
    let mut means = [[0.0_f64; 3]; 10];
    for i in 0..3000 {
        for pixel in data.train.image(i).chunks_exact(3) {
            for channel in 0..3 {
                means[usize::from(data.train.labels[i])][channel] += f64::from(pixel[channel]) / 1024.0 / 300.0;
            }
        }
    }
    for channel in 0..3 {
        let values = means.map(|mean| mean[channel]);
        let spread = values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min);
        // The standard deviation of an image's mean is about 55, so that of the mean of 300 is 3, and ten such means
        // span about 10.
        assert!(spread < 20.0, "{spread} {values:?}");
    }
}

#[test]
fn progress_ends_at_all() {
    let mut seen = Vec::new();
    synthetic::generate("synthetic_objects", 0, 250, 30, &mut |done, all| seen.push((done, all))).unwrap();
    assert!(seen.is_sorted() && seen.last() == Some(&(280, 280)), "{seen:?}");
}

#[test]
fn impossible_sets_are_refused() {
    let none = &mut |_, _| ();
    assert!(message(synthetic::generate("mnist", 0, 1, 1, none)).contains("mnist"));
    assert!(message(synthetic::generate("synthetic_cats", 0, 1, 1, none)).contains("synthetic_cats"));
    assert!(message(synthetic::generate("synthetic_digits", 0, 0, 1, none)).contains("Received: 0"));
    assert!(message(synthetic::generate("synthetic_digits", 0, 1, usize::MAX, none)).contains("200000"));
}
