"""Trains the reading model, from base weights to the file that ships: `make train-reader`.

One encoder reads `[CLS] question or claim [SEP] title. passage [SEP]` and has three heads: the span of the answer
(position 0 for "not here"), whether the passage answers the question, and whether it supports the claim.
"""
