"""What each part of the reader and of the check is worth: the fits and the guards one after the other, in Markdown."""

from evals.fit import confidence, guards, sentences

ABOUT = "By `python -m evals.fit`. In each cell: the whole set, its 95 % interval, the half that nothing was fitted on."


def main() -> None:
    """Prints each script's tables under its name."""
    print("# What each part of the reader and of the check is worth\n\n" + ABOUT)
    for script in (sentences, confidence, guards):
        print(f"\n## {script.__name__}\n\n{(script.__doc__ or '').splitlines()[0]}\n")
        script.main()


if __name__ == "__main__":
    main()
