//! Merged classes and the validation split.

use convlab::Error;
use convlab::data::{Dataset, Images};
use convlab::experiment::Split;
use proptest::prelude::*;

fn images(n: usize) -> Images {
    Images::new([1, 2, 1], (0..2 * n).map(|i| i as u8).collect(), (0..n).map(|i| (i % 10) as u8).collect()).unwrap()
}

fn dataset() -> Dataset {
    Dataset {
        name: "mnist".to_string(),
        title: "MNIST".to_string(),
        synthetic: false,
        classes: (0..10).map(|i| i.to_string()).collect(),
        validation: 0,
        train: images(30),
        test: images(20),
    }
}

fn spec_message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Spec(message)) => message,
        other => panic!("expected a spec error, not {other:?}"),
    }
}

#[test]
fn images_must_fit_their_labels() {
    assert!(super::message(Images::new([2, 2, 1], vec![0; 7], vec![0, 1])).contains("7 bytes"));
    assert!(super::message(Images::new([usize::MAX, 2, 1], vec![], vec![])).contains("size"));
    assert!(super::message(Images::new([0, 2, 1], vec![], vec![])).contains("size"));
    assert_eq!(images(12).class_counts(10), [2, 2, 1, 1, 1, 1, 1, 1, 1, 1]);
}

/// The split sizes of Keras 3.15's `train_validation_split`.
#[test]
fn the_split_is_that_of_keras() {
    for (n, fraction, cut) in [
        (50_000, 0.2, 40_000),
        (60_000, 0.1, 54_000),
        (10, 0.1, 9),
        (10, 0.3, 7),
        (10, 0.25, 7),
        (7, 0.5, 3),
        (1000, 0.9, 99),
    ] {
        assert_eq!(Split { split: fraction }.training(n), cut, "{n} {fraction}");
    }
}

#[test]
fn merged_classes_share_a_label_and_a_name() {
    let mut data = dataset();
    data.merge_classes(&[vec![0, 6], vec![1, 7], vec![2, 3, 8, 5], vec![4, 9]]).unwrap();
    assert_eq!(data.classes, ["0+6", "1+7", "2+3+8+5", "4+9"]);
    assert_eq!(data.train.labels[..10], [0, 1, 2, 2, 3, 2, 0, 1, 2, 3]);
    assert_eq!(data.test.labels[..3], [0, 1, 2]);
}

#[test]
fn groups_hold_every_class_once() {
    let mut data = dataset();
    let all: Vec<u8> = (0..10).collect();
    for (groups, word) in [
        (vec![all[1..].to_vec()], "class 0 is in no group"),
        (vec![all.clone(), vec![3]], "class 3 is named twice"),
        (vec![all.clone(), vec![10]], "no class 10"),
        (vec![all.clone(), vec![]], "group 1 is empty"),
        (vec![], "class 0 is in no group"),
    ] {
        let error = spec_message(data.merge_classes(&groups));
        assert!(error.contains(word) && error.contains("Received"), "{error}");
    }
    assert_eq!(data, dataset());
}

proptest! {
    #[test]
    fn any_groups_merge_or_are_refused(groups in proptest::collection::vec(proptest::collection::vec(0_u8..12, 0..6), 0..6)) {
        let mut data = dataset();
        match data.merge_classes(&groups) {
            Ok(()) => prop_assert!(data.train.labels.iter().all(|&l| usize::from(l) < data.classes.len())),
            Err(error) => prop_assert_eq!(error.kind(), "spec"),
        }
    }
}
