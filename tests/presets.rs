//! The published counts of the presets' networks, compared with those of the built networks.
#![cfg(not(target_arch = "wasm32"))]

use convlab::experiment::presets;
use convlab::network::graph::Graph;
use convlab::network::summary::Summary;

/// A network's figures in the sources.
struct Counts {
    id: &'static str,
    /// Parameters of the layers that have any, in order; empty if only totals are known.
    params: &'static [u64],
    trainable: u64,
    non_trainable: u64,
    /// Multiply-accumulates per image.
    macs: u64,
}

const COUNTS: [Counts; 14] = [
    Counts { id: "mnist-10", params: &[800, 3_208, 292, 1_970], trainable: 6_270, non_trainable: 0, macs: 1_362_664 },
    Counts { id: "mnist-4", params: &[800, 3_208, 292, 788], trainable: 5_088, non_trainable: 0, macs: 1_361_488 },
    Counts {
        id: "maxnorm",
        params: &[896, 396, 1_308, 1_308, 11_676, 1_308, 1_308, 393_728, 5_130],
        trainable: 417_058,
        non_trainable: 0,
        macs: 5_694_464,
    },
    Counts {
        id: "conv-only",
        params: &[224, 1_752, 7_812, 43_248, 84_708, 63_540, 186_688, 802_880, 650],
        trainable: 1_191_502,
        non_trainable: 0,
        macs: 136_813_472,
    },
    Counts {
        id: "conv-pool",
        params: &[224, 1_752, 7_812, 43_248, 84_708, 63_540, 186_688, 200_768, 650],
        trainable: 589_390,
        non_trainable: 0,
        macs: 193_682_912,
    },
    Counts {
        id: "net-1",
        params: &[896, 18_496, 36_928, 131_584, 5_130],
        trainable: 193_034,
        non_trainable: 0,
        macs: 4_618_624,
    },
    Counts {
        id: "net-2",
        params: &[2_432, 51_264, 102_464, 524_800, 5_130],
        trainable: 686_090,
        non_trainable: 0,
        macs: 38_455_808,
    },
    Counts {
        id: "net-3",
        params: &[2_688, 83_040, 110_720, 147_584, 147_584, 147_584, 2_098_176, 524_800, 5_130],
        trainable: 3_267_306,
        non_trainable: 0,
        macs: 146_838_528,
    },
    // LeCun et al., 1998, with a second convolution that reads all maps and a softmax at the end.
    Counts {
        id: "lenet-5",
        params: &[156, 2_416, 48_120, 10_164, 850],
        trainable: 61_706,
        non_trainable: 0,
        macs: 416_520,
    },
    Counts { id: "plain-18", params: &[], trainable: 11_050_212, non_trainable: 7_808, macs: 549_177_344 },
    Counts { id: "residual-18", params: &[], trainable: 11_224_932, non_trainable: 9_600, macs: 555_468_800 },
    Counts { id: "mobile-18", params: &[], trainable: 1_326_052, non_trainable: 14_592, macs: 66_803_712 },
    Counts {
        id: "alexnet",
        params: &[34_944, 614_656, 885_120, 1_327_488, 884_992, 37_752_832, 16_781_312, 4_097_000],
        trainable: 62_378_344,
        non_trainable: 0,
        macs: 1_135_256_096,
    },
    // `mnist-10` with batch normalisation: no biases before it (28 fewer), gamma and beta (56 more).
    Counts { id: "mnist-10-better", params: &[], trainable: 6_298, non_trainable: 56, macs: 1_362_664 },
];

fn summary(id: &str) -> Summary {
    let preset = presets::find(id).unwrap();
    Summary::new(&Graph::new(&preset.experiment).unwrap())
}

#[test]
fn counts_are_the_sources_counts() {
    for counts in COUNTS {
        let summary = summary(counts.id);
        let totals = summary.totals;
        assert_eq!(
            (totals.trainable, totals.non_trainable, totals.macs),
            (counts.trainable, counts.non_trainable, counts.macs),
            "{}",
            counts.id
        );
        assert_eq!((totals.params, totals.flops), (counts.trainable + counts.non_trainable, 2 * counts.macs));
        let params: Vec<u64> = summary.layers.iter().map(|layer| layer.params).filter(|&params| params > 0).collect();
        assert!(counts.params.is_empty() || params == counts.params, "{}: {params:?}", counts.id);
    }
}

#[test]
fn every_preset_builds() {
    for preset in presets::list() {
        let graph = Graph::new(&preset.experiment).unwrap_or_else(|error| panic!("{}: {error}", preset.id));
        let classes = match preset.experiment.dataset.name.as_str() {
            "imagenet" => 1_000,
            "cifar100" => 100,
            _ => preset.experiment.dataset.merge_classes.as_ref().map_or(10, Vec::len),
        };
        assert_eq!(graph.classes(), classes, "{}", preset.id);
    }
}

#[test]
fn flattened_sizes_are_the_sources_sizes() {
    for (id, size) in
        [("mnist-10", 196), ("maxnorm", 768), ("conv-only", 12_544), ("conv-pool", 3_136), ("net-2", 1_024)]
    {
        let summary = summary(id);
        let flat = summary.layers.iter().find(|layer| layer.kind == "flatten").unwrap();
        assert_eq!(flat.output_shape, [size], "{id}");
    }
}

#[test]
fn net_x_does_less_training_work_than_net_3() {
    let work = |id: &str| summary(id).totals.macs * presets::find(id).unwrap().experiment.epochs.count() as u64;
    assert!(work("net-x") < work("net-3"), "{} against {}", work("net-x"), work("net-3"));
    // Both have the same number of images per epoch, so it cancels out.
    let data = |id: &str| presets::find(id).unwrap().experiment.dataset.clone();
    assert_eq!(serde_json::to_value(data("net-x")).unwrap(), serde_json::to_value(data("net-3")).unwrap());
}

#[test]
fn a_summary_reads_as_keras_prints_it() {
    let text = summary("net-1").to_text("net-1");
    for part in [
        "Model: \"net-1\"",
        "│ conv2d (Conv2D)",
        "│ (None, 30, 30, 32) │",
        "│ max_pooling2d_2 (MaxPooling2D) │",
        " Total params: 193,034 (754.04 KB)\n Trainable params: 193,034 (754.04 KB)\n Non-trainable params: 0 (0.00 B)\n",
        "MACs per image: 4,618,624, FLOPs: 9,237,248",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("Connected to"), "{text}");
    let text = summary("residual-18").to_text("residual-18");
    assert!(text.contains("Connected to") && text.contains("s2b1_2_bn, s2b1_projection_bn"), "{text}");
}

#[test]
fn a_summary_serialises_under_the_contracts_names() {
    let value = serde_json::to_value(summary("mnist-10")).unwrap();
    let first = &value["layers"][0];
    assert_eq!(first["name"], "conv2d");
    assert_eq!(first["type"], "conv2d");
    assert_eq!(first["output_shape"], serde_json::json!([22, 22, 16]));
    assert_eq!(first["inputs"], serde_json::json!(["input_layer"]));
    assert_eq!(first["activation_bytes"], 4 * 22 * 22 * 16);
    assert_eq!(value["totals"]["param_bytes"], 4 * 6_270);
}
