def read_safetensors(path):
    """The float32 tensors of a safetensors file, by name."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        for name, entry in header.items()
    }


def write_safetensors(path, tensors):
    """Writes float32 tensors as a safetensors file, which Convlab and safetensors libraries can read."""
    header, body = {}, b""
    for name, values in tensors.items():
        raw = np.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + body)


def read_idx(path):
    """One of MNIST's files, plain or gzipped."""
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def idx_split(folder, prefix):
    def find(what):
        for path in sorted(folder.rglob("*")):
            if path.name.removesuffix(".gz").replace(".idx", "-idx").startswith(f"{prefix}-{what}-idx"):
                return read_idx(path)
        sys.exit(f"error: {folder}: there is no {prefix}-{what}-idx…-ubyte")

    images = find("images")
    return images.reshape(len(images), *CONFIG["input_shape"]), find("labels")


def cifar_split(folder, names, label_bytes):
    """Images and labels of CIFAR's binary version, from the .bin files or from the .tar.gz archive."""
    found = {path.name: path.read_bytes() for path in folder.rglob("*.bin")}
    if not found:
        for archive in sorted(folder.rglob("cifar-*binary*.tar.gz"))[:1]:
            with tarfile.open(archive) as tar:
                files = [member for member in tar if member.name.endswith(".bin")]
                found = {Path(member.name).name: tar.extractfile(member).read() for member in files}
    if not all(name in found for name in names):
        sys.exit(f"error: {folder}: there is no CIFAR in its binary version ({', '.join(names)})")
    records = np.frombuffer(b"".join(found[name] for name in names), np.uint8).reshape(-1, label_bytes + 3072)
    coarse = CONFIG["dataset"].get("label_mode") == "coarse"
    labels = records[:, 0 if coarse else label_bytes - 1]
    return records[:, label_bytes:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels


def load_data(folder, split):
    """Images (n, height, width, channels) and labels of "train" or "test", with the experiment's limits and merged classes."""
    folder, dataset = Path(folder), CONFIG["dataset"]
    train = split == "train"
    if dataset["name"] == "cifar10":
        names = [f"data_batch_{i}.bin" for i in range(1, 6)] if train else ["test_batch.bin"]
        images, labels = cifar_split(folder, names, 1)
    elif dataset["name"] == "cifar100":
        images, labels = cifar_split(folder, [f"{split}.bin"], 2)
    else:
        images, labels = idx_split(folder, "train" if train else "t10k")
    limit = (dataset.get("limit") or {}).get(split)
    images, labels = images[:limit], labels[:limit]
    if dataset.get("merge_classes"):
        merged = np.zeros(256, np.uint8)
        for new, old in enumerate(dataset["merge_classes"]):
            merged[old] = new
        labels = merged[labels]
    return images, labels


def views(images):
    """The share and the images of each view of test-time augmentation; the images themselves without it."""
    kind = CONFIG.get("test_time_augmentation")
    if kind is None:
        return [(1, images)]
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), "reflect")
    shifts = [(1, 1)] if kind == "flip" else [(2, 1), (1, 0), (1, 2)]
    parts = [(share, padded[:, at : at + height, at : at + width]) for share, at in shifts]
    total = 2 * sum(share for share, _ in parts)
    return [(share / total, part[:, :, ::step]) for share, part in parts for step in (1, -1)]


def softmax(logits):
    exponents = np.exp(logits - logits.max(-1, keepdims=True))
    return exponents / exponents.sum(-1, keepdims=True)


def print_predictions(probabilities, labels, first):
    """Prints one JSON object per image, as `convlab predict --json` does."""
    for i, row in enumerate(probabilities):
        label = None if labels is None else int(labels[i])
        row = [float(value) for value in row]
        print(json.dumps({"index": first + i, "label": label, "predicted": int(np.argmax(row)), "probabilities": row}))


def weights_here():
    """The weights file beside this script, under the page's name for it or under that of `convlab train`."""
    named = HERE / (re.sub(r"[^\w-]", "_", CONFIG["name"], flags=re.ASCII) + ".safetensors")
    return named if named.exists() else HERE / "weights.safetensors"


def selected_images(args):
    """The images that the arguments select, and their labels, or None with --images."""
    if args.images:
        images, labels = np.load(args.images), None
    else:
        images, labels = load_data(args.data, "test")
    some = slice(args.index, args.index + args.count)
    return images[some], None if labels is None else labels[some]


def add_image_arguments(parser):
    parser.add_argument("--weights", default=weights_here(), help="safetensors file (default: the one beside this script)")
    parser.add_argument("--data", help="folder with MNIST's four idx files, or with CIFAR's binary version (cifar-…-binary.tar.gz or its .bin files)")
    parser.add_argument("--images", help="or a .npy file: uint8 images (n, height, width, channels)")
    parser.add_argument("--index", type=int, default=0, help="index of the first image, from 0")
    parser.add_argument("--count", type=int, default=1, help="number of images")
