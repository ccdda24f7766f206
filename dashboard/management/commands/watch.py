"""Runs a watcher until SIGTERM or SIGINT."""

import logging
import os
import signal

from django.conf import settings
from django.core.management.base import BaseCommand

from dashboard.services.worker.watcher import Watcher
from dashboard.serving.lifeline import end_with_parent


class Command(BaseCommand):
    help = "Refreshes due runs until stopped; any number may run over one database."

    def handle(self, *args: object, **options: object) -> None:
        end_with_parent()
        watcher = Watcher(settings.WATCH_CONCURRENCY)
        signal.signal(signal.SIGTERM, lambda *_: watcher.stop())
        signal.signal(signal.SIGINT, lambda *_: watcher.stop())
        if not watcher.run():
            # Requests still in flight have lost their claims: their answers are not stored.
            logging.shutdown()
            os._exit(0)
