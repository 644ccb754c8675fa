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
    """Loads weights that Convlab (or `save`) wrote."""
    stored = read_safetensors(path)
    with torch.no_grad():
        for name, axes, tensor in tensors(net):
            tensor.copy_(torch.from_numpy(to_torch(stored[name], axes).copy()))


def save(net, path):
    """Saves weights for Convlab: `convlab evaluate … --weights FILE`, or the page's import."""
    write_safetensors(path, {name: to_keras(t.detach().cpu().numpy(), axes) for name, axes, t in tensors(net)})


def pixels(images, device):
    """Converts uint8 images (n, height, width, channels) to float32 (n, channels, height, width), 0 to 1."""
    return torch.from_numpy(np.ascontiguousarray(images)).to(device).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def logits(net, images, device, batch=256):
    net.eval()
    return np.concatenate([net(pixels(part, device)).cpu().numpy() for part in np.split(images, range(batch, len(images), batch))])


def probabilities(net, images, device="cpu"):
    """Class probabilities (n, classes) of uint8 images (n, height, width, channels)."""
    return softmax(logits(net, images, device))


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
    if kind == "warmup":
        return rate * min(1, step / schedule["warmup_steps"])
    return rate


def make_optimizer(net):
    """The experiment's optimizer. train_step applies decoupled weight decay, since PyTorch's SGD couples it."""
    options = CONFIG["optimizer"]
    get, kind, rate = options.get, options["type"], BASE_RATE
    if kind == "sgd":
        return torch.optim.SGD(net.parameters(), rate, get("momentum", 0), nesterov=get("nesterov", False))
    if kind == "rmsprop":
        # PyTorch adds epsilon outside the square root, Keras inside; the square root of epsilon gives about the same.
        eps, momentum = math.sqrt(get("epsilon", 1e-7)), get("momentum", 0)
        return torch.optim.RMSprop(net.parameters(), rate, get("rho", 0.9), eps, 0, momentum, get("centered", False))
    return torch.optim.Adam(net.parameters(), rate, (get("beta_1", 0.9), get("beta_2", 0.999)), get("epsilon", 1e-7))


def penalty(net):
    total = 0.0
    for module, (l1, l2) in PENALTIES.items():
        weight = getattr(net, module).weight
        total = total + l1 * weight.abs().sum() + l2 * weight.square().sum()
    return total


@torch.no_grad()
def bound(net):
    """Max-norm constraints, over Keras's axes of the kernel."""
    for module, (most, axes) in BOUNDS.items():
        tensor, order = PARAMETERS[module][1]["kernel"]
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


def train_step(wrapped, net, optimizer, x, y, rate):
    """One update; returns the sum of the losses and the number of correct predictions."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    outputs = wrapped(augment(x) if CONFIG.get("augmentation") else x)
    loss = F.cross_entropy(outputs, y) + penalty(net)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    clip(net)
    if WEIGHT_DECAY:
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.mul_(1 - WEIGHT_DECAY * rate)
    optimizer.step()
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
    for epoch in range(epochs):
        started, sums = time.time(), np.zeros(3)
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed * 100_003 + epoch)).numpy()
        net.train()
        for step in range(steps):
            whole = order[step * batch : (step + 1) * batch]
            # Every process needs an image, so a short batch is filled up with images from its start.
            mine = np.resize(whole, -(-len(whole) // world) * world)[rank::world]
            x, y = pixels(images[mine], device), torch.from_numpy(labels[mine]).to(device)
            rate = learning_rate(epoch * steps + step, epoch, epochs * steps)
            sums += (*train_step(wrapped, net, optimizer, x, y, rate), len(mine))
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
    training.add_argument("--epochs", type=int, help="number of epochs, instead of the experiment's")
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
