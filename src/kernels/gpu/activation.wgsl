override ACTIVATION: u32 = 0u; // of the output: 0 linear, 1 relu, 2 sigmoid, 3 tanh; further ones: activation_extended.wgsl
override SLOPE: u32 = 0u;      // by whose derivative a gradient is multiplied, numbered likewise
override ADD: bool = false;    // add to the stored gradient

fn activate(v: V) -> V {
    switch ACTIVATION {
        case 1u: { return select(v, V(0.0), v < V(0.0)); }
        case 2u: { return 1.0 / (1.0 + exp(-v)); }
        case 3u: { let t = exp(-2.0 * abs(v)); return sign(v) * (1.0 - t) / (1.0 + t); }
        default: { return activate_extended(v); }
    }
}

fn slope(dy: V, y: V) -> V {
    switch SLOPE {
        case 1u: { return select(V(0.0), dy, y > V(0.0)); }
        case 2u: { return dy * y * (1.0 - y); }
        case 3u: { return dy * (1.0 - y * y); }
        default: { return slope_extended(dy, y); }
    }
}

// The new value of dx: v, added to the stored value if ADD, times the derivative at x.
fn gradient(v: V, there: V, x: V) -> V {
    return slope(select(v, v + there, ADD), x);
}
