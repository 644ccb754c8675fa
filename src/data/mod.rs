//! Data sets: decoding the official files, drawing the synthetic sets, splitting and batching.
