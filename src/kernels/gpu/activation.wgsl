override ACTIVATION: u32 = 0u; // applied to an output: 1 relu, 2 sigmoid, 3 tanh
override SLOPE: u32 = 0u;      // whose slope a gradient is multiplied by, numbered likewise
override ADD: bool = false;    // add to the gradient that is there

fn activate(v: V) -> V {
    switch ACTIVATION {
        case 1u: { return select(v, V(0.0), v < V(0.0)); }
        case 2u: { return 1.0 / (1.0 + exp(-v)); }
        case 3u: { let t = exp(-2.0 * abs(v)); return sign(v) * (1.0 - t) / (1.0 + t); }
        default: { return v; }
    }
}

fn slope(dy: V, y: V) -> V {
    switch SLOPE {
        case 1u: { return select(V(0.0), dy, y > V(0.0)); }
        case 2u: { return dy * y * (1.0 - y); }
        case 3u: { return dy * (1.0 - y * y); }
        default: { return dy; }
    }
}

// What is stored in dx: v, or v added to what is there, times the slope at x.
fn gradient(v: V, there: V, x: V) -> V {
    return slope(select(v, v + there, ADD), x);
}
