def tensors(model):
    """The model's variables under Convlab's names."""
    by_name = {}
    for layer in model.layers:
        for variable in layer.weights:
            # Dropout layers hold the state of a seed generator, which is not a parameter.
            if layer.name in NAMES:
                by_name[f"{NAMES[layer.name]}.{variable.name}"] = variable
    return by_name


def load(model, path):
    """Loads weights that Convlab (or `save`) wrote."""
    stored = read_safetensors(path)
    for name, variable in tensors(model).items():
        variable.assign(stored[name])


def save(model, path):
    """Saves weights for Convlab: `convlab evaluate … --weights FILE`, or the page's import."""
    write_safetensors(path, {name: np.asarray(variable) for name, variable in tensors(model).items()})


def probabilities(model, images):
    """Class probabilities (n, classes) of uint8 images (n, height, width, channels)."""
    def logits(view):
        outputs = model.predict(view.astype(np.float32) / 255, verbose=0)
        return np.log(np.maximum(outputs, 1e-38)) if SOFTMAX else outputs

    return softmax(sum(share * logits(view) for share, view in views(images)))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("summary", help="print the model")
    predict = verbs.add_parser("predict", help="print probabilities, one JSON object per image")
    add_image_arguments(predict)
    evaluate = verbs.add_parser("evaluate", help="test accuracy")
    evaluate.add_argument("--weights", default=weights_here())
    evaluate.add_argument("--data", required=True)
    copy = verbs.add_parser("copy", help="load weights and save them again")
    copy.add_argument("--weights", default=weights_here())
    copy.add_argument("--out", required=True)
    args = parser.parse_args(argv)
    model = build()
    if args.verb == "summary":
        model.summary()
        return
    load(model, args.weights)
    if args.verb == "copy":
        save(model, args.out)
    elif args.verb == "predict":
        images, labels = selected_images(args)
        print_predictions(probabilities(model, images), labels, args.index)
    else:
        images, labels = load_data(args.data, "test")
        right = probabilities(model, images).argmax(-1) == labels
        print(json.dumps({"test_accuracy": float(right.mean()), "images": len(labels)}))


if __name__ == "__main__":
    main()
