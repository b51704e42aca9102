"""What the web server calls."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "massline.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # with every page's code, which no visitor shall wait for
gc.freeze()  # the program itself is never garbage: walking through it would hold up a request now and then
