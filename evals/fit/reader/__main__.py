"""Trains the reading model and writes the files that ship: `make train-reader`, or `python -m evals.fit.reader`."""

import argparse
import signal
import sys
from pathlib import Path

from bot.errors import EvalInvalid


def main() -> None:
    """Trains, or goes on with a run that was stopped, and exports; Ctrl-C leaves a checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m evals.fit.reader", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/training"), help="the folder of the training data")
    parser.add_argument("--out", type=Path, default=Path(".demo/reader"), help="the folder of what is made")
    parser.add_argument("--steps", type=int, default=11_000, help="of some 3,000 tokens; 11,000 are about one pass")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps", "xpu"), default="auto")
    options = parser.parse_args()
    try:
        from evals.fit.reader import export, network, train
    except ModuleNotFoundError as error:
        sys.exit(f"Training needs {error.name}. Run `make train-reader`, which installs it.")

    def stop(*_: object) -> None:
        run.stopped = True
        print("Stopping after this step …", file=sys.stderr)

    try:
        run = train.Run(options.data, options.out, options.steps, options.seed, options.device)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        print("\t".join(train.COLUMNS))
        if not run.train(lambda line: print(line, flush=True)):
            sys.exit(f"Stopped. The same command goes on from the checkpoint in {options.out}.")
    except EvalInvalid as error:
        sys.exit(f"{error.message} {error.next}")
    network.save(run.finished(), options.out / "reader.safetensors")
    export.write(run.finished(), options.out / "reader.onnx")
    print(f"Wrote {options.out / 'reader.onnx'}; copying it to bot/reading/weights is left to you.")


if __name__ == "__main__":
    main()
