//! Fractions of epochs, averages of the weights, test-time augmentation: whole runs, and runs that were resumed.

use super::SHAPE;
use super::common::{bits, dataset, experiment, mixed_layers, run, trainer};
use convlab::data::Images;
use convlab::engine::Source;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::train::{Event, Trainer};
use pollster::block_on;
use serde_json::{Value, json};

/// A run to the end, and one that was interrupted after `steps` steps: both have the same history and weights.
pub fn check_resumed(changes: Value, steps: usize) -> Trainer {
    let data = dataset(SHAPE, 4, 200, 20);
    let spec = experiment(SHAPE, mixed_layers(4), changes);
    let mut whole = trainer(&spec, &data, Choice::Cpu).unwrap();
    run(&mut whole);
    let mut first = trainer(&spec, &data, Choice::Cpu).unwrap();
    while first.history().learning_rates.len() < steps {
        block_on(first.advance(0.0)).unwrap();
    }
    let checkpoint = block_on(first.checkpoint()).unwrap();
    let mut second = trainer(&spec, &data, Choice::Cpu).unwrap();
    block_on(second.resume(&checkpoint)).unwrap();
    run(&mut second);
    assert_eq!(bits(&whole), bits(&second));
    assert!(block_on(whole.weights()).unwrap() == block_on(second.weights()).unwrap(), "other weights");
    whole
}

#[test]
fn a_run_of_a_fraction_of_epochs_ends_within_the_last_one() {
    // Ten steps an epoch.
    let run_ = check_resumed(json!({"epochs": 2.41, "learning_rate_schedule": {"type": "one_cycle"}}), 22);
    let history = run_.history();
    assert_eq!(history.learning_rates.len(), 25);
    assert_eq!(history.epochs.iter().map(|row| row.partial).collect::<Vec<_>>(), [false, false, true]);
    let rows = serde_json::to_value(&history.epochs).unwrap();
    assert_eq!((&rows[0]["partial"], &rows[2]["partial"]), (&Value::Null, &json!(true)));
    // The schedule knows the length of the run: it ends low.
    let rates = &history.learning_rates;
    assert!(rates[24] < 1e-3 * rates.iter().copied().fold(0.0, f64::max), "{rates:?}");
}

#[test]
fn less_than_an_epoch_is_a_run_and_goes_on_no_further() {
    let data = dataset(SHAPE, 4, 200, 20);
    let short = experiment(SHAPE, mixed_layers(4), json!({"epochs": 0.25}));
    let mut first = trainer(&short, &data, Choice::Cpu).unwrap();
    let events = run(&mut first);
    let steps = events
        .iter()
        .filter_map(|event| if let Event::Step { total_steps, .. } = event { Some(*total_steps) } else { None });
    assert!(steps.clone().count() > 0 && steps.clone().all(|total| total == 3));
    let checkpoint = block_on(first.checkpoint()).unwrap();
    let longer = experiment(SHAPE, mixed_layers(4), json!({"epochs": 2}));
    let mut second = trainer(&longer, &data, Choice::Cpu).unwrap();
    let error = block_on(second.resume(&checkpoint)).unwrap_err().to_string();
    assert!(error.contains("ended within an epoch, after 0.25 epochs"), "{error}");
    // A longer run, cut short in the middle of an epoch that is over sooner now.
    let mut long = trainer(&longer, &data, Choice::Cpu).unwrap();
    while long.history().learning_rates.len() < 8 {
        block_on(long.advance(0.0)).unwrap();
    }
    let checkpoint = block_on(long.checkpoint()).unwrap();
    let error = block_on(trainer(&short, &data, Choice::Cpu).unwrap().resume(&checkpoint)).unwrap_err().to_string();
    assert!(error.contains("ask for more epochs"), "{error}");
}

#[test]
fn averaged_runs_resume_exactly_and_end_with_the_average() {
    let ema = json!({"type": "adam", "use_ema": true, "ema_momentum": 0.8});
    let ahead = json!({"type": "sgd", "lookahead": {"sync_period": 3, "final_slow_step_size": 0.1, "power": 2}});
    for optimizer in [ema, ahead] {
        let whole = check_resumed(json!({"optimizer": optimizer, "epochs": 2}), 14);
        assert!(whole.is_done());
    }
}

