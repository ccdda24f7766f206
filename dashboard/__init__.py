"""Runboard: a self-hosted dashboard for ComfyDeploy runs."""

__version__ = "0.1.0"
