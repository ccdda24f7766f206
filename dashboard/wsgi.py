"""The WSGI application that servers import."""

import os

from django.core.wsgi import get_wsgi_application

from dashboard.lifeline import end_with_my_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()
end_with_my_parent()
