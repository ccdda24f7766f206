"""A simulated ComfyDeploy server for the demo and the tests; nothing else imports it."""

from dashboard.simulator.server import RecordedRequest, Simulator

__all__ = ["RecordedRequest", "Simulator"]
