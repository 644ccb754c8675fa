// Which functions of the engine are not in what every page loads first. A function that is in no rule is loaded first, or goes where all
// that call it have gone; that is always right, and larger. One that a rule names wrongly is right too, but late: then the check of
// sizes finds that a first run asks for more than it should.

/**
 * In the order of their numbers. `gpu` or `cpu` is loaded with the engine, whichever is to train, `drawn` where pictures are drawn, and
 * the others when the page has all that it needs to begin.
 */
export const PARTS = ['gpu', 'cpu', 'drawn', 'later'];

const SESSION =
  'contest|set_learning_rate|numbers|submission|resume|evaluate|predictions|outputs|load_weights|weights|checkpoint|best_weights|health';
const LAYERS =
  'batch_normalization|depthwise_conv2d|local_response_normalization|zero_padding2d|global_average_pooling2d|add|activation';
const TRAINER =
  'contest|set_learning_rate|go_on_with|recover|restore|check_same|diverged|weights|fingerprint|evaluate_once|numbers|health|first_bad_tensor';

/** What a function is of: identical functions of several types are one, so the types that a name mentions besides say little. */
const of = (paths) =>
  new RegExp(String.raw`^(core::ptr::drop_in_place::<(\w+::\w+::(Option|Rc|Arc|Vec)<)*)?[<&]*(${paths})`);

const RULES = [
  // A run on a graphics card takes snapshots from its beginning.
  [undefined, of('convlab::train::(diverged::(first_bad|bad_param)|checkpoint::(State|Snapshot))')],
  // What is said where something is wrong.
  ['later', /^(std|core)::panicking|as core::fmt::Debug>::fmt|Formatter>::debug_|_fail\b|escape_debug/],
  ['later', of(String.raw`convlab::layers::(${LAYERS})::\w+ as convlab::layer::Describe>::passes`)],
  // The WebGPU engine, and what plans its passes.
  [
    'gpu',
    of(
      String.raw`convlab::engine::gpu|convlab::pass\b|wgpu\b|wgpu_types\b|convlab::engine::choose::(rate|ready_gpu)|convlab::engine::Engine>::(gpu|warm_up)\b`,
    ),
  ],
  ['gpu', /as convlab::layer::Describe>::passes|Pooling>::passes|generated_warm_up|^warm_up/],
  ['gpu', /^<core::iter::adapters.*(convlab::pass|convlab::engine::gpu|<wgpu|wgpu::api)|JsValue as .*From<wgpu/],
  ['gpu', of('str>::replace|core::str::iter::Lines|alloc::str::join_generic_copy::<str, u8, alloc::string::String>')],
  ['gpu', of('core::str::pattern|core::slice::memchr')],
  // Pictures that are drawn, which whoever brings files does without.
  ['drawn', of('convlab::data::synthetic|dataset_synthetic')],
  // What is asked of a run besides its steps and figures.
  [
    'later',
    new RegExp(`generated_Session_(${SESSION})\\b|^session_(${SESSION})\\b|^checkpoint_info|^dataset_augmented`),
  ],
  ['later', of(`convlab::wasm::session::Session>::(${SESSION})\\b|convlab::train::Trainer>::(${TRAINER})\\b`)],
  [
    'later',
    of(
      String.raw`convlab::(train::(checkpoint|numbers|diverged|recovery)|weights|safetensors|submission|crc|number)\b`,
    ),
  ],
  ['later', of('convlab::engine::choose::(compare|measured|without_gpu)|alloc::vec::Vec<convlab::inspect')],
  ['later', of('convlab::(inspect|json)|sha2::|convlab::data::Dataset>::fingerprint')],
  ['later', of('convlab::augment::(draw|compose|Transform|FillMode)')],
  ['later', of('convlab::engine::Engine>::(output|gradient|upload|set_parameters|lose_device)')],
  // Layers and options that the course's first networks do without.
  ['later', of(`convlab::layers::(build::<convlab::layers::)?(${LAYERS})\\b|convlab::layers::conv2d::scattered`)],
  [
    'later',
    of(
      String.raw`convlab::init::truncated_normal\b|smallvec::SmallVec<.*>>::(try_grow|reserve)|\[alloc::vec::Vec<f32>\] as alloc::slice::Concat`,
    ),
  ],
  ['later', /Vec<alloc::vec::Vec<u32>> as convlab::record::Read|get::<alloc::vec::Vec<alloc::vec::Vec<u32>>>/],
  ['later', /Fields>::get(_or)?::<convlab::(schedule::Watch|augment::FillMode|spec::Monitor)>/],
  ['later', of(String.raw`libm::math::(rem_pio2|k_sin|k_cos|cos|sin|expm1f|powf)\b`)],
  ['later', of('core::fmt::builders|std::panicking|zmij::|itoa::|compiler_builtins::int::special')],
  ['later', of(String.raw`(u\d+|i\d+|usize) as core::fmt::(Lower|Upper)|(u128|i64|u64) as core::fmt`)],
  ['later', of('convlab::record::wrong|convlab::wasm::convert::throw|convlab::wasm::lanes::lane_error')],
  ['later', of('convlab::shape::Shape as core::fmt|serde_json::number::Number as core::fmt|serde_wasm_bindgen::error')],
  ['later', of('convlab::engine::cpu::memory::size|alloc::string::String as core::fmt::Write>::write_char')],
  // Reading and writing what a file holds of a run; specs as they are written.
  [
    'later',
    /<serde_json::value::Value as (core::(fmt::Display|cmp)|convlab::record::Write)|convlab::layer::Describe>::options/,
  ],
  ['later', /GenericShunt.*convlab::(safetensors|augment|history)|sort::.*convlab::safetensors/],
  [
    'later',
    of(String.raw`convlab::(spec|schedule|augment|optimizer|shape|layer|init)::\w+ as convlab::record::Write>::write`),
  ],
  [
    'later',
    of(String.raw`core::option::Option<\(?(convlab|alloc::vec)::[\w:, <>)]+ as convlab::record::Write>::write`),
  ],
  [
    'later',
    of(String.raw`alloc::vec::Vec<(convlab::(augment|train)|serde_json)::[\w:, <>]+ as convlab::record::Write>::write`),
  ],
  ['later', of('convlab::train::(Position|callbacks::Callbacks) as convlab::record::Write')],
  // The CPU engine, which a run on a graphics card does without.
  ['cpu', of(String.raw`convlab::(engine::cpu|wasm::lanes|layers::conv2d::turned)\b`)],
  ['cpu', /as convlab::layer::Math<f32>>::|^laneworker_|LaneWorker|^<f32 as convlab::engine::cpu/],
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
