def to_torch(values, axes):
    """Permutes the axes of Keras's layout to PyTorch's."""
    return values.transpose(axes) if axes else values


def to_keras(values, axes):
    return values.transpose(np.argsort(axes)) if axes else values


def tensors(net):
    """(Convlab's name, the permutation of Keras's axes to PyTorch's, PyTorch's tensor) of every parameter and moving statistic."""
    for module, (name, parameters) in PARAMETERS.items():
        for parameter, (tensor, axes) in parameters.items():
            yield f"{name}.{parameter}", axes, getattr(getattr(net, module), tensor)


def load(net, path):
    """Loads weights that Convlab (or `save`) wrote, or a state_dict in a safetensors file."""
    stored = read_safetensors(path)
    if all(name in stored for name, _, _ in tensors(net)):
        with torch.no_grad():
            for name, axes, tensor in tensors(net):
                tensor.copy_(torch.from_numpy(to_torch(stored[name], axes).copy()))
    else:
        net.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in stored.items()})


def save(net, path):
    """Saves weights for Convlab: `convlab evaluate … --weights FILE`, or the page's import."""
    write_safetensors(path, {name: to_keras(t.detach().cpu().numpy(), axes) for name, axes, t in tensors(net)})


def pixels(images, device):
    """Converts uint8 images (n, height, width, channels) to float32 (n, channels, height, width), 0 to 1."""
    return torch.from_numpy(np.array(images)).to(device).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def logits(net, images, device, batch=256):
    net.eval()
    return np.concatenate([net(pixels(part, device)).cpu().numpy() for part in np.split(images, range(batch, len(images), batch))])


def probabilities(net, images, device="cpu"):
    """Class probabilities (n, classes) of uint8 images (n, height, width, channels)."""
    return softmax(sum(share * logits(net, view, device) for share, view in views(images)))


# ---- training ----


