"""Closures: requested by the lurah, answered by the camat, entered directly, ended early or revoked."""
