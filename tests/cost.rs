//! Every figure of AlexNet's cost sheet, and the estimates of memory and time.
#![cfg(not(target_arch = "wasm32"))]

use convlab::cost::{self, CostSheet, Measured, Rates};
use convlab::experiment::Experiment;
use convlab::experiment::presets;

fn sheet(id: &str, batch: Option<usize>) -> CostSheet {
    CostSheet::new(&presets::find(id).unwrap().experiment, batch).unwrap()
}

#[test]
fn alexnet_is_counted_as_the_sheet_has_it() {
    let sheet = sheet("alexnet", None);
    let values: Vec<u64> = sheet
        .layers
        .iter()
        .filter(|layer| layer.kind != "local_response_normalization" && layer.values > 0)
        .map(|layer| layer.values)
        .collect();
    assert_eq!(sheet.forward.input_values, 154_587);
    assert_eq!(values, [290_400, 69_984, 186_624, 43_264, 64_896, 64_896, 43_264, 9_216, 4_096, 4_096, 1_000]);
    assert_eq!(154_587 + values.iter().sum::<u64>(), 936_323);
    // With the two normalisation layers.
    assert_eq!((sheet.forward.values, sheet.forward.bytes), (1_049_571, 4 * 1_049_571));
    assert_eq!((sheet.params, sheet.macs, sheet.training_macs), (62_378_344, 1_135_256_096, 3 * 1_135_256_096));
    let macs: Vec<u64> = sheet.layers.iter().map(|layer| layer.macs).filter(|&macs| macs > 0).collect();
    assert_eq!(
        macs,
        [105_415_200, 447_897_600, 149_520_384, 224_280_576, 149_520_384, 37_748_736, 16_777_216, 4_096_000]
    );
}

#[test]
fn alexnet_beside_its_sources() {
    let sources = sheet("alexnet", None).sources;
    let of = |what: &str| sources.iter().find(|figure| figure.what == what).unwrap_or_else(|| panic!("{what}"));
    // All figures of the first source are correct.
    for figure in &sources {
        assert!(figure.first.is_none_or(|first| first == figure.here), "{figure:?}");
    }
    let swapped = of("total values with normalisation");
    assert_eq!((swapped.here, swapped.second), (1_049_571, Some(1_049_751)));
    assert!(swapped.why.contains("two digits"));
    let convs: Vec<Option<u64>> = sources
        .iter()
        .filter(|figure| figure.what.starts_with("parameters, conv2d"))
        .map(|figure| figure.second)
        .collect();
    assert_eq!(convs, [11_616, 6_400, 3_456, 3_456, 2_304].map(Some));
    // The sum of its layers is its total.
    let layers = sources.iter().filter(|figure| figure.what.starts_with("parameters, "));
    assert_eq!(layers.map(|figure| figure.second.unwrap()).sum::<u64>(), 58_649_184);
    assert_eq!(of("total parameters").second, Some(58_649_184));
    assert!(
        sources.iter().all(|figure| figure.second.is_none_or(|second| second != figure.here) || figure.why.is_empty())
    );
    assert!(sheet("net-1", None).sources.is_empty());
}

