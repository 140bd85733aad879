"""The accuracy of the check of a model's sentences: the same as `python -m evals.public verdicts`."""

import sys

from evals.public.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["verdicts", *sys.argv[1:]]))
