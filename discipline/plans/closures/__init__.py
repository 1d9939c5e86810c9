"""Closures: asked for by the lurah, answered by the camat, entered, ended early or taken away."""