/// Every figure of the course's question how long AlexNet takes: both sources' ways, and what is counted here.
#[test]
fn both_answers_to_the_question_of_time_have_the_sources_figures() {
    let alexnet = sheet("alexnet", None);
    let row = |what: &str| alexnet.time_sources.iter().find(|row| row.what == what).unwrap_or_else(|| panic!("{what}"));
    let by_values = |what: &str| row(what).by_values.unwrap();
    let by_multiplications = |what: &str| row(what).by_multiplications.unwrap();
    let (counted, instructions) = ("counted per image", "taken for instructions");
    let (one, all) = ("time per image", "time of 10,000 images");
    // The first way: 1,049,751 values, times 30 passes, by 2.5 GHz.
    assert_eq!((by_values(counted), by_values(instructions)), (1_049_751.0, 31_492_530.0));
    assert_eq!(format!("{:.6}", by_values(one)), "0.012597");
    assert_eq!(by_values(one), 31_492_530.0 / 2.5e9);
    assert_eq!(format!("{:.0}", by_values(all)), "126");
    assert_eq!(by_values("on two cores with four threads, at least"), 40.0);
    assert_eq!(by_values("on two cores with four threads, at most"), 60.0);
    assert_eq!(format!("{:.1}", by_values("memory of one pass")), "4.2");
    assert_eq!(by_values("memory of 30 passes"), 126.0);
    // The second way: 1,135,256,096 multiplications, by 3 GHz.
    assert_eq!((by_multiplications(counted), by_multiplications(instructions)), (1_135_256_096.0, 1_135_256_096.0));
    assert_eq!(format!("{:.3}", by_multiplications(one)), "0.378");
    assert_eq!(by_multiplications(all), 1e4 * by_multiplications(one));
    // Here: three times the multiplications, with the backward pass.
    assert_eq!(row(counted).here, Some(3.0 * 1_135_256_096.0));
    assert_eq!(row(one).here.map(|seconds| format!("{seconds:.3}")), Some("1.135".into()));
    let units: Vec<&str> = [counted, one, all, "memory of one pass"].map(|what| row(what).unit).to_vec();
    assert_eq!(units, ["", "s", "s", "MB"]);
    assert!(sheet("net-1", None).time_sources.is_empty());

    // What each counts, why they differ a thousandfold, which is nearer to a measurement: in the same words as the page says it.
    assert!((by_multiplications(counted) / by_values(counted) / 1000.0 - 1.0).abs() < 0.1);
    for part in
        ["1,049,751 values", "1,135,256,096 multiplications", "a thousandfold because", "nearer to a measurement"]
    {
        assert!(cost::TIMES_NOTE.contains(part), "{part}");
    }
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/src/cost/text.ts")).unwrap();
    assert!(page.contains(cost::TIMES_NOTE), "www/src/cost/text.ts says something else than {}", cost::TIMES_NOTE);
}

#[test]
fn a_step_of_a_network_that_is_only_counted_is_measured_in_a_small_batch() {
    assert_eq!((sheet("alexnet", None).measured_batch, sheet("alexnet", Some(2)).measured_batch), (Some(4), Some(4)));
    assert_eq!(sheet("net-1", None).measured_batch, None);
    let mut small = presets::find("alexnet").unwrap().experiment.clone();
    small.batch_size = 2;
    assert_eq!(CostSheet::new(&small, None).unwrap().measured_batch, None);
}

#[test]
fn formulas_carry_the_layers_own_numbers() {
    let alexnet = sheet("alexnet", None);
    let first = &alexnet.layers[0];
    assert_eq!(first.output_formula.as_deref(), Some("(227 − 11) / 4 + 1 = 55"));
    assert_eq!(first.params_formula.as_deref(), Some("((11 · 11 · 3) + 1) · 96 = 34944"));
    assert_eq!(first.macs_formula.as_deref(), Some("55 · 55 · 96 · 11 · 11 · 3 = 105415200"));
    let dense = alexnet.layers.iter().find(|layer| layer.name == "dense").unwrap();
    assert_eq!(dense.params_formula.as_deref(), Some("(9216 + 1) · 4096 = 37752832"));
    let formula = |id: &str, name: &str| {
        let sheet = sheet(id, None);
        let layer = sheet.layers.iter().find(|layer| layer.name == name).unwrap();
        [layer.output_formula.clone(), layer.params_formula.clone()].map(Option::unwrap_or_default)
    };
    assert_eq!(formula("conv-pool", "conv2d_3")[0], "(31 − 5 + 2 · 2) / 1 + 1 = 31");
    assert_eq!(formula("net-1", "max_pooling2d_1")[0], "⌊(13 − 2) / 2⌋ + 1 = 6");
    assert_eq!(formula("mobile-18", "s1b1_1_dw")[1], "((3 · 3) + 1) · 64 = 640");
    assert_eq!(formula("mobile-18", "stem_bn")[1], "4 · 64 = 256");
    // The result of every formula equals the graph's count.
    for preset in presets::list() {
        for layer in sheet(&preset.id, None).layers {
            let result =
                |formula: &Option<String>| formula.as_ref().map(|f| f.rsplit("= ").next().unwrap().to_string());
            assert!(result(&layer.params_formula).is_none_or(|n| n == layer.params.to_string()), "{layer:?}");
            assert!(result(&layer.output_formula).is_none_or(|n| n == layer.output_shape[0].to_string()), "{layer:?}");
            assert!(result(&layer.macs_formula).is_none_or(|n| n == layer.macs.to_string()), "{layer:?}");
            assert_eq!(layer.params > 0, layer.params_formula.is_some(), "{layer:?}");
        }
    }
}

