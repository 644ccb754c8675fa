//! The official order of the known sets' images, as far as it can be recognised without the official files.
//!
//! Splits, seeds and checksums depend on the order. A batch of CIFAR-10 is recognised by its first twenty labels and by the numbers of
//! images of its classes; other files by their first labels. MNIST is compared with the checksum of the official pixels.

use super::images::{Images, Split};
use crc32fast::Hasher;

/// Images of an official batch of CIFAR-10.
const BATCH: usize = 10_000;

/// The first labels of CIFAR-10's five batches, and the images of each class in them.
#[rustfmt::skip]
const BATCHES: [([u8; 20], [u16; 10]); 5] = [
    ([6, 9, 9, 4, 1, 1, 2, 7, 8, 3, 4, 7, 7, 2, 9, 9, 9, 3, 2, 6], [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]),
    ([1, 6, 6, 8, 8, 3, 4, 6, 0, 6, 0, 3, 6, 6, 5, 4, 8, 3, 2, 6], [984, 1007, 1010, 995, 1010, 988, 1008, 1026, 987, 985]),
    ([8, 5, 0, 6, 9, 2, 8, 3, 6, 2, 7, 4, 6, 9, 0, 0, 7, 3, 7, 2], [994, 1042, 965, 997, 990, 1029, 978, 1015, 961, 1029]),
    ([0, 6, 0, 2, 7, 2, 1, 2, 4, 1, 5, 6, 6, 3, 1, 3, 5, 5, 8, 1], [1003, 963, 1041, 976, 1004, 1021, 1004, 981, 1024, 983]),
    ([1, 8, 5, 1, 5, 7, 4, 3, 8, 2, 7, 2, 0, 1, 5, 9, 6, 2, 0, 8], [1014, 1014, 952, 1016, 997, 1025, 980, 977, 1003, 1022]),
];

/// CRC-32 of MNIST's training and test pixels with their labels after them.
const MNIST: [u32; 2] = [0xdf6dde61, 0x190e897b];

/// The numbers of the official batches of which a file of CIFAR-10's training images consists, in its order; `None` if it does not
/// consist of all of them.
pub(super) fn batches(name: &str, split: Split, labels: &[u8]) -> Option<Vec<u8>> {
    if name != "cifar10" || split != Split::Train || labels.len() != BATCHES.len() * BATCH {
        return None;
    }
    let number = |labels: &[u8]| {
        let mut counts = [0_u16; 10];
        labels.iter().for_each(|&label| counts[usize::from(label)] += 1);
        let found = BATCHES.iter().position(|(first, of)| labels.starts_with(first) && *of == counts);
        found.map(|index| index as u8 + 1)
    };
    let numbers: Vec<u8> = labels.chunks_exact(BATCH).map(number).collect::<Option<_>>()?;
    let is_each = (1..=5).all(|number| numbers.contains(&number));
    is_each.then_some(numbers)
}

/// Whether the images are those of the complete official set in its order, as far as that can be established.
pub(super) fn is_official(name: &str, coarse: bool, train: &Images, test: &Images) -> bool {
    let begins =
        |training: &[u8], testing: &[u8]| train.labels.starts_with(training) && test.labels.starts_with(testing);
    let sizes = [train.len(), test.len()];
    match name {
        "mnist" => sizes == [60_000, 10_000] && [checksum(train), checksum(test)] == MNIST,
        "fashion_mnist" => {
            let training = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 0, 6, 4];
            sizes == [60_000, 10_000]
                && begins(&training, &[9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0])
        }
        "cifar10" => {
            let testing = [3, 8, 8, 0, 6, 6, 1, 6, 3, 1, 0, 9, 5, 7, 9, 8, 5, 7, 8, 6];
            let numbers = batches(name, Split::Train, &train.labels);
            sizes == [50_000, 10_000] && begins(&[], &testing) && numbers.is_some_and(|numbers| numbers.is_sorted())
        }
        // Only the training images are recognised.
        "cifar100" if coarse => sizes == [50_000, 10_000] && begins(&[11, 15, 4, 14, 1], &[]),
        "cifar100" => sizes == [50_000, 10_000] && begins(&[19, 29, 0, 11, 1], &[]),
        _ => false,
    }
}

fn checksum(images: &Images) -> u32 {
    let mut crc = Hasher::new();
    crc.update(&images.pixels);
    crc.update(&images.labels);
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels with the first twenty and the counts of a batch.
    fn labels_of(number: usize) -> Vec<u8> {
        let (first, mut counts) = BATCHES[number - 1];
        first.iter().for_each(|&label| counts[usize::from(label)] -= 1);
        let rest = counts.iter().enumerate().flat_map(|(label, &count)| vec![label as u8; usize::from(count)]);
        first.into_iter().chain(rest).collect()
    }

    fn file(order: [usize; 5]) -> Vec<u8> {
        order.iter().flat_map(|&number| labels_of(number)).collect()
    }

    #[test]
    fn each_batch_of_cifar_10_is_recognised_wherever_it_stands() {
        for number in 1..=5 {
            assert_eq!(labels_of(number).len(), BATCH);
        }
        assert_eq!(batches("cifar10", Split::Train, &file([4, 3, 2, 5, 1])), Some(vec![4, 3, 2, 5, 1]));
        assert_eq!(batches("cifar10", Split::Train, &file([4, 3, 2, 1, 1])), None);
        let mut shuffled = file([1, 2, 3, 4, 5]);
        shuffled.swap(0, 1);
        assert_eq!(batches("cifar10", Split::Train, &shuffled), None);
        assert_eq!(batches("cifar10", Split::Test, &file([1, 2, 3, 4, 5])), None);
        let each: [u16; 10] = std::array::from_fn(|class| BATCHES.iter().map(|(_, counts)| counts[class]).sum());
        assert_eq!(each, [5000; 10], "the counts are those of the whole set");
    }

    #[test]
    fn only_the_official_order_is_called_official() {
        let images = |labels: Vec<u8>| Images::new([1, 1, 1], vec![0; labels.len()], labels).unwrap();
        let mut test = vec![3, 8, 8, 0, 6, 6, 1, 6, 3, 1, 0, 9, 5, 7, 9, 8, 5, 7, 8, 6];
        test.resize(10_000, 0);
        let test = images(test);
        assert!(is_official("cifar10", false, &images(file([1, 2, 3, 4, 5])), &test));
        assert!(!is_official("cifar10", false, &images(file([4, 3, 2, 5, 1])), &test));
        assert!(!is_official("mnist", false, &images(vec![0; 60_000]), &images(vec![0; 10_000])));
    }
}
