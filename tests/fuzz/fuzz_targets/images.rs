#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| convlab_fuzz::images(bytes));
