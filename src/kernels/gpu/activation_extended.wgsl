// The activation functions from number 4 on, for passes that need one. The derivative of those up to 11 comes from the output,
// that of the others from the input.
override ACTIVATION_CONSTANT: f32 = 0.0;
override SLOPE_CONSTANT: f32 = 0.0;
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

fn sigmoid(v: V) -> V {
    return 1.0 / (1.0 + exp(-v));
}

fn tanh_of(v: V) -> V {
    let t = exp(-2.0 * abs(v));
    return sign(v) * (1.0 - t) / (1.0 + t);
}

fn softplus(v: V) -> V {
    return max(v, V(0.0)) + log(1.0 + exp(-abs(v)));
}

fn clip(v: V, most: f32) -> V {
    let positive = select(v, V(0.0), v < V(0.0));
    return select(positive, V(most), positive > V(most));
}

// Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26: within 1.5e-7.
fn erf(v: V) -> V {
    let t = 1.0 / (1.0 + 0.3275911 * abs(v));
    let p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    return sign(v) * (1.0 - p * exp(-v * v));
}

fn normal_share(v: V) -> V {
    return 0.5 * (1.0 + erf(v * 0.7071067811865476));
}

fn gelu_inner(v: V) -> V {
    return 0.7978845608028654 * (v + 0.044715 * v * v * v);
}

fn activate_extended(v: V) -> V {
    switch ACTIVATION {
        case 4u: { return select(ACTIVATION_CONSTANT * v, v, v > V(0.0)); }
        case 5u: { return select(ACTIVATION_CONSTANT * (exp(v) - 1.0), v, v > V(0.0)); }
        case 6u: { return SELU_SCALE * select(SELU_ALPHA * (exp(v) - 1.0), v, v > V(0.0)); }
        case 7u: { return clip(v, 6.0); }
        case 8u: { return clip(v + 3.0, 6.0) / 6.0; }
        case 9u: { return softplus(v); }
        case 10u: { return v / (abs(v) + 1.0); }
        case 11u: { return exp(v); }
        case 12u: { return v * normal_share(v); }
        case 13u: { return 0.5 * v * (1.0 + tanh_of(gelu_inner(v))); }
        case 14u: { return v * sigmoid(v); }
        case 15u: { return v * clip(v + 3.0, 6.0) / 6.0; }
        case 16u: { return v * tanh_of(softplus(v)); }
        default: { return v; }
    }
}

fn slope_extended(dy: V, y: V) -> V {
    let zero = V(0.0);
    switch SLOPE {
        case 4u: { return select(SLOPE_CONSTANT * dy, dy, y > zero); }
        case 5u: { return select(dy * (y + SLOPE_CONSTANT), dy, y > zero); }
        case 6u: { return select(dy * (y + SELU_SCALE * SELU_ALPHA), SELU_SCALE * dy, y > zero); }
        case 7u: { return select(zero, dy, (y > zero) & (y < V(6.0))); }
        case 8u: { return select(zero, dy / 6.0, (y > zero) & (y < V(1.0))); }
        case 9u: { return dy * (1.0 - exp(-y)); }
        case 10u: { return dy * (1.0 - abs(y)) * (1.0 - abs(y)); }
        case 11u: { return dy * y; }
        case 12u: { return dy * (normal_share(y) + y * 0.3989422804014327 * exp(-0.5 * y * y)); }
        case 13u: {
            let t = tanh_of(gelu_inner(y));
            let inner = 0.7978845608028654 * (1.0 + 3.0 * 0.044715 * y * y);
            return dy * (0.5 * (1.0 + t) + 0.5 * y * (1.0 - t * t) * inner);
        }
        case 14u: {
            let s = sigmoid(y);
            return dy * s * (1.0 + y * (1.0 - s));
        }
        case 15u: {
            let inside = (y > V(-3.0)) & (y < V(3.0));
            return dy * (clip(y + 3.0, 6.0) / 6.0 + select(zero, y / 6.0, inside));
        }
        case 16u: {
            let t = tanh_of(softplus(y));
            return dy * (t + y * (1.0 - t * t) * sigmoid(y));
        }
        default: { return dy; }
    }
}
