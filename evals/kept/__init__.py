"""Files that evals keep: runs, model replies, manifests, baselines."""