#[test]
fn training_memory_adds_up() {
    // Image 28 · 28, which needs no gradient; convolution 26 · 26 · 2; flatten shares its values; dense 3.
    let spec = Experiment::from_json(
        r#"{"name": "n", "dataset": {"name": "mnist", "validation": {"split": 0.1}}, "input_shape": [28, 28, 1], "layers": [
            {"type": "conv2d", "filters": 2, "kernel_size": 3}, {"type": "batch_normalization"}, {"type": "flatten"},
            {"type": "dense", "units": 3}], "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam"},
            "batch_size": 10, "micro_batch_size": 5, "epochs": 2}"#,
    )
    .unwrap();
    let sheet = CostSheet::new(&spec, None).unwrap();
    let (conv, dense) = (26 * 26 * 2, 3);
    let (trained, moving) = (20 + 4 + (conv + 1) * 3, 4);
    let memory = sheet.training;
    assert_eq!(memory.batch, 5, "one micro-batch at a time");
    assert_eq!(memory.activations, 4 * 5 * (784 + 2 * conv + dense));
    assert_eq!(memory.activation_gradients, 4 * 5 * (2 * conv + dense));
    assert_eq!((memory.parameters, memory.parameter_gradients), (4 * (trained + moving), 4 * trained));
    assert_eq!(memory.optimizer_slots, 2 * 4 * trained);
    let parts = memory.activations + memory.activation_gradients + memory.parameters + memory.parameter_gradients;
    assert_eq!(memory.total, parts + memory.optimizer_slots);
    assert_eq!(CostSheet::new(&spec, Some(2)).unwrap().training.batch, 2);
    assert!(CostSheet::new(&spec, Some(0)).is_err());
    assert_eq!((sheet.images, sheet.epochs), (Some(54_000), 2));
}

#[test]
fn time_by_the_clock() {
    let alexnet = sheet("alexnet", None);
    // The sources' case: one multiplication per cycle, one image at 3 GHz; then an i3 at 2.5 GHz, 15 epochs of 10 000.
    let one = cost::clock_estimate(&alexnet, 3.0, 1, 1, 1).unwrap();
    assert!((one.seconds_per_image - 0.378).abs() < 0.001, "{one:?}");
    assert_eq!((alexnet.images, alexnet.epochs), (Some(10_000), 15));
    let case = cost::clock_estimate(&alexnet, 2.5, 2, 10_000, 15).unwrap();
    assert!((case.forward_seconds - 1_135_256_096.0 * 150_000.0 / 5e9).abs() < 1e-6);
    assert!((case.training_seconds - 3.0 * case.forward_seconds).abs() < 1e-6);
    assert!(
        cost::clock_estimate(&alexnet, 0.0, 1, 1, 1).is_err() && cost::clock_estimate(&alexnet, 1.0, 0, 1, 1).is_err()
    );
}

#[test]
fn time_from_a_measured_step() {
    let time = cost::extrapolate(Measured { ms_per_step: 20.0, error_ms: 1.0, batch: 128 }, 40_000, 20).unwrap();
    assert_eq!(time.steps_per_epoch, 313, "the short batch counts");
    assert!((time.epoch_seconds - 6.26).abs() < 1e-9 && (time.run_error - 6.26).abs() < 1e-9);
    assert!(cost::extrapolate(Measured { ms_per_step: f64::NAN, error_ms: 0.0, batch: 1 }, 1, 1).is_err());
}

