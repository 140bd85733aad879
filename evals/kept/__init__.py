"""What evals keep on disk: runs, model replies, manifests, baselines."""