/// Partners, shares and rectangles are functions of seed, epoch and image.
#[test]
fn runs_with_mixed_images_resume_exactly_and_learn() {
    for kind in ["mix_up", "cut_mix"] {
        let augmentation = json!([{"type": "random_flip"}, {"type": kind}]);
        let run_ = check_resumed(json!({"augmentation": augmentation, "epochs": 3}), 14);
        let rows = &run_.history().epochs;
        assert!(rows[2].loss < rows[0].loss && rows[2].accuracy < 1.0, "{kind}: {rows:?}");
        let plain = check_resumed(json!({"augmentation": [{"type": "random_flip"}], "epochs": 3}), 14);
        assert!(bits(&run_) != bits(&plain), "{kind} changes nothing");
    }
}

/// Colors are a function of seed, epoch and image.
#[test]
fn runs_with_other_colors_resume_exactly_and_differ() {
    let jitter =
        json!([{"type": "random_color_jitter", "brightness_factor": [-0.2, 0.2], "contrast_factor": [0.3, 0.3]}]);
    let run_ = check_resumed(json!({"augmentation": jitter, "epochs": 3}), 14);
    let plain = check_resumed(json!({"epochs": 3}), 14);
    assert!(bits(&run_) != bits(&plain), "nothing is changed");
}

#[test]
fn colors_that_cannot_be_changed_are_refused() {
    let jitter = |options: Value| {
        let mut jitter = json!({"type": "random_color_jitter"});
        jitter.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        jitter
    };
    for (channels, list, expected) in [
        (
            3,
            json!([jitter(json!({"brightness_factor": [-2, 0]}))]),
            "brightness_factor must be two numbers between -1 and 1",
        ),
        (3, json!([jitter(json!({"hue_factor": [0.5, 0.1]}))]), "the smaller one first. Received: [0.5, 0.1]"),
        (3, json!([jitter(json!({})), jitter(json!({}))]), "random_color_jitter once"),
        (1, json!([jitter(json!({"saturation_factor": [0.2, 0.8]}))]), "for images with 3 channels"),
        (1, json!([jitter(json!({"contrast_factor": [0, 0.4]}))]), ""),
        (2, json!([jitter(json!({"brightness_factor": [0, 0.4]}))]), ""),
        (5, json!([jitter(json!({}))]), "Received: input_shape with 5 channels"),
    ] {
        let spec = json!({"name": "colors", "dataset": {"name": "custom", "validation": null}, "input_shape": [8, 8, channels],
            "layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}],
            "optimizer": {"type": "sgd", "learning_rate": 0.1}, "loss": "sparse_categorical_crossentropy", "epochs": 1,
            "batch_size": 8, "augmentation": list});
        match Experiment::from_value(spec) {
            Ok(_) => assert_eq!(expected, "", "{list} is taken"),
            Err(error) => assert!(!expected.is_empty() && error.to_string().contains(expected), "{error}"),
        }
    }
}