def augment(x):
    """Random changes of a batch (n, channels, height, width), applied in order; one affine map per image."""
    n, _, height, width = x.shape
    maps, fill, hole = torch.eye(3, device=x.device).repeat(n, 1, 1), "zeros", None

    def draw(low, high):
        return torch.empty(n, device=x.device).uniform_(low, high)

    def then(a=1.0, b=0.0, c=0.0, d=0.0, e=1.0, f=0.0):
        rows = [torch.as_tensor(v, dtype=torch.float32, device=x.device).expand(n) for v in (a, b, c, d, e, f)]
        step = torch.eye(3, device=x.device).repeat(n, 1, 1)
        step[:, 0], step[:, 1] = torch.stack(rows[:3], 1), torch.stack(rows[3:], 1)
        return maps @ step

    # The coordinates of affine_grid: x to the right, y down, from -1 to 1.
    modes = {"constant": "zeros", "reflect": "reflection", "nearest": "border"}
    for change in CONFIG.get("augmentation", []):
        kind = change["type"]
        unknown = [key for key in ("alternating", "padding_mode") if change.get(key, "constant") not in (False, "constant")]
        if unknown or change.get("fill_mode") == "mirror" or kind in ("random_erasing", "mix_up", "cut_mix", "random_color_jitter"):
            sys.exit(f"error: this script does not change images by {kind} {' '.join(unknown)}; leave it out of CONFIG")
        if kind == "random_flip":
            mode = change.get("mode", "horizontal")
            flip = lambda wanted: torch.where(draw(0, 1) < 0.5, -1.0, 1.0) if wanted else torch.ones(n, device=x.device)
            maps = then(a=flip("horizontal" in mode), e=flip("vertical" in mode))
        elif kind == "random_crop":
            p, fill = change.get("padding", 4), "zeros"
            shift = lambda size: (torch.randint(-p, p + 1, (n,), device=x.device) * 2 / size).float()
            maps = then(c=shift(width), f=shift(height))
        elif kind == "random_translation":
            h, w, fill = change["height_factor"], change["width_factor"], modes[change.get("fill_mode", "reflect")]
            maps = then(c=2 * draw(-w, w), f=2 * draw(-h, h))
        elif kind == "random_rotation":
            angle, fill = 2 * math.pi * draw(-change["factor"], change["factor"]), modes[change.get("fill_mode", "reflect")]
            sin, cos, ratio = torch.sin(angle), torch.cos(angle), height / width
            maps = then(a=cos, b=-sin * ratio, d=sin / ratio, e=cos)
        elif kind == "random_zoom":
            h, w, fill = change["height_factor"], change.get("width_factor"), modes[change.get("fill_mode", "reflect")]
            zy = 1 + draw(-h, h)
            maps = then(a=zy if w is None else 1 + draw(-w, w), e=zy)
        elif kind == "cutout":
            size, (cy, cx) = change["size"], (draw(0, height).long(), draw(0, width).long())
            y, xs = torch.arange(height, device=x.device), torch.arange(width, device=x.device)
            inside = lambda at, c: (at >= c[:, None] - size // 2) & (at < c[:, None] - size // 2 + size)
            hole = inside(y, cy)[:, None, :, None] & inside(xs, cx)[:, None, None, :]
    grid = F.affine_grid(maps[:, :2], x.shape, align_corners=False)
    x = F.grid_sample(x, grid, padding_mode=fill, align_corners=False)
    return x if hole is None else x.masked_fill(hole, 0)


def learning_rate(step, epoch, total_steps):
    """The learning rate of a step, as in Convlab; step and epoch are counted from 0."""
    rate, schedule = BASE_RATE, CONFIG.get("learning_rate_schedule") or {"type": None}
    get, kind = schedule.get, schedule["type"]
    t = step // get("decay_steps", 1) if get("staircase") else step / get("decay_steps", 1)
    if kind == "inverse_time_decay":
        return rate / (1 + schedule["decay_rate"] * t)
    if kind == "exponential_decay":
        return rate * schedule["decay_rate"] ** t
    if kind == "cosine_decay":
        target, warmup, steps, alpha = get("warmup_target"), get("warmup_steps", 0), schedule["decay_steps"], get("alpha", 0)
        if target is not None and step < warmup:
            return rate + (target - rate) * step / warmup
        peak, t = (rate, step) if target is None else (target, step - warmup)
        return peak * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * min(t, steps) / steps)) + alpha)
    if kind == "step_decay":
        return rate * get("gamma", 0.1) ** (epoch // schedule["step_size"])
    if kind == "one_cycle":
        peak, total = get("max_learning_rate") or rate, get("total_steps") or total_steps
        first = peak / get("div_factor", 25)
        last, turn, t = first / get("final_div_factor", 1e4), get("pct_start", 0.3) * total - 1, min(step, total - 1)
        low, high, share = (first, peak, t / turn) if t <= turn else (last, peak, 1 - (t - turn) / (total - 1 - turn))
        return high + (low - high) / 2 * (1 + math.cos(math.pi * share))
    if kind == "polynomial_decay":
        steps, end, t = schedule["decay_steps"], get("end_learning_rate", 0.0001), step
        if get("cycle", False):
            steps *= max(1, math.ceil(t / steps))
        return (rate - end) * (1 - min(t, steps) / steps) ** get("power", 1) + end
    if kind == "piecewise_constant_decay":
        return schedule["values"][sum(step > boundary for boundary in schedule["boundaries"])]
    if kind == "triangular":
        total = get("total_steps") or total_steps
        peak, t = get("peak", 0.5) * total, min(step, total)
        if t < peak:
            return rate * (get("start", 0) + (1 - get("start", 0)) * t / peak)
        return rate * (1 + (get("end", 0) - 1) * (t - peak) / (total - peak))
    if kind == "warmup":
        return rate * min(1, step / schedule["warmup_steps"])
    return rate


class Lion(torch.optim.Optimizer):
    """Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, which PyTorch does not have."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in (p for p in group["params"] if p.grad is not None):
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                keep, decay = group["betas"]
                p.sub_(group["lr"] * torch.sign(keep * mean + (1 - keep) * p.grad))
                mean.mul_(decay).add_((1 - decay) * p.grad)


def named_parameters(net):
    """Every parameter with Convlab's name."""
    for module, (name, parameters) in PARAMETERS.items():
        for parameter, (tensor, _) in parameters.items():
            value = getattr(getattr(net, module), tensor)
            if isinstance(value, nn.Parameter):
                yield f"{name}.{parameter}", value


def factors(name):
    """The factors of a parameter's learning rate and weight decay: of the first group that matches."""
    for group in CONFIG["optimizer"].get("groups", ()):
        pattern = ".*".join(re.escape(piece) for piece in group["match"].split("*"))
        if re.fullmatch(pattern, name):
            return group.get("learning_rate_multiplier", 1), group.get("weight_decay_multiplier", 1)
    return 1, 1


def make_optimizer(net):
    """The experiment's optimizer. train_step applies decoupled weight decay, since PyTorch's SGD couples it."""
    options = CONFIG["optimizer"]
    get, kind, rate = options.get, options["type"], BASE_RATE
    # A group for each parameter: `factor` is that of its learning rate.
    groups = [{"params": [p], "factor": factors(name)[0]} for name, p in named_parameters(net)]
    betas = (get("beta_1", 0.9), get("beta_2", 0.999))
    if kind == "sgd":
        return torch.optim.SGD(groups, rate, get("momentum", 0), nesterov=get("nesterov", False))
    if kind == "rmsprop":
        # PyTorch adds epsilon outside the square root, Keras inside; the square root of epsilon gives about the same.
        eps, momentum = math.sqrt(get("epsilon", 1e-7)), get("momentum", 0)
        return torch.optim.RMSprop(groups, rate, get("rho", 0.9), eps, 0, momentum, get("centered", False))
    if kind == "nadam":
        return torch.optim.NAdam(groups, rate, betas, get("epsilon", 1e-7))
    if kind == "adagrad":
        # PyTorch adds epsilon outside the square root, Keras inside.
        initial, eps = get("initial_accumulator_value", 0.1), math.sqrt(get("epsilon", 1e-7))
        return torch.optim.Adagrad(groups, rate, initial_accumulator_value=initial, eps=eps)
    if kind == "muon":
        sys.exit("error: this script does not train with the optimizer muon; set another one in CONFIG")
    if kind == "lion":
        return Lion(groups, rate, (get("beta_1", 0.9), get("beta_2", 0.99)))
    return torch.optim.Adam(groups, rate, betas, get("epsilon", 1e-7))


def batch_loss(outputs, y):
    """The mean loss of a batch, without penalties."""
    get, classes = CONFIG.get, outputs.shape[1]
    focal, smoothing, weights = CONFIG["loss"] == "categorical_focal_crossentropy", get("label_smoothing", 0), get("class_weight", {})
    if not (focal or smoothing or weights):
        return F.cross_entropy(outputs, y)
    log_p = F.log_softmax(outputs, 1)
    target = F.one_hot(y, classes) * (1 - smoothing) + smoothing / classes
    if focal:
        p = log_p.exp().clamp(1e-7, 1 - 1e-7)
        target, log_p = target * torch.as_tensor(get("alpha", 0.25), device=p.device) * (1 - p) ** get("gamma", 2), p.log()
    weight = torch.tensor([float(weights.get(str(label), 1)) for label in range(classes)], device=y.device)
    return (weight[y] * -(target * log_p).sum(1)).mean()


class Average:
    """The average of the weights that the optimizer keeps, and that training ends with; Lookahead's is of moving statistics, too."""

    def __init__(self, net, total_steps):
        options = CONFIG["optimizer"]
        self.ema, self.ahead, self.total_steps = options.get("use_ema", False), options.get("lookahead"), total_steps
        self.momentum, self.every = options.get("ema_momentum", 0.99), options.get("ema_overwrite_frequency")
        if self.ahead is not None:
            self.every = self.ahead.get("sync_period", 6)
        self.weights = [p for p in net.parameters() if p.requires_grad] if self.ema or self.ahead is not None else []
        if self.ahead is not None:
            self.weights += [b for b in net.buffers() if b.is_floating_point()]
        self.means = [p.detach().clone() for p in self.weights]

    @torch.no_grad()
    def update(self, step):
        """After a step, counted from 1."""
        if self.ahead is not None and step % self.every:
            return
        keep = 0 if step == 1 else self.momentum
        if self.ahead is not None:
            first = self.ahead.get("slow_step_size", 0.5)
            last = self.ahead.get("final_slow_step_size")
            passed = min(1, step / self.total_steps) ** self.ahead.get("power", 1)
            keep = 1 - (first + ((first if last is None else last) - first) * passed)
        for weight, mean in zip(self.weights, self.means):
            mean.lerp_(weight, 1 - keep)
        if self.every and step % self.every == 0:
            self.finish()

    @torch.no_grad()
    def finish(self):
        for weight, mean in zip(self.weights, self.means):
            weight.copy_(mean)


def penalty(net):
    total = 0.0
    for module, tensor, l1, l2 in PENALTIES:
        weight = getattr(getattr(net, module), tensor)
        total = total + l1 * weight.abs().sum() + l2 * weight.square().sum()
    return total


@torch.no_grad()
def bound(net):
    """Max-norm constraints, over Keras's axes of the kernel."""
    for module, parameter, most, axes in BOUNDS:
        tensor, order = PARAMETERS[module][1][parameter]
        weight = getattr(getattr(net, module), tensor)
        kernel = weight.permute(np.argsort(order).tolist()) if order else weight  # a view: writing to it writes to the weight
        norm = kernel.square().sum(axes, keepdim=True).sqrt()
        kernel.mul_(norm.clamp(0, most) / (1e-7 + norm))


def clip(net):
    options, parameters = CONFIG["optimizer"], [p for p in net.parameters() if p.grad is not None]
    if options.get("clipvalue"):
        torch.nn.utils.clip_grad_value_(parameters, options["clipvalue"])
    if options.get("global_clipnorm"):
        torch.nn.utils.clip_grad_norm_(parameters, options["global_clipnorm"])
    if options.get("clipnorm"):
        for parameter in parameters:
            torch.nn.utils.clip_grad_norm_([parameter], options["clipnorm"])


def training_data(args):
    """The training images, without the validation split if --keep-validation is set, and the test images."""
    (images, labels), test = load_data(args.data, "train"), load_data(args.data, "test")
    validation = CONFIG["dataset"].get("validation")
    if args.keep_validation and isinstance(validation, dict):
        kept = math.floor(len(images) * (1 - validation["split"]))
        images, labels = images[:kept], labels[:kept]
    return images, labels.astype(np.int64), test


def wrap(net, device, world):
    """The network for several processes: gradients are averaged, and on CUDA devices also batch statistics."""
    if world == 1:
        return net
    cuda = device.type == "cuda"
    shared = nn.SyncBatchNorm.convert_sync_batchnorm(net) if cuda else net
    return nn.parallel.DistributedDataParallel(shared, device_ids=[device.index] if cuda else None)


def train_step(wrapped, net, optimizer, average, step, x, y, rate):
    """One update; returns the sum of the losses and the number of correct predictions."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["factor"]
    outputs = wrapped(augment(x) if CONFIG.get("augmentation") else x)
    loss = batch_loss(outputs, y) + penalty(net)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    clip(net)
    if WEIGHT_DECAY:
        with torch.no_grad():
            for name, parameter in named_parameters(net):
                if parameter.requires_grad:
                    parameter.mul_(1 - WEIGHT_DECAY * rate * math.prod(factors(name)))
    optimizer.step()
    average.update(step)
    bound(net)
    return float(loss.detach()) * len(y), int((outputs.argmax(1) == y).sum())


def train(args):
    """Continues training from the weights, on all processes that torchrun started."""
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    if world > 1:
        torch.distributed.init_process_group("nccl" if cuda else "gloo")
    seed = CONFIG.get("seed", 0)
    torch.manual_seed(seed)
    net = Net()
    if not args.new:
        load(net, args.weights)
    wrapped = wrap(net.to(device), device, world)
    # From here on each process has its own random numbers for dropout and augmentation.
    torch.manual_seed(seed + 1 + rank)
    net = wrapped.module if world > 1 else wrapped
    optimizer, (images, labels, test) = make_optimizer(net), training_data(args)
    batch, epochs = CONFIG.get("batch_size", 32), args.epochs or CONFIG.get("epochs", 1)
    steps = math.ceil(len(images) / batch)
    total_steps = math.ceil(epochs * steps)
    average = Average(net, total_steps)
    for epoch in range(math.ceil(epochs)):
        started, sums = time.time(), np.zeros(3)
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed * 100_003 + epoch)).numpy()
        net.train()
        for step in range(min(steps, total_steps - epoch * steps)):
            whole = order[step * batch : (step + 1) * batch]
            # Every process needs an image, so a short batch is filled up with images from its start.
            mine = np.resize(whole, -(-len(whole) // world) * world)[rank::world]
            x, y = pixels(images[mine], device), torch.from_numpy(labels[mine]).to(device)
            rate = learning_rate(epoch * steps + step, epoch, total_steps)
            done = epoch * steps + step + 1
            sums += (*train_step(wrapped, net, optimizer, average, done, x, y, rate), len(mine))
        if epoch + 1 == math.ceil(epochs):
            average.finish()
        if rank == 0:
            figures = {"loss": sums[0] / sums[2], "accuracy": sums[1] / sums[2]}
            right = (logits(net, test[0], device).argmax(1) == test[1]).mean()
            line = {"event": "epoch", "epoch": epoch + 1, **figures, "test_accuracy": float(right)}
            print(json.dumps({**line, "seconds": time.time() - started}), flush=True)
            save(net, args.out)
    if world > 1:
        torch.distributed.destroy_process_group()


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    predict = verbs.add_parser("predict", help="print probabilities, one JSON object per image")
    add_image_arguments(predict)
    evaluate = verbs.add_parser("evaluate", help="test accuracy")
    evaluate.add_argument("--weights", default=weights_here())
    evaluate.add_argument("--data", required=True)
    copy = verbs.add_parser("copy", help="load weights and save them again")
    copy.add_argument("--weights", default=weights_here())
    copy.add_argument("--out", required=True)
    training = verbs.add_parser("train", help="continue training; also under torchrun")
    training.add_argument("--weights", default=weights_here(), help="initial weights (default: the file beside this script)")
    training.add_argument("--new", action="store_true", help="start from new weights")
    training.add_argument("--data", required=True)
    training.add_argument("--epochs", type=float, help="number of epochs, instead of the experiment's")
    training.add_argument("--keep-validation", action="store_true", help="leave the validation split out of training")
    training.add_argument("--out", default="trained.safetensors")
    args = parser.parse_args(argv)
    if args.verb == "train":
        train(args)
        return
    net = Net()
    load(net, args.weights)
    if args.verb == "copy":
        save(net, args.out)
    elif args.verb == "predict":
        images, labels = selected_images(args)
        print_predictions(probabilities(net, images), labels, args.index)
    else:
        images, labels = load_data(args.data, "test")
        right = probabilities(net, images).argmax(-1) == labels
        print(json.dumps({"test_accuracy": float(right.mean()), "images": len(labels)}))


if __name__ == "__main__":
    main()
