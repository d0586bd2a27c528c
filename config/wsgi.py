"""Entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What was loaded until now stays: no collection looks at it again, and forked workers go on sharing its memory.
gc.collect()
gc.freeze()
# A request leaves next to nothing in circles: to look for them after every 700 objects costs a twentieth of its time.
gc.set_threshold(20_000, 10, 10)