#[test]
fn time_by_the_roofline() {
    let sheet = sheet("mobile-18", Some(128));
    // Unlimited bandwidth: only the compute time, six operations per multiply-accumulate.
    let fast = cost::roofline(&sheet, Rates { gflops: 100.0, gb_per_s: 1e12 }).unwrap();
    let compute_ms = 6.0 * sheet.macs as f64 * 128.0 / 100e6;
    assert!((fast.ms_per_step / compute_ms - 1.0).abs() < 1e-3, "{} {compute_ms}", fast.ms_per_step);
    // Realistic rates: depthwise layers are memory-bound, wide pointwise ones are not.
    let real = cost::roofline(&sheet, Rates { gflops: 100.0, gb_per_s: 20.0 }).unwrap();
    let bound = |name: &str| real.layers.iter().find(|layer| layer.name == name).unwrap().memory_bound;
    assert!(bound("s1b1_2_dw") && bound("stem_bn") && !bound("s4b2_1_pw"));
    assert!(real.ms_per_step > fast.ms_per_step);
    assert!(cost::roofline(&sheet, Rates { gflops: 0.0, gb_per_s: 1.0 }).is_err());
}

#[test]
fn the_gpu_engine_s_memory_is_known_without_a_gpu() {
    let small = sheet("net-1", Some(1)).allocation;
    let large = sheet("net-1", Some(256)).allocation;
    // Weights, their gradient and Adam's two slots do not grow with the batch; activations do.
    assert!(small.bytes > 4 * 4 * 193_034 && large.bytes > 4 * small.bytes, "{small:?} {large:?}");
    assert!(large.largest_bytes >= 4 * 256 * 30 * 30 * 32 && large.grows_with_batch, "{large:?}");
    // Micro-batches need less memory than the whole batch.
    let mut spec = presets::find("net-1").unwrap().experiment.clone();
    spec.micro_batch_size = Some(32);
    assert!(CostSheet::new(&spec, Some(256)).unwrap().allocation.bytes < large.bytes);
}

#[test]
fn the_cpu_engine_s_memory_is_known_without_a_run() {
    let spec = &presets::find("net-1").unwrap().experiment;
    let bytes = |cores: usize, batch: usize| CostSheet::on(cores, spec, Some(batch)).unwrap().cpu_allocation.bytes;
    // Weights, their gradient and Adam's two slots, and the activations of a shard per core.
    assert!(bytes(1, 8) > 4 * 4 * 193_034);
    assert!(bytes(1, 512) > 2 * bytes(1, 64) && bytes(8, 256) > 2 * bytes(1, 256));
    assert_eq!(CostSheet::on(3, spec, None).unwrap().cpu_allocation.lanes, 4);
    let text = CostSheet::on(2, spec, None).unwrap().to_text();
    assert!(text.contains("the CPU engine on 2 threads: ") && text.contains("the GPU engine: "), "{text}");
}

#[test]
fn times_are_computed_if_their_numbers_are_given() {
    let net = sheet("net-1", None);
    let none = cost::Question::default().times(&net).unwrap();
    assert!(none.by_clock.is_none() && none.measured.is_none() && none.roofline.is_none());
    let question = cost::Question {
        clock_ghz: Some(2.5),
        ms_per_step: Some(10.0),
        gflops: Some(100.0),
        gb_per_s: Some(10.0),
        ..cost::Question::default()
    };
    let all = question.times(&net).unwrap();
    assert_eq!(all.by_clock, Some(cost::clock_estimate(&net, 2.5, 1, 40_000, 20).unwrap()));
    assert_eq!(all.measured.unwrap().steps_per_epoch, 313);
    assert_eq!(all.roofline.unwrap().rates, Rates { gflops: 100.0, gb_per_s: 10.0 });
    // The number of images of a custom data set is not known.
    let own = CostSheet { images: None, ..net };
    assert!(cost::Question { clock_ghz: Some(3.0), ..Default::default() }.times(&own).unwrap().by_clock.is_none());
    assert!(question.times(&own).unwrap_err().to_string().contains("must be given"));
}
