// Which functions of the engine are not in what every page loads first. A function that is in no rule is loaded first, which is always
// right, and larger. One that a rule names wrongly is right too, but late: then the check of sizes finds that a first run on the
// CPU asks for more than it should.

/** In the order of their numbers. `gpu` is loaded with the engine where there is a GPU, `later` once a run is under way. */
export const PARTS = ['gpu', 'later'];

const SESSION = 'numbers|submission|resume|evaluate|predictions|outputs|load_weights|weights|checkpoint|best_weights';
/** What a function is of: identical functions of several types are one, so the types that a name mentions besides say little. */
const of = (paths) => new RegExp(`^(core::ptr::drop_in_place::)?[<&]*(${paths})`);

const LAYERS =
  'batch_normalization|depthwise_conv2d|local_response_normalization|zero_padding2d|global_average_pooling2d|add|activation';
const RULES = [
  // The WebGPU engine, and what plans its passes.
  ['gpu', of(String.raw`convlab::engine::gpu|convlab::pass\b|wgpu\b|wgpu_types\b|convlab::engine::choose::rate`)],
  ['gpu', /^<str>::replace|core::str::iter::Lines/],
  ['gpu', /as convlab::layer::Describe>::passes|Pooling>::passes|generated_warm_up|^warm_up/],
  // What is asked of a run besides its steps, its figures and a look inside.
  ['later', new RegExp(`generated_Session_(${SESSION})\\b|^session_(${SESSION})\\b`)],
  ['later', of(`convlab::wasm::session::Session>::(${SESSION})\\b`)],
  ['later', /^checkpoint_info|^dataset_augmented/],
  [
    'later',
    of(
      String.raw`convlab::(train::(checkpoint|numbers|diverged|recovery)|weights|safetensors|submission|crc|number)\b`,
    ),
  ],
  [
    'later',
    of(
      String.raw`convlab::train::Trainer>::(recover|restore|check_same|check_finite|snapshot|keep|diverged|weights|fingerprint)\b`,
    ),
  ],
  [
    'later',
    of(String.raw`convlab::train::Trainer>::(evaluate_once|numbers)\b|sha2::|convlab::data::Dataset>::fingerprint`),
  ],
  ['later', of('convlab::augment::(draw|compose|Transform|FillMode)')],
  // Layers that the course's first networks do without.
  ['later', of(`convlab::layers::(build::<convlab::layers::)?(${LAYERS})\\b`)],
  ['later', of(String.raw`convlab::layers::conv2d::scattered\b|convlab::init::truncated_normal\b`)],
  // What is said where something is wrong.
  [
    'later',
    /^(std|core)::panicking|as core::fmt::Debug>::fmt|^<?core::fmt::builders|Formatter>::debug_|_fail\b|escape_debug/,
  ],
  [
    'later',
    of('convlab::record::wrong|core::str::pattern|(u128|i64|u64) as core::fmt|zmij::|compiler_builtins::int::special'),
  ],
  [
    'later',
    of(
      'std::panicking|convlab::wasm::convert::throw|convlab::shape::Shape as core::fmt|convlab::wasm::lanes::lane_error',
    ),
  ],
  // Reading and writing what a file holds of a run; specs as they are written.
  [
    'later',
    /<serde_json::value::Value as core::(fmt::Display|cmp)|convlab::layer::Describe>::options|GenericShunt.*convlab::history/,
  ],
  [
    'later',
    /GenericShunt.*convlab::(safetensors|augment)|quicksort::<.*safetensors|sort::.*safetensors|Experiment as core::clone/,
  ],
  [
    'later',
    of(String.raw`convlab::(spec|schedule|augment|optimizer|shape|layer|init)::\w+ as convlab::record::Write>::write`),
  ],
  ['later', of(String.raw`core::option::Option<\(?(convlab|alloc)::[\w:, <>)]+ as convlab::record::Write>::write`)],
  [
    'later',
    of(String.raw`alloc::vec::Vec<(convlab::(augment|train)|serde_json)::[\w:, <>]+ as convlab::record::Write>::write`),
  ],
  [
    'later',
    of(
      'convlab::train::(Position|callbacks::Callbacks) as convlab::record::Write|convlab::history::History as core::clone',
    ),
  ],
  ['later', of('convlab::engine::Engine>::(output|gradient|upload|set_parameters|lose_device)')],
  ['later', of(String.raw`libm::math::(rem_pio2|k_sin|k_cos|cos|sin|expm1f|powf)\b`)],
];

/** Names as the compiler gives them, less what differs from one compiler to the next. */
const plain = (name) =>
  name
    .replace(/^\$"?/, '')
    .replace(/"$/, '')
    .replaceAll(/\[[0-9a-f]+\]/g, '');

/** The part of a function, by its name; undefined for what is loaded first. */
export function partOf(name) {
  const text = plain(name);
  return RULES.find(([, rule]) => rule.test(text))?.[0];
}