#[test]
fn images_are_mixed_in_one_way_at_a_time() {
    let data = dataset(SHAPE, 4, 100, 20);
    for (list, expected) in [
        (json!([{"type": "mix_up"}, {"type": "cut_mix"}]), "one of mix_up and cut_mix"),
        (json!([{"type": "mix_up", "alpha": 0}]), "mix_up alpha must be above 0"),
        (json!([{"type": "cut_mix", "factor": 1.5}]), "Received: 1.5"),
    ] {
        let mut spec = experiment(SHAPE, mixed_layers(4), json!({}));
        spec.augmentation = serde_json::from_value(list.clone()).unwrap();
        let error = trainer(&spec, &data, Choice::Cpu).err().unwrap_or_else(|| panic!("{list} is taken")).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// An average that keeps nothing is the weights themselves.
#[test]
fn an_average_without_a_memory_changes_nothing() {
    let data = dataset(SHAPE, 4, 100, 20);
    let weights = |more: Value| {
        let mut optimizer = json!({"type": "sgd", "momentum": 0.9});
        optimizer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let spec = experiment(SHAPE, mixed_layers(4), json!({"optimizer": optimizer, "epochs": 2}));
        let mut run_ = trainer(&spec, &data, Choice::Cpu).unwrap();
        run(&mut run_);
        (bits(&run_), block_on(run_.weights()).unwrap())
    };
    let plain = weights(json!({}));
    assert!(plain == weights(json!({"use_ema": true, "ema_momentum": 0})));
    assert!(plain == weights(json!({"lookahead": {"sync_period": 1, "slow_step_size": 1}})));
    // With a memory, the epochs' figures are those of the weights, and what is left is the average.
    let averaged = weights(json!({"use_ema": true}));
    assert!(averaged.0 == plain.0 && averaged.1 != plain.1);
}

/// Slow weights that never move hold everything where it began, the moving statistics, too.
#[test]
fn lookahead_takes_the_moving_statistics_with_the_weights() {
    let data = dataset(SHAPE, 4, 100, 20);
    let ends_where_it_began = |slow_step_size: f64| {
        let optimizer = json!({"type": "sgd", "lookahead": {"sync_period": 2, "slow_step_size": slow_step_size}});
        let spec = experiment(SHAPE, mixed_layers(4), json!({"optimizer": optimizer, "epochs": 1}));
        let mut run_ = trainer(&spec, &data, Choice::Cpu).unwrap();
        let before = block_on(run_.weights()).unwrap();
        run(&mut run_);
        block_on(run_.weights()).unwrap() == before
    };
    assert!(ends_where_it_began(0.0) && !ends_where_it_began(0.5));
    let state = mixed_layers(4).to_string();
    assert!(state.contains("batch_normalization"), "{state}");
}

/// Image `index`, mirrored and moved by `shift` pixels along both axes, without repeating the pixels at the edge.
fn view(images: &Images, index: usize, is_mirrored: bool, shift: i32) -> Vec<u8> {
    let Images { height, width, channels, .. } = *images;
    let inside = |i: i32, n: usize| match i {
        -1 => 1,
        i if i as usize == n => n - 2,
        i => i as usize,
    };
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let x = if is_mirrored { width - 1 - x } else { x };
            let (y, x) = (inside(y as i32 + shift, height), inside(x as i32 + shift, width));
            pixels.extend_from_slice(&images.image(index)[(y * width + x) * channels..][..channels]);
        }
    }
    pixels
}

#[test]
fn test_time_augmentation_averages_the_logits_of_the_views() {
    let data = dataset(SHAPE, 4, 100, 20);
    for engine in [Choice::Cpu, Choice::Gpu] {
        for (kind, shifts) in [("flip", &[(0.5, 0)][..]), ("flip+shift", &[(0.25, 0), (0.125, -1), (0.125, 1)])] {
            let spec = experiment(SHAPE, mixed_layers(4), json!({"epochs": 2, "test_time_augmentation": kind}));
            let mut run_ = match trainer(&spec, &data, engine) {
                Ok(run_) => run_,
                Err(error) if error.to_string().contains("adapter") => return eprintln!("SKIPPED: {error}"),
                Err(error) => panic!("{error}"),
            };
            let events = run(&mut run_);
            let Some(Event::Done(done)) = events.last() else { panic!("no done event") };
            let named = serde_json::to_value(done).unwrap();
            assert_eq!(named["test_time_augmentation"], kind);
            for index in [0, 7, 19] {
                let mut expected = [0.0; 4];
                for &(share, shift) in shifts {
                    for is_mirrored in [false, true] {
                        let outputs = block_on(run_.outputs(&view(&data.test, index, is_mirrored, shift))).unwrap();
                        let logits = &outputs[outputs.len() - 4..];
                        expected.iter_mut().zip(logits).for_each(|(sum, logit)| *sum += share * logit);
                    }
                }
                let expected = convlab::tensor::loss::softmax(&expected);
                let found = block_on(run_.predict(Source::Test, index)).unwrap().probabilities;
                let near = found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4);
                assert!(near, "{engine:?} {kind} {index}: {found:?}, not {expected:?}");
            }
            let (loss, evaluation) = block_on(run_.evaluate()).unwrap();
            assert_eq!((loss, evaluation.accuracy()), (done.test_loss, done.test_accuracy));
        }
    }
}
