"""The WSGI application that servers import."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from dashboard.serving.lifeline import end_with_parent

end_with_parent()  # before Django is loaded: the server may be gone by then
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()
reverse("run_list")  # reads the addresses and their views now: the first webhook is in a hurry
