"""The commands behind `make bench`: whole processes timed side by side, as ratios within one run."""
