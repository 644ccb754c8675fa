//! Strategies for the words of training: optimizers, averages, groups, schedules, random changes, losses, activations, initial values.

use super::{option, rate, size};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

type Options = Vec<Option<(String, Value)>>;

/// An object of these fields; those that are `None` stay unset.
fn object(fields: Value, options: Options) -> Value {
    let Value::Object(mut fields) = fields else { panic!("an object") };
    fields.extend(options.into_iter().flatten());
    Value::Object(fields)
}

fn flag() -> impl Strategy<Value = Value> {
    any::<bool>().prop_map(Value::Bool)
}

/// A share, mostly from 0 to 1.
fn share() -> impl Strategy<Value = Value> {
    prop_oneof![12 => select(vec![0.0, 0.1, 0.5, 1.0]), 1 => select(vec![-0.5, 1.5, 1e30])]
        .prop_map(|share| json!(share))
}

fn steps() -> impl Strategy<Value = Value> {
    prop_oneof![12 => 1..9_usize, 1 => select(vec![0, 100_000])].prop_map(|steps| json!(steps))
}

/// An optimizer of any kind, mostly with valid constants.
pub fn optimizer() -> impl Strategy<Value = Value> {
    let kinds = vec!["sgd", "adam", "adamw", "rmsprop", "nadam", "adagrad", "lion", "muon"];
    let clip = select(vec!["clipnorm", "global_clipnorm", "clipvalue"]);
    let clip = prop_oneof![Just(None), (clip, rate()).prop_map(|(name, rate)| Some((name.to_string(), rate)))];
    let group = (select(vec!["*", "*.kernel", "dense*.*", "none.?"]), rate(), rate()).prop_map(|(names, rate, decay)| {
        json!({"match": names, "learning_rate_multiplier": rate, "weight_decay_multiplier": decay})
    });
    let groups = option("groups", prop::collection::vec(group, 0..3).prop_map(Value::Array));
    let ahead = (steps(), share(), share(), rate()).prop_map(|(period, first, last, power)| {
        json!({"sync_period": period, "slow_step_size": first, "final_slow_step_size": last, "power": power})
    });
    let average = prop_oneof![
        2 => Just(Vec::new()),
        1 => (option("ema_momentum", share()), option("ema_overwrite_frequency", steps()))
            .prop_map(|(momentum, every)| vec![Some(("use_ema".to_string(), json!(true))), momentum, every]),
        1 => option("lookahead", ahead).prop_map(|ahead| vec![ahead]),
    ];
    let own = [
        option("momentum", share()),
        option("nesterov", flag()),
        option("centered", flag()),
        option("conv_kernels", flag()),
        option("initial_accumulator_value", share()),
        option("beta_1", share()),
        option("exclude_layers", Just(json!(["dense"]))),
    ];
    (select(kinds), rate(), clip, option("weight_decay", rate()), groups, average, own).prop_map(
        |(kind, rate, clip, decay, groups, average, own)| {
            let known: &[&str] = match kind {
                "sgd" => &["momentum", "nesterov"],
                "rmsprop" => &["momentum", "centered"],
                "adagrad" => &["initial_accumulator_value"],
                "muon" => &["momentum", "nesterov", "conv_kernels", "exclude_layers"],
                _ => &["beta_1"],
            };
            let own = own.into_iter().filter(|field| field.as_ref().is_some_and(|(name, _)| known.contains(&&**name)));
            let options = own.chain([clip, decay, groups]).chain(average).collect();
            object(json!({"type": kind, "learning_rate": rate}), options)
        },
    )
}

/// A learning-rate schedule of any kind.
pub fn schedule() -> impl Strategy<Value = Value> {
    let decay = select(vec!["inverse_time_decay", "exponential_decay"]);
    prop_oneof![
        (decay, rate(), steps(), flag()).prop_map(|(kind, rate, steps, stairs)| {
            json!({"type": kind, "decay_rate": rate, "decay_steps": steps, "staircase": stairs})
        }),
        (steps(), share(), option("warmup_target", rate()), option("warmup_steps", steps())).prop_map(
            |(steps, alpha, target, warmup)| {
                object(json!({"type": "cosine_decay", "decay_steps": steps, "alpha": alpha}), vec![target, warmup])
            }
        ),
        (steps(), share())
            .prop_map(|(size, gamma)| json!({"type": "step_decay", "step_size": size, "gamma": gamma})),
        (share(), option("max_learning_rate", rate()), option("total_steps", steps())).prop_map(|(start, most, total)| {
            object(json!({"type": "one_cycle", "pct_start": start}), vec![most, total])
        }),
        size().prop_map(|steps| json!({"type": "warmup", "warmup_steps": steps})),
        (share(), option("min_learning_rate", rate())).prop_map(|(factor, least)| {
            let fields = json!({"type": "reduce_on_plateau", "monitor": "loss", "patience": 1, "factor": factor});
            object(fields, vec![least])
        }),
        (steps(), rate(), rate(), flag()).prop_map(|(steps, end, power, cycle)| {
            json!({"type": "polynomial_decay", "decay_steps": steps, "end_learning_rate": end, "power": power, "cycle": cycle})
        }),
        (prop::collection::vec(0..9_usize, 0..3), prop::collection::vec(rate(), 1..4)).prop_map(|(steps, rates)| {
            json!({"type": "piecewise_constant_decay", "boundaries": steps, "values": rates})
        }),
        (share(), share(), share(), option("total_steps", steps())).prop_map(|(start, peak, end, total)| {
            object(json!({"type": "triangular", "start": start, "peak": peak, "end": end}), vec![total])
        }),
    ]
}

