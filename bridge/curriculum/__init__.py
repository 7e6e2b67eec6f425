"""Curricula: the YAML format, the reader and its checks, and the model. No network, no database."""