/// One random change of the images.
fn change() -> impl Strategy<Value = Value> {
    let filled = select(vec!["constant", "reflect", "nearest", "mirror"]);
    let modes = select(vec!["horizontal", "vertical", "horizontal_and_vertical"]);
    let range = || (share(), share()).prop_map(|(a, b)| json!([a, b]));
    prop_oneof![
        (modes, flag())
            .prop_map(|(mode, alternating)| json!({"type": "random_flip", "mode": mode, "alternating": alternating})),
        (0..4_usize, select(vec!["constant", "reflect"]))
            .prop_map(|(padding, mode)| json!({"type": "random_crop", "padding": padding, "padding_mode": mode})),
        (share(), rate(), filled).prop_map(|(height, width, fill)| {
            json!({"type": "random_translation", "height_factor": height, "width_factor": width, "fill_mode": fill})
        }),
        share().prop_map(|factor| json!({"type": "random_rotation", "factor": factor})),
        rate().prop_map(|factor| json!({"type": "random_zoom", "height_factor": factor})),
        size().prop_map(|size| json!({"type": "cutout", "size": size})),
        (share(), range())
            .prop_map(|(factor, scale)| json!({"type": "random_erasing", "factor": factor, "scale": scale})),
        rate().prop_map(|alpha| json!({"type": "mix_up", "alpha": alpha})),
        share().prop_map(|factor| json!({"type": "cut_mix", "factor": factor})),
        (range(), range(), range(), range()).prop_map(|(brightness, contrast, saturation, hue)| {
            json!({"type": "random_color_jitter", "brightness_factor": brightness, "contrast_factor": contrast,
                "saturation_factor": saturation, "hue_factor": hue})
        }),
    ]
}

/// Random changes, mostly none.
pub fn augmentation() -> impl Strategy<Value = Value> {
    prop_oneof![3 => Just(json!([])), 2 => prop::collection::vec(change(), 1..3).prop_map(Value::Array)]
}

/// The fields of the loss, of the end of the run and of its test.
pub fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let focal = (prop_oneof![share(), Just(json!([0.5, 1, 2]))], share())
        .prop_map(|(alpha, gamma)| json!({"loss": "categorical_focal_crossentropy", "alpha": alpha, "gamma": gamma}));
    let loss = prop_oneof![
        4 => Just(json!({"loss": "sparse_categorical_crossentropy"})),
        1 => Just(json!({"loss": "categorical_crossentropy"})),
        1 => focal,
    ];
    let weights = (select(vec!["0", "2", "7"]), rate()).prop_map(|(class, weight)| json!({class: weight}));
    let views = select(vec!["flip", "flip+shift"]).prop_map(|views| json!(views));
    let epochs = select(vec![2.0, 1.5, 0.4]).prop_map(|epochs| json!(epochs));
    let options = [
        option("label_smoothing", share()),
        option("class_weight", weights),
        option("test_time_augmentation", views),
        option("epochs", epochs),
    ];
    (loss, options).prop_map(|(loss, options)| match object(loss, options.into()) {
        Value::Object(fields) => fields,
        _ => unreachable!("an object stays one"),
    })
}

/// The name of an activation, or one with constants.
pub fn activation() -> impl Strategy<Value = Value> {
    let names = vec![
        "linear",
        "relu",
        "sigmoid",
        "tanh",
        "softmax",
        "leaky_relu",
        "elu",
        "selu",
        "relu6",
        "hard_sigmoid",
        "softplus",
        "softsign",
        "exponential",
        "gelu",
        "silu",
        "swish",
        "hard_silu",
        "hard_swish",
        "mish",
    ];
    prop_oneof![
        8 => select(names).prop_map(|name| json!(name)),
        1 => flag().prop_map(|approximate| json!({"type": "gelu", "approximate": approximate})),
        1 => share().prop_map(|slope| json!({"type": "leaky_relu", "negative_slope": slope})),
        1 => share().prop_map(|alpha| json!({"type": "elu", "alpha": alpha})),
    ]
}

/// The name of an initialiser, or one with constants.
pub fn initializer() -> impl Strategy<Value = Value> {
    let names = vec![
        "glorot_uniform",
        "glorot_normal",
        "he_uniform",
        "he_normal",
        "lecun_uniform",
        "lecun_normal",
        "zeros",
        "ones",
        "random_normal",
        "truncated_normal",
        "random_uniform",
        "variance_scaling",
        "orthogonal",
        "identity",
        "whitening",
        "pytorch_default",
    ];
    let (modes, draws) =
        (vec!["fan_in", "fan_out", "fan_avg"], vec!["truncated_normal", "untruncated_normal", "uniform"]);
    prop_oneof![
        6 => select(names).prop_map(|name| json!(name)),
        1 => rate().prop_map(|value| json!({"type": "constant", "value": value})),
        1 => (rate(), rate()).prop_map(|(mean, spread)| json!({"type": "random_normal", "mean": mean, "stddev": spread})),
        1 => (rate(), rate()).prop_map(|(low, high)| json!({"type": "random_uniform", "minval": low, "maxval": high})),
        1 => share().prop_map(|gain| json!({"type": "orthogonal", "gain": gain})),
        1 => (rate(), select(modes), select(draws)).prop_map(|(scale, mode, draw)| {
            json!({"type": "variance_scaling", "scale": scale, "mode": mode, "distribution": draw})
        }),
    ]
}
